#include "audit/news.h"

#include "audit/audit.h"

namespace piggy {
namespace {

constexpr std::string_view select_calls = R"sql(
  SELECT id, operation, outcome, persona, approval_uuid FROM audit_call
  WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3
)sql";

constexpr std::string_view select_newest = R"sql(
  SELECT coalesce(max(id), 0) FROM audit_call WHERE account_id = $1
)sql";

struct CallRow {
  std::int64_t id = 0;
  std::string operation = {};
  CallOutcome outcome = {};
  std::string persona = {};
  std::optional<Uuid> approval_uuid = {};
};

}  // namespace

Result<std::vector<News>> calls_after(Transaction& transaction, const NewsSpan& span,
                                      const std::function<bool(std::string_view)>& writes) {
  std::vector<News> news;
  for (CallRow& row : TRY(transaction.all<CallRow>(select_calls, {span.after, span.max}))) {
    News& one = news.emplace_back(News{.id = row.id});
    if (row.outcome == CallOutcome::waiting && row.approval_uuid) {
      one.type = "approval_asked";
      one.subject = to_string(*row.approval_uuid);
    } else if (!row.persona.empty() || writes(row.operation)) {
      one.type = "call";
      one.subject = std::move(row.operation);
    }
  }
  return news;
}

Result<std::int64_t> newest_call(Transaction& transaction) {
  return transaction.one<std::int64_t>(select_newest);
}

}  // namespace piggy
