#include <doctest/doctest.h>

#include "access/person.h"
#include "contact/change_operations.h"
#include "contact/operations.h"
#include "door/test_office.h"
#include "erasure/operations.h"
#include "loyalty/test_programme.h"
#include "voucher/operations.h"

namespace piggy {
namespace {

constexpr std::int64_t day = microseconds_per_day;

// A shop whose jobs run, with a contact that asks.
struct Desk : TestProgramme {
  Desk() { add_contact_jobs(scheduler, moves, erasures); }

  Uuid asked() {
    REQUIRE(run<AskForErasure>({.contact_uuid = ann.uuid, .email = ann.email}));
    return listed(ErasureState::open).front().uuid;
  }
  std::vector<ErasureRequest> listed(std::optional<ErasureState> state = {}) {
    auto list = run<ListErasureRequests>({.state = state});
    REQUIRE(list);
    CHECK(list->page.total == std::ssize(list->erasure_requests));
    return list->erasure_requests;
  }
  std::string all_events() {
    std::string text;
    REQUIRE(write([&](Transaction& transaction) -> Result<> {
      for (const std::string& payload : TRY(transaction.all<std::string>(
               "SELECT payload FROM event WHERE account_id = $1 ORDER BY id"))) {
        text += payload;
      }
      return {};
    }));
    return text;
  }

  ContactMoves moves = {move_erasure_requests};
  ContactErasures erasures = {finish_erasure_requests};
  Scheduler scheduler{database(), settings, acting_in(database())};
};

}  // namespace

TEST_CASE("a request is due on the same day of the next month, or on its last") {
  CHECK(to_text(month_after({2026, 11, 29})) == "2026-12-29");
  CHECK(to_text(month_after({2026, 12, 31})) == "2027-01-31");
  CHECK(to_text(month_after({2027, 1, 31})) == "2027-02-28");
  CHECK(to_text(month_after({2028, 1, 30})) == "2028-02-29");
  CHECK(days_until({2026, 12, 1}, {2026, 11, 29}) == 2);
  CHECK(days_until({2026, 11, 29}, {2026, 12, 1}) == -2);
}

TEST_CASE("who asks reads what would be lost, and waits once") {
  Desk desk;
  REQUIRE(desk.give(desk.ann, 120));
  auto offer = desk.run<CreatePromotion>({.name = "Cake", .description = "One."});
  REQUIRE(desk.run<CreateVoucher>({.promotion_uuid = offer->uuid, .contact_uuid = desk.ann.uuid}));
  auto lost = desk.run<PreviewErasure>({desk.ann.uuid});
  REQUIRE(lost);
  CHECK(lost->balance == 120);
  CHECK(lost->vouchers == 1);
  CHECK(lost->transactions == 1);
  CHECK(!lost->request);

  auto wrong = desk.run<AskForErasure>({.contact_uuid = desk.ann.uuid, .email = "bob@example.com"});
  CHECK(wrong.error().fields.at(0).path == "/email");
  auto asked = desk.run<AskForErasure>({.contact_uuid = desk.ann.uuid, .email = "Ann@Example.com"});
  REQUIRE(asked);
  CHECK(asked->due_on == "2023-12-14");  // The test's clock stands on 14 November.
  CHECK(desk.run<AskForErasure>({.contact_uuid = desk.ann.uuid, .email = desk.ann.email})
            .error()
            .code == ErrorCode::conflict);
  CHECK(desk.run<FileErasureRequest>({.contact_uuid = desk.ann.uuid}).error().code ==
        ErrorCode::conflict);
  CHECK(desk.run<PreviewErasure>({desk.ann.uuid})->request->state == ErasureState::open);

  desk.clock().time = desk.clock().now() + 32 * day;
  CHECK(desk.listed(ErasureState::open).at(0).days_left == -2);
  REQUIRE(desk.run<WithdrawErasureRequest>({desk.ann.uuid}));
  CHECK(!desk.run<PreviewErasure>({desk.ann.uuid})->request);
  CHECK(desk.run<WithdrawErasureRequest>({desk.ann.uuid}).error().code == ErrorCode::conflict);
  CHECK(desk.listed().at(0).state == ErasureState::withdrawn);
  desk.asked();  // And again.
}

TEST_CASE("an accepted request is done with the erasure, and names nobody afterwards") {
  Desk desk;
  REQUIRE(desk.give(desk.ann, 50));
  auto filed = desk.run<FileErasureRequest>({.contact_uuid = desk.ann.uuid,
                                             .channel = ErasureChannel::phone,
                                             .note = "Ann rang up.",
                                             .asked_on = "2023-11-10"});
  REQUIRE(filed);
  CHECK(filed->due_on == "2023-12-10");
  REQUIRE(desk.run<RefuseErasureRequest>(
      {.erasure_request_uuid = filed->uuid, .reason = "Ann has an open invoice."}));
  CHECK(desk.run<PreviewErasure>({desk.ann.uuid})->request->reason == "Ann has an open invoice.");
  Uuid second = desk.asked();
  auto accepted = desk.run<AcceptErasureRequest>({second});
  REQUIRE(accepted);
  CHECK(accepted->state == ErasureState::accepted);
  CHECK(desk.run<AcceptErasureRequest>({second}).error().code == ErrorCode::conflict);
  CHECK(desk.run<WithdrawErasureRequest>({desk.ann.uuid}).error().code == ErrorCode::conflict);
  CHECK(desk.run<AskForErasure>({.contact_uuid = desk.ann.uuid, .email = desk.ann.email})
            .error()
            .code == ErrorCode::conflict);
  CHECK(desk.listed(ErasureState::open).size() == 1);  // It still has to be done.

  REQUIRE(desk.scheduler.run_all_due());
  CHECK(desk.run<PreviewErasure>({desk.ann.uuid}).error().number == 55031);
  CHECK(desk.listed(ErasureState::open).empty());
  for (const ErasureRequest& one : desk.listed()) {
    CHECK(!one.contact);
    CHECK(one.note == "");
    CHECK(one.reason == "");
    CHECK(one.decided_by == "a token");
    CHECK(one.decided_at);
    CHECK(!one.days_left);
  }
  CHECK(desk.listed().at(0).state == ErasureState::done);
  CHECK(desk.listed().at(0).done_at);
  CHECK(desk.listed().at(1).state == ErasureState::refused);
  CHECK(desk.all_events().find("ann@example.com") == std::string::npos);
  CHECK(desk.all_events().find(to_string(second)) != std::string::npos);
  desk.verify();
}

TEST_CASE("who waits and is merely deleted is erased all the same") {
  Desk desk;
  desk.asked();
  REQUIRE(desk.run<DeleteContact>({.contact_uuid = desk.ann.uuid}));
  REQUIRE(desk.scheduler.run_all_due());
  CHECK(desk.listed().at(0).state == ErasureState::done);
  CHECK(desk.listed().at(0).decided_by == "");
  CHECK(desk.all_events().find("ann@example.com") == std::string::npos);
}

TEST_CASE("of two that wait and become one, one waits") {
  Desk desk;
  ContactRow bob = desk.enrol("bob@example.com");
  desk.asked();
  REQUIRE(desk.run<FileErasureRequest>({.contact_uuid = bob.uuid}));
  REQUIRE(desk.write([&](Transaction& transaction) {
    return join_contacts(transaction, desk.ann, bob, desk.moves);
  }));
  REQUIRE(desk.listed(ErasureState::open).size() == 1);
  CHECK(desk.listed(ErasureState::open)[0].contact->email == "bob@example.com");
  CHECK(desk.listed(ErasureState::withdrawn).size() == 1);
}

TEST_CASE("days that cannot be are refused, and hostile words are kept as they are") {
  Desk desk;
  for (const char* wrong : {"2024-01-01", "2022-01-01", "2023-02-30", "yesterday", ""}) {
    auto filed = desk.run<FileErasureRequest>({.contact_uuid = desk.ann.uuid, .asked_on = wrong});
    REQUIRE(!filed);
    CHECK(filed.error().fields.at(0).path == "/asked_on");
  }
  std::string hostile = "<script>alert(1)</script> '; DROP TABLE contact;-- \u202e{{7*7}}";
  auto filed = desk.run<FileErasureRequest>({.contact_uuid = desk.ann.uuid, .note = hostile});
  REQUIRE(filed);
  CHECK(filed->note == hostile);
  CHECK(filed->days_left == 30);
}

TEST_CASE("another tenant neither sees nor decides a request") {
  Desk desk;
  Uuid request = desk.asked();
  auto other = desk.other_tenant();
  CHECK(desk.run_as<ListErasureRequests>(*other, {})->page.total == 0);
  CHECK(desk.run_as<AcceptErasureRequest>(*other, {request}).error().code == ErrorCode::not_found);
  CHECK(desk.run_as<RefuseErasureRequest>(*other, {request, "No."}).error().code ==
        ErrorCode::not_found);
  CHECK(desk.run_as<PreviewErasure>(*other, {desk.ann.uuid}).error().number == 55031);
  CHECK(desk.run_as<AskForErasure>(*other, {desk.ann.uuid, desk.ann.email}).error().number ==
        55031);
  CHECK(desk.run_as<WithdrawErasureRequest>(*other, {desk.ann.uuid}).error().number == 55031);
  CHECK(desk.run_as<FileErasureRequest>(*other, {.contact_uuid = desk.ann.uuid}).error().number ==
        55031);
  CHECK(desk.run_as<ListErasureRequests>(*other, {.contact_uuid = desk.ann.uuid}).error().number ==
        55031);
  CHECK(desk.listed(ErasureState::open).size() == 1);
}

TEST_CASE("a token needs the scope, and a viewer only reads") {
  Office office;
  auto reader = std::make_shared<Caller>(*office.owner());
  reader->scopes = scopes_of(Role::viewer);
  auto stranger = std::make_shared<Caller>(*office.owner());
  stranger->scopes = {"contacts:*"};
  std::string ann = fmt::format(R"({{"contact_uuid":"{}"}})", office.ann);
  CHECK(office.call(reader, "preview_erasure", ann));
  CHECK(office.call(reader, "list_erasure_requests", "{}"));
  CHECK(office.call(stranger, "list_erasure_requests", "{}").error().code == ErrorCode::forbidden);
  for (const char* operation :
       {"file_erasure_request", "ask_for_erasure", "withdraw_erasure_request",
        "accept_erasure_request", "refuse_erasure_request"}) {
    CHECK_MESSAGE(office.call(reader, operation, ann).error().code == ErrorCode::forbidden,
                  operation);
  }
}

}  // namespace piggy
