#include "booking/operations.h"

#include "shop/shop.h"

namespace piggy {
namespace {

Result<Booking> shown(Transaction& transaction, const BookingRow& row) {
  return Booking{.uuid = row.uuid,
                 .contact = reference_to(TRY(contact_by_id(transaction, row.contact_id))),
                 .shop_uuid = TRY(shop_by_id(transaction, row.shop_id)).uuid,
                 .external_id = row.external_id,
                 .source = row.source,
                 .starts_at = row.starts_at,
                 .ends_at = row.ends_at,
                 .checked_in_at = row.checked_in_at,
                 .number_of_people = row.number_of_people,
                 .company_name = row.company_name,
                 .status = row.status,
                 .prepaid_amount = row.prepaid_amount,
                 .created_at = row.created_at};
}

Result<> check_times(const BookingRow& row) {
  if (row.starts_at && row.ends_at && *row.ends_at < *row.starts_at) {
    return fail_field("/ends_at", "The ends_at field must not be a date before starts_at.");
  }
  return {};
}

Value as_value(const std::string& text) { return text; }
Value as_value(Time time) { return to_atom(time); }
Value as_value(std::int64_t number) { return number; }
template <class T>
Value as_value(const std::optional<T>& optional) {
  return optional ? as_value(*optional) : Value();
}

// Sets a member of the row to what was given, if anything was, and notes the change.
template <class T>
void change(Call& call, std::string_view name, std::optional<T>& member,
            const std::optional<T>& given) {
  if (!given || given == member) return;
  call.changes(std::string(name) + " of the booking", as_value(member), as_value(given));
  member = given;
}

// A register is in a shop, whatever the client says.
Result<std::int64_t> shop_id_of(Call& call, const std::optional<Uuid>& uuid) {
  if (call.caller.shop_id) return call.caller.shop_id;
  if (!uuid) return fail_field("/shop_uuid", "The shop_uuid field is required.");
  return TRY(shop_of(call.transaction, *uuid)).id;
}

}  // namespace

Result<CreateBooking::Output> CreateBooking::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  std::int64_t shop_id = TRY(shop_id_of(call, input.shop_uuid));
  BookingRow row = {.contact_id = contact.id,
                    .shop_id = shop_id,
                    .external_id = input.external_id,
                    .source = input.source,
                    .starts_at = input.starts_at,
                    .ends_at = input.ends_at,
                    .checked_in_at = input.checked_in_at,
                    .number_of_people = input.number_of_people,
                    .company_name = input.company_name,
                    .status = input.status,
                    .prepaid_amount = input.prepaid_amount};
  TRY(check_times(row));
  TRY(make_booking(call.transaction, row));
  call.changes("booking of " + contact.email, nullptr, "created");
  return shown(call.transaction, row);
}

Result<UpdateBookings::Output> UpdateBookings::run(Call& call, const Input& input) {
  std::vector<FieldError> fixed;
  if (!input.shop_uuid.is_null()) {
    fixed.push_back({"/shop_uuid", "The shop of a booking cannot change."});
  }
  if (!input.contact_uuid.is_null()) {
    fixed.push_back({"/contact_uuid", "The contact of a booking cannot change."});
  }
  if (!fixed.empty()) return fail_fields(std::move(fixed));
  BookingRow row = TRY(booking_of(call.transaction, input.uuid));
  change(call, "external_id", row.external_id, input.external_id);
  change(call, "source", row.source, input.source);
  change(call, "starts_at", row.starts_at, input.starts_at);
  change(call, "ends_at", row.ends_at, input.ends_at);
  change(call, "checked_in_at", row.checked_in_at, input.checked_in_at);
  change(call, "number_of_people", row.number_of_people, input.number_of_people);
  change(call, "company_name", row.company_name, input.company_name);
  change(call, "status", row.status, input.status);
  change(call, "prepaid_amount", row.prepaid_amount, input.prepaid_amount);
  TRY(check_times(row));
  TRY(update_booking(call.transaction, row));
  return shown(call.transaction, row);
}

Result<ListBookings::Output> ListBookings::run(Call& call, const Input& input) {
  Output output = {.page = page_of(input.page, input.limit, 30)};
  BookingFilter filter = {
      .external_id = input.external_id, .from = input.from, .until = input.until};
  if (input.contact_uuid) {
    filter.contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  }
  if (input.shop_uuid) filter.shop_id = TRY(shop_of(call.transaction, *input.shop_uuid)).id;
  for (const BookingRow& row : TRY(bookings_on(call.transaction, filter, output.page))) {
    output.bookings.push_back(TRY(shown(call.transaction, row)));
  }
  return output;
}

void add_booking_operations(Catalogue& catalogue) {
  catalogue.add<CreateBooking>();
  catalogue.add<UpdateBookings>();
  catalogue.add<ListBookings>();
}

// Descriptions ------------------------------------------------------------------------------------

void Booking::describe(Fields<Booking>& field) {
  field("uuid", &Booking::uuid, "The booking.");
  field("contact", &Booking::contact, "For whom; never changes.");
  field("shop_uuid", &Booking::shop_uuid, "Where; never changes.");
  field("external_id", &Booking::external_id, "The booking system's own id of it.",
        {.untrusted = true});
  field("source", &Booking::source, "Where it came from.", {.untrusted = true});
  field("starts_at", &Booking::starts_at, "When it begins.");
  field("ends_at", &Booking::ends_at, "When it ends.");
  field("checked_in_at", &Booking::checked_in_at, "When they came.");
  field("number_of_people", &Booking::number_of_people, "The size of the party.");
  field("company_name", &Booking::company_name, "For which company.", {.untrusted = true});
  field("status", &Booking::status, "Its state, in the shop's own words.", {.untrusted = true});
  field("prepaid_amount", &Booking::prepaid_amount, "What has been paid already, in cents.");
  field("created_at", &Booking::created_at, "When it was made.");
}

namespace {

// What creating and updating have in common.
template <class Input>
void describe_details(Fields<Input>& field) {
  field("external_id", &Input::external_id, "The booking system's own id of it.", {.max = 200});
  field("source", &Input::source, "Where it came from, such as website or phone.", {.max = 200});
  field("starts_at", &Input::starts_at, "When it begins.");
  field("ends_at", &Input::ends_at, "When it ends.");
  field("checked_in_at", &Input::checked_in_at, "When they came.");
  field("number_of_people", &Input::number_of_people, "The size of the party.",
        {.min = 1, .max = 100'000});
  field("company_name", &Input::company_name, "For which company.", {.max = 200});
  field("status", &Input::status,
        "Its state in free words, such as created, in progress, canceled or completed.",
        {.max = 100});
  field("prepaid_amount", &Input::prepaid_amount, "What has been paid already, in cents.",
        {.min = 0, .max = 1'000'000'000'000});
}

}  // namespace

void CreateBooking::Input::describe(Fields<Input>& field) {
  field("shop_uuid", &Input::shop_uuid, "Where; needed unless a register asks.");
  field("contact_uuid", &Input::contact_uuid, "For whom.");
  describe_details(field);
}

void UpdateBookings::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The booking.");
  describe_details(field);
  field("shop_uuid", &Input::shop_uuid, "Refused: it cannot change.", {.hidden = true});
  field("contact_uuid", &Input::contact_uuid, "Refused: it cannot change.", {.hidden = true});
  field("booking_uuid", &Input::booking_uuid, "Sent by clients that repeat it.", {.hidden = true});
}

void ListBookings::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Only of this contact.");
  field("shop_uuid", &Input::shop_uuid, "Only in this shop.");
  field("external_id", &Input::external_id, "Only with the booking system's own id.", {.max = 200});
  field("from", &Input::from, "Only those that begin at this moment or after it.");
  field("until", &Input::until, "Only those that begin before this moment.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void ListBookings::Output::describe(Fields<Output>& field) {
  field("bookings", &Output::bookings,
        "The bookings, newest first, or in the order of their beginnings.");
  field("page", &Output::page, "Which part of the list this is.");
}

}  // namespace piggy
