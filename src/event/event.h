#pragma once

// The outbox: what happened, written in the transaction of the change, so that an event exists if
// and only if the change does. Deliveries read it in the order of its ids.

#include <string_view>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

class Signal;

// `type` is the v3 wire's word (piggy-api-v3, section 13.2); `payload` its `data`, as JSON.
Result<> emit(Transaction& transaction, std::string_view type, const Uuid& subject,
              std::string_view payload);
Result<> emit(Transaction& transaction, std::string_view type, const Uuid& subject,
              const Value& payload);
// The same with a payload of a known shape.
template <class Payload>
  requires requires(Fields<Payload>& field) { Payload::describe(field); }
Result<> emit(Transaction& transaction, std::string_view type, const Uuid& subject,
              const Payload& payload) {
  return emit(transaction, type, subject, std::string_view(to_json(payload)));
}

// Given with every event.
Signal& event_signal();

// Empties what was told of a subject whose first event is younger than the id `since`: for the
// right to be forgotten. Reads all events since then.
Result<> forget_subject(Transaction& transaction, const Uuid& subject, std::int64_t since);
// Empties as well what names it by its uuid and is about something else, such as a reception.
Result<> forget_named(Transaction& transaction, const Uuid& named, std::int64_t since);

}  // namespace piggy
