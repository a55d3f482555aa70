#pragma once

// piggy bounce: reports of mails that came back, from where the mail server puts them.

#include <functional>
#include <istream>
#include <string>
#include <string_view>

#include "app/backend.h"
#include "base/error.h"

namespace piggy {

struct BounceCommand {
  std::string account = {};
  std::string mailbox = {};  // An mbox file; it is read and not changed.
  std::string maildir = {};  // What is in its `new` goes to its `cur` once it is dealt with.
};

// Records what is found; with neither a mailbox nor a Maildir, one message from standard input.
// What is no report, or about no mail of the account, is left and said so. An error is one that may
// pass: then a message is still where it was.
Result<int> record_bounce_mail(Backend& backend, const BounceCommand& command);

// More of a message is not looked at, nor kept in memory.
inline constexpr std::size_t bounce_message_max = 4 << 20;

// All messages of an mbox, one at a time. Until one is refused.
Result<> each_message(std::istream& mbox, const std::function<Result<>(std::string_view)>& message);

// What became of a message, as a line.
Result<std::string> record_bounce_in(Backend& backend, const std::string& account,
                                     std::string_view message);

}  // namespace piggy
