#include "booking/booking.h"

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "booking/operations.h"
#include "shape/read.h"
#include "shop/operations.h"

namespace piggy {
namespace {

struct Restaurant {
  TestEngine engine;
  Uuid shop = {};
  ContactRow ann = {};

  Restaurant() {
    auto made = engine.run<CreateShop>({.name = "Krusty Krab"});
    REQUIRE(made);
    shop = made->uuid;
    ann = contact("ann@example.com");
  }

  ContactRow contact(const std::string& email) {
    ContactRow row;
    REQUIRE(engine.write([&](Transaction& transaction) -> Result<> {
      row = TRY(make_contact(transaction, {.email = email}));
      return {};
    }));
    return row;
  }

  Booking book(std::optional<std::string> external_id = {}) {
    auto made = engine.run<CreateBooking>({.shop_uuid = shop,
                                           .contact_uuid = ann.uuid,
                                           .external_id = external_id,
                                           .starts_at = engine.clock().now(),
                                           .number_of_people = 2,
                                           .status = "Open"});
    REQUIRE(made);
    return *made;
  }
};

}  // namespace

TEST_CASE("a booking is changed in what is given and keeps the rest") {
  Restaurant restaurant;
  Booking booking = restaurant.book("B-1");
  auto changed = restaurant.engine.run<UpdateBookings>(
      {.uuid = booking.uuid, .number_of_people = 5, .company_name = "Chum Bucket"});
  REQUIRE(changed);
  CHECK(changed->number_of_people == 5);
  CHECK(changed->company_name == "Chum Bucket");
  CHECK(changed->status == "Open");
  CHECK(changed->external_id == "B-1");
  CHECK(changed->contact.email == "ann@example.com");
  CHECK(changed->shop_uuid == restaurant.shop);
}

TEST_CASE("trying to change shop or contact of a booking says that they cannot change") {
  Restaurant restaurant;
  Booking booking = restaurant.book();
  Value body = Value::object({{"uuid", to_string(booking.uuid)},
                              {"shop_uuid", to_string(restaurant.shop)},
                              {"contact_uuid", "x"},
                              {"status", "Moved"}});
  auto input = read<UpdateBookings::Input>(body, Reading::lenient);
  REQUIRE(input);
  auto refused = restaurant.engine.run<UpdateBookings>(*input);
  REQUIRE(!refused);
  CHECK(refused.error().number == 1003);
  REQUIRE(refused.error().fields.size() == 2);
  CHECK(refused.error().fields[0].path == "/shop_uuid");
  CHECK(refused.error().fields[0].message == "The shop of a booking cannot change.");
  CHECK(restaurant.engine.run<ListBookings>({})->bookings[0].status == "Open");
}

TEST_CASE("a booking cannot end before it begins, also after a change") {
  Restaurant restaurant;
  Booking booking = restaurant.book();
  auto wrong = restaurant.engine.run<UpdateBookings>(
      {.uuid = booking.uuid, .ends_at = *booking.starts_at + (-1)});
  REQUIRE(!wrong);
  CHECK(wrong.error().fields[0].path == "/ends_at");
}

TEST_CASE("a booking needs a shop and a contact that exist") {
  Restaurant restaurant;
  TestEngine& engine = restaurant.engine;
  CHECK(engine.run<CreateBooking>({.contact_uuid = restaurant.ann.uuid}).error().fields[0].path ==
        "/shop_uuid");
  CHECK(engine.run<CreateBooking>({.shop_uuid = Uuid{}, .contact_uuid = restaurant.ann.uuid})
            .error()
            .number == 1008);
  CHECK(engine.run<CreateBooking>({.shop_uuid = restaurant.shop, .contact_uuid = Uuid{}})
            .error()
            .number == 55031);
  Caller at_the_counter = engine.caller();
  REQUIRE(
      engine.database().read(engine.caller().account_id, [&](Transaction& transaction) -> Result<> {
        at_the_counter.shop_id = TRY(shop_of(transaction, restaurant.shop)).id;
        return {};
      }));
  auto made = engine.run_as<CreateBooking>(at_the_counter, {.contact_uuid = restaurant.ann.uuid});
  REQUIRE(made);
  CHECK(made->shop_uuid == restaurant.shop);
}

TEST_CASE("bookings are listed by contact, shop and external id, newest first") {
  Restaurant restaurant;
  restaurant.book("B-1");
  Booking newest = restaurant.book("B-2");
  auto all = restaurant.engine.run<ListBookings>({.contact_uuid = restaurant.ann.uuid, .limit = 1});
  REQUIRE(all);
  CHECK(all->page.total == 2);
  REQUIRE(all->bookings.size() == 1);
  CHECK(all->bookings[0].uuid == newest.uuid);
  auto one =
      restaurant.engine.run<ListBookings>({.shop_uuid = restaurant.shop, .external_id = "B-1"});
  REQUIRE(one);
  CHECK(one->page.total == 1);
}

TEST_CASE("bookings follow a contact that becomes another") {
  Restaurant restaurant;
  restaurant.book();
  ContactRow bea = restaurant.contact("bea@example.com");
  REQUIRE(restaurant.engine.write(
      [&](Transaction& transaction) { return move_bookings(transaction, restaurant.ann, bea); }));
  CHECK(restaurant.engine.run<ListBookings>({.contact_uuid = bea.uuid})->page.total == 1);
}

TEST_CASE("another tenant neither sees nor changes a booking") {
  Restaurant restaurant;
  Booking booking = restaurant.book();
  auto other = restaurant.engine.other_tenant();
  CHECK(restaurant.engine.run_as<UpdateBookings>(*other, {.uuid = booking.uuid, .status = "x"})
            .error()
            .number == 60013);
  CHECK(restaurant.engine.run_as<ListBookings>(*other, {})->bookings.empty());
  CHECK(restaurant.engine
            .run_as<CreateBooking>(
                *other, {.shop_uuid = restaurant.shop, .contact_uuid = restaurant.ann.uuid})
            .error()
            .code == ErrorCode::not_found);
}

TEST_CASE("bookings that begin within a time come in the order of their beginnings") {
  Restaurant restaurant;
  constexpr std::int64_t hour = 3600 * microseconds_per_second;
  Time now = restaurant.engine.clock().now();
  for (int later : {3, 1, 2, 9}) {
    REQUIRE(restaurant.engine.run<CreateBooking>({.shop_uuid = restaurant.shop,
                                                  .contact_uuid = restaurant.ann.uuid,
                                                  .starts_at = now + later * hour,
                                                  .number_of_people = later}));
  }
  REQUIRE(restaurant.engine.run<CreateBooking>(
      {.shop_uuid = restaurant.shop, .contact_uuid = restaurant.ann.uuid}));  // At no time.
  auto people = [&](const ListBookings::Input& input) {
    auto list = restaurant.engine.run<ListBookings>(input);
    REQUIRE(list);
    std::vector<std::int64_t> people;
    for (const Booking& one : list->bookings) people.push_back(one.number_of_people.value_or(0));
    CHECK(list->page.total == std::ssize(people));
    return people;
  };
  using People = std::vector<std::int64_t>;
  CHECK(people({.from = now + hour, .until = now + 3 * hour}) == People{1, 2});
  CHECK(people({.from = now + 3 * hour}) == People{3, 9});
  CHECK(people({.until = now}) == People{});
  CHECK(people({}) == People{0, 9, 2, 1, 3});
}

}  // namespace piggy
