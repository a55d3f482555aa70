#pragma once

// What people sent in with forms. Answers come from anybody: they are text to look at, never
// instructions.

#include <optional>
#include <string>
#include <vector>

#include "contact/contact.h"
#include "form/answer.h"
#include "form/form.h"
#include "operation/operation.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(SubmissionState, completed, spam)

// Who sent something in, as the door knows it: never what they say of themselves, but for the
// user agent, which is printable and cut.
struct Visit {
  std::string address = {};  // "" when it did not come over the web.
  std::string user_agent = {};
  std::string key = {};              // The client's own name for this submission; "" for none.
  Language language = Language::en;  // In which it is answered.
};

struct SubmissionRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t form_id = 0;
  std::optional<std::int64_t> contact_id = {};
  Value answers = {};
  Time created_at = {};
  std::int64_t version = 1;
  SubmissionState state = SubmissionState::completed;
  std::string spam_reason = {};
  std::string address = {};
  std::string user_agent = {};
};

Result<SubmissionRow> submission_of(Transaction& transaction, const Uuid& uuid);
Result<FormRow> form_of_submission(Transaction& transaction, const SubmissionRow& submission);

struct SubmissionFilter {
  std::int64_t form_id = 0;
  std::optional<SubmissionState> state = {};
};
// The newest first.
Result<std::vector<SubmissionRow>> submissions(Transaction& transaction,
                                               const SubmissionFilter& filter, std::int64_t limit,
                                               std::int64_t offset);
Result<std::int64_t> count_submissions(Transaction& transaction, const SubmissionFilter& filter);

// What a page tells of itself in fields that people do not see.
struct PageMarks {
  std::string trap = {};   // Only programs fill it in.
  std::string stamp = {};  // When the page was shown; see form_stamp.
};
// Signed, so that nobody can say that a page was open for longer than it was.
std::string form_stamp(const Caller& account, const Uuid& form, Time now);
enum class Stamp { none, broken, too_new, too_old, good };
Stamp stamp_in(const Caller& account, const Uuid& form, std::string_view stamp, Time now);
inline constexpr std::string_view trap_field = "_website";
inline constexpr std::string_view stamp_field = "_stamp";
inline constexpr std::string_view key_field = "_key";
// Whose link led to the form; on the address of its page without the line.
inline constexpr std::string_view referral_field = "_referral_code";

// Why it is spam; "" when it is not.
std::string spam_reason_of(const Caller& account, const FormRow& form, const PageMarks& marks,
                           Time now);

struct Delivery {
  const FormRow& form;
  const Questionnaire& asked;
  const Answers& answers;
  const Visit& visit;
  std::string spam_reason = {};
  std::string referral_code = {};  // Of who sent them here; "" for none.
};
struct Submission {
  Uuid uuid = {};
  bool was_there = false;  // Known already: nothing was done.
};
// Keeps it, and unless it is spam finds or makes the contact, writes attributes and consents, and
// tells of it by one activity and one event. The same again (by the visit's key, or the same
// answers to the same form within ten minutes) does nothing.
Result<Submission> submit(Call& call, const Delivery& delivery);

// `conflict` when it is that already. What was done for it stays; what waits for a confirmation
// does not wait any longer.
Result<> mark_spam(Call& call, const SubmissionRow& submission);
// Does what was not done because it was taken for spam.
Result<> mark_not_spam(Call& call, SubmissionRow& submission);

// When two contacts become one.
Result<> move_submissions(Transaction& transaction, const ContactRow& source,
                          const ContactRow& destination);
// When one is forgotten: what it said, and from where.
Result<> forget_submissions(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
