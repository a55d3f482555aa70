#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/test_engine.h"
#include "audience/operations.h"
#include "audience/push.h"
#include "contact/operations.h"
#include "contact/subscription_operations.h"
#include "segment/segment.h"
#include "vault/test_vault.h"

namespace piggy {
namespace {

// A service in memory, whose faults a test sets.
class Board final : public AudienceConnector {
 public:
  Board() { add_audience_tools(); }
  const ConnectorInfo& info() const override {
    static constexpr ConnectorInfo about = {
        .name = "board", .title = "Board", .about = "A board.", .base_url = "https://board"};
    return about;
  }
  Result<> may_be(const Reach&) const override { return {}; }
  Result<Whose> check(const Reach&) override { return Whose{.name = "Board"}; }
  Result<std::vector<AudienceList>> lists(const Reach&) override {
    return std::vector<AudienceList>();
  }
  Result<std::int64_t> count(const Reach&, const std::string& list) override {
    return static_cast<std::int64_t>(on[list].size());
  }
  Result<Refusals> push(const Reach&, const std::string& list,
                        std::span<const AudienceMember> entered,
                        std::span<const AudienceMember> left, std::string_view) override {
    asked++;
    if (before) before();
    if (trouble && !done_anyway) return fail(*std::exchange(trouble, {}));
    Refusals refusals;
    for (const AudienceMember& member : entered) {
      if (refused.contains(member.email)) {
        refusals.push_back({member.email, "No."});
      } else {
        on[list].insert(member.email);
      }
    }
    for (const AudienceMember& member : left) on[list].erase(member.email);
    if (trouble) return fail(*std::exchange(trouble, {}));
    return refusals;
  }
  std::size_t entered_max() const override { return 3; }
  std::size_t left_max() const override { return 2; }
  std::string wrong_with_list(std::string_view list) const override {
    return list.size() < 10 ? "" : "Too long.";
  }

  std::map<std::string, std::set<std::string>> on = {};
  std::set<std::string> refused = {};
  std::optional<Error> trouble = {};  // Of the next push.
  bool done_anyway = false;           // It was done all the same.
  std::function<void()> before = {};
  int asked = 0;
};

struct Shop {
  Shop() {
    connections.add(std::make_unique<Board>());
    board = static_cast<Board*>(connections.connector("board"));
    add_audience_jobs(scheduler, engine.database(), connections);
    add_audience_follower(followers);
    must(engine.write([&](Transaction& transaction) -> Result<> {
      TRY(add_connection(transaction, {.id = transaction.next_id(),
                                       .uuid = transaction.next_uuid(),
                                       .connector = "board",
                                       .name = "Board",
                                       .handle = "board",
                                       .base_url = "https://board",
                                       .settings = Value::object(),
                                       .created_at = transaction.now()}));
      segment = TRY(make_segment(transaction, {.name = "Regulars"}));
      return {};
    }));
  }

  static void must(const Result<>& result) {
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
  }
  ContactRow enter(const std::string& email) {
    ContactRow contact;
    must(engine.write([&](Transaction& transaction) -> Result<> {
      contact = TRY(make_contact(transaction, {.email = email}));
      SegmentRow row = TRY(segment_by_id(transaction, segment.id));
      TRY(apply_changes(transaction, row, {{.contact_id = contact.id, .entered = true}}));
      return {};
    }));
    return contact;
  }
  std::vector<ContactRow> enter(int count) {
    std::vector<ContactRow> contacts;
    for (int i = 0; i < count; i++) {
      contacts.push_back(enter(fmt::format("c{}@example.com", i)));
    }
    return contacts;
  }
  void leave(const ContactRow& contact) {
    must(engine.write([&](Transaction& transaction) -> Result<> {
      SegmentRow row = TRY(segment_by_id(transaction, segment.id));
      TRY(apply_changes(transaction, row, {{.contact_id = contact.id, .entered = false}}));
      return {};
    }));
  }
  Result<AudiencePush> ask(bool confirmed = false) {
    return engine.run<PushSegment>({.segment_uuid = segment.uuid,
                                    .connection = "board",
                                    .list = "l",
                                    .subscription_type_uuid = purpose,
                                    .confirmed = confirmed},
                                   connections);
  }
  GetAudiencePush::Output look(const Uuid& uuid) {
    auto got = engine.run<GetAudiencePush>({.uuid = uuid});
    REQUIRE(got);
    return *std::move(got);
  }
  void work() {
    must(followers.catch_up());
    must(scheduler.run_all_due());
  }
  GetAudiencePush::Output push(bool confirmed = false) {
    auto asked = ask(confirmed);
    REQUIRE_MESSAGE(asked, (asked ? "" : asked.error().message));
    work();
    return look(asked->uuid);
  }
  void unsubscribe(const ContactRow& contact, const SubscriptionType& type) {
    REQUIRE(engine.run<UnsubscribeContact>(
        {.contact_uuid = contact.uuid, .subscription_type_uuid = type.uuid}));
  }
  SubscriptionType mails() {
    auto made = engine.run<CreateSubscriptionType>(
        {.name = "News", .strategy = SubscriptionStrategy::OPT_OUT});
    REQUIRE(made);
    return *made;
  }

  TestEngine engine = {};
  Catalogue catalogue = {};
  std::unique_ptr<Vault> vault = {};
  Connections connections{catalogue, vault};
  Scheduler scheduler{engine.database(), engine.settings, acting_in(engine.database())};
  Followers followers{engine.database()};
  Board* board = nullptr;
  SegmentRow segment = {};
  std::optional<Uuid> purpose = {};
};

using State = AudiencePushState;

TEST_CASE("a push puts on a list who is in a segment, in chunks, and says what it did") {
  Shop shop;
  shop.enter(7);
  shop.board->refused = {"c3@example.com"};

  auto got = shop.push();

  CHECK(got.push.state == State::completed);
  CHECK(got.status == BackgroundStatus::COMPLETED);
  CHECK(shop.board->asked == 3);
  CHECK(shop.board->on["l"].size() == 6);
  CHECK(got.push.entered == 6);
  CHECK(got.push.members == 6);
  CHECK(got.push.target_count == 6);
  REQUIRE(got.refusals.size() == 1);
  CHECK(got.refusals[0].email == "c3@example.com");
  CHECK(got.refusals[0].reason == "No.");
}

TEST_CASE("the next push carries the difference alone") {
  Shop shop;
  auto contacts = shop.enter(8);
  shop.push();
  shop.leave(contacts[0]);
  shop.leave(contacts[1]);
  shop.board->asked = 0;

  auto got = shop.push();

  CHECK(got.push.entering == 0);
  CHECK(got.push.left == 2);
  CHECK(got.push.members == 6);
  CHECK(shop.board->asked == 1);
  CHECK(!shop.board->on["l"].contains("c0@example.com"));
  CHECK(shop.push().push.leaving == 0);
}

TEST_CASE("a large change is held until somebody confirms it, and an empty list as well") {
  Shop shop;
  auto contacts = shop.enter(6);
  shop.push();
  shop.leave(contacts[0]);
  shop.leave(contacts[1]);

  auto held = shop.push();

  CHECK(held.push.state == State::held);
  CHECK(held.status == BackgroundStatus::PENDING);
  CHECK(held.push.problem.find("2 go") != std::string::npos);
  CHECK(shop.board->on["l"].size() == 6);
  CHECK(!shop.ask());
  REQUIRE(shop.engine.run<ConfirmAudiencePush>({.uuid = held.uuid}));
  CHECK(!shop.engine.run<ConfirmAudiencePush>({.uuid = held.uuid}));
  shop.work();
  CHECK(shop.look(held.uuid).push.state == State::completed);
  CHECK(shop.board->on["l"].size() == 4);

  for (int i = 2; i < 6; i++) shop.leave(contacts[static_cast<std::size_t>(i)]);
  auto empty = shop.push();
  CHECK(empty.push.problem.find("empty") != std::string::npos);
  REQUIRE(shop.engine.run<CancelAudiencePush>({.uuid = empty.uuid}));
  CHECK(shop.look(empty.uuid).status == BackgroundStatus::FAILED);
  CHECK(shop.push(true).push.state == State::completed);
  CHECK(shop.board->on["l"].empty());
}

TEST_CASE("who has not agreed to the purpose is not pushed, and comes off when it ends") {
  Shop shop;
  SubscriptionType mails = shop.mails();
  shop.purpose = mails.uuid;
  auto contacts = shop.enter(5);
  shop.unsubscribe(contacts[0], mails);

  auto got = shop.push();

  CHECK(got.push.withheld == 1);
  CHECK(!shop.board->on["l"].contains("c0@example.com"));
  shop.unsubscribe(contacts[1], mails);
  shop.work();
  CHECK(!shop.board->on["l"].contains("c1@example.com"));
  CHECK(shop.board->on["l"].size() == 3);
}

TEST_CASE("without a purpose a no that no yes stands beside is one") {
  Shop shop;
  SubscriptionType mails = shop.mails();
  auto contacts = shop.enter(4);
  shop.push();

  shop.unsubscribe(contacts[2], mails);
  shop.work();

  CHECK(shop.board->on["l"].size() == 3);
  CHECK(!shop.board->on["l"].contains("c2@example.com"));
}

TEST_CASE("a removal is tried until the service takes it") {
  Shop shop;
  auto contacts = shop.enter(4);
  shop.push();
  SubscriptionType mails = shop.mails();
  shop.unsubscribe(contacts[0], mails);
  for (int i = 0; i < 20; i++) {
    shop.board->trouble = Error{.code = ErrorCode::unavailable, .message = "Away."};
    shop.work();
    shop.engine.clock().time = shop.engine.clock().time + 600 * microseconds_per_second;
  }
  CHECK(shop.board->on["l"].size() == 4);

  shop.board->trouble.reset();
  shop.work();

  CHECK(shop.board->on["l"].size() == 3);
}

TEST_CASE("who is forgotten while a chunk is under way comes off again") {
  Shop shop;
  auto contacts = shop.enter(5);
  bool forgotten = false;
  shop.board->before = [&] {
    if (std::exchange(forgotten, true)) return;
    Shop::must(shop.engine.write([&](Transaction& transaction) -> Result<> {
      TRY(forget_audience_members(transaction, contacts[1]));
      TRY(forget_segment_members(transaction, contacts[1]));
      TRY(transaction.run("UPDATE contact SET status = 'DELETED' WHERE account_id = $1 AND id = $2",
                          {contacts[1].id}));
      return {};
    }));
  };

  auto got = shop.push();

  CHECK(got.push.state == State::completed);
  CHECK(shop.board->on["l"].size() == 4);
  CHECK(!shop.board->on["l"].contains("c1@example.com"));
}

TEST_CASE("what passes is waited for, and what was done without an answer is done once") {
  Shop shop;
  shop.enter(5);
  for (ErrorCode code : {ErrorCode::unavailable, ErrorCode::too_many}) {
    for (bool done : {false, true}) {
      shop.board->trouble = Error{.code = code, .message = "Not now.", .retry_after_seconds = 30};
      shop.board->done_anyway = done;
      auto contact = shop.enter(fmt::format("n{}{}@example.com", int(code), done));
      auto asked = shop.ask(true);
      REQUIRE(asked);
      shop.work();
      CHECK(shop.look(asked->uuid).push.state == State::pushing);
      CHECK(shop.look(asked->uuid).push.problem == "Not now.");
      shop.engine.clock().time = shop.engine.clock().time + 31 * microseconds_per_second;
      shop.work();
      CHECK(shop.look(asked->uuid).push.state == State::completed);
      CHECK(shop.board->on["l"].contains(contact.email));
    }
  }
  CHECK(shop.board->on["l"].size() == 9);
}

TEST_CASE("what will not pass ends a push, and a refused key the connection") {
  Shop shop;
  shop.enter(2);
  shop.board->trouble = Error{.code = ErrorCode::not_found, .message = "No such list."};
  auto failed = shop.push();
  CHECK(failed.push.state == State::failed);
  CHECK(failed.push.problem == "No such list.");

  shop.board->trouble = Error{.code = ErrorCode::unauthenticated, .message = "Refused the key."};
  CHECK(shop.push().push.state == State::failed);
  auto again = shop.push();
  CHECK(again.push.problem.find("must be made again") != std::string::npos);
}

TEST_CASE("a step that was made already is void") {
  Shop shop;
  shop.enter(5);
  auto asked = shop.ask();
  REQUIRE(asked);
  JobRow spent{.account_id = shop.engine.caller().account_id,
               .kind = std::string(push_audience_kind),
               .payload = Value::object({{"push", to_string(asked->uuid)}, {"step", 0}})};
  shop.work();
  int before = shop.board->asked;

  Shop::must(push_audience(spent, shop.engine.database(), shop.connections));
  shop.work();

  CHECK(shop.board->asked == before);
  CHECK(shop.look(asked->uuid).push.entered == 5);
}

TEST_CASE("all that is wrong with a push is told at once, and other accounts have no part in it") {
  Shop shop;
  auto wrong = shop.engine.run<PushSegment>({.segment_uuid = shop.segment.uuid,
                                             .connection = "board",
                                             .list = "much too long",
                                             .subscription_type_uuid = Uuid{}},
                                            shop.connections);
  REQUIRE(!wrong);
  CHECK(wrong.error().fields.size() == 2);

  shop.enter(1);
  auto made = shop.push();
  auto other = shop.engine.other_tenant();
  CHECK(!shop.engine.run_as<GetAudiencePush>(*other, {.uuid = made.uuid}));
  CHECK(!shop.engine.run_as<CancelAudiencePush>(*other, {.uuid = made.uuid}));
  CHECK(shop.engine.run_as<ListAudiencePushes>(*other, {})->pushes.empty());
  CHECK(shop.engine.run<ListAudiencePushes>({.segment_uuid = shop.segment.uuid})->pushes.size() ==
        1);
}

TEST_CASE("the digest is of the addresses in their order, whoever they belong to") {
  CHECK(digest_of_members({{1, "b@example.com"}, {2, "a@example.com"}}) ==
        digest_of_members({{7, "a@example.com"}, {9, "b@example.com"}}));
  CHECK(digest_of_members({}) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace piggy
