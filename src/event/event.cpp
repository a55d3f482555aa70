#include "event/event.h"

#include "event/signal.h"

namespace piggy {
namespace {

constexpr AppendTable event_table = {
    "event",
    "account_id bigint, id bigint, type text, subject bytea, payload text, created_at bigint"};

constexpr std::string_view empty_payloads = R"sql(
  UPDATE event SET payload = '{}' WHERE account_id = $1 AND id > $2 AND subject = $3
)sql";

// A uuid has neither of the letters that LIKE knows.
constexpr std::string_view empty_payloads_naming = R"sql(
  UPDATE event SET payload = '{}'
  WHERE account_id = $1 AND id > $2 AND (subject = $3 OR payload LIKE '%' || $4 || '%')
)sql";

}  // namespace

Signal& event_signal() {
  static Signal signal;
  return signal;
}

Result<> emit(Transaction& transaction, std::string_view type, const Uuid& subject,
              const Value& payload) {
  return emit(transaction, type, subject, std::string_view(to_json(payload)));
}

Result<> emit(Transaction& transaction, std::string_view type, const Uuid& subject,
              std::string_view payload) {
  event_signal().give();
  return transaction.append(event_table,
                            {transaction.next_id(), type, subject, payload, transaction.now()});
}

Result<> forget_subject(Transaction& transaction, const Uuid& subject, std::int64_t since) {
  TRY(transaction.run(empty_payloads, {since, subject}));
  return {};
}

Result<> forget_named(Transaction& transaction, const Uuid& named, std::int64_t since) {
  TRY(transaction.run(empty_payloads_naming, {since, named, to_string(named)}));
  return {};
}

}  // namespace piggy
