#include "referral/referral.h"

#include <algorithm>
#include <set>

#include "base/lower_case.h"
#include "contact/change_operations.h"
#include "contact/contact_operations.h"
#include "contact/operations.h"
#include "contact/referral_code.h"
#include "form/test_form.h"
#include "loyalty/test_programme.h"
#include "referral/completion.h"
#include "referral/operations.h"
#include "voucher/operations.h"
#include "voucher/promotion_operations.h"

namespace piggy {
namespace {

// A programme that gives Ann 100 for each friend, and each friend 25, on the first purchase.
struct TestReferrals : TestProgramme {
  Followers followers{database()};

  TestReferrals() {
    add_referral_follower(followers, configurations);
    follow();
    set({});
  }

  void follow() { REQUIRE(followers.catch_up()); }

  static UpdateReferralProgram::Side points(std::int64_t points) {
    return {.type = IncentiveType::loyalty_points, .points = points};
  }

  // What is not said is as above.
  void set(UpdateReferralProgram::Input input, bool active = true) {
    input.active = active;
    input.shop_uuid = shop;
    input.referring_incentive = points(100);
    input.referred_incentive = points(25);
    REQUIRE(run<UpdateReferralProgram>(input, configurations));
  }

  std::string code(const ContactRow& contact) { return referral_code_of(caller(), contact.id); }

  ContactRow bring(const std::string& email, const std::string& code) {
    auto made = run<CreateContact>({.email = email, .referral_code = code});
    REQUIRE(made);
    follow();
    return at(email);
  }

  ContactRow at(std::string_view email) {
    auto found = contact(*this, email);
    REQUIRE(found);
    return *found;
  }

  void buys(const ContactRow& who) {
    REQUIRE(earn(who, 10));
    follow();
  }

  std::vector<SearchReferrals::Found> all(SearchReferrals::Input input = {}) {
    auto found = run<SearchReferrals>(input);
    REQUIRE(found);
    return found->referrals;
  }
  std::vector<ReferralStatus> states() {
    std::vector<ReferralStatus> states;
    for (const auto& referral : all()) states.push_back(referral.status);
    std::ranges::reverse(states);  // The oldest first.
    return states;
  }

  void join(const ContactRow& source, const ContactRow& destination) {
    REQUIRE(write([&](Transaction& transaction) {
      return join_contacts(transaction, source, destination, {move_referrals});
    }));
  }

  void erase(const ContactRow& gone) {
    REQUIRE(write([&](Transaction& transaction) { return forget_referrals(transaction, gone); }));
  }
};

using enum ReferralStatus;
using States = std::vector<ReferralStatus>;

}  // namespace

TEST_CASE("each contact has a code of its own, which leads to nobody in another account") {
  TestReferrals shop;
  std::set<std::string> codes;
  for (int i = 0; i < 200; i++) {
    codes.insert(shop.code(shop.enrol(fmt::format("c{}@example.com", i))));
  }
  CHECK(codes.size() == 200);
  for (const std::string& code : codes) {
    CHECK(code.size() == 8);
    CHECK(code.find_first_not_of("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") == std::string::npos);
  }
  auto shown = shop.run<GetContact>({shop.ann.uuid});
  CHECK(shown->current_values.text_of("referral_code") == shop.code(shop.ann));

  auto owner_of = [&](const Caller& caller, std::string_view code) {
    std::optional<ContactRow> found;
    REQUIRE(shop.database().read(caller.account_id, [&](Transaction& transaction) -> Result<> {
      Call call{.transaction = transaction, .caller = caller, .settings = shop.settings};
      found = TRY(contact_by_referral_code(call, code));
      return {};
    }));
    return found ? found->email : "";
  };
  std::string code = shop.code(shop.ann);
  CHECK(owner_of(shop.caller(), code) == "ann@example.com");
  CHECK(owner_of(shop.caller(), " " + lower_case(code) + "\n") == "ann@example.com");
  CHECK(owner_of(*shop.other_tenant(), code) == "");
  for (std::string_view wrong : {"", "0", "AAAAAAAA", "IIIIIIII", "' OR 1=1", "ÄÖÜß"}) {
    CHECK(owner_of(shop.caller(), wrong) == "");
  }
  CHECK(owner_of(shop.caller(), code + code) == "");
}

TEST_CASE("both sides receive once, when the friend buys") {
  TestReferrals shop;
  ContactRow bea = shop.bring("bea@example.com", shop.code(shop.ann));
  CHECK(shop.states() == States{pending});
  CHECK(shop.balance(shop.ann) == 0);
  CHECK(shop.balance(bea) == 0);

  shop.buys(bea);
  CHECK(shop.states() == States{completed});
  CHECK(shop.balance(shop.ann) == 100);
  CHECK(shop.balance(bea) == 10 + 25);
  shop.buys(bea);
  shop.follow();
  CHECK(shop.balance(shop.ann) == 100);
  CHECK(shop.balance(bea) == 20 + 25);
  shop.verify();

  auto receptions =
      payloads(shop, "SELECT payload FROM event WHERE account_id = $1 AND type = $2 ORDER BY id",
               "credit_reception_created");
  auto by_referral = std::ranges::count_if(receptions, [](const Value& payload) {
    return payload.find("credit_reception")->text_of("channel") == "REFERRAL";
  });
  CHECK(by_referral == 2);
  auto told = events(shop, "referral_completed");
  REQUIRE(told.size() == 1);
  const Value& referral = *told[0].find("referral");
  CHECK(referral.text_of("status") == "completed");
  CHECK(referral.find("referring_contact")->text_of("email") == "ann@example.com");
  CHECK(referral.find("referred_contact")->text_of("email") == "bea@example.com");
  auto by = events(shop, "referral_completed_by_contact");
  auto of = events(shop, "referral_completed_for_contact");
  REQUIRE(by.size() == 1);
  REQUIRE(of.size() == 1);
  CHECK(by[0].find("contact")->text_of("email") == "ann@example.com");
  CHECK(of[0].find("contact")->text_of("email") == "bea@example.com");
}

TEST_CASE("purchases of one batch complete a referral once") {
  TestReferrals shop;
  ContactRow bea = shop.bring("bea@example.com", shop.code(shop.ann));
  for (int i = 0; i < 20; i++) REQUIRE(shop.earn(bea, 10));
  shop.follow();
  CHECK(shop.balance(shop.ann) == 100);
  CHECK(shop.balance(bea) == 200 + 25);
}

TEST_CASE("so many purchases are needed, without what was reversed, taken or given by a referral") {
  TestReferrals shop;
  shop.set({.number_of_transactions = 2});
  ContactRow bea = shop.bring("bea@example.com", shop.code(shop.ann));
  auto first = shop.earn(bea, 10);
  REQUIRE(first);
  shop.follow();
  REQUIRE(shop.reverse(first->uuid));
  REQUIRE(shop.give(bea, -5));
  shop.follow();
  shop.buys(bea);
  CHECK(shop.states() == States{pending});
  CHECK(shop.all()[0].transactions == 1);
  // A friend of the friend: what she receives for her is no purchase of hers.
  ContactRow cas = shop.bring("cas@example.com", shop.code(bea));
  shop.buys(cas);
  shop.buys(cas);
  CHECK(shop.states() == States{pending, completed});
  CHECK(shop.balance(shop.ann) == 0);
  shop.buys(bea);
  CHECK(shop.states() == States{completed, completed});
  CHECK(shop.balance(shop.ann) == 100);
}

TEST_CASE("what a referral gave can be taken back like any other credits") {
  TestReferrals shop;
  shop.set({.completion_event = ReferralEvent::contact_creation});
  shop.bring("bea@example.com", shop.code(shop.ann));
  CHECK(shop.balance(shop.ann) == 100);
  Uuid reception;
  REQUIRE(shop.database().read(shop.caller().account_id, [&](Transaction& t) -> Result<> {
    auto found = TRY(find_receptions(t, {.contact_id = shop.ann.id}));
    REQUIRE(found.total == 1);
    CHECK(found.receptions[0].source == referral_source);
    CHECK(found.receptions[0].channel == "REFERRAL");
    reception = found.receptions[0].uuid;
    return {};
  }));
  REQUIRE(shop.reverse(reception));
  CHECK(!shop.reverse(reception));
  CHECK(shop.balance(shop.ann) == 0);
}

TEST_CASE("a referral may complete as soon as the friend is a contact, and give vouchers") {
  TestReferrals shop;
  auto promotion =
      shop.run<CreatePromotion>({.name = "Ten off", .description = "Once", .voucher_limit = 1});
  REQUIRE(promotion);
  REQUIRE(shop.run<UpdateReferralProgram>(
      {.active = true,
       .completion_event = ReferralEvent::contact_creation,
       .referring_incentive = {.type = IncentiveType::nothing},
       .referred_incentive = {.type = IncentiveType::voucher, .promotion_uuid = promotion->uuid}},
      shop.configurations));
  ContactRow bea = shop.bring("bea@example.com", shop.code(shop.ann));
  CHECK(shop.states() == States{completed});
  CHECK(shop.balance(shop.ann) == 0);
  CHECK(shop.run<ListVouchers>({.contact_uuid = bea.uuid})->vouchers.size() == 1);
  // The promotion has no more: it completes all the same.
  ContactRow cas = shop.bring("cas@example.com", shop.code(shop.ann));
  CHECK(shop.states() == States{completed, completed});
  CHECK(shop.run<ListVouchers>({.contact_uuid = cas.uuid})->vouchers.empty());

  auto wire = shop.run<GetReferralSettings>({});
  REQUIRE(wire);
  CHECK(wire->completion_event.type == "contact_creation");
  CHECK(wire->referring_contact_incentive.type == "nothing");
  CHECK(wire->referred_contact_incentive.data.find("promotion")->text_of("name") == "Ten off");
}

TEST_CASE("beyond the limit of a contact a referral fails, and nobody receives anything") {
  TestReferrals shop;
  shop.set({.completion_event = ReferralEvent::contact_creation, .limit_per_contact = 2});
  for (std::string_view name : {"bea", "cas", "dan"}) {
    shop.bring(fmt::format("{}@example.com", name), shop.code(shop.ann));
  }
  CHECK(shop.states() == States{completed, completed, failed});
  CHECK(shop.balance(shop.ann) == 200);
  CHECK(shop.balance(shop.at("dan@example.com")) == 0);
  CHECK(events(shop, "referral_completed").size() == 2);
}

TEST_CASE("nothing begins or ends while referrals are off") {
  TestReferrals shop;
  ContactRow bea = shop.bring("bea@example.com", shop.code(shop.ann));
  shop.set({}, false);
  shop.bring("cas@example.com", shop.code(shop.ann));
  shop.buys(bea);
  CHECK(shop.states() == States{pending});
  CHECK(!shop.run<GetReferralCard>({shop.ann.uuid}, shop.configurations)->active);
  shop.set({});
  shop.buys(bea);
  CHECK(shop.states() == States{completed});
}

TEST_CASE(
    "nobody brings themselves, under another spelling of the address or with any wrong code") {
  TestReferrals shop;
  std::string code = shop.code(shop.ann);
  shop.bring("ann+2@example.com", code);
  shop.bring("Ann+Friend+3@EXAMPLE.com", code);
  shop.bring("bea@example.com", "AAAAAAAA");
  shop.bring("cas@example.com", "<script>alert(1)</script>");
  shop.bring("dan@example.com", "");
  CHECK(
      shop.run<CreateContact>({.email = "bea@example.com", .referral_code = code}).error().number ==
      60005);
  shop.follow();
  CHECK(shop.all().empty());
  CHECK(is_same_mailbox("Ann+a@x.example", "ann@x.example"));
  CHECK(!is_same_mailbox("ann@x.example", "ann@y.example"));
  CHECK(!is_same_mailbox("ann@x.example", "anne@x.example"));
}

TEST_CASE("a code of another account brings nobody, and other accounts see nothing") {
  TestReferrals shop;
  auto other = shop.other_tenant();
  auto made = shop.run_as<CreateContact>(
      *other, {.email = "bea@example.com", .referral_code = shop.code(shop.ann)});
  REQUIRE(made);
  ContactRow cas = shop.bring("cas@example.com", shop.code(shop.ann));
  CHECK(shop.all().size() == 1);
  CHECK(shop.run_as<SearchReferrals>(*other, {})->referrals.empty());
  CHECK(shop.run_as<ListReferrals>(*other, {})->referrals.empty());
  CHECK(shop.run_as<ListReferrals>(*other, {.referring_contact_uuid = shop.ann.uuid})
            .error()
            .number == 55031);
  CHECK(shop.run_as<SearchReferrals>(*other, {.referred_contact_uuid = cas.uuid}).error().number ==
        55031);
  CHECK(shop.run_as<GetReferralCard>(*other, {shop.ann.uuid}, shop.configurations).error().number ==
        55031);
  CHECK(!shop.run_as<GetReferralProgram>(*other, {})->active);
}

TEST_CASE("lists narrow by who brought, who was brought and the state, page by page") {
  TestReferrals shop;
  ContactRow bea = shop.bring("bea@example.com", shop.code(shop.ann));
  ContactRow cas = shop.bring("cas@example.com", shop.code(bea));
  shop.bring("dan@example.com", shop.code(shop.ann));
  shop.buys(cas);
  CHECK(shop.all({.referring_contact_uuid = shop.ann.uuid}).size() == 2);
  CHECK(shop.all({.status = completed}).size() == 1);
  auto brought = shop.all({.referred_contact_uuid = cas.uuid});
  REQUIRE(brought.size() == 1);
  CHECK(brought[0].referring_contact.email == "bea@example.com");
  CHECK(brought[0].ended_at);
  auto wire = shop.run<ListReferrals>({.status = pending, .page = 2, .limit = 1});
  REQUIRE(wire->referrals.size() == 1);
  CHECK(wire->referrals[0].referred_contact.email == "bea@example.com");
  CHECK(shop.run<ListReferrals>({.page = 9})->referrals.empty());
}

TEST_CASE(
    "when two contacts become one their referrals follow, and nobody has brought themselves") {
  TestReferrals shop;
  ContactRow bea = shop.bring("bea@example.com", shop.code(shop.ann));
  ContactRow card = shop.enrol("card@example.com");
  // Ann goes on as the newer contact: what she brought stays hers.
  shop.join(shop.ann, card);
  REQUIRE(shop.all().size() == 1);
  CHECK(shop.all()[0].referring_contact.email == "card@example.com");
  shop.buys(bea);
  CHECK(shop.balance(card) == 100);

  // A friend who turns out to have been there before was brought by nobody.
  ContactRow old = shop.enrol("old@example.com");
  ContactRow again = shop.bring("again@example.com", shop.code(card));
  shop.join(again, old);
  CHECK(shop.states() == States{completed});
  ContactRow second = shop.bring("second@example.com", shop.code(card));
  shop.join(old, second);
  CHECK(shop.states() == States{completed});

  // One who was brought first keeps it, under the newer of the two.
  ContactRow first = shop.bring("first@example.com", shop.code(card));
  ContactRow later = shop.enrol("later@example.com");
  shop.join(first, later);
  CHECK(shop.states() == States{completed, pending});
  shop.buys(later);
  CHECK(shop.states() == States{completed, completed});

  // The two of a referral.
  shop.join(later, card);
  CHECK(shop.states() == States{completed});
  shop.join(bea, card);
  CHECK(shop.all().empty());
}

TEST_CASE("with a contact its pending referrals are gone, and what was told of the others") {
  TestReferrals shop;
  ContactRow bea = shop.bring("bea@example.com", shop.code(shop.ann));
  ContactRow cas = shop.bring("cas@example.com", shop.code(shop.ann));
  shop.buys(cas);
  shop.erase(cas);
  for (const Value& told : events(shop, "referral_completed")) CHECK(told.members()->empty());
  CHECK(shop.states() == States{pending, completed});
  shop.erase(shop.ann);
  CHECK(shop.states() == States{completed});
  shop.buys(bea);
  CHECK(events(shop, "referral_completed").size() == 1);
}

TEST_CASE("a form that a link with a code leads to brings new contacts alone") {
  TestReferrals shop;
  Form form = make(shop, {{.name = "email", .label = "E-mail", .type = FormFieldType::email}});
  auto sends = [&](std::string_view email, const std::string& code) {
    REQUIRE(send(
        shop,
        {.uuid = form.uuid, .referral_code = code, .answers = Value::object({{"email", email}})}));
    shop.follow();
  };
  sends("ann@example.com", shop.code(shop.ann));
  CHECK(shop.all().empty());
  sends("bea@example.com", shop.code(shop.ann));
  CHECK(shop.states() == States{pending});
  sends("bea@example.com", shop.code(shop.ann));
  ContactRow cas = shop.enrol("cas@example.com");
  sends("cas@example.com", shop.code(shop.ann));
  sends("bea@example.com", shop.code(cas));
  CHECK(shop.states() == States{pending});
  // Spam makes no contact, and so no referral.
  REQUIRE(send(shop, {.uuid = form.uuid,
                      .trap = "filled in",
                      .referral_code = shop.code(shop.ann),
                      .answers = Value::object({{"email", "spam@example.com"}})}));
  shop.follow();
  CHECK(shop.all().size() == 1);
}

TEST_CASE("a customer's card has the link once the form is open, and what both receive") {
  TestReferrals shop;
  Form form = newsletter(shop, FormStatus::DRAFT);
  shop.set({.form_uuid = form.uuid, .limit_per_contact = 5});
  auto card = [&] { return *shop.run<GetReferralCard>({shop.ann.uuid}, shop.configurations); };
  CHECK(card().active);
  CHECK(!card().link);
  CHECK(!shop.run<GetReferralProgram>({})->form_is_open);
  REQUIRE(shop.run<UpdateForm>({.form_uuid = form.uuid, .status = FormStatus::PUBLISHED}));
  CHECK(*card().link == fmt::format("http://127.0.0.1:8080/forms/{}?referral_code={}",
                                    to_string(form.uuid), shop.code(shop.ann)));
  shop.buys(shop.bring("bea@example.com", shop.code(shop.ann)));
  shop.bring("cas@example.com", shop.code(shop.ann));
  CHECK(card().completed == 1);
  CHECK(card().pending == 1);
  CHECK(card().yours.points == 100);
  CHECK(card().theirs.points == 25);
  CHECK(card().limit_per_contact == 5);
}

TEST_CASE("settings that could not be kept are refused at their field") {
  TestReferrals shop;
  using Input = UpdateReferralProgram::Input;
  using Side = UpdateReferralProgram::Side;
  Side nothing{.type = IncentiveType::nothing};
  auto refused = [&](const Input& input) {
    auto set = shop.run<UpdateReferralProgram>(input, shop.configurations);
    REQUIRE(!set);
    return set.error().fields.empty() ? std::to_string(set.error().number)
                                      : set.error().fields[0].path;
  };
  Input input{.active = true, .referring_incentive = nothing, .referred_incentive = nothing};
  Input points = input;
  points.referred_incentive = {.type = IncentiveType::loyalty_points};
  points.shop_uuid = shop.shop;
  CHECK(refused(points) == "/referred_incentive/points");
  points.referred_incentive.points = 1'000'000'000;
  CHECK(refused(points) == "/referred_incentive/points");
  points.referred_incentive.points = 5;
  points.shop_uuid.reset();
  CHECK(refused(points) == "/shop_uuid");
  points.shop_uuid = Uuid{};
  CHECK(refused(points) == "1008");
  Input voucher = input;
  voucher.referring_incentive = {.type = IncentiveType::voucher};
  CHECK(refused(voucher) == "/referring_incentive/promotion_uuid");
  voucher.referring_incentive.promotion_uuid = Uuid{};
  CHECK(refused(voucher) == "80002");
  CHECK(shop.run<GetReferralProgram>({})->referring_incentive.points == 100);
  // Lowered since: no more is given than the programme gives at once.
  auto program = shop.run<GetReferralSettings>({});
  CHECK(program->referring_contact_incentive.data.find("business_profile")->text_of("name") ==
        "Corner");
}

}  // namespace piggy
