#pragma once

#include "event/news.h"

namespace piggy {

// `webhook_delivery`, each time a receiver answered or somebody asked for one again.
NewsSource webhook_news();

}  // namespace piggy
