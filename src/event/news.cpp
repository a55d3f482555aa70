#include "event/news.h"

namespace piggy {
namespace {

constexpr std::string_view select_events = R"sql(
  SELECT id, type, subject FROM event WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3
)sql";

constexpr std::string_view select_newest = R"sql(
  SELECT coalesce(max(id), 0) FROM event WHERE account_id = $1
)sql";

struct NewsRow {
  std::int64_t id = 0;
  std::string type = {};
  std::optional<Uuid> subject = {};
};

Result<std::vector<News>> news_in(Transaction& transaction, std::string_view select,
                                  const NewsSpan& span) {
  std::vector<News> news;
  for (NewsRow& row : TRY(transaction.all<NewsRow>(select, {span.after, span.max}))) {
    bool named = row.subject && !row.subject->is_nil();
    news.push_back({.id = row.id,
                    .type = std::move(row.type),
                    .subject = named ? to_string(*row.subject) : std::string()});
  }
  return news;
}

}  // namespace

NewsSource news_of(std::string_view select, std::string_view newest) {
  return {.after = [select](Transaction& transaction,
                            const NewsSpan& span) { return news_in(transaction, select, span); },
          .newest =
              [newest](Transaction& transaction) { return transaction.one<std::int64_t>(newest); }};
}

NewsSource event_news() { return news_of(select_events, select_newest); }

}  // namespace piggy
