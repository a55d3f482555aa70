#include "campaign/mail_event.h"

#include "activity/activity.h"
#include "base/lower_case.h"
#include "campaign/suppression.h"

namespace piggy {
namespace {

constexpr AppendTable event_table = {
    "mail_event",
    "account_id bigint, id bigint, send_id bigint, contact_id bigint, source bytea, kind text, "
    "detail text, happened_at bigint, created_at bigint"};

constexpr std::string_view count_of_kind = R"sql(
  SELECT count(*) FROM mail_event WHERE account_id = $1 AND send_id = $2 AND kind = $3
)sql";

constexpr std::string_view count_same = R"sql(
  SELECT count(*) FROM mail_event
  WHERE account_id = $1 AND send_id = $2 AND kind = $3 AND detail = $4
)sql";

constexpr std::string_view count_soft_bounces = R"sql(
  SELECT count(*) FROM mail_event
  WHERE account_id = $1 AND contact_id = $2 AND kind = 'bounced_soft' AND happened_at > $3
)sql";

std::optional<ActivityKind> activity_of(MailEventKind kind) {
  switch (kind) {
    case MailEventKind::opened:
      return ActivityKind::mail_opened;
    case MailEventKind::clicked:
      return ActivityKind::mail_clicked;
    case MailEventKind::bounced_hard:
    case MailEventKind::bounced_soft:
      return ActivityKind::mail_bounced;
    case MailEventKind::complained:
      return ActivityKind::mail_complained;
    case MailEventKind::unsubscribed:
      return ActivityKind::unsubscribed;
    case MailEventKind::opened_by_machine:
    case MailEventKind::clicked_by_machine:
      break;
  }
  return std::nullopt;
}

Result<std::optional<SuppressionReason>> suppression_after(Transaction& transaction,
                                                           const SendRow& send,
                                                           MailEventKind kind) {
  if (kind == MailEventKind::bounced_hard) return SuppressionReason::hard_bounce;
  if (kind == MailEventKind::complained) return SuppressionReason::complaint;
  if (kind != MailEventKind::bounced_soft) return std::nullopt;
  Time since = transaction.now() + -soft_bounce_window;
  auto count = TRY(transaction.one<std::int64_t>(count_soft_bounces, {send.contact_id, since}));
  if (count < soft_bounces_max) return std::nullopt;
  return SuppressionReason::soft_bounces;
}

}  // namespace

Result<bool> record_mail_event(Transaction& transaction, const SendRow& send,
                               const NewMailEvent& event) {
  auto before = TRY(transaction.one<std::int64_t>(count_of_kind, {send.id, event.kind}));
  if (before >= mail_events_max) return false;
  bool first = before == 0;
  if (event.kind == MailEventKind::clicked && !first) {
    first = !TRY(is_noted(transaction, send, event));
  }
  Time now = transaction.now();
  Time happened_at = std::min(event.happened_at.value_or(now), now);
  TRY(transaction.append(event_table, {transaction.next_id(), send.id, send.contact_id, send.source,
                                       event.kind, event.detail, happened_at, now}));
  ContactRow contact = TRY(contact_by_id(transaction, send.contact_id));
  if (contact.is_anonymous) return true;  // Deleted since.
  if (auto activity = activity_of(event.kind); activity && first) {
    TRY(record_activity(transaction, contact,
                        {.kind = *activity, .source = send.source, .detail = event.detail}));
  }
  if (auto reason = TRY(suppression_after(transaction, send, event.kind))) {
    TRY(suppress(transaction, contact.email, *reason, event.detail));
  }
  return true;
}

Result<bool> is_noted(Transaction& transaction, const SendRow& send, const NewMailEvent& event) {
  return TRY(transaction.one<std::int64_t>(count_same, {send.id, event.kind, event.detail})) > 0;
}

bool is_machine(std::string_view user_agent) {
  // Apple's mail privacy fetches all pictures beforehand, and says this and nothing more.
  if (user_agent.empty() || user_agent == "Mozilla/5.0") return true;
  std::string agent = lower_case(user_agent);
  for (std::string_view word : {"bot",        "spider",         "crawler",
                                "scanner",    "preview",        "barracuda",
                                "mimecast",   "proofpoint",     "safelinks",
                                "trendmicro", "symantec",       "fortinet",
                                "sophos",     "curl/",          "wget/",
                                "python-",    "go-http-client", "java/",
                                "okhttp",     "headlesschrome", "facebookexternalhit",
                                "slack"}) {
    if (agent.contains(word)) return true;
  }
  return false;
}

}  // namespace piggy
