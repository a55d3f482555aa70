#include "app/invitation.h"

#include <doctest/doctest.h>

#include "door/test_office.h"

namespace piggy {
namespace {

constexpr std::string_view password = "a long enough password";

// What the newest mail to somebody leads to.
std::string invitation_in_mail(Office& office) {
  std::string payload;
  REQUIRE(office.engine->database().read(0, [&](Transaction& transaction) -> Result<> {
    payload = TRY(transaction.one<std::string>(
        "SELECT payload FROM job WHERE kind = 'send_email' ORDER BY id DESC LIMIT 1"));
    return {};
  }));
  constexpr std::string_view begin = "/?invitation=";
  std::size_t at = payload.find(begin);
  REQUIRE(at != std::string::npos);
  return payload.substr(at + begin.size(), session_length);
}

std::string invite(Office& office, Office::Who who, std::string_view email,
                   std::string_view role = "marketer") {
  Office::must(office.call(std::move(who), "invite_user",
                           fmt::format(R"({{"email":"{}","role":"{}"}})", email, role)));
  return invitation_in_mail(office);
}

Result<Value> accept(Office& office, std::string_view invitation,
                     std::string_view chosen = password) {
  return office.call(office.engine->callers().owner(), "accept_invitation",
                     fmt::format(R"({{"invitation":"{}","password":"{}"}})", invitation, chosen));
}

}  // namespace

TEST_CASE(
    "who reads the mail joins once, in the role that was offered, with a password of their own") {
  Office office;
  std::string invitation = invite(office, office.boss, "Mia@shop.example");
  CHECK(accept(office, invitation, "too short").error().code == ErrorCode::invalid);
  Value session = Office::must(accept(office, invitation));
  CHECK(session.text_of("email") == "mia@shop.example");
  CHECK(session.text_of("role") == "marketer");
  CHECK(session.text_of("account") == "shop");
  CHECK(office.session("mia@shop.example", password));
  CHECK(accept(office, invitation).error().code == ErrorCode::not_found);
  CHECK(office.call(office.boss, "invite_user", R"({"email":"mia@shop.example","role":"viewer"})")
            .error()
            .code == ErrorCode::conflict);
}

TEST_CASE("an invitation ends by time and by a newer one, and cannot be guessed") {
  Office office;
  std::string first = invite(office, office.boss, "mia@shop.example");
  std::string second = invite(office, office.boss, "mia@shop.example", "viewer");
  CHECK(accept(office, first).error().code == ErrorCode::not_found);
  CHECK(accept(office, "x").error().code == ErrorCode::not_found);
  office.clock.time = office.clock.time + 7 * microseconds_per_day;
  CHECK(accept(office, second).error().code == ErrorCode::not_found);
}

TEST_CASE("who is in another account keeps that password, and must know it") {
  Office office;
  Office::must(
      office.call(office.engine->callers().owner(), "create_account", R"({"name":"other"})"));
  office.hire("eve@other.example", "owner", "other");
  auto eve = office.sign_in("eve@other.example");
  std::string invitation = invite(office, eve, "boss@shop.example");
  CHECK(accept(office, invitation, "chosen by somebody else").error().code == ErrorCode::invalid);
  Value session = Office::must(accept(office, invitation, Office::password));
  CHECK(session.text_of("account") == "other");
  CHECK(office.session("boss@shop.example", Office::password));
}

TEST_CASE("who may not look after people invites nobody") {
  Office office;
  office.hire("viv@shop.example", "viewer");
  office.hire("max@shop.example", "marketer");
  for (const char* who : {"viv@shop.example", "max@shop.example"}) {
    CHECK(office
              .call(office.sign_in(who), "invite_user",
                    R"({"email":"mia@shop.example","role":"owner"})")
              .error()
              .code == ErrorCode::forbidden);
  }
}

}  // namespace piggy
