#pragma once

// How queued e-mails leave.

#include <string>
#include <string_view>

#include "email/email.h"

namespace piggy {

struct EmailOptions {
  // Where they are handed over: smtp://host:port or smtps://…, user and password within when
  // needed. STARTTLS is used where it is offered. Empty: no sending.
  std::string smtp_url = {};
  // Where each is also written as a file, <name>.eml, for reading without a mail server. Empty: no
  // files.
  std::string outbox_folder = {};
  std::string from = "Piggy <no-reply@localhost>";  // For e-mails that do not say.
};

// Sends the e-mail of one job. Runs outside of any transaction and may block for half a minute. A
// repeated job sends the same Message-ID, so that receivers can tell, and writes the same file.
Result<> send_email(const EmailOptions& options, const Clock& clock, const JobRow& job);

// The same without a job. `name` is unique to the e-mail: letters, digits and dashes.
Result<> send_email(const EmailOptions& options, Time now, Email email, const std::string& name);

// How handing over one message ended.
struct SmtpOutcome {
  bool taken = false;
  long code = 0;  // The server's last word; 0 when it said none.
  // The message, or a part of it, was on its way when the answer was lost: it may have been taken.
  bool may_be_taken = false;
  std::string words = {};  // What went wrong.
};
// Hands over a whole message as it travels. May block for half a minute. `name` as above.
SmtpOutcome send_message(const EmailOptions& options, std::string_view from, std::string_view to,
                         const std::string& message, const std::string& name);

// The job for a scheduler.
void add_email_jobs(Scheduler& scheduler, EmailOptions options);

}  // namespace piggy
