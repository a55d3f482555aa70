#include <algorithm>
#include <cmath>
#include <limits>

#include "activity/activity.h"
#include "contact/contact_change.h"
#include "event/event.h"
#include "lead/address.h"
#include "lead/lead_score.h"
#include "lead/operations.h"
#include "loyalty/test_programme.h"

namespace piggy {
namespace {

constexpr std::int64_t day = microseconds_per_day;

struct Leads : TestProgramme {
  Followers followers{database()};
  Scheduler scheduler{database(), settings, acting_in(database())};

  Leads() {
    add_lead_follower(followers);
    REQUIRE(followers.catch_up());
    add_lead_jobs(scheduler);
  }

  void did(const ContactRow& contact, ActivityKind kind, std::optional<Uuid> source = {}) {
    REQUIRE(write([&](Transaction& transaction) {
      return record_activity(transaction, contact, {.kind = kind, .source = source});
    }));
  }

  void know(const ContactRow& contact, const std::string& name, const Value& value) {
    REQUIRE(write([&](Transaction& transaction) -> Result<> {
      Call call{.transaction = transaction, .caller = caller(), .settings = settings};
      ContactRecord record = TRY(contact_record(transaction, contact.id));
      static std::vector<AttributeDefinition> attributes;
      attributes = {{.name = name}};
      return change_contact(call, record, {{&attributes[0], value}}, "");
    }));
  }

  ScoreLead::Output score(const ContactRow& contact, std::optional<Time> at = {}) {
    auto scored = run<ScoreLead>({.contact_uuid = contact.uuid, .at = at});
    REQUIRE(scored);
    std::int64_t sum = 0;
    for (const LeadContribution& one : scored->contributions) sum += std::llround(one.points * 100);
    // What is told is what was counted, always.
    CHECK(sum == std::llround(scored->fit * 100) + std::llround(scored->engagement * 100));
    CHECK(scored->score == (sum + 50) / 100);
    return *scored;
  }

  std::optional<LeadScoreRow> stored(const ContactRow& contact) {
    std::optional<LeadScoreRow> row;
    REQUIRE(database().read(caller().account_id, [&](Transaction& transaction) -> Result<> {
      row = TRY(lead_score_of(transaction, contact.id));
      return {};
    }));
    return row;
  }

  std::int64_t events() {
    std::int64_t count = 0;
    REQUIRE(database().read(caller().account_id, [&](Transaction& transaction) -> Result<> {
      count = TRY(transaction.one<std::int64_t>(
          "SELECT count(*) FROM event WHERE account_id = $1 AND type = 'lead_score_changed'"));
      return {};
    }));
    return count;
  }

  void follow() { REQUIRE(followers.catch_up()); }
  void pass(std::int64_t microseconds) { clock().time = clock().now() + microseconds; }
};

const LeadContribution* reason(const ScoreLead::Output& score, std::string_view words) {
  for (const LeadContribution& one : score.contributions) {
    if (one.words == words) return &one;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("somebody of whom nothing is known is C3 and to be nurtured") {
  Leads leads;
  auto score = leads.score(leads.enrol("ann@gmail.com"));
  CHECK(score.score == 0);
  CHECK(score.cell == "C3");
  CHECK(score.temperature == LeadTemperature::nurture);
  CHECK(score.contributions.empty());
  CHECK(score.version == 1);
}

TEST_CASE("fit is who somebody is, in the words of the rules, and does not fade") {
  Leads leads;
  ContactRow ann = leads.enrol("ann@bakery.example");
  leads.know(ann, "firstname", "Ann");
  leads.know(ann, "phonenumber", "+31612345678");
  auto score = leads.score(ann);
  CHECK(score.fit == 25);
  CHECK(score.cell == "B3");
  REQUIRE(reason(score, "Left a telephone number"));
  CHECK(reason(score, "Left a telephone number")->points == 10);
  CHECK(reason(score, "Writes from a company address")->points == 10);
  leads.pass(900 * day);
  CHECK(leads.score(ann).fit == 25);
}

TEST_CASE("engagement counts half after its half-life") {
  Leads leads;
  ContactRow ann = leads.enrol("ann@gmail.com");
  leads.did(ann, ActivityKind::form_submitted);
  CHECK(leads.score(ann).engagement == 20);
  leads.pass(14 * day);
  CHECK(leads.score(ann).engagement == 10);
  leads.pass(14 * day);
  CHECK(leads.score(ann).engagement == 5);
  leads.pass(7 * day);
  CHECK(leads.score(ann).engagement == doctest::Approx(3.54));
  leads.pass(3000 * day);
  CHECK(leads.score(ann).contributions.empty());
}

TEST_CASE("a group gives no more than its most, and says so") {
  Leads leads;
  ContactRow ann = leads.enrol("ann@gmail.com");
  for (int i = 0; i < 40; i++) leads.did(ann, ActivityKind::mail_opened);
  auto score = leads.score(ann);
  CHECK(score.engagement == 20);
  REQUIRE(reason(score, "Opened a mail"));
  CHECK(reason(score, "Opened a mail")->points == 80);
  CHECK(reason(score, "Opened a mail")->times == 40);
  CHECK(reason(score, "The group mail counts 20 at most")->points == -60);
}

TEST_CASE("a score as of a moment knows nothing of what came later") {
  Leads leads;
  ContactRow ann = leads.enrol("ann@gmail.com");
  Time start = leads.clock().now();
  leads.did(ann, ActivityKind::form_submitted);
  leads.pass(28 * day);
  leads.did(ann, ActivityKind::form_submitted);
  CHECK(leads.score(ann).engagement == 25);
  CHECK(leads.score(ann, start).engagement == 20);
  CHECK(leads.score(ann, start + 14 * day).engagement == 10);
  CHECK(leads.score(ann, start + (-1)).engagement == 0);
  CHECK(leads.score(ann, leads.clock().now() + 14 * day).engagement == 12.5);
  CHECK(to_json(leads.score(ann, start)) == to_json(leads.score(ann, start)));
}

TEST_CASE("who has bought is a better and a warmer lead, and that fades as well") {
  Leads leads;
  REQUIRE(leads.earn(leads.ann, 10));
  auto score = leads.score(leads.ann);
  CHECK(reason(score, "Has bought before")->points == 10);
  CHECK(reason(score, "Bought")->points == 20);
  for (int i = 0; i < 4; i++) REQUIRE(leads.earn(leads.ann, 10));
  leads.pass(30 * day);
  score = leads.score(leads.ann);
  CHECK(reason(score, "Has bought five times or more")->points == 10);
  CHECK(reason(score, "Bought")->points == 10);
  CHECK(leads.score(leads.ann, leads.clock().now() + (-31 * day)).engagement == 0);
}

TEST_CASE("role accounts and thrown-away addresses lose, down to nothing and not below") {
  Leads leads;
  ContactRow office = leads.enrol("Info@bakery.example");
  ContactRow nobody = leads.enrol("x@eu.mailinator.com");
  leads.know(nobody, "firstname", "X");
  for (int i = 0; i < 3; i++) leads.did(nobody, ActivityKind::form_submitted);
  CHECK(leads.score(office).score == 0);
  CHECK(reason(leads.score(office), "A role account, not a person")->points == -15);
  auto score = leads.score(nobody);
  CHECK(score.score == 0);
  CHECK(score.cell == "C3");
  CHECK(reason(score, "Nobody has less than nothing"));
}

TEST_CASE("what a complaint takes is more than what clicks give") {
  Leads leads;
  ContactRow ann = leads.enrol("ann@gmail.com");
  leads.did(ann, ActivityKind::mail_clicked);
  leads.did(ann, ActivityKind::mail_complained);
  CHECK(leads.score(ann).engagement == 0);
}

TEST_CASE("addresses are told apart by what stands behind the last @") {
  CHECK(domain_of_address("\"a@b\"@Shop.Example") == "shop.example");
  CHECK(domain_of_address("nothing") == "");
  CHECK(is_of_domain("mail.rival.example", "rival.example"));
  CHECK(!is_of_domain("notrival.example", "rival.example"));
  CHECK(!is_of_domain("rival.example", ""));
  CHECK(is_role_address("SALES+eu@x.example"));
  CHECK(!is_role_address("salesman@x.example"));
  CHECK(is_disposable_address("a@yopmail.com"));
  CHECK(!is_company_address("a@gmail.com"));
  CHECK(!is_company_address("01@anonymous.invalid"));
  CHECK(!is_company_address(""));
}

TEST_CASE("a shop names its competitors, and a new version of the model counts them") {
  Leads leads;
  ContactRow spy = leads.enrol("spy@mail.rival.example");
  leads.follow();
  CHECK(leads.stored(spy)->score == 10);
  auto model = leads.run<GetLeadModel>({});
  REQUIRE(model);
  for (FitRule& rule : model->fit_rules) {
    if (rule.test == FitTest::domain) rule.values = std::vector<std::string>{"Rival.example"};
  }
  auto updated = leads.run<UpdateLeadModel>({.fit_rules = model->fit_rules, .if_version = 1});
  REQUIRE(updated);
  CHECK(updated->version == 2);
  CHECK(updated->engagement_rules.size() == model->engagement_rules.size());
  CHECK(leads.score(spy).score == 0);
  CHECK(leads.score(spy).version == 2);
  REQUIRE(leads.scheduler.run_all_due());
  CHECK(leads.stored(spy)->score == 0);

  // The same again is no version, and who comes too late hears of it.
  CHECK(leads.run<UpdateLeadModel>({.fit_rules = model->fit_rules})->version == 2);
  auto late = leads.run<UpdateLeadModel>({.thresholds = LeadThresholds{}, .if_version = 1});
  REQUIRE(!late);
  CHECK(late.error().code == ErrorCode::conflict);
  CHECK(leads.run<GetLeadModel>({.version = 1})->fit_rules.size() == model->fit_rules.size());
  CHECK(leads.run<GetLeadModel>({.version = 3}).error().code == ErrorCode::not_found);
}

TEST_CASE("a model is read as it was given, whatever its words are") {
  Leads leads;
  auto odd = leads.run<UpdateLeadModel>(
      {.fit_rules = std::vector<FitRule>{{.words = " ", .attribute = "firstname", .points = 7}},
       .engagement_rules = std::vector<EngagementRule>{{.words = "\t", .group = " "}},
       .groups = std::vector<EngagementGroup>{{" ", 10}}});
  REQUIRE(odd);
  auto read = leads.run<GetLeadModel>({});
  REQUIRE(read);
  CHECK(to_json(*read) == to_json(*odd));
  leads.know(leads.ann, "firstname", "Ann");
  CHECK(leads.score(leads.ann).fit == 7);
}

TEST_CASE("all that is wrong with a model is named at once") {
  Leads leads;
  auto refused = leads.run<UpdateLeadModel>(
      {.fit_rules =
           std::vector<FitRule>{
               {.words = "a", .attribute = "shoe_size", .points = 1},
               {.words = "b", .test = FitTest::at_least, .attribute = "firstname", .points = 1},
               {.words = "c", .test = FitTest::contains, .attribute = "firstname", .points = 1},
               {.words = "d",
                .test = FitTest::domain,
                .values = std::vector<std::string>{""},
                .points = 1},
               {.words = "e",
                .test = FitTest::at_most,
                .attribute = "firstname",
                .number = std::numeric_limits<double>::quiet_NaN(),
                .points = 1}},
       .engagement_rules =
           std::vector<EngagementRule>{{.words = "f", .half_life_days = 0, .group = "none"},
                                       {.words = "g",
                                        .activity = LeadActivity::purchase,
                                        .source = Uuid{},
                                        .group = "shop"}},
       .groups = std::vector<EngagementGroup>{{"shop", 10}, {"shop", 20}},
       .thresholds = LeadThresholds{.warm = 60, .hot = 60, .cell_middle = 9, .cell_high = 3}});
  REQUIRE(!refused);
  std::vector<std::string> paths;
  for (const FieldError& one : refused.error().fields) paths.push_back(one.path);
  CHECK(paths == std::vector<std::string>{
                     "/fit_rules/0/attribute", "/fit_rules/1/number", "/fit_rules/2/values",
                     "/fit_rules/3/values/0", "/fit_rules/4/number", "/groups/1/name",
                     "/engagement_rules/0/group", "/engagement_rules/0/half_life_days",
                     "/engagement_rules/1/source", "/thresholds/hot", "/thresholds/cell_high"});
  CHECK(leads.run<GetLeadModel>({})->version == 1);
}

TEST_CASE("hostile values of attributes are compared and never believed") {
  Leads leads;
  ContactRow ann = leads.enrol("ann@gmail.com");
  auto rule = [](FitTest test, std::optional<double> number, std::vector<std::string> values) {
    return FitRule{.words = std::string(word_of(test)),
                   .test = test,
                   .attribute = "firstname",
                   .values = std::move(values),
                   .number = number,
                   .points = 1};
  };
  REQUIRE(
      leads.run<UpdateLeadModel>({.fit_rules = std::vector<FitRule>{
                                      rule(FitTest::at_least, 5, {}), rule(FitTest::at_most, 5, {}),
                                      rule(FitTest::equals, {}, {"Robert'); DROP", "%", "1"}),
                                      rule(FitTest::contains, {}, {"%", "needle"})}}));
  auto fit = [&](const Value& value) {
    leads.know(ann, "firstname", value);
    return leads.score(ann).fit;
  };
  CHECK(fit("7") == 1);
  CHECK(fit("7x") == 0);
  CHECK(fit("nan") == 0);
  CHECK(fit("1e999") == 0);
  CHECK(fit("-1e308") == 1);
  CHECK(fit(std::string(100'000, 'x') + "NEEDLE") == 1);
  CHECK(fit("robert'); drop") == 1);
  CHECK(fit("Robert'); DROP TABLE lead_score") == 0);
  CHECK(fit(std::string("\0\xe2\x80\xae%", 5)) == 1);
  CHECK(fit(Value::List{Value("a needle"), Value(Value::List{Value("%")})}) == 1);
  CHECK(fit(Value::List{Value(Value::List{Value("%")})}) == 0);
  CHECK(fit(1) == 2);
  CHECK(fit(Value::object({{"a", "%"}})) == 0);
}

TEST_CASE("a contact is scored again when something happens, and another cell is told of once") {
  Leads leads;
  ContactRow ann = leads.enrol("ann@gmail.com");
  leads.follow();
  CHECK(leads.stored(ann)->score == 0);
  CHECK(leads.events() == 0);
  leads.did(ann, ActivityKind::form_submitted);
  leads.follow();
  CHECK(leads.stored(ann)->score == 20);
  CHECK(leads.stored(ann)->cell == "C2");
  CHECK(leads.events() == 1);
  leads.did(ann, ActivityKind::mail_opened);
  leads.follow();
  CHECK(leads.stored(ann)->score == 22);
  CHECK(leads.events() == 1);  // The same cell, the same temperature.
  leads.know(ann, "phonenumber", "+31612345678");
  leads.follow();
  CHECK(leads.stored(ann)->temperature == LeadTemperature::warm);
  CHECK(leads.events() == 2);
}

TEST_CASE("scores fade in the night, though nothing happens") {
  Leads leads;
  ContactRow ann = leads.enrol("ann@gmail.com");
  for (int i = 0; i < 120; i++) leads.enrol(fmt::format("c{}@gmail.com", i));
  leads.did(ann, ActivityKind::form_submitted);
  leads.follow();
  REQUIRE(leads.scheduler.run_all_due());
  CHECK(leads.stored(ann)->score == 20);
  for (int days = 0; days < 15; days++) {
    leads.pass(day);
    REQUIRE(leads.scheduler.run_all_due());
  }
  LeadScoreRow row = *leads.stored(ann);
  CHECK(row.score == 10);
  CHECK(row.cell == "C3");
  CHECK(leads.events() == 2);  // C2, and C3 again.
  CHECK(leads.clock().now() - row.scored_at < day);
  std::int64_t jobs = 0;
  REQUIRE(
      leads.database().read(leads.caller().account_id, [&](Transaction& transaction) -> Result<> {
        jobs = TRY(transaction.one<std::int64_t>("SELECT count(*) FROM job WHERE account_id = $1"));
        return {};
      }));
  CHECK(jobs == 1);  // That of the next night.
}

TEST_CASE("a new walk ends the one before it") {
  Leads leads;
  leads.follow();
  for (int i = 0; i < 3; i++) {
    REQUIRE(leads.write([](Transaction& transaction) { return start_lead_walk(transaction); }));
  }
  REQUIRE(leads.scheduler.run_all_due());
  std::int64_t jobs = 0;
  REQUIRE(
      leads.database().read(leads.caller().account_id, [&](Transaction& transaction) -> Result<> {
        jobs = TRY(transaction.one<std::int64_t>("SELECT count(*) FROM job WHERE account_id = $1"));
        return {};
      }));
  CHECK(jobs == 1);
  CHECK(leads.stored(leads.ann));
}

TEST_CASE("leads are listed by temperature, the hottest first") {
  Leads leads;
  ContactRow bea = leads.enrol("bea@bakery.example");
  leads.did(bea, ActivityKind::form_submitted);
  leads.know(leads.ann, "firstname", "Ann");
  leads.follow();
  auto all = leads.run<ListLeadScores>({.limit = 1});
  REQUIRE(all);
  CHECK(all->page.total == 2);
  REQUIRE(all->lead_scores.size() == 1);
  CHECK(all->lead_scores[0].contact.uuid == bea.uuid);
  CHECK(all->lead_scores[0].score == 30);
  CHECK(all->lead_scores[0].temperature == LeadTemperature::warm);
  auto warm = leads.run<ListLeadScores>({.temperature = LeadTemperature::warm});
  CHECK(warm->page.total == 1);
  CHECK(leads.run<ListLeadScores>({.temperature = LeadTemperature::hot})->lead_scores.empty());
}

TEST_CASE("what is forgotten or joined keeps no score") {
  Leads leads;
  ContactRow bea = leads.enrol("bea@bakery.example");
  leads.follow();
  REQUIRE(leads.stored(bea));
  REQUIRE(leads.write([&](Transaction& transaction) {
    return join_contacts(transaction, bea, leads.ann, {move_activities, move_lead_scores});
  }));
  CHECK(!leads.stored(bea));
  leads.follow();
  CHECK(leads.stored(leads.ann));
  REQUIRE(leads.write(
      [&](Transaction& transaction) { return forget_lead_score(transaction, leads.ann); }));
  CHECK(!leads.stored(leads.ann));
}

TEST_CASE("another tenant neither sees a lead nor shares a model") {
  Leads leads;
  leads.follow();
  auto other = leads.other_tenant();
  CHECK(leads.run_as<ScoreLead>(*other, {.contact_uuid = leads.ann.uuid}).error().number == 55031);
  CHECK(leads.run_as<ListLeadScores>(*other, {})->lead_scores.empty());
  REQUIRE(leads.run_as<UpdateLeadModel>(
      *other,
      {.thresholds = LeadThresholds{.warm = 1, .hot = 2, .cell_middle = 1, .cell_high = 2}}));
  CHECK(leads.run<GetLeadModel>({})->version == 1);
  CHECK(leads.run_as<GetLeadModel>(*other, {})->thresholds.warm == 1);
}

}  // namespace piggy
