#pragma once

// How queued e-mails leave.

#include <string>

#include "email/pool.h"

namespace piggy {

// Sends the e-mail of one job. Runs outside of any transaction and may block for half a minute. A
// repeated job sends the same Message-ID, so that receivers can tell, and writes the same file.
Result<> send_email(MailPool& pool, const Clock& clock, const JobRow& job);

// The same without a job. `name` is unique to the e-mail: letters, digits and dashes.
Result<> send_email(MailPool& pool, Time now, Email email, const std::string& name);

// The job for a scheduler; pool and clock outlive it.
void add_email_jobs(Scheduler& scheduler, MailPool& pool, const Clock& clock);

}  // namespace piggy
