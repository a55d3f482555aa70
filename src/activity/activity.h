#pragma once

// What contacts did, as lines that are only ever added. See README.md.

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(ActivityKind, form_submitted, mail_sent, mail_opened, mail_clicked,
                        mail_bounced, mail_complained, unsubscribed, subscribed, voucher_redeemed)

struct ActivityRow {
  std::int64_t id = 0;
  std::int64_t contact_id = 0;
  ActivityKind kind = ActivityKind::form_submitted;
  std::optional<Uuid> source = {};
  std::string detail = {};
  Time created_at = {};
};

struct NewActivity {
  ActivityKind kind = ActivityKind::form_submitted;
  std::optional<Uuid> source = {};  // The form, campaign, sequence or voucher it is about.
  std::string detail = {};          // In the words of its kind: the link that was clicked.
};

// The event that tells of one; its subject is the contact, its payload
// {"contact": {uuid, email}, "activity": {kind, source, detail}}.
inline constexpr std::string_view activity_event = "contact_activity";

Result<> record_activity(Transaction& transaction, const ContactRow& contact,
                         const NewActivity& activity);

// Of one contact, the newest first, until the moment (included) and since the other (included).
struct ActivitySpan {
  Time since = {};
  Time until = {std::numeric_limits<std::int64_t>::max()};
  std::int64_t before = std::numeric_limits<std::int64_t>::max();  // An id, not included.
  std::int64_t limit = 1'000;
};
Result<std::vector<ActivityRow>> activities_of(Transaction& transaction, std::int64_t contact_id,
                                               const ActivitySpan& span = {});

// When two contacts become one, and when one is forgotten.
Result<> move_activities(Transaction& transaction, const ContactRow& source,
                         const ContactRow& destination);
Result<> forget_activities(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
