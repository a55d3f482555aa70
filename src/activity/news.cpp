#include "activity/news.h"

namespace piggy {
namespace {

constexpr std::string_view select_news = R"sql(
  SELECT id, kind, source FROM activity
  WHERE account_id = $1 AND id > $2 AND kind = 'mail_sent' ORDER BY id LIMIT $3
)sql";

constexpr std::string_view select_newest = R"sql(
  SELECT coalesce(max(id), 0) FROM activity WHERE account_id = $1
)sql";

}  // namespace

NewsSource activity_news() { return news_of(select_news, select_newest); }

}  // namespace piggy
