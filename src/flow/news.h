#pragma once

#include "event/news.h"

namespace piggy {

// `flow_run`, with a run that was added or took a step. Its end is an event of the outbox.
NewsSource flow_run_news();
NewsSource flow_step_news();

}  // namespace piggy
