#pragma once

// What came of a message.

#include <string>
#include <string_view>

#include "campaign/send.h"

namespace piggy {

// A machine's (a filter that looks for viruses, a proxy that fetches all pictures beforehand) tells
// nothing of the contact and is kept apart.
BOOST_DEFINE_ENUM_CLASS(MailEventKind, opened, opened_by_machine, clicked, clicked_by_machine,
                        bounced_hard, bounced_soft, complained, unsubscribed)

// Of the same kind for one message: whoever has its links can follow them as often as they like.
constexpr std::int64_t mail_events_max = 50;

constexpr std::int64_t soft_bounces_max = 3;
constexpr std::int64_t soft_bounce_window = 7 * microseconds_per_day;

struct NewMailEvent {
  MailEventKind kind = MailEventKind::opened;
  std::string detail = {};               // The link, or the server's words.
  std::optional<Time> happened_at = {};  // Now when not said.
};

// Notes it, tells of it by an activity when it is the first of its kind (the first click on a
// link), and suppresses the address after a hard bounce, a complaint, or the third soft bounce in a
// week. Whether it was noted.
Result<bool> record_mail_event(Transaction& transaction, const SendRow& send,
                               const NewMailEvent& event);

// Whether the same was noted before, in the same words.
Result<bool> is_noted(Transaction& transaction, const SendRow& send, const NewMailEvent& event);

// Whether a program with this User-Agent looked, and no person.
bool is_machine(std::string_view user_agent);

}  // namespace piggy
