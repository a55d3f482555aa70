#pragma once

#include "event/news.h"

namespace piggy {

// `mail_sent`, with the campaign or sequence: all other activities are events of the outbox.
NewsSource activity_news();

}  // namespace piggy
