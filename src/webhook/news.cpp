#include "webhook/news.h"

namespace piggy {
namespace {

constexpr std::string_view select_news = R"sql(
  SELECT told_id, 'webhook_delivery', uuid FROM webhook_delivery
  WHERE account_id = $1 AND told_id > $2 ORDER BY told_id LIMIT $3
)sql";

constexpr std::string_view select_newest = R"sql(
  SELECT coalesce(max(told_id), 0) FROM webhook_delivery WHERE account_id = $1
)sql";

}  // namespace

NewsSource webhook_news() { return news_of(select_news, select_newest); }

}  // namespace piggy
