#pragma once

#include <functional>

#include "event/news.h"

namespace piggy {

// Calls on record: `call` with the operation's name, which tells who shows what it writes that it
// was written; `approval_asked` with the approval for one that waits. Of those that changed nothing
// a persona's alone: a page that asked again because of its own question would never be quiet.
// `writes`: whether an operation of that name does.
Result<std::vector<News>> calls_after(Transaction& transaction, const NewsSpan& span,
                                      const std::function<bool(std::string_view)>& writes);
Result<std::int64_t> newest_call(Transaction& transaction);

}  // namespace piggy
