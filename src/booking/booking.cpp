#include "booking/booking.h"

#include <fmt/format.h>

#include "database/conditions.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr AppendTable booking_table = {
    "booking",
    "account_id bigint, id bigint, uuid bytea, contact_id bigint, shop_id bigint, "
    "external_id text, source text, starts_at bigint, ends_at bigint, checked_in_at bigint, "
    "number_of_people bigint, company_name text, status text, prepaid_amount bigint, "
    "created_at bigint, updated_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, contact_id, shop_id, external_id, source, starts_at, ends_at, checked_in_at,
         number_of_people, company_name, status, prepaid_amount, created_at
  FROM booking WHERE account_id = $1{}
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE booking SET external_id = $3, source = $4, starts_at = $5, ends_at = $6,
                     checked_in_at = $7, number_of_people = $8, company_name = $9, status = $10,
                     prepaid_amount = $11, updated_at = $12
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view move_rows = R"sql(
  UPDATE booking SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

}  // namespace

Result<BookingRow> booking_of(Transaction& transaction, const Uuid& uuid) {
  std::string sql = fmt::format(fmt::runtime(select_where), " AND uuid = $2");
  auto booking = TRY(transaction.first<BookingRow>(sql, {uuid}));
  if (!booking) return model_not_found();
  return *std::move(booking);
}

Result<std::vector<BookingRow>> bookings_on(Transaction& transaction, const BookingFilter& filter,
                                            Page& page) {
  Conditions where;
  if (filter.contact_id) where.add("AND contact_id =", *filter.contact_id);
  if (filter.shop_id) where.add("AND shop_id =", *filter.shop_id);
  if (filter.external_id) where.add("AND external_id =", *filter.external_id);
  if (filter.from) where.add("AND starts_at >=", *filter.from);
  if (filter.until) where.add("AND starts_at <", *filter.until);
  bool by_time = filter.from || filter.until;
  std::string count = "SELECT count(*) FROM booking WHERE account_id = $1" + where.text();
  page.total = TRY(transaction.all<std::int64_t>(count, where.parameters())).front();
  where.add(by_time ? "ORDER BY starts_at, id LIMIT" : "ORDER BY id DESC LIMIT", page.limit);
  where.add("OFFSET", page.offset());
  return transaction.all<BookingRow>(fmt::format(fmt::runtime(select_where), where.text()),
                                     where.parameters());
}

Result<> make_booking(Transaction& transaction, BookingRow& booking) {
  booking.id = transaction.next_id();
  booking.uuid = transaction.next_uuid();
  booking.created_at = transaction.now();
  return transaction.append(
      booking_table,
      {booking.id, booking.uuid, booking.contact_id, booking.shop_id, booking.external_id,
       booking.source, booking.starts_at, booking.ends_at, booking.checked_in_at,
       booking.number_of_people, booking.company_name, booking.status, booking.prepaid_amount,
       booking.created_at, booking.created_at});
}

Result<> update_booking(Transaction& transaction, const BookingRow& booking) {
  TRY(transaction.run(update_row, {booking.id, booking.external_id, booking.source,
                                   booking.starts_at, booking.ends_at, booking.checked_in_at,
                                   booking.number_of_people, booking.company_name, booking.status,
                                   booking.prepaid_amount, transaction.now()}));
  return {};
}

Result<> move_bookings(Transaction& transaction, const ContactRow& source,
                       const ContactRow& destination) {
  TRY(transaction.run(move_rows, {source.id, destination.id}));
  return {};
}

}  // namespace piggy
