#include <set>
#include <thread>

#include "activity/activity.h"
#include "campaign/suppression.h"
#include "campaign/test_mail.h"
#include "contact/contact_change.h"
#include "event/event.h"
#include "sequence/operations.h"
#include "sequence/runner.h"
#include "tier/tier.h"

namespace piggy {
namespace {

constexpr std::int64_t second = microseconds_per_second;
constexpr std::int64_t day = microseconds_per_day;

Time at(const char* text) { return *parse_time(text); }
Time in_amsterdam(const char* text) { return *parse_time(text, "Europe/Amsterdam"); }

// Three mails: at once, after two days, after a day.
struct Sequences : MailShop {
  SequenceRunner runner{engine.database(), acting_in(engine.database())};
  Scheduler scheduler{engine.database(), engine.settings, acting_in(engine.database())};
  Followers followers{engine.database()};
  Sequence sequence = {};
  ContactRow ann = contact("ann@example.com");

  Sequences() {
    add_sequence_follower(followers);
    REQUIRE(followers.catch_up());
    add_sequence_jobs(scheduler);
    engine.clock().time = at("2026-03-02T10:00:00Z");
    sequence = make({.name = "Welcome"});
  }

  std::vector<SequenceStep> three_steps() {
    return {{.name = "welcome", .template_uuid = hello.uuid},
            {.name = "tips", .template_uuid = hello.uuid, .wait_days = 2},
            {.name = "offer", .template_uuid = hello.uuid, .wait_seconds = 86'400}};
  }

  Sequence make(CreateSequence::Input input) {
    input.subscription_type_uuid = news.uuid;
    if (input.steps.empty()) input.steps = three_steps();
    auto made = engine.run<CreateSequence>(input);
    REQUIRE(made);
    return *made;
  }

  Result<EnrollInSequence::Output> enrolled(const ContactRow& who, std::int64_t entry = 1) {
    return engine.run<EnrollInSequence>(
        {.sequence_uuid = sequence.uuid, .contact_uuid = who.uuid, .entry = entry});
  }

  Enrollment enrollment(const ContactRow& who) {
    auto listed = engine.run<ListEnrollments>({.contact_uuid = who.uuid});
    REQUIRE(listed);
    REQUIRE(listed->enrollments.size() == 1);
    return listed->enrollments[0];
  }

  // How many mails were queued for them, and were not taken back.
  std::int64_t mails(const ContactRow& who) {
    std::int64_t count = 0;
    read([&](Transaction& transaction) -> Result<> {
      count =
          TRY(transaction.one<std::int64_t>("SELECT count(*) FROM send WHERE account_id = $1 AND "
                                            "contact_id = $2 AND state = 'queued'",
                                            {who.id}));
      return {};
    });
    return count;
  }

  std::int64_t events(std::string_view type) {
    std::int64_t count = 0;
    read([&](Transaction& transaction) -> Result<> {
      count = TRY(transaction.one<std::int64_t>(
          "SELECT count(*) FROM event WHERE account_id = $1 AND type = $2", {type}));
      return {};
    });
    return count;
  }

  void set_zone(const ContactRow& who, const Value& zone) {
    write([&](Transaction& transaction) -> Result<> {
      Call call{.transaction = transaction, .caller = engine.caller(), .settings = engine.settings};
      ContactRecord record = TRY(contact_record(transaction, who.id));
      AttributeDefinition attribute{.name = "time_zone"};
      return change_contact(call, record, {{&attribute, zone}}, "");
    });
  }

  void run() {
    REQUIRE(followers.catch_up());
    REQUIRE(scheduler.run_all_due());
    REQUIRE(runner.run_all_due());
  }
  void pass(std::int64_t microseconds) {
    engine.clock().time = engine.clock().now() + microseconds;
    run();
  }
};

SendingHours office(std::optional<std::vector<Weekday>> weekdays = {}) {
  return {.from = "09:00", .until = "17:00", .weekdays = std::move(weekdays)};
}

std::vector<std::string> paths_of(const Error& error) {
  std::vector<std::string> paths;
  for (const FieldError& field : error.fields) paths.push_back(field.path);
  return paths;
}

}  // namespace

TEST_CASE("a sequence sends its mails one after the other, each after its wait, and is through") {
  Sequences mails;
  auto enrolled = mails.enrolled(mails.ann);
  REQUIRE(enrolled);
  CHECK(enrolled->first_send_at == mails.engine.clock().now());
  REQUIRE(enrolled->planned.size() == 3);
  CHECK(enrolled->planned[2].step == "offer");
  CHECK(enrolled->planned[2].send_at == mails.engine.clock().now() + 3 * day);
  mails.run();
  CHECK(mails.mails(mails.ann) == 1);
  mails.pass(2 * day - second);
  CHECK(mails.mails(mails.ann) == 1);
  mails.pass(second);
  CHECK(mails.mails(mails.ann) == 2);
  CHECK(mails.enrollment(mails.ann).steps_had == std::vector<std::string>{"welcome", "tips"});
  mails.pass(day);
  CHECK(mails.mails(mails.ann) == 3);
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::completed);
  mails.pass(100 * day);
  CHECK(mails.mails(mails.ann) == 3);
  CHECK(mails.events("sequence_enrolled") == 1);
  CHECK(mails.events("sequence_completed") == 1);
  CHECK(mails.events("sequence_stopped") == 0);
}

TEST_CASE("the same enrolment a hundred times is one, and the next entry is another") {
  Sequences mails;
  std::set<std::string> uuids;
  for (int i = 0; i < 100; i++) {
    auto enrolled = mails.enrolled(mails.ann);
    REQUIRE(enrolled);
    CHECK(enrolled->was_enrolled == (i > 0));
    uuids.insert(to_string(enrolled->enrollment.uuid));
    if (i % 10 == 0) mails.run();
  }
  CHECK(uuids.size() == 1);
  CHECK(mails.mails(mails.ann) == 1);
  CHECK(mails.events("sequence_enrolled") == 1);
  REQUIRE(mails.enrolled(mails.ann, 2));
  mails.run();
  CHECK(mails.mails(mails.ann) == 2);
}

TEST_CASE("who did not agree is refused with the reason, and nothing is kept") {
  Sequences mails;
  ContactRow bea = mails.contact("bea@example.com", false);
  auto refused = mails.enrolled(bea);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().message.find("unsubscribed") != std::string::npos);
  mails.write([&](Transaction& transaction) -> Result<> {
    TRY(suppress(transaction, mails.ann.email, SuppressionReason::complaint, ""));
    return {};
  });
  CHECK(mails.enrolled(mails.ann).error().message.find("complained") != std::string::npos);
  CHECK(mails.engine.run<ListEnrollments>({})->page.total == 0);
  CHECK(
      mails.engine
          .run<EnrollInSequence>({.sequence_uuid = mails.news.uuid, .contact_uuid = mails.ann.uuid})
          .error()
          .number == 60013);
}

TEST_CASE("who unsubscribes is stopped, and a mail that still waits is taken back") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  mails.run();
  CHECK(mails.mails(mails.ann) == 1);
  mails.write([&](Transaction& transaction) -> Result<> {
    Call call{.transaction = transaction,
              .caller = mails.engine.caller(),
              .settings = mails.engine.settings};
    return unsubscribe(call, mails.ann, mails.news);
  });
  mails.run();
  CHECK(mails.mails(mails.ann) == 0);
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::stopped);
  CHECK(mails.enrollment(mails.ann).stop_reason == "unsubscribed");
  mails.pass(30 * day);
  CHECK(mails.mails(mails.ann) == 0);
  CHECK(mails.events("sequence_stopped") == 1);
}

TEST_CASE("consent is looked at before each mail, also when no event came") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  REQUIRE(mails.runner.run_all_due());
  mails.write([&](Transaction& transaction) {
    return set_subscription(transaction, mails.ann.id, mails.news,
                            SubscriptionStatus::UNSUBSCRIBED);
  });
  mails.engine.clock().time = mails.engine.clock().now() + 2 * day;
  REQUIRE(mails.runner.run_all_due());
  CHECK(mails.enrollment(mails.ann).stop_reason == "unsubscribed");
  CHECK(mails.enrollment(mails.ann).steps_had.size() == 1);
}

TEST_CASE("a bounce stops it when the address is suppressed") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  mails.run();
  auto bounce = [&] {
    mails.write([&](Transaction& transaction) {
      return record_activity(transaction, mails.ann, {.kind = ActivityKind::mail_bounced});
    });
    mails.run();
  };
  bounce();  // A full mailbox ends nothing.
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::waiting);
  mails.write([&](Transaction& transaction) -> Result<> {
    TRY(suppress(transaction, mails.ann.email, SuppressionReason::hard_bounce, ""));
    return {};
  });
  bounce();
  CHECK(mails.enrollment(mails.ann).stop_reason == "bounced");
}

TEST_CASE(
    "who buys is stopped, by the event and again before a mail, unless that is switched off") {
  Sequences mails;
  ContactRow bea = mails.contact("bea@example.com"), eve = mails.contact("eve@example.com");
  auto tell = [&](const ContactRow& who, std::int64_t credits) {
    mails.write([&](Transaction& transaction) {
      Value about = Value::object({{"uuid", to_string(who.uuid)}, {"email", who.email}});
      Value reception = Value::object({{"credits", credits}, {"contact", std::move(about)}});
      return emit(transaction, "credit_reception_created", transaction.next_uuid(),
                  Value::object({{"credit_reception", std::move(reception)}}));
    });
  };
  for (const ContactRow& who : {mails.ann, bea}) REQUIRE(mails.enrolled(who));
  Sequence stubborn = mails.make({.name = "Anyway", .stop_on_purchase = false});
  REQUIRE(mails.engine.run<EnrollInSequence>(
      {.sequence_uuid = stubborn.uuid, .contact_uuid = eve.uuid}));
  tell(mails.ann, 5);  // In the moment of the enrolment: what it followed from, perhaps.
  mails.pass(second);
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::waiting);
  tell(mails.ann, -5);  // A reversal is no purchase.
  tell(eve, 5);
  mails.run();
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::waiting);
  CHECK(mails.enrollment(eve).state == EnrollmentState::waiting);
  tell(mails.ann, 5);
  mails.run();
  CHECK(mails.enrollment(mails.ann).stop_reason == "purchase");
  // What the follower has not seen yet is seen before the mail.
  mails.write([&](Transaction& transaction) -> Result<> {
    MemberRow* member = TRY(member_of(transaction, bea.id));
    member->last_at = transaction.now();
    return {};
  });
  mails.engine.clock().time = mails.engine.clock().now() + 2 * day;
  REQUIRE(mails.runner.run_all_due());
  CHECK(mails.enrollment(bea).stop_reason == "purchase");
  CHECK(mails.enrollment(bea).steps_had.size() == 1);
}

TEST_CASE("hours are those of the contact's wall, on both days when clocks change") {
  auto within = [](const char* moment, const char* zone = "Europe/Amsterdam") {
    return to_atom(first_within(office(), zone, at(moment)));
  };
  CHECK(within("2026-03-02T10:00:00Z") == "2026-03-02T10:00:00+00:00");
  CHECK(within("2026-03-02T07:59:59Z") == "2026-03-02T08:00:00+00:00");
  CHECK(within("2026-03-02T16:00:00Z") == "2026-03-03T08:00:00+00:00");
  CHECK(within("2026-03-02T10:00:00Z", "Asia/Tokyo") == "2026-03-03T00:00:00+00:00");
  // From the evening before: nine is an hour earlier by UTC in spring, an hour later in autumn.
  CHECK(within("2026-03-28T18:00:00Z") == "2026-03-29T07:00:00+00:00");
  CHECK(within("2026-10-24T18:00:00Z") == "2026-10-25T08:00:00+00:00");
  CHECK(days_later(in_amsterdam("2026-03-28T09:00"), 1, "Europe/Amsterdam") ==
        in_amsterdam("2026-03-29T09:00"));
  CHECK(days_later(in_amsterdam("2026-10-24T09:00"), 1, "Europe/Amsterdam") ==
        in_amsterdam("2026-10-25T09:00"));
  // Hours that lie in the gap have no moment that day.
  SendingHours night{.from = "02:00", .until = "03:00"};
  CHECK(to_atom(first_within(night, "Europe/Amsterdam", at("2026-03-29T00:30:00Z"))) ==
        "2026-03-30T00:00:00+00:00");
  SendingHours weekend{.from = "00:00",
                       .until = "24:00",
                       .weekdays = std::vector<Weekday>{Weekday::saturday, Weekday::sunday}};
  CHECK(to_atom(first_within(weekend, "UTC", at("2026-03-02T10:00:00Z"))) ==
        "2026-03-07T00:00:00+00:00");
  CHECK(to_atom(first_within(weekend, "UTC", at("2026-03-08T23:59:59Z"))) ==
        "2026-03-08T23:59:59+00:00");
}

TEST_CASE("a mail waits for the hours of the contact's own zone, or the account's") {
  Sequences mails;
  mails.sequence = mails.make({.name = "Office", .hours = office()});
  ContactRow tokyo = mails.contact("t@example.com"), nowhere = mails.contact("n@example.com");
  mails.set_zone(tokyo, "Asia/Tokyo");
  mails.set_zone(nowhere, "Middle/Earth");
  mails.engine.clock().time = at("2026-03-02T10:00:00Z");
  CHECK(mails.enrolled(tokyo)->first_send_at == at("2026-03-03T00:00:00Z"));
  CHECK(mails.enrolled(nowhere)->first_send_at == at("2026-03-02T10:00:00Z"));
  mails.run();
  CHECK(mails.mails(tokyo) == 0);
  CHECK(mails.mails(nowhere) == 1);
  mails.pass(14 * 3600 * second);
  CHECK(mails.mails(tokyo) == 1);
  // Asleep until the evening: the step goes out the next morning, not at night.
  mails.engine.clock().time = in_amsterdam("2026-03-04T22:00");
  mails.run();
  CHECK(mails.mails(nowhere) == 1);
  CHECK(mails.enrollment(nowhere).next_at == in_amsterdam("2026-03-05T09:00"));
}

TEST_CASE("people go on with the steps they have not had when a sequence is edited") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  mails.run();
  // One in front, which is passed by; one in between; the last one gone.
  std::vector<SequenceStep> steps = mails.three_steps();
  steps.pop_back();
  steps.insert(steps.begin(), {.name = "hello", .template_uuid = mails.hello.uuid});
  steps.insert(steps.begin() + 2,
               {.name = "survey", .template_uuid = mails.hello.uuid, .wait_seconds = 60});
  auto updated =
      mails.engine.run<UpdateSequence>({.sequence_uuid = mails.sequence.uuid, .steps = steps});
  REQUIRE(updated);
  CHECK(updated->version == 2);
  mails.run();
  CHECK(mails.enrollment(mails.ann).next_at == mails.engine.clock().now() + 60 * second);
  mails.pass(60 * second);
  mails.pass(2 * day);
  Enrollment ended = mails.enrollment(mails.ann);
  CHECK(ended.steps_had == std::vector<std::string>{"welcome", "survey", "tips"});
  CHECK(ended.state == EnrollmentState::completed);
  // The same again is no version.
  CHECK(mails.engine.run<UpdateSequence>({.sequence_uuid = mails.sequence.uuid, .steps = steps})
            ->version == 2);
}

TEST_CASE("who had all that is left of an edited sequence is through") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  mails.run();
  std::vector<SequenceStep> steps = mails.three_steps();
  steps.resize(1);
  REQUIRE(mails.engine.run<UpdateSequence>({.sequence_uuid = mails.sequence.uuid, .steps = steps}));
  mails.run();
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::completed);
}

TEST_CASE("a paused sequence holds people, and they go on where they were") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  mails.run();
  REQUIRE(mails.engine.run<PauseSequence>({.sequence_uuid = mails.sequence.uuid}));
  mails.pass(5 * day);
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::held);
  CHECK(mails.mails(mails.ann) == 1);
  REQUIRE(mails.engine.run<ResumeSequence>({.sequence_uuid = mails.sequence.uuid}));
  mails.run();
  CHECK(mails.mails(mails.ann) == 2);
  mails.pass(day);
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::completed);
}

TEST_CASE("who leaves gets nothing more, and the same entry does not begin again") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  mails.run();
  LeaveSequence::Input leave{.sequence_uuid = mails.sequence.uuid, .contact_uuid = mails.ann.uuid};
  CHECK(mails.engine.run<LeaveSequence>(leave)->left == 1);
  CHECK(mails.engine.run<LeaveSequence>(leave)->left == 0);
  CHECK(mails.enrollment(mails.ann).stop_reason == "left");
  CHECK(mails.enrolled(mails.ann)->was_enrolled);
  mails.pass(10 * day);
  CHECK(mails.mails(mails.ann) == 0);
}

TEST_CASE("variants are shared out by their weights, and a contact always gets the same") {
  SequenceStep step{.name = "s",
                    .variants = std::vector<SequenceVariant>{{.name = "A", .weight = 3},
                                                             {.name = "B", .weight = 1}}};
  int a = 0;
  for (int i = 0; i < 10'000; i++) {
    std::string key = fmt::format("sequence:x:s:{}:1", i);
    bool is_a = variant_for(step, key).name == "A";
    CHECK(is_a == (variant_for(step, key).name == "A"));
    if (is_a) a++;
  }
  CHECK(a > 7'350);
  CHECK(a < 7'650);
}

TEST_CASE("a plan is read as it was given, whatever its words are") {
  Sequences mails;
  mails.sequence = mails.make({.name = " ", .time_zone_attribute = " "});
  REQUIRE(mails.enrolled(mails.ann));
  mails.run();
  CHECK(mails.enrollment(mails.ann).steps_had.size() == 1);
}

TEST_CASE("all that is wrong with a sequence is named at once") {
  Sequences mails;
  auto refused = mails.engine.run<CreateSequence>(
      {.name = "Welcome",
       .subscription_type_uuid = mails.news.uuid,
       .steps = {{.name = "a:b", .template_uuid = mails.hello.uuid},
                 {.name = "x", .template_uuid = mails.news.uuid},
                 {.name = "x"},
                 {.variants =
                      std::vector<SequenceVariant>{
                          {.name = "A", .template_uuid = mails.hello.uuid},
                          {.name = "A", .template_uuid = mails.news.uuid}}}},
       .hours = SendingHours{.from = "9", .until = "25:00", .weekdays = std::vector<Weekday>{}},
       .min_score = 60,
       .max_score = 30});
  REQUIRE(!refused);
  CHECK(paths_of(refused.error()) ==
        std::vector<std::string>{"/steps/0/name", "/steps/1/template_uuid", "/steps/2/name",
                                 "/steps/2/template_uuid", "/steps/3/variants/1/template_uuid",
                                 "/steps/3/variants/1/name", "/hours/from", "/hours/until",
                                 "/hours/weekdays", "/name", "/max_score"});
  auto backwards =
      mails.engine.run<CreateSequence>({.name = "B",
                                        .subscription_type_uuid = mails.news.uuid,
                                        .steps = mails.three_steps(),
                                        .hours = SendingHours{.from = "17:00", .until = "09:00"}});
  CHECK(paths_of(backwards.error()) == std::vector<std::string>{"/hours/until"});
}

TEST_CASE("two contacts that become one go on once, and who is forgotten is stopped") {
  Sequences mails;
  ContactRow bea = mails.contact("bea@example.com"), eve = mails.contact("eve@example.com");
  for (const ContactRow& who : {mails.ann, bea, eve}) REQUIRE(mails.enrolled(who));
  mails.run();
  mails.write([&](Transaction& transaction) -> Result<> {
    TRY(move_enrollments(transaction, bea, mails.ann));
    return forget_enrollments(transaction, eve);
  });
  CHECK(mails.engine.run<ListEnrollments>({.contact_uuid = bea.uuid})->page.total == 0);
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::waiting);
  CHECK(mails.enrollment(eve).stop_reason == "deleted");
}

TEST_CASE("a mail template that is gone stops an enrolment after it was tried for hours") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  mails.write([&](Transaction& transaction) -> Result<> {
    TRY(transaction.run("DELETE FROM mail_template WHERE account_id = $1"));
    return {};
  });
  mails.run();
  CHECK(mails.enrollment(mails.ann).state == EnrollmentState::waiting);
  for (int hours = 0; hours < 24; hours++) mails.pass(3600 * second);
  CHECK(mails.enrollment(mails.ann).stop_reason == "failed");
}

TEST_CASE("two runners at once send nothing twice") {
  Sequences mails;
  std::vector<ContactRow> people;
  for (int i = 0; i < 200; i++) {
    people.push_back(mails.contact(fmt::format("p{}@example.com", i)));
    REQUIRE(mails.enrolled(people.back()));
  }
  SequenceRunner other(mails.engine.database(), acting_in(mails.engine.database()));
  std::jthread thread([&] { CHECK(other.run_all_due()); });
  REQUIRE(mails.runner.run_all_due());
  thread.join();
  REQUIRE(mails.runner.run_all_due());
  for (const ContactRow& who : people) CHECK(mails.mails(who) == 1);
}

TEST_CASE("a sequence tells how its people fare, and lists show what it is for") {
  Sequences mails;
  REQUIRE(mails.enrolled(mails.ann));
  ContactRow bea = mails.contact("bea@example.com");
  REQUIRE(mails.enrolled(bea));
  REQUIRE(mails.engine.run<LeaveSequence>(
      {.sequence_uuid = mails.sequence.uuid, .contact_uuid = bea.uuid}));
  auto shown = mails.engine.run<GetSequence>({.sequence_uuid = mails.sequence.uuid});
  REQUIRE(shown);
  REQUIRE(shown->enrollments.size() == 2);
  CHECK(shown->enrollments[0].stop_reason == "left");
  CHECK(shown->enrollments[1].count == 1);
  auto listed = mails.engine.run<ListSequences>({});
  REQUIRE(listed);
  REQUIRE(listed->sequences.size() == 1);
  CHECK(listed->sequences[0].steps == 3);
  CHECK(listed->sequences[0].purpose == "News");
  CHECK(mails.engine.run<ListSequences>({.state = SequenceState::paused})->sequences.empty());
}

TEST_CASE("another tenant neither sees a sequence nor fills it") {
  Sequences mails;
  auto other = mails.engine.other_tenant();
  BySequence by{.sequence_uuid = mails.sequence.uuid};
  CHECK(mails.engine.run_as<GetSequence>(*other, by).error().number == 60013);
  CHECK(mails.engine.run_as<PauseSequence>(*other, by).error().number == 60013);
  CHECK(mails.engine
            .run_as<EnrollInSequence>(
                *other, {.sequence_uuid = mails.sequence.uuid, .contact_uuid = mails.ann.uuid})
            .error()
            .number == 60013);
  CHECK(mails.engine.run_as<ListSequences>(*other, {})->sequences.empty());
  CHECK(mails.engine.run_as<ListEnrollments>(*other, {})->enrollments.empty());
}

}  // namespace piggy
