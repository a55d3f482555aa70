#pragma once

// What a receiver is told of an event (piggy-api-v3, section 13.3).

#include <string>

#include "base/error.h"
#include "event/follow.h"
#include "shape/value.h"

namespace piggy {

// The `data` of the wire. Most events hold it as it is; vouchers, of which very many may be made at
// once, are looked up here, for those alone whom somebody wants to know of. None when there is
// nothing to tell any more.
Result<std::optional<Value>> webhook_data(Transaction& transaction, const EventRow& event);

// The body, byte for byte. As PHP writes JSON, with slashes and everything beyond ASCII escaped: so
// that a receiver which writes what it has read gets the same bytes, and the same signature.
std::string webhook_body(std::string_view type, const Value& data);

// Whose data the body of an event holds, as it is told.
struct ContactsTold {
  std::optional<Uuid> contact = {};
  std::optional<Uuid> other = {};  // The referred one of a referral.
};
ContactsTold contacts_told(const EventRow& event);

// Whether one of the attributes changed that a subscriber asked for. All of them may have where the
// event does not say.
bool tells_of(const EventRow& event, const Value& attributes);

}  // namespace piggy
