#include "email/send.h"

#include <fmt/format.h>

namespace piggy {
namespace {

Email email_in(const Value& payload) {
  return {.from = std::string(payload.text_of("from")),
          .to = std::string(payload.text_of("to")),
          .subject = std::string(payload.text_of("subject")),
          .text = std::string(payload.text_of("text")),
          .html = std::string(payload.text_of("html"))};
}

}  // namespace

Result<> send_email(MailPool& pool, const Clock& clock, const JobRow& job) {
  return send_email(pool, clock.now(), email_in(job.payload), to_string(job.uuid));
}

Result<> send_email(MailPool& pool, Time now, Email email, const std::string& name) {
  if (email.from.empty()) email.from = pool.options().from;
  EmailStamp stamp{.date = now, .message_id = message_id_of(name, email.from)};
  HandoverAnswer answer = pool.hand_over({.email = std::move(email), .stamp = std::move(stamp)});
  if (answer.result == Handover::taken) return {};
  return fail(ErrorCode::unavailable,
              fmt::format("The mail server did not take the e-mail: {}", answer.words));
}

void add_email_jobs(Scheduler& scheduler, MailPool& pool, const Clock& clock) {
  scheduler.handle_outside(
      send_email_job, [&pool, &clock](const JobRow& job) { return send_email(pool, clock, job); });
}

}  // namespace piggy
