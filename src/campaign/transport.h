#pragma once

// How mails leave, as the mailer sees it.

#include <functional>
#include <string_view>

#include "email/pool.h"

namespace piggy {

// May block, and is called by several threads at once.
using MailTransport = std::function<HandoverAnswer(const Outgoing&)>;

// Whether a server's words say that there is no such mailbox, now and for good (RFC 3463).
bool says_no_mailbox(std::string_view words);

}  // namespace piggy
