#include "chat/news.h"

namespace piggy {
namespace {

constexpr std::string_view select_news = R"sql(
  SELECT m.id, 'message', c.uuid
  FROM chat_message m JOIN conversation c ON c.account_id = m.account_id AND c.id = m.conversation_id
  WHERE m.account_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3
)sql";

constexpr std::string_view select_newest = R"sql(
  SELECT coalesce(max(id), 0) FROM chat_message WHERE account_id = $1
)sql";

}  // namespace

NewsSource chat_news() { return news_of(select_news, select_newest); }

}  // namespace piggy
