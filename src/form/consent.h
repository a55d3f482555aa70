#pragma once

// What people agreed to on forms, and the proof of it. See README.md.

#include <optional>
#include <string>
#include <vector>

#include "contact/contact.h"
#include "contact/subscription.h"
#include "form/submission.h"

namespace piggy {

// given: one tick was enough. pending: a mail asks. confirmed: the mail's link was followed.
BOOST_DEFINE_ENUM_CLASS(ConsentState, given, pending, confirmed)

struct GivenConsent {
  Uuid subscription_type_uuid = {};
  std::string name = {};
  ConsentState state = ConsentState::given;
};
// The consents that were ticked: proof of each is kept, and each is subscribed to, or asked for by
// one e-mail for all of them, in the language that the contact chose, else in that of the page.
Result<std::vector<GivenConsent>> take_consents(Call& call, const ContactRow& contact,
                                                const SubmissionRow& submission,
                                                const Questionnaire& asked, Language of_the_page);

struct ConsentProofRow {
  Uuid uuid = {};
  std::int64_t subscription_type_id = 0;
  std::string statement = {};
  ConsentState state = ConsentState::given;
  Uuid submission_uuid = {};
  Time given_at = {};
  std::string given_address = {};
  std::string given_user_agent = {};
  std::int64_t form_version = 1;
  Uuid form_uuid = {};
  std::string form_name = {};
  std::optional<Time> confirmed_at = {};
  std::optional<std::string> confirmed_address = {};
  std::optional<std::string> confirmed_user_agent = {};
};
// The newest first.
Result<std::vector<ConsentProofRow>> consent_proofs(Transaction& transaction,
                                                    const ContactRow& contact);

// The e-mail that asks for a confirmation.
struct ConfirmationRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t submission_id = 0;
  std::int64_t contact_id = 0;
  Time expires_at = {};
  std::int64_t sent_count = 0;
  Time sent_at = {};
  std::optional<Time> confirmed_at = {};
};
// Whose confirmation it is. Above all tenants.
Result<std::int64_t> account_of_confirmation(Transaction& transaction, const Uuid& uuid);
// Whom it asks. `not_found` when the secret is not the one of the mail.
Result<std::int64_t> contact_of_confirmation(Call& call, const Uuid& uuid, std::string_view secret);
// What it is about. `not_found` when the secret is not the one of the mail; `conflict` when it was
// used before, or too much time went by, said in the language.
struct OpenConfirmation {
  ConfirmationRow row = {};
  std::vector<std::string> statements = {};
};
Result<OpenConfirmation> open_confirmation(Call& call, const Uuid& uuid, std::string_view secret,
                                           Language language);
// Subscribes, and tells of it. Returns the names of what was subscribed to.
Result<std::vector<std::string>> confirm(Call& call, const Uuid& uuid, std::string_view secret,
                                         const Visit& visit);
// Sends the mail once more. `conflict` when nothing waits, `too_many` after several mails a day.
Result<> resend_confirmation(Call& call, const SubmissionRow& submission);
// Nobody can confirm what a submission asked for any longer.
Result<> end_confirmations(Transaction& transaction, const SubmissionRow& submission);

// When two contacts become one, and when one is forgotten.
Result<> move_consents(Transaction& transaction, const ContactRow& source,
                       const ContactRow& destination);
Result<> forget_consents(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
