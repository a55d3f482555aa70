#include "door/portal_page.h"

#include <doctest/doctest.h>

#include "door/test_office.h"
#include "http/test_responder.h"

namespace piggy {
namespace {

// A customer's browser.
class Customer {
 public:
  explicit Customer(Office& office)
      : office_(office),
        page_(office.engine->catalogue(), office.engine->dispatch(), office.engine->callers(),
              false) {}

  http::Response send(std::string path, std::string body, std::string type = "application/json") {
    http::Request request{.method = http::Method::post,
                          .path = std::move(path),
                          .headers = {{"Content-Type", std::move(type)}},
                          .body = std::move(body)};
    if (!cookie.empty()) request.headers.push_back({"Cookie", cookie});
    if (!language.empty()) request.headers.push_back({"Accept-Language", language});
    return http::answer_of(
        [&](http::Responder responder) { page_.handle(std::move(request), std::move(responder)); });
  }
  http::Response call(std::string_view operation, std::string body = "{}") {
    return send(fmt::format("/portal/shop/operations/{}", operation), std::move(body));
  }
  // With a token that the shop made for a contact.
  http::Response sign_in(std::string_view contact) {
    std::string token(Office::must(office_.call(office_.owner(), "get_contact_auth_token",
                                                fmt::format(R"({{"contact_uuid":"{}"}})", contact)))
                          .text_of("auth_token"));
    http::Response answer = send("/portal/shop/session", fmt::format(R"({{"token":"{}"}})", token));
    std::string_view set = answer.header("Set-Cookie");
    cookie = set.substr(0, set.find(';'));
    return answer;
  }

  std::string cookie;
  std::string language;

 private:
  Office& office_;
  PortalPage page_;
};

}  // namespace

TEST_CASE("a customer signs in and sees and changes what is their own, whatever they ask for") {
  Office office;
  Customer ann(office);
  CHECK(ann.call("get_brand").status == 200);
  CHECK(ann.call("get_loyalty_card").status == 401);
  auto signed_in = ann.sign_in(office.ann);
  CHECK(signed_in.status == 200);
  CHECK(signed_in.header("Set-Cookie").find("Path=/portal/shop; HttpOnly; SameSite=Strict") !=
        std::string_view::npos);
  auto card = ann.call("get_loyalty_card");
  CHECK(card.status == 200);
  CHECK(card.body.find("ann@example.com") != std::string::npos);

  // Somebody else's is not to be had by naming them.
  std::string bob(
      Office::must(office.call(office.owner(), "create_contact", R"({"email":"bob@example.com"})"))
          .text_of("uuid"));
  card = ann.call("get_loyalty_card", fmt::format(R"({{"contact_uuid":"{}"}})", bob));
  CHECK(card.body.find("ann@example.com") != std::string::npos);
  CHECK(card.body.find("bob@example.com") == std::string::npos);

  // Nor is anything else that the shop can do.
  for (const char* operation : {"create_credit_reception", "list_contacts", "get_contact",
                                "delete_contact", "create_token", "nothing"}) {
    CHECK_MESSAGE(ann.call(operation).status == 404, operation);
  }
}

TEST_CASE("what the shop notes for itself is left out") {
  Office office;
  Office::must(office.call(office.owner(), "create_loyalty_transaction_attribute",
                           R"({"name":"note","data_type":"text","label":"Note"})"));
  Office::must(office.call(office.owner(), "create_credit_reception",
                           fmt::format(R"({{"shop_uuid":"{}","contact_uuid":"{}","credits":5,)"
                                       R"("note":"difficult person"}})",
                                       office.shop, office.ann)));
  Customer ann(office);
  ann.sign_in(office.ann);
  auto history = ann.call("list_contact_loyalty_transactions");
  CHECK(history.status == 200);
  CHECK(history.body.find("\"credits\":5") != std::string::npos);
  CHECK(history.body.find("difficult") == std::string::npos);

  Office::must(office.call(office.owner(), "create_reward",
                           R"({"title":"Jar of honey","required_credits":150,"cost_price":3.75})"));
  auto rewards = ann.call("list_rewards");
  CHECK(rewards.body.find("Jar of honey") != std::string::npos);
  CHECK(rewards.body.find("cost_price") == std::string::npos);
}

TEST_CASE(
    "a customer asks to be erased as nobody else, and reads nothing that the shop notes of it") {
  Office office;
  Customer ann(office);
  CHECK(ann.call("ask_for_erasure", R"({"email":"ann@example.com"})").status == 401);
  std::string bob(
      Office::must(office.call(office.owner(), "create_contact", R"({"email":"bob@example.com"})"))
          .text_of("uuid"));
  Office::must(office.call(
      office.boss, "file_erasure_request",
      fmt::format(R"({{"contact_uuid":"{}","channel":"phone","note":"rang twice"}})", office.ann)));
  ann.sign_in(office.ann);
  auto lost = ann.call("preview_erasure", fmt::format(R"({{"contact_uuid":"{}"}})", bob));
  CHECK(lost.body.find("\"state\":\"open\"") != std::string::npos);
  CHECK(lost.body.find("rang twice") == std::string::npos);
  CHECK(lost.body.find("boss@") == std::string::npos);
  CHECK(ann.call("withdraw_erasure_request").status == 200);
  CHECK(ann.call("ask_for_erasure", R"({"email":"bob@example.com"})").status == 400);
  CHECK(ann.call("ask_for_erasure",
                 fmt::format(R"({{"email":"ann@example.com","contact_uuid":"{}"}})", bob))
            .status == 200);
  CHECK(ann.call("ask_for_erasure", R"({"email":"ann@example.com"})").status == 409);
  std::string all = to_json(
      Office::must(office.call(office.owner(), "list_erasure_requests", R"({"state":"open"})")));
  CHECK(all.find("ann@example.com") != std::string::npos);
  CHECK(all.find("bob@example.com") == std::string::npos);
  for (const char* operation : {"list_erasure_requests", "accept_erasure_request",
                                "refuse_erasure_request", "file_erasure_request"}) {
    CHECK_MESSAGE(ann.call(operation).status == 404, operation);
  }
}

TEST_CASE("a session cannot be forged, is of one shop, and runs out") {
  Office office;
  Caller shop = *office.owner();
  Office::must(
      office.call(office.engine->callers().owner(), "create_account", R"({"name":"other"})"));
  Caller other = **office.engine->callers().owner_of("other");
  Uuid ann = *parse_uuid(office.ann);
  Time now = office.clock.time;
  std::string session = make_portal_session(shop, ann, now + 10);
  CHECK(contact_of_portal_session(shop, session, now) == ann);
  CHECK(!contact_of_portal_session(shop, session, now + 10));
  CHECK(!contact_of_portal_session(other, session, now));
  std::string longer = session;
  longer.insert(longer.find('.') + 1, "9");
  CHECK(!contact_of_portal_session(shop, longer, now));
  for (std::string_view text : {"", ".", "..", "a.b.c", "0.1"}) {
    CHECK(!contact_of_portal_session(shop, text, now));
  }

  Customer mallory(office);
  mallory.cookie = "piggy_portal=" + make_portal_session(other, ann, now + 1'000'000);
  CHECK(mallory.call("get_loyalty_card").status == 401);
}

TEST_CASE("the mail with a code is in the language of the page that asked for it") {
  Office office;
  Customer ann(office);
  auto subject_for = [&](std::string_view language) {
    ann.language = language;
    CHECK(ann.send("/portal/shop/code", R"({"email":"ann@example.com"})").status == 200);
    Value mail;
    REQUIRE(
        office.engine->database().read(office.owner()->account_id, [&](Transaction& t) -> Result<> {
          mail =
              TRY(t.one<Value>("SELECT payload FROM job WHERE account_id = $1 AND "
                               "kind = 'send_email' ORDER BY id DESC LIMIT 1"));
          return {};
        }));
    return std::string(mail.text_of("subject").substr(6));
  };
  CHECK(subject_for("nl-NL,nl;q=0.9").starts_with(" is je code voor "));
  CHECK(subject_for("").starts_with(" is your code for "));
}

TEST_CASE("nobody learns who is a customer, and no form of another site signs anybody in") {
  Office office;
  Customer stranger(office);
  auto known = stranger.send("/portal/shop/code", R"({"email":"ann@example.com"})");
  auto unknown = stranger.send("/portal/shop/code", R"({"email":"eve@example.com"})");
  CHECK(known.status == 200);
  CHECK(unknown.status == 200);
  CHECK(known.body == unknown.body);
  CHECK(stranger.send("/portal/shop/code", R"({"email":"no address"})").status == 400);
  CHECK(stranger.send("/portal/shop/session", R"({"email":"ann@example.com","code":"000000"})")
            .status == 404);
  CHECK(stranger.send("/portal/nowhere/code", R"({"email":"ann@example.com"})").status == 404);
  CHECK(stranger.send("/portal/shop/session", "token=x", "application/x-www-form-urlencoded")
            .status == 400);
  CHECK(stranger.send("/portal/shop/session", R"(["token"])").status == 400);
}

}  // namespace piggy
