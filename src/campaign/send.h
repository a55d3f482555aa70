#pragma once

// A send: one message to one contact. It is queued in the transaction of what it follows from, and
// handed over later by the mailer (mailer.h). See README.md.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "contact/subscription.h"
#include "database/database.h"

namespace piggy {

class Signal;

// `unknown`: it was being handed over when the program or the connection ended. It may have
// arrived, so it is never sent again by itself.
BOOST_DEFINE_ENUM_CLASS(SendState, queued, sending, sent, failed, suppressed, unknown, cancelled)

struct NewSend {
  std::int64_t contact_id = 0;
  std::int64_t template_id = 0;
  std::int64_t subscription_type_id = 0;  // The purpose. 0: the template's own.
  std::string key = {};  // Unique in the account: what has the same key is never sent twice.
  std::optional<Time> not_before = {};
  std::optional<Uuid> source = {};  // The campaign or sequence.
  std::string variant = {};         // Of an A/B test.
  std::string voucher_code = {};    // What `{{ voucher.code }}` is.
};

struct QueuedSend {
  Uuid uuid = {};
  SendState state = SendState::queued;
  std::string reason = {};  // Of a suppressed one; see `MailRecipient`.
  bool was_there = false;   // The key was known; nothing was queued.
};

// Consent and suppression are decided here, and again when it is handed over. Who may not get it
// has a send all the same, `suppressed`, so that the numbers add up. `invalid` when neither it nor
// the template has a purpose.
Result<QueuedSend> queue_send(Transaction& transaction, const NewSend& send);

// Takes back what has not been handed over: all of a contact, or what one source has for it.
// Returns how many there were.
Result<std::int64_t> cancel_sends(Transaction& transaction, std::int64_t contact_id,
                                  std::optional<Uuid> source);

// Whether a contact may get mail of a purpose. The reason is "" or one of: deleted, anonymous,
// purpose_inactive, not_subscribed, not_confirmed, or a SuppressionReason's word.
struct MailRecipient {
  ContactRow contact = {};
  std::string reason = {};
};
// At most `contacts_at_once` (contact/contact_set.h); in the order of their ids.
Result<std::vector<MailRecipient>> recipients_of(Transaction& transaction,
                                             const std::vector<std::int64_t>& contact_ids,
                                             const SubscriptionType& purpose);

// 60013 when there is none.
Result<SubscriptionType> purpose_of(Transaction& transaction, std::int64_t subscription_type_id);

// For a recipient who has been decided about, when the key is known to be new.
Result<QueuedSend> add_send(Transaction& transaction, const NewSend& send,
                            std::string_view reason_against);

struct SendRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t contact_id = 0;
  std::int64_t template_id = 0;
  std::int64_t subscription_type_id = 0;
  std::string key = {};
  std::optional<Uuid> source = {};
  std::string variant = {};
  std::string voucher_code = {};
  SendState state = SendState::queued;
  std::string reason = {};
  std::int64_t attempts = 0;
  Time due_at = {};
  std::optional<Time> done_at = {};
};
// "id, uuid, …", for a statement that reads SendRows.
extern const std::string_view send_columns;

Result<std::optional<SendRow>> send_by_uuid(Transaction& transaction, const Uuid& uuid);
Result<std::optional<SendRow>> send_by_key(Transaction& transaction, std::string_view key);

// How many sends of a source are in which state, and why.
struct SendCount {
  SendState state = SendState::queued;
  std::string reason = {};
  std::string variant = {};
  std::int64_t count = 0;
};
Result<std::vector<SendCount>> count_sends(Transaction& transaction, const Uuid& source);

// Given with every send that is queued.
Signal& send_signal();

// When two contacts become one: what waits for the one that goes is cancelled, what was sent is the
// other's history.
Result<> move_sends(Transaction& transaction, const ContactRow& source,
                    const ContactRow& destination);
// What waits is cancelled, what was said in events is emptied, and the address stays suppressed.
Result<> forget_sends(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
