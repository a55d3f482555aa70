#include "segment/segment.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <thread>

#include "activity/activity.h"
#include "app/test_engine.h"
#include "contact/change_operations.h"
#include "contact/operations.h"
#include "contact/subscription.h"
#include "event/follow.h"
#include "segment/operations.h"
#include "segment/ready.h"
#include "segment/refresh.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

Value json(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE(value);
  return *value;
}

// An account whose jobs and followers run when they are told to.
struct Shop {
  TestEngine engine;
  ContactMoves moves = {move_segment_members};
  ContactErasures erasures = {forget_segment_members};
  Scheduler scheduler{engine.database(), engine.settings, acting_in(engine.database())};
  Followers followers{engine.database()};

  Shop() {
    add_segment_jobs(scheduler, engine.database());
    add_contact_jobs(scheduler, moves, erasures);
    followers.follow("segments", [this](Transaction& transaction, EventRefs all) {
      return follow_segments(dialect_of(engine.database()), transaction, all);
    });
    REQUIRE(followers.catch_up());
    REQUIRE(engine.write([](Transaction& transaction) -> Result<> {
      TRY(make_attribute(transaction, {.name = "city"}));
      return {};
    }));
  }

  ContactRow contact(const std::string& email) {
    ContactRow row;
    REQUIRE(engine.write([&](Transaction& transaction) -> Result<> {
      row = TRY(make_contact(transaction, {.email = email}));
      return {};
    }));
    return row;
  }

  void live(const ContactRow& contact, const std::string& city) {
    REQUIRE(engine.run<UpdateContact>(
        {.contact_uuid = contact.uuid, .attributes = Value::object({{"city", city}})}));
  }

  void does(const ContactRow& contact, ActivityKind kind) {
    REQUIRE(engine.write([&](Transaction& transaction) {
      return record_activity(transaction, contact, {.kind = kind});
    }));
  }

  Segment make(const std::string& name, std::string_view conditions) {
    auto made = engine.run<CreateSegment>({.name = name, .conditions = json(conditions)});
    REQUIRE_MESSAGE(made, made.error().message);
    settle();
    return *made;
  }

  void settle() {
    REQUIRE(scheduler.run_all_due());
    REQUIRE(followers.catch_up());
    REQUIRE(scheduler.run_all_due());
  }

  std::vector<std::string> members(const Segment& segment, std::optional<Time> as_of = {}) {
    auto listed = engine.run<ListSegmentMembers>({.uuid = segment.uuid, .as_of = as_of});
    REQUIRE(listed);
    CHECK(listed->page.total == std::ssize(listed->members));
    std::vector<std::string> emails;
    for (const SegmentMember& member : listed->members) emails.push_back(member.contact.email);
    return emails;
  }

  std::int64_t size(const Segment& segment) {
    auto shown = engine.run<GetSegment>({.uuid = segment.uuid});
    REQUIRE(shown);
    return shown->size;
  }

  std::int64_t count(std::string_view sql) {
    std::int64_t found = -1;
    REQUIRE(engine.database().read(engine.caller().account_id,
                                   [&](Transaction& transaction) -> Result<> {
                                     found = TRY(transaction.one<std::int64_t>(sql));
                                     return {};
                                   }));
    return found;
  }
  std::int64_t events(std::string_view type) {
    return count(
        fmt::format("SELECT count(*) FROM event WHERE account_id = $1 AND type = '{}'", type));
  }

  template <class O>
  Result<typename O::Output> prepared(const typename O::Input& input, bool dry_run = false) {
    Preparation preparation{
        .database = engine.database(), .caller = engine.caller(), .dry_run = dry_run};
    auto ready = O::prepare(preparation, input);
    if (!ready) return std::unexpected(ready.error());
    typename O::Output output;
    auto work = [&](Transaction& transaction) -> Result<> {
      Call call{.transaction = transaction, .caller = engine.caller(), .settings = engine.settings};
      output = TRY(O::run(call, input, *ready));
      return {};
    };
    Result<> done = engine.database().read(engine.caller().account_id, work);
    if (!done) return std::unexpected(done.error());
    return output;
  }

  void pass(std::int64_t days) {
    engine.clock().time = engine.clock().now() + days * microseconds_per_day;
  }
};

using Emails = std::vector<std::string>;
constexpr std::string_view in_utrecht =
    R"({"field":"attribute.city","is":"equals","value":"utrecht"})";

}  // namespace

TEST_CASE("a segment is filled when it is made, and follows what happens to a contact") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  shop.live(ann, "Utrecht");
  Segment segment = shop.make("Utrecht", in_utrecht);
  CHECK(shop.members(segment) == Emails{"ann@example.com"});
  CHECK(shop.events("segment_entered") == 0);  // Who is in it from the beginning did not enter.

  shop.live(ben, "UTRECHT");
  shop.live(ann, "Delft");
  shop.settle();
  CHECK(shop.members(segment) == Emails{"ben@example.com"});
  CHECK(shop.size(segment) == 1);
  CHECK(shop.events("segment_entered") == 1);
  CHECK(shop.events("segment_left") == 1);
  shop.live(ben, "Utrecht");  // Still in it.
  shop.settle();
  CHECK(shop.events("segment_entered") == 1);
}

TEST_CASE("who was in a segment is known for every moment") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  shop.live(ann, "Utrecht");
  Segment segment = shop.make("Utrecht", in_utrecht);
  Time first = shop.engine.clock().now();
  shop.pass(1);
  shop.live(ann, "Delft");
  shop.live(ben, "Utrecht");
  shop.settle();
  Time second = shop.engine.clock().now();
  shop.pass(1);
  shop.live(ann, "Utrecht");
  shop.settle();
  CHECK(shop.members(segment, first + -1) == Emails{});
  CHECK(shop.members(segment, first) == Emails{"ann@example.com"});
  CHECK(shop.members(segment, second + -1) == Emails{"ann@example.com"});
  CHECK(shop.members(segment, second) == Emails{"ben@example.com"});
  CHECK(shop.members(segment) == Emails{"ann@example.com", "ben@example.com"});
}

TEST_CASE("a snapshot keeps what it saw, whatever happens in the same microsecond") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  shop.live(ann, "Utrecht");
  Segment segment = shop.make("Utrecht", in_utrecht);
  auto refreshed = shop.prepared<RefreshSegment>({.uuid = segment.uuid});
  REQUIRE(refreshed);
  CHECK(refreshed->size == 1);
  CHECK(refreshed->entered == 0);
  REQUIRE(refreshed->snapshot_uuid);
  shop.live(ann, "Delft");
  shop.live(ben, "Utrecht");
  shop.settle();
  auto then = shop.engine.run<ListSegmentMembers>(
      {.uuid = segment.uuid, .snapshot_uuid = refreshed->snapshot_uuid});
  REQUIRE(then);
  REQUIRE(then->members.size() == 1);
  CHECK(then->members[0].contact.email == "ann@example.com");
  Segment other = shop.make("Other", in_utrecht);
  auto wrong = shop.engine.run<ListSegmentMembers>(
      {.uuid = other.uuid, .snapshot_uuid = refreshed->snapshot_uuid});
  REQUIRE(!wrong);
  CHECK(wrong.error().code == ErrorCode::invalid);
}

TEST_CASE("time alone moves contacts in and out, and nobody has to ask") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com");
  Segment fresh = shop.make("New", R"({"field":"created_at","is":"within_days","value":7})");
  Segment old = shop.make("Old", R"({"field":"created_at","is":"not_within_days","value":7})");
  CHECK(shop.members(fresh) == Emails{"ann@example.com"});
  CHECK(shop.members(old) == Emails{});
  shop.pass(8);
  shop.settle();  // The jobs that the last look has left are due.
  CHECK(shop.members(fresh) == Emails{});
  CHECK(shop.members(old) == Emails{"ann@example.com"});
}

TEST_CASE("engagement is counted by kind and days") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  Segment segment = shop.make(
      "Clicks", R"({"field":"activity","kind":"mail_clicked","days":7,"is":"at_least","value":2})");
  shop.does(ann, ActivityKind::mail_clicked);
  shop.does(ben, ActivityKind::mail_opened);
  shop.does(ben, ActivityKind::mail_opened);
  shop.settle();
  CHECK(shop.members(segment) == Emails{});
  shop.does(ann, ActivityKind::mail_clicked);
  shop.settle();
  CHECK(shop.members(segment) == Emails{"ann@example.com"});
}

TEST_CASE("a segment of a segment follows it, and none depends on itself") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  shop.live(ann, "Utrecht");
  Segment inner = shop.make("Inner", in_utrecht);
  Segment outer = shop.make(
      "Outer", fmt::format(R"({{"not":{{"field":"segment","is":"equals","value":"{}"}}}})",
                           to_string(inner.uuid)));
  CHECK(shop.members(outer) == Emails{"ben@example.com"});
  shop.live(ben, "Utrecht");
  shop.live(ann, "Delft");
  shop.settle();
  CHECK(shop.members(outer) == Emails{"ann@example.com"});

  auto circle = shop.engine.run<UpdateSegment>(
      {.uuid = inner.uuid,
       .conditions = json(fmt::format(R"({{"field":"segment","is":"equals","value":"{}"}})",
                                      to_string(outer.uuid)))});
  REQUIRE(!circle);
  REQUIRE(circle.error().fields.size() == 1);
  CHECK(circle.error().fields[0].path == "/conditions/value");
  auto deleted = shop.engine.run<DeleteSegment>({.uuid = inner.uuid});
  REQUIRE(!deleted);
  CHECK(deleted.error().code == ErrorCode::conflict);
}

TEST_CASE("other conditions make other members, told by events") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  shop.live(ann, "Utrecht");
  Segment segment = shop.make("Utrecht", in_utrecht);
  REQUIRE(shop.engine.run<UpdateSegment>(
      {.uuid = segment.uuid,
       .conditions = json(R"({"field":"attribute.city","is":"is_not_set"})")}));
  shop.settle();
  CHECK(shop.members(segment) == Emails{"ben@example.com"});
  CHECK(shop.events("segment_entered") == 1);
  CHECK(shop.events("segment_left") == 1);
}

TEST_CASE("a deleted segment is gone with its members, and its name is free") {
  Shop shop;
  shop.live(shop.contact("ann@example.com"), "Utrecht");
  Segment segment = shop.make("Utrecht", in_utrecht);
  REQUIRE(shop.engine.run<DeleteSegment>({.uuid = segment.uuid}));
  CHECK(!shop.engine.run<GetSegment>({.uuid = segment.uuid}));
  Segment again = shop.make("Utrecht", in_utrecht);
  shop.settle();
  CHECK(shop.count("SELECT count(*) FROM segment WHERE account_id = $1") == 1);
  CHECK(shop.count("SELECT count(*) FROM segment_member WHERE account_id = $1") == 1);
}

TEST_CASE("members by hand are put in and taken out, and conditions are not") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  auto segment = shop.engine.run<CreateSegment>({.name = "Friends"});
  REQUIRE(segment);
  auto added = shop.engine.run<AddSegmentMembers>(
      {.uuid = segment->uuid, .contact_uuids = {ann.uuid, ben.uuid, ann.uuid}});
  REQUIRE(added);
  CHECK(added->changed == 2);
  CHECK(added->size == 2);
  CHECK(shop.events("segment_entered") == 2);
  auto removed =
      shop.engine.run<RemoveSegmentMembers>({.uuid = segment->uuid, .contact_uuids = {ann.uuid}});
  REQUIRE(removed);
  CHECK(shop.members(*segment) == Emails{"ben@example.com"});
  auto unknown = shop.engine.run<AddSegmentMembers>(
      {.uuid = segment->uuid, .contact_uuids = {ann.uuid, segment->uuid, segment->uuid}});
  REQUIRE(!unknown);
  CHECK(unknown.error().fields.size() == 2);
  CHECK(!shop.prepared<RefreshSegment>({.uuid = segment->uuid}));
  Segment other = shop.make("Utrecht", in_utrecht);
  auto refused =
      shop.engine.run<AddSegmentMembers>({.uuid = other.uuid, .contact_uuids = {ann.uuid}});
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::conflict);
}

TEST_CASE("two contacts that become one have one membership, and their history") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  shop.live(ann, "Utrecht");
  Segment rule = shop.make("Utrecht", in_utrecht);
  auto hand = shop.engine.run<CreateSegment>({.name = "Friends"});
  REQUIRE(shop.engine.run<AddSegmentMembers>({.uuid = hand->uuid, .contact_uuids = {ann.uuid}}));
  Time before = shop.engine.clock().now();
  shop.pass(1);
  REQUIRE(shop.engine.write(
      [&](Transaction& transaction) { return join_contacts(transaction, ann, ben, shop.moves); }));
  shop.settle();
  CHECK(shop.members(*hand) == Emails{"ben@example.com"});
  CHECK(shop.members(rule) == Emails{"ben@example.com"});  // The city came with it.
  CHECK(shop.size(rule) == 1);
  CHECK(shop.members(*hand, before) == Emails{"ben@example.com"});
}

TEST_CASE("a contact that is forgotten is in no segment and was in none") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com"), ben = shop.contact("ben@example.com");
  for (const ContactRow& one : {ann, ben}) shop.live(one, "Utrecht");
  Segment segment = shop.make("Utrecht", in_utrecht);
  Time before = shop.engine.clock().now();
  shop.pass(1);
  shop.live(ann, "Delft");
  shop.settle();
  for (const ContactRow& one : {ann, ben}) {
    REQUIRE(shop.engine.run<DeleteContact>({.contact_uuid = one.uuid}));
  }
  shop.settle();
  CHECK(shop.members(segment) == Emails{});
  CHECK(shop.members(segment, before) == Emails{});
  CHECK(shop.size(segment) == 0);
}

TEST_CASE("what happens while a segment is refreshed is not undone by what was read before") {
  Shop shop;
  std::vector<ContactRow> all;
  for (int i = 0; i < 6; i++) {
    all.push_back(shop.contact(fmt::format("p{}@example.com", i)));
    shop.live(all.back(), "Utrecht");
  }
  auto made = shop.engine.run<CreateSegment>({.name = "Utrecht", .conditions = json(in_utrecht)});
  REQUIRE(made);
  // While a refresh reads and writes, contacts move away and are followed.
  std::jthread others([&] {
    for (const ContactRow& one : all) {
      shop.live(one, "Delft");
      CHECK(shop.followers.catch_up());
    }
  });
  for (int i = 0; i < 20; i++) {
    CHECK(refresh_segment(shop.engine.database(), shop.engine.caller().account_id, made->uuid));
  }
  others.join();
  shop.settle();
  CHECK(shop.members(*made) == Emails{});
  CHECK(shop.size(*made) == 0);
}

TEST_CASE("a preview counts and shows, and keeps nothing") {
  Shop shop;
  for (int i = 0; i < 12; i++) {
    shop.live(shop.contact(fmt::format("p{:02}@example.com", i)), i ? "Utrecht" : "Delft");
  }
  auto seen = shop.prepared<PreviewSegment>({.conditions = json(in_utrecht)});
  REQUIRE(seen);
  CHECK(seen->count == 11);
  REQUIRE(seen->sample.size() == 10);
  CHECK(seen->sample[0].email == "p01@example.com");
  CHECK(shop.count("SELECT count(*) FROM segment WHERE account_id = $1") == 0);
}

TEST_CASE("a dry run of a refresh counts and changes nothing") {
  Shop shop;
  auto made = shop.engine.run<CreateSegment>({.name = "Utrecht", .conditions = json(in_utrecht)});
  shop.live(shop.contact("ann@example.com"), "Utrecht");
  auto counted = shop.prepared<RefreshSegment>({.uuid = made->uuid}, true);
  REQUIRE(counted);
  CHECK(counted->entered == 1);
  CHECK(counted->size == 1);
  CHECK(!counted->snapshot_uuid);
  CHECK(shop.size(*made) == 0);
}

TEST_CASE("it is explained which conditions hold for a contact") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com");
  shop.live(ann, "Utrecht");
  Segment segment = shop.make(
      "Two",
      fmt::format(R"({{"all":[{},{{"not":{{"field":"balance","is":"less_than","value":5}}}}]}})",
                  in_utrecht));
  auto told = shop.prepared<ExplainMembership>({.uuid = segment.uuid, .contact_uuid = ann.uuid});
  REQUIRE(told);
  CHECK(!told->is_member);
  CHECK(told->meets_conditions == false);
  REQUIRE(told->conditions.size() == 2);
  CHECK(told->conditions[0].path == "/all/0");
  CHECK(told->conditions[0].holds);
  CHECK(told->conditions[1].path == "/all/1/not");
  CHECK(told->conditions[1].holds);
}

TEST_CASE("of another tenant nothing is found, neither segments nor what conditions name") {
  Shop shop;
  ContactRow ann = shop.contact("ann@example.com");
  Segment segment = shop.make("Utrecht", in_utrecht);
  auto other = shop.engine.other_tenant();
  CHECK(!shop.engine.run_as<GetSegment>(*other, {.uuid = segment.uuid}));
  CHECK(!shop.engine.run_as<ListSegmentMembers>(*other, {.uuid = segment.uuid}));
  CHECK(!shop.engine.run_as<DeleteSegment>(*other, {.uuid = segment.uuid}));
  auto stolen = shop.engine.run_as<CreateSegment>(
      *other, {.name = "Theirs",
               .conditions = json(fmt::format(R"({{"field":"segment","is":"equals","value":"{}"}})",
                                              to_string(segment.uuid)))});
  REQUIRE(!stolen);
  CHECK(stolen.error().fields.at(0).path == "/conditions/value");
  auto mine = shop.engine.run_as<CreateSegment>(*other, {.name = "Utrecht"});
  REQUIRE(mine);  // Names are each account's own.
  auto added = shop.engine.run_as<AddSegmentMembers>(
      *other, {.uuid = mine->uuid, .contact_uuids = {ann.uuid}});
  CHECK(!added);
}

TEST_CASE("new active users are those who came, did something and may be written to") {
  Shop shop;
  SubscriptionType type;
  REQUIRE(shop.engine.write([&](Transaction& transaction) -> Result<> {
    TRY(
        transaction.run("INSERT INTO subscription_type (account_id, id, uuid, name, description, "
                        "active, strategy) VALUES ($1, $2, $3, 'News', '', 1, 'OPT_IN')",
                        {transaction.next_id(), transaction.next_uuid()}));
    type = TRY(subscription_types(transaction)).front();
    return {};
  }));
  auto subscribed = [&](const std::string& email) {
    ContactRow made = shop.contact(email);
    REQUIRE(shop.engine.write([&](Transaction& transaction) {
      return set_subscription(transaction, made.id, type, SubscriptionStatus::SUBSCRIBED);
    }));
    return made;
  };
  ContactRow old = subscribed("old@example.com");
  shop.pass(10);
  ContactRow active = subscribed("active@example.com"), idle = subscribed("idle@example.com");
  ContactRow bounced = subscribed("bounced@example.com"), silent = shop.contact("s@example.com");
  for (const ContactRow& one : {old, active, bounced, silent}) {
    shop.does(one, ActivityKind::mail_clicked);
  }
  shop.does(idle, ActivityKind::mail_opened);
  shop.does(bounced, ActivityKind::mail_bounced);
  Segment segment = shop.make("New active users", to_json(new_active_users(type.uuid)));
  CHECK(shop.members(segment) == Emails{"active@example.com"});
}

}  // namespace piggy
