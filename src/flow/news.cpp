#include "flow/news.h"

namespace piggy {
namespace {

constexpr std::string_view select_runs = R"sql(
  SELECT id, 'flow_run', uuid FROM flow_run
  WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3
)sql";

constexpr std::string_view select_steps = R"sql(
  SELECT s.id, 'flow_run', r.uuid
  FROM flow_step s JOIN flow_run r ON r.account_id = s.account_id AND r.id = s.run_id
  WHERE s.account_id = $1 AND s.id > $2 ORDER BY s.id LIMIT $3
)sql";

constexpr std::string_view select_newest_run = R"sql(
  SELECT coalesce(max(id), 0) FROM flow_run WHERE account_id = $1
)sql";

constexpr std::string_view select_newest_step = R"sql(
  SELECT coalesce(max(id), 0) FROM flow_step WHERE account_id = $1
)sql";

}  // namespace

NewsSource flow_run_news() { return news_of(select_runs, select_newest_run); }
NewsSource flow_step_news() { return news_of(select_steps, select_newest_step); }

}  // namespace piggy
