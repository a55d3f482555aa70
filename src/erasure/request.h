#pragma once

// A contact's request to be erased (GDPR, article 17), from the moment it was asked until it is
// done or refused. One of a contact waits at a time. What is kept after the erasure are moments and
// who decided, and nothing of the person.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "operation/page.h"
#include "shape/shape.h"

namespace piggy {

// `accepted` is between the decision and the job that erases.
BOOST_DEFINE_ENUM_CLASS(ErasureState, open, accepted, done, refused, withdrawn)
// How it was asked. `page`: by the contact itself, on the customers' page.
BOOST_DEFINE_ENUM_CLASS(ErasureChannel, page, mail, phone, shop, other)

struct ErasureRequestRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::optional<std::int64_t> contact_id = {};  // Nothing once it is erased.
  ErasureState state = ErasureState::open;
  ErasureChannel channel = ErasureChannel::page;
  std::string note = {};
  std::string filed_by = {};  // Who of the shop wrote it down; "" for the contact itself.
  Time asked_at = {};
  std::string due_on = {};  // ISO 8601; the last day, in the shop's zone.
  std::optional<Time> decided_at = {};
  std::string decided_by = {};
  std::string reason = {};
  std::optional<Time> done_at = {};

  bool waits() const { return state == ErasureState::open || state == ErasureState::accepted; }
};

// The same day of the next month, or that month's last: "within one month of receipt" (GDPR,
// article 12(3); Regulation 1182/71, article 3).
Date month_after(const Date& date);
// Below zero when `date` is past.
std::int64_t days_until(const Date& date, const Date& today);

struct NewErasureRequest {
  const ContactRow& contact;
  ErasureChannel channel = ErasureChannel::page;
  std::string note = {};
  std::string filed_by = {};
  Time asked_at = {};
  std::string_view time_zone;
};
// Writes it down, with its event. Refused with `conflict` while another one of the contact waits.
Result<ErasureRequestRow> add_erasure_request(Transaction& transaction,
                                              const NewErasureRequest& request);

// `not_found` when there is none.
Result<ErasureRequestRow> erasure_request_of(Transaction& transaction, const Uuid& uuid);
// The contact's newest that was not withdrawn.
Result<std::optional<ErasureRequestRow>> last_erasure_request(Transaction& transaction,
                                                              std::int64_t contact_id);

// Those that wait (`open`) by the day they are due, all others the newest first. Fills the total of
// `page`.
Result<std::vector<ErasureRequestRow>> erasure_requests_on(
    Transaction& transaction, const std::optional<ErasureState>& state,
    const std::optional<std::int64_t>& contact_id, Page& page);

struct ErasureDecision {
  ErasureState state = ErasureState::accepted;
  std::string by = {};
  std::string reason = {};
};
// Writes the decision into the row and the table, with its event. Refused with `conflict` when
// the request is not open any longer.
Result<> decide_erasure_request(Transaction& transaction, ErasureRequestRow& request,
                                const ErasureDecision& decision);

// When two contacts become one: of two that wait the source's is withdrawn.
Result<> move_erasure_requests(Transaction& transaction, const ContactRow& source,
                               const ContactRow& destination);

// When a contact is erased, whoever asked for it: what waits is done, and nothing of the person
// stays in any of its requests. Whoever asked is forgotten by the events too, also when the contact
// was merely deleted.
Result<> finish_erasure_requests(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
