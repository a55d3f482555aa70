#pragma once

#include "event/news.h"

namespace piggy {

// `message`, with the conversation in which something was said or done.
NewsSource chat_news();

}  // namespace piggy
