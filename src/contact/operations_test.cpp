#include "contact/operations.h"

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "contact/change_operations.h"
#include "contact/identifier_operations.h"
#include "contact/subscription_operations.h"
#include "ledger/ledger.h"
#include "shape/read.h"

namespace piggy {
namespace {

const ContactMoves no_moves = {};
const ContactErasures no_erasures = {};

Uuid make(TestEngine& engine, const std::string& email) {
  auto made = engine.run<CreateContact>({.email = email});
  REQUIRE(made);
  return made->uuid;
}

Uuid make_anonymous(TestEngine& engine) {
  auto made = engine.run<CreateAnonymousContact>({});
  REQUIRE(made);
  return made->uuid;
}

void give(TestEngine& engine, const Uuid& contact, std::int64_t credits) {
  Result<> given = engine.write([&](Transaction& transaction) -> Result<> {
    ContactRow row = TRY(contact_of(transaction, contact));
    auto bank = TRY(programme_account(transaction, LedgerAccountKind::issuance));
    TRY(transfer(transaction, {.from = bank, .to = row.id, .amount = credits}));
    return {};
  });
  REQUIRE(given);
}

std::int64_t balance(TestEngine& engine, const Uuid& contact) {
  auto answer = engine.run<GetContactCreditBalance>({contact});
  REQUIRE(answer);
  return answer->balance;
}

// Runs all jobs that wait, as the scheduler would, here and now.
void run_jobs(TestEngine& engine) {
  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  add_contact_jobs(scheduler, no_moves, no_erasures);
  REQUIRE(scheduler.run_all_due());
}

std::string error_of(const auto& result) {
  REQUIRE(!result);
  return std::to_string(result.error().number);
}

TEST_CASE("a contact is made once, and found or made afterwards") {
  TestEngine engine;
  Uuid ann = make(engine, "Ann@Example.com");

  CHECK(error_of(engine.run<CreateContact>({.email = "ann@example.COM"})) == "60005");
  auto found = engine.run<FindOrCreateContact>({.email = "ANN@example.com"});
  REQUIRE(found);
  CHECK(found->uuid == ann);
  auto other = engine.run<FindOrCreateContact>({.email = "bob@example.com"});
  REQUIRE(other);
  CHECK(other->email == "bob@example.com");
  CHECK(error_of(engine.run<FindContact>({.email = "eve@example.com"})) == "55031");
}

TEST_CASE("the list shows a page in either order and narrows by the time of making") {
  TestEngine engine;
  for (int i = 0; i < 5; i++) {
    make(engine, "c" + std::to_string(i) + "@example.com");
    engine.clock().time = engine.clock().time + 60 * microseconds_per_second;
  }

  auto page = engine.run<ListContacts>({.page = 2, .limit = 2});
  REQUIRE(page);
  CHECK(page->page.total == 5);
  REQUIRE(page->contacts.size() == 2);
  CHECK(page->contacts[0].email == "c2@example.com");
  auto newest = engine.run<ListContacts>({.limit = 1, .sort = "-created_at"});
  REQUIRE(newest);
  CHECK(newest->contacts[0].email == "c4@example.com");
  TimeRange span{.gt = parse_time("2023-11-14T22:13:20+00:00"),
                 .lte = parse_time("2023-11-14 22:15:20")};
  auto some = engine.run<ListContacts>({.created_at = span});
  REQUIRE(some);
  CHECK(some->page.total == 2);
  CHECK(error_of(engine.run<ListContacts>({.sort = "email"})) == "1003");
}

TEST_CASE("an update changes the given names alone, and says which value is wrong") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  Value values = Value::object({{"firstname", "Ann"},
                                {"firstName", "unknown names are left out"},
                                {"loyalty_balance", 1'000'000},
                                {"email", "ANN@example.com"}});

  auto updated = engine.run<UpdateContact>({ann, values});
  REQUIRE(updated);
  CHECK(updated->current_values.text_of("firstname") == "Ann");
  CHECK(updated->credit_balance.balance == 0);
  auto wrong = engine.run<UpdateContact>(
      {ann, Value::object({{"birthdate", "soon"}, {"phonenumber", "<b>"}, {"lastname", "Bee"}})});
  REQUIRE(!wrong);
  REQUIRE(wrong.error().fields.size() == 2);
  CHECK(wrong.error().fields[0].path == "/attributes/birthdate");
  auto after = engine.run<GetContact>({ann});
  CHECK(after->current_values.text_of("lastname") == "");
}

TEST_CASE("hostile text is kept as text") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  std::string hostile = "'); DROP TABLE contact; -- <script>\" {{7*7}} é";
  auto updated = engine.run<UpdateContact>({ann, Value::object({{"lastname", hostile}})});
  REQUIRE(updated);
  CHECK(updated->current_values.text_of("lastname") == hostile);
  CHECK(error_of(engine.run<UpdateContact>(
            {ann, Value::object({{"lastname", "line\r\nbreak"}})})) == "1003");
}

TEST_CASE("an update changes the address when it is free") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  make(engine, "bob@example.com");

  auto moved = engine.run<UpdateContact>({ann, Value::object({{"email", "Ann@New.example"}})});
  REQUIRE(moved);
  CHECK(moved->email == "ann@new.example");
  CHECK(error_of(engine.run<UpdateContact>({ann, Value::object({{"email", "bob@example.com"}})})) ==
        "60005");
  CHECK(error_of(engine.run<UpdateContact>({ann, Value::object({{"email", "x"}})})) == "1003");
}

TEST_CASE("claiming gives an anonymous contact its address") {
  TestEngine engine;
  Uuid card = make_anonymous(engine);
  give(engine, card, 7);

  auto claimed = engine.run<ClaimAnonymousContact>({card, "Ann@example.com"}, no_moves);
  REQUIRE(claimed);
  CHECK(claimed->uuid == card);
  CHECK(claimed->email == "ann@example.com");
  CHECK(claimed->current_values.find("is_anonymous")->boolean()[0] == false);
  CHECK(claimed->credit_balance.balance == 7);
  CHECK(error_of(engine.run<ClaimAnonymousContact>({card, "ann@example.com"}, no_moves)) ==
        "60016");
}

TEST_CASE("claiming an address that is known joins both at once") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  Uuid card = make_anonymous(engine);
  give(engine, ann, 5);
  give(engine, card, 7);
  REQUIRE(engine.run<UpdateContact>({card, Value::object({{"lastname", "Bee"}})}));
  REQUIRE(engine.run<CreateContactIdentifier>(
      {.contact_identifier_value = "CARD-1", .contact_uuid = card}));

  auto claimed = engine.run<ClaimAnonymousContact>({card, "ann@example.com"}, no_moves);
  REQUIRE(claimed);
  CHECK(claimed->uuid == ann);
  CHECK(claimed->credit_balance.balance == 12);
  CHECK(claimed->current_values.text_of("lastname") == "Bee");
  CHECK(claimed->current_values.text_of("default_contact_identifier") == "CARD-1");
  CHECK(error_of(engine.run<GetContact>({card})) == "55031");
}

TEST_CASE("merging is done by a job, and done twice does no harm") {
  TestEngine engine;
  Uuid source = make(engine, "old@example.com");
  Uuid destination = make(engine, "new@example.com");
  give(engine, source, 30);
  CHECK(error_of(engine.run<MergeContacts>({source, source})) == "1003");

  REQUIRE(engine.run<MergeContacts>({source, destination}));
  REQUIRE(engine.run<MergeContacts>({source, destination}));
  CHECK(balance(engine, source) == 30);
  run_jobs(engine);

  CHECK(balance(engine, destination) == 30);
  CHECK(error_of(engine.run<GetContact>({source})) == "55031");
}

TEST_CASE("deleting takes the contact and its credits, and frees its address") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  give(engine, ann, 30);
  REQUIRE(engine.run<CreateContactIdentifier>(
      {.contact_identifier_value = "CARD-1", .contact_uuid = ann}));
  REQUIRE(engine.run<DeleteContact>({ann, ContactDeletion::GDPR}));
  run_jobs(engine);

  CHECK(error_of(engine.run<GetContact>({ann})) == "55031");
  CHECK(engine.run<ListContacts>({})->page.total == 0);
  CHECK(error_of(engine.run<FindContactIdentifier>({"CARD-1"})) == "60003");
  CHECK(make(engine, "ann@example.com") != ann);
  Result<> checked = engine.write([&](Transaction& transaction) -> Result<> {
    CHECK(TRY(verify_ledger(transaction)).problems.empty());
    auto traces = TRY(transaction.one<std::int64_t>(
        "SELECT COUNT(*) FROM event WHERE account_id = $1 AND subject = $2 AND payload <> '{}'",
        {ann}));
    CHECK(traces == 0);
    return {};
  });
  CHECK(checked);
}

TEST_CASE("an import makes and updates by a job") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  auto type = engine.run<CreateSubscriptionType>({.name = "News"});
  REQUIRE(type);
  ImportedContact first{.email = "ANN@example.com",
                        .custom_attributes = {{{"firstname", "Ann"}}},
                        .subscription_types = {{{type->uuid, true}}}};
  REQUIRE(engine.run<ImportContacts>({{first, {.email = "bob@example.com"}}}));
  run_jobs(engine);

  auto shown = engine.run<GetContact>({ann});
  CHECK(shown->current_values.text_of("firstname") == "Ann");
  CHECK(shown->subscriptions[0].is_subscribed);
  auto bob = engine.run<FindContact>({"bob@example.com"});
  REQUIRE(bob);
  CHECK(bob->current_values.text_of("channel") == "IMPORT");
  ImportedContact wrong{.email = "c@example.com", .custom_attributes = {{{"birthdate", "x"}}}};
  auto refused = engine.run<ImportContacts>({{wrong}});
  REQUIRE(!refused);
  CHECK(refused.error().fields[0].path == "/contacts/0/custom_attributes/birthdate");
}

TEST_CASE("a dry run tells the effect and changes nothing") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  std::vector<EffectLine> effects;
  Result<> done = engine.write([&](Transaction& transaction) -> Result<> {
    Call call{.transaction = transaction,
              .caller = engine.caller(),
              .settings = engine.settings,
              .dry_run = true};
    transaction.discard();
    TRY(UpdateContact::run(call, {ann, Value::object({{"firstname", "Ann"}})}));
    effects = call.effects;
    return {};
  });
  REQUIRE(done);

  REQUIRE(effects.size() == 1);
  CHECK(effects[0].what == "firstname of ann@example.com");
  CHECK(effects[0].after == Value("Ann"));
  CHECK(engine.run<GetContact>({ann})->current_values.text_of("firstname") == "");
}

TEST_CASE("nothing of another tenant is found or changed") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  Uuid card = make_anonymous(engine);
  REQUIRE(engine.run<CreateContactIdentifier>({.contact_identifier_value = "CARD-1"}));
  auto other = engine.other_tenant();
  auto theirs = engine.run_as<CreateContact>(*other, {.email = "ann@example.com"});
  REQUIRE(theirs);

  CHECK(error_of(engine.run_as<GetContact>(*other, {ann})) == "55031");
  CHECK(error_of(engine.run_as<UpdateContact>(*other, {ann, Value::object()})) == "55031");
  CHECK(error_of(engine.run_as<DeleteContact>(*other, {ann})) == "55031");
  CHECK(error_of(engine.run_as<MergeContacts>(*other, {ann, theirs->uuid})) == "55031");
  CHECK(error_of(engine.run_as<ClaimAnonymousContact>(*other, {card, "x@example.com"}, no_moves)) ==
        "55031");
  CHECK(error_of(engine.run_as<GetContactCreditBalance>(*other, {ann})) == "55031");
  CHECK(error_of(engine.run_as<FindContactIdentifier>(*other, {"CARD-1"})) == "60003");
  CHECK(error_of(engine.run_as<LinkContactIdentifier>(*other, {"CARD-1", theirs->uuid})) ==
        "60003");
  CHECK(engine.run_as<ListContacts>(*other, {})->page.total == 1);
}

TEST_CASE("an identifier is linked once, renamed, switched off and removed") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  REQUIRE(engine.run<CreateContactIdentifier>({.contact_identifier_value = "C1"}));
  CHECK(error_of(engine.run<CreateContactIdentifier>({.contact_identifier_value = "C1"})) ==
        "60006");

  auto linked = engine.run<LinkContactIdentifier>({"C1", ann});
  REQUIRE(linked);
  CHECK(linked->contact->email == "ann@example.com");
  CHECK(error_of(engine.run<LinkContactIdentifier>({"C1", ann})) == "60014");
  CHECK(error_of(engine.run<CreateAnonymousContact>({"C1"})) == "60014");
  CHECK(engine.run<ListContactIdentifiers>({ann})->identifiers[0].is_default);
  auto renamed = engine.run<UpdateContactIdentifiers>({"C1", "Card", false});
  REQUIRE(renamed);
  CHECK(renamed->name == "Card");
  CHECK(error_of(engine.run<FindContactIdentifier>({"C1"})) == "60004");
  REQUIRE(engine.run<UpdateContactIdentifiers>(
      {.contact_identifier_value = "C1", .contact_identifier_active = true}));
  CHECK(!engine.run<UnlinkContactIdentifier>({"C1"})->contact);
  CHECK(engine.run<DeleteContactIdentifier>({"C1"})->active == false);
  CHECK(error_of(engine.run<UpdateContactIdentifiers>({"C1"})) == "60003");
}

TEST_CASE("a double opt-in waits for the contact") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  auto type = engine.run<CreateSubscriptionType>(
      {.name = "News", .strategy = SubscriptionStrategy::DOUBLE_OPT_IN});
  auto opt_out = engine.run<CreateSubscriptionType>(
      {.name = "Receipts", .strategy = SubscriptionStrategy::OPT_OUT});
  REQUIRE(opt_out);

  auto asked = engine.run<SubscribeContact>({ann, type->uuid});
  REQUIRE(asked);
  CHECK(asked->status == SubscriptionStatus::PENDING_CONFIRMATION);
  CHECK(!asked->is_subscribed);
  auto confirmed = engine.run<ConfirmContactSubscription>({ann, type->uuid});
  REQUIRE(confirmed);
  CHECK(confirmed->is_subscribed);
  auto all = engine.run<ListContactSubscriptions>({ann});
  REQUIRE(all->subscriptions.size() == 2);
  CHECK(all->subscriptions[1].is_subscribed);
  CHECK(!engine.run<UnsubscribeContact>({ann, opt_out->uuid})->is_subscribed);
  CHECK(error_of(engine.run<SubscribeContact>({ann, ann})) == "55030");
}

}  // namespace
}  // namespace piggy
