// Requests to change a booking, by their words and by what stands beside them.

#include <cmath>
#include <optional>

#include "chat/interpretation.h"
#include "chat/words.h"

namespace piggy {

Result<std::optional<Meaning>> Interpreter::booking() {
  bool named =
      reader_.any({"booking", "bookings", "reservation", "reservations", "table", "party"});
  // What has a status, or guests, is no contact.
  bool meant =
      reader_.peek(WordKind::uuid) && reader_.any({"cancel", "status", "people", "persons",
                                                   "guests", "pax", "confirm", "reschedule"});
  if (!named && !meant) return std::nullopt;
  auto uuid = reader_.take(WordKind::uuid);
  Meaning out{.kind = Meaning::Kind::call, .tool = "update_bookings"};
  if (uuid) out.input.set("uuid", uuid->lower);
  take_booking_changes(out.input);
  bool changes = out.input.members()->size() > (uuid ? 1 : 0);
  bool change_words = reader_.any({"update", "change", "set", "move", "reschedule", "cancel",
                                   "mark", "edit", "make", "put", "shift", "switch", "check",
                                   "confirm", "modify", "adjust", "postpone"});
  if (reader_.any({"credits", "points", "shop", "store"})) return std::nullopt;
  if (!uuid && !changes && !change_words) return std::nullopt;
  if (!uuid) {
    return ask("update_bookings", out.input, "uuid", "Which booking? Tell me its uuid.");
  }
  if (reader_.peek(WordKind::date)) {
    return ask(out.tool, out.input, "starts_at", "When should it start, and when end?");
  }
  if (!changes) {
    if (!change_words) return std::nullopt;
    return ask("update_bookings", out.input, "number_of_people",
               "What should change: party size, status, company or times?");
  }
  return out;
}

void Interpreter::take_booking_changes(Value& input) {
  if (auto at = reader_.date_after({"checked", "check-in", "arrived", "in"});
      at && (reader_.says("checked in") || reader_.any({"check-in", "arrived", "checked-in"}))) {
    input.set("checked_in_at", *at);
  }
  if (reader_.any({"from"})) {  // "from … to …": the second one is the end.
    if (auto starts = reader_.date_after({"from"})) {
      input.set("starts_at", *starts);
      if (auto until = reader_.date_after({"to"})) input.set("ends_at", *until);
    }
  }
  if (auto ends = reader_.date_after({"end", "ends", "until", "till", "ending", "ends_at"})) {
    input.set("ends_at", *ends);
  }
  if (reader_.any({"end", "ends", "ending"}) && !reader_.any({"start", "starts", "begin"})) {
    if (auto only = reader_.take(WordKind::date)) input.set("ends_at", only->date);
  }
  if (auto starts = reader_.date_after({"start", "starts", "begin", "begins", "from", "starting",
                                        "to", "for", "on", "starts_at", "at"})) {
    input.set("starts_at", *starts);
  }
  if (reader_.any({"prepaid", "prepayment", "deposit"})) {
    if (auto paid = reader_.take(WordKind::number)) {
      input.set("prepaid_amount", static_cast<std::int64_t>(std::llround(paid->number * 100)));
    }
  }
  auto people = reader_.number_near({"people", "persons", "guests", "party", "person", "pax",
                                     "size", "heads", "seats", "covers"});
  if (!people && (reader_.any({"people", "persons", "guests", "party", "pax"}))) {
    people = reader_.take(WordKind::number);
  }
  if (people) input.set("number_of_people", static_cast<std::int64_t>(people->number));
  if (reader_.any({"company", "firm", "organisation", "organization"})) {
    auto quoted = reader_.take(WordKind::quoted);
    auto company = quoted ? std::optional(quoted->said)
                          : reader_.text_after({"company", "firm", "organisation", "organization"});
    if (company) input.set("company_name", *company);
  }
  if (reader_.any({"status", "state"})) {
    auto quoted = reader_.take(WordKind::quoted);
    auto status = quoted ? std::optional(quoted->said) : reader_.text_after({"status", "state"});
    if (!status) status = reader_.text_after({"to", "as"});
    if (status && !status->starts_with("unknown") && !status->starts_with("unclear")) {
      input.set("status", *status);
    }
  } else if (reader_.any({"cancel", "cancelled", "canceled"})) {
    input.set("status", "canceled");
  } else if (reader_.any({"confirm", "confirmed"})) {
    input.set("status", "confirmed");
  } else if (reader_.any({"completed", "complete", "done", "finished"})) {
    input.set("status", "completed");
  } else if (reader_.says("in progress")) {
    input.set("status", "in progress");
  } else if (reader_.says("no-show") || reader_.says("no show")) {
    input.set("status", "no-show");
  }
  if (auto source = reader_.text_after({"source"})) input.set("source", *source);
  if (auto id = reader_.text_after({"external id", "external_id"})) input.set("external_id", *id);
}

}  // namespace piggy
