#pragma once

// How mails leave, as the mailer sees it.

#include <functional>
#include <string>
#include <vector>

#include "email/send.h"
#include "http/message.h"

namespace piggy {

struct MailMessage {
  Email email = {};
  EmailStamp stamp = {};
  std::vector<http::Header> headers = {};  // Beside those of every e-mail.
};

// `unknown`: the connection was lost when the message was on its way. It may have been taken.
BOOST_DEFINE_ENUM_CLASS(HandedOver, taken, refused_for_good, refused_for_now, unknown)

struct HandoverOutcome {
  HandedOver what = HandedOver::taken;
  std::string words = {};  // The server's.
};

// May block, and is called by several threads at once.
using MailTransport = std::function<HandoverOutcome(const MailMessage&)>;

// One connection for each message, as all other e-mails go.
MailTransport single_transport(EmailOptions options);

// Whether a server's words say that there is no such mailbox, now and for good (RFC 3463).
bool says_no_mailbox(std::string_view words);

}  // namespace piggy
