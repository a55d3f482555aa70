#pragma once

#include "booking/booking.h"
#include "contact/contact.h"
#include "operation/operation.h"
#include "operation/page.h"

namespace piggy {

struct Booking {
  Uuid uuid = {};
  ContactReference contact = {};
  Uuid shop_uuid = {};
  std::optional<std::string> external_id = {};
  std::optional<std::string> source = {};
  std::optional<Time> starts_at = {};
  std::optional<Time> ends_at = {};
  std::optional<Time> checked_in_at = {};
  std::optional<std::int64_t> number_of_people = {};
  std::optional<std::string> company_name = {};
  std::optional<std::string> status = {};
  std::optional<std::int64_t> prepaid_amount = {};
  Time created_at = {};

  static void describe(Fields<Booking>& field);
};

struct CreateBooking {
  static constexpr OperationInfo info = {
      .name = "create_booking",
      .title = "Create Booking",
      .about =
          "Books a place in a shop for a contact. Shop and contact cannot be changed "
          "afterwards, and a booking cannot be deleted; give it a status such as canceled "
          "instead.",
      .verb = Verb::post,
      .path = "/bookings",
      .scope = "bookings:write",
      .effect = Effect::write,
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::optional<Uuid> shop_uuid = {};
    Uuid contact_uuid = {};
    std::optional<std::string> external_id = {};
    std::optional<std::string> source = {};
    std::optional<Time> starts_at = {};
    std::optional<Time> ends_at = {};
    std::optional<Time> checked_in_at = {};
    std::optional<std::int64_t> number_of_people = {};
    std::optional<std::string> company_name = {};
    std::optional<std::string> status = {};
    std::optional<std::int64_t> prepaid_amount = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Booking;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateBookings {
  static constexpr OperationInfo info = {
      .name = "update_bookings",
      .title = "Update Bookings",
      .about =
          "Changes one booking, found by its uuid: party size, status, company, times, source, "
          "prepaid amount. What is not given stays. Shop and contact cannot change; make a "
          "new booking for that. Use list_bookings to find the uuid. The values before are "
          "not kept, but a dry run shows them.",
      .verb = Verb::put,
      .path = "/bookings/{uuid}",
      .scope = "bookings:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    std::optional<std::string> external_id = {};
    std::optional<std::string> source = {};
    std::optional<Time> starts_at = {};
    std::optional<Time> ends_at = {};
    std::optional<Time> checked_in_at = {};
    std::optional<std::int64_t> number_of_people = {};
    std::optional<std::string> company_name = {};
    std::optional<std::string> status = {};
    std::optional<std::int64_t> prepaid_amount = {};
    // Taken in so that they can be refused, where surplus fields would be ignored.
    Value shop_uuid = {};
    Value contact_uuid = {};
    Value booking_uuid = {};  // A newer client repeats it.
    static void describe(Fields<Input>& field);
  };
  using Output = Booking;
  static Result<Output> run(Call& call, const Input& input);
};

struct ListBookings {
  static constexpr OperationInfo info = {
      .name = "list_bookings",
      .title = "List Bookings",
      .about =
          "Lists bookings, newest first, of one contact or shop, or with one external id, if "
          "asked. Those that begin within a time come in the order of their beginnings. Use it to "
          "find the uuid that update_bookings asks for.",
      .verb = Verb::get,
      .path = "/bookings",
      .scope = "bookings:read",
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    std::optional<Uuid> contact_uuid = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<std::string> external_id = {};
    std::optional<Time> from = {};
    std::optional<Time> until = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Booking> bookings = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

void add_booking_operations(Catalogue& catalogue);

}  // namespace piggy
