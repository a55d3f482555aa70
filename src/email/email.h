#pragma once

// E-mail: queued with the change it tells of, sent later by a job. See README.md.

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "database/database.h"
#include "schedule/job.h"

namespace piggy {

struct Email {
  std::string from = {};  // "Piggy <no-reply@example.com>" or an address alone.
  std::string to = {};
  std::string subject = {};
  std::string text = {};
  std::string html = {};  // May be empty: then the message is plain text.
};

// The kind of job that sends one. Its payload is the e-mail.
inline constexpr std::string_view send_email_job = "send_email";

// Queues it in this transaction: it is sent if and only if the transaction is committed.
Result<> queue_email(Transaction& transaction, const Email& email);

// What the message says of itself beside the e-mail.
struct EmailStamp {
  Time date = {};
  std::string message_id = {};  // Without angle brackets; stays the same when sending is repeated.
};

// A header beside those of every message: List-Unsubscribe, Feedback-ID, Reply-To.
struct EmailHeader {
  std::string name = {};
  std::string value = {};  // One line of ASCII.
};

// The message as it travels (RFC 5322), lines ending in CR LF. `invalid` for an address that is
// none, or that would break out of its header, and for a header that is not one line, stands there
// twice, or that the message writes itself. Only Auto-Submitted may be given another value.
Result<std::string> email_message(const Email& email, const EmailStamp& stamp,
                                  std::span<const EmailHeader> headers = {});

// The address in "Name <address>", or the whole text when there are no brackets.
std::string_view address_in(std::string_view mailbox);

// Text that stands in HTML as it is.
std::string escape_html(std::string_view text);

}  // namespace piggy
