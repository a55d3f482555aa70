#pragma once

// A table, a chair, a lane: a place kept for a contact in a shop. Its shop and its contact never
// change.

#include <string>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "operation/page.h"

namespace piggy {

struct BookingRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t contact_id = 0;
  std::int64_t shop_id = 0;
  std::optional<std::string> external_id = {};
  std::optional<std::string> source = {};
  std::optional<Time> starts_at = {};
  std::optional<Time> ends_at = {};
  std::optional<Time> checked_in_at = {};
  std::optional<std::int64_t> number_of_people = {};
  std::optional<std::string> company_name = {};
  std::optional<std::string> status = {};
  std::optional<std::int64_t> prepaid_amount = {};  // Cents.
  Time created_at = {};
};

// 60013 when there is none.
Result<BookingRow> booking_of(Transaction& transaction, const Uuid& uuid);

struct BookingFilter {
  std::optional<std::int64_t> contact_id = {};
  std::optional<std::int64_t> shop_id = {};
  std::optional<std::string> external_id = {};
  // When they begin: `from` included. With either the list is in the order of their beginnings.
  std::optional<Time> from = {};
  std::optional<Time> until = {};
};
// Newest first. Fills the total of `page`.
Result<std::vector<BookingRow>> bookings_on(Transaction& transaction, const BookingFilter& filter,
                                            Page& page);

// Mints id, uuid and moment of the row.
Result<> make_booking(Transaction& transaction, BookingRow& booking);
// Writes all but shop and contact.
Result<> update_booking(Transaction& transaction, const BookingRow& booking);

// When two contacts become one.
Result<> move_bookings(Transaction& transaction, const ContactRow& source,
                       const ContactRow& destination);

}  // namespace piggy
