#pragma once

// Who is in which sequence, and how far. An enrolment waits as a row with a moment and costs
// nothing until then; at the moment it is advanced: one mail is queued, and it waits for the next.

#include <span>
#include <string>
#include <vector>

#include "contact/contact.h"
#include "event/follow.h"
#include "operation/page.h"
#include "schedule/job.h"
#include "sequence/sequence.h"

namespace piggy {

class Signal;

// `held`: its moment came while the sequence was paused.
BOOST_DEFINE_ENUM_CLASS(EnrollmentState, waiting, held, completed, stopped)

struct EnrollmentRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t sequence_id = 0;
  std::int64_t contact_id = 0;
  std::int64_t entry = 1;
  EnrollmentState state = EnrollmentState::waiting;
  Value had = {};  // The names of its steps, the last one last.
  Time due_at = {};
  Time first_send_at = {};
  std::optional<Time> last_step_at = {};
  std::string reason = {};
  std::string stop_reason = {};
  std::int64_t failures = 0;
  Time enrolled_at = {};
  std::optional<Time> ended_at = {};

  std::vector<std::string> steps_had() const;
  bool is_open() const {
    return state == EnrollmentState::waiting || state == EnrollmentState::held;
  }
};

Result<std::optional<EnrollmentRow>> enrollment_for(Transaction& transaction,
                                                    std::int64_t sequence_id,
                                                    std::int64_t contact_id, std::int64_t entry);

// What a contact is in now, by id.
Result<std::vector<EnrollmentRow>> open_enrollments_of(Transaction& transaction,
                                                       std::int64_t contact_id);

struct EnrollmentFilter {
  std::optional<std::int64_t> sequence_id = {};
  std::optional<std::int64_t> contact_id = {};
  std::optional<EnrollmentState> state = {};
};
// Newest first. Fills the total of `page`.
Result<std::vector<EnrollmentRow>> enrollments_on(Transaction& transaction,
                                                  const EnrollmentFilter& filter, Page& page);

// How many are in which state, and why those that were stopped were.
struct EnrollmentCount {
  EnrollmentState state = EnrollmentState::waiting;
  std::string stop_reason = {};
  std::int64_t count = 0;
};
Result<std::vector<EnrollmentCount>> count_enrollments(Transaction& transaction,
                                                       std::int64_t sequence_id);

struct NewEnrollment {
  ContactRow contact = {};
  std::int64_t entry = 1;
  std::string reason = {};
};
struct Enrolled {
  EnrollmentRow row = {};
  bool was_there = false;  // The contact, sequence and entry were known; nothing was changed.
};
// `conflict` when no mail of the purpose may be sent to the contact. The zone is the account's.
Result<Enrolled> enroll(Transaction& transaction, const SequenceRow& sequence,
                        const NewEnrollment& enrollment, std::string_view zone);

// What would be sent when, as things are now.
struct PlannedSend {
  std::string step = {};
  Uuid template_uuid = {};
  std::string variant = {};
  Time send_at = {};

  static void describe(Fields<PlannedSend>& field);
};
Result<std::vector<PlannedSend>> planned_sends(Transaction& transaction,
                                               const SequenceRow& sequence,
                                               const EnrollmentRow& row, std::string_view zone);

// Does what is due of an enrolment, if anything is.
Result<> advance(Transaction& transaction, std::int64_t enrollment_id, std::string_view zone);
// After it could not be advanced: later, and given up in the end.
Result<> note_failure(Transaction& transaction, std::int64_t enrollment_id);

// Ends it, takes back its mail that waits to be sent, and tells of it.
Result<> stop_enrollment(Transaction& transaction, const SequenceRow& sequence, EnrollmentRow& row,
                         std::string_view why);

// Of all who are in a sequence, in small lots in the background: their next moment by the newest
// plan, and no longer held.
Result<> plan_again(Transaction& transaction, const SequenceRow& sequence);
void add_sequence_jobs(Scheduler& scheduler);

// Stops whoever bought, or may no longer get the mails.
void add_sequence_follower(Followers& followers);

// Given with every enrolment that may be due earlier than those before it.
Signal& enrollment_signal();

// When two contacts become one (who is in the same entry of a sequence twice goes on once), and
// when one is forgotten.
Result<> move_enrollments(Transaction& transaction, const ContactRow& source,
                          const ContactRow& destination);
Result<> forget_enrollments(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
