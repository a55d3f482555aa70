#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "contact/change_operations.h"
#include "contact/contact_operations.h"
#include "contact/identifier_operations.h"
#include "contact/operations.h"
#include "contact/search_operations.h"
#include "contact/search_words.h"

namespace piggy {
namespace {

using Emails = std::vector<std::string>;

const ContactMoves no_moves = {};
const ContactErasures no_erasures = {};

struct Crowd {
  TestEngine engine = {};

  Uuid add(const std::string& email, const std::string& first = "", const std::string& last = "") {
    auto made = engine.run<CreateContact>({.email = email});
    REQUIRE(made);
    rename(made->uuid, first, last);
    return made->uuid;
  }

  void rename(const Uuid& contact, const std::string& first, const std::string& last) {
    REQUIRE(engine.run<UpdateContact>(
        {contact, Value::object({{"firstname", first}, {"lastname", last}})}));
  }

  Emails found(const std::string& text, std::optional<bool> beginnings) {
    auto answer = engine.run<SearchContacts>({.text = text, .beginnings = beginnings});
    REQUIRE(answer);
    Emails emails;
    for (const auto& contact : answer->contacts) emails.push_back(contact.email);
    return emails;
  }
  Emails typed(const std::string& text) { return found(text, true); }
  Emails named(const std::string& text) { return found(text, std::nullopt); }

  void run_jobs() {
    Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
    add_contact_jobs(scheduler, no_moves, no_erasures);
    REQUIRE(scheduler.run_all_due());
  }
};

TEST_CASE("while somebody types, the words may be only begun, in any order") {
  Crowd crowd;
  crowd.add("anna@shop.example", "Anna", "de Vries");
  crowd.add("jose@shop.example", "José", "van der Berg");
  crowd.add("vera@shop.example", "Vera", "Annema");

  CHECK(crowd.typed("v") == Emails{"jose@shop.example", "vera@shop.example", "anna@shop.example"});
  CHECK(crowd.typed("ann") == Emails{"anna@shop.example", "vera@shop.example"});
  CHECK(crowd.typed("ANN vri") == Emails{"anna@shop.example"});
  CHECK(crowd.typed("vri ann") == Emails{"anna@shop.example"});
  CHECK(crowd.typed("jose b") == Emails{"jose@shop.example"});
  CHECK(crowd.typed("JOSÉ") == Emails{"jose@shop.example"});
  CHECK(crowd.typed("nna").empty());
  CHECK(crowd.typed("ann berg").empty());
}

TEST_CASE("an address is found as far as it is typed") {
  Crowd crowd;
  crowd.add("j.jansen+news@shop.example");
  for (const char* text : {"j.jans", "jansen", "news", "j.jansen+news@", "J.Jansen+News@SHOP.ex"}) {
    CHECK(crowd.typed(text) == Emails{"j.jansen+news@shop.example"});
  }
  CHECK(crowd.typed("jansen@").empty());
  CHECK(crowd.typed("shop").empty());  // Half of all customers have the same provider.
}

TEST_CASE("names are whole words in their order, unless it is said otherwise") {
  Crowd crowd;
  crowd.add("anna@shop.example", "Anna", "de Vries");
  crowd.add("anne@shop.example", "Anne-Marie", "O'Neil");

  CHECK(crowd.named("Anna") == Emails{"anna@shop.example"});
  CHECK(crowd.named("anna de vries") == Emails{"anna@shop.example"});
  CHECK(crowd.named("o'neil") == Emails{"anne@shop.example"});
  CHECK(crowd.named("Anna@Shop.example") == Emails{"anna@shop.example"});
  for (const char* text : {"ann", "vries anna", "anna@", "anna vries"}) {
    CHECK(crowd.named(text).empty());
  }
}

TEST_CASE("a card's number finds who has it") {
  Crowd crowd;
  Uuid ann = crowd.add("ann@shop.example", "Ann", "Bee");
  REQUIRE(crowd.engine.run<CreateContactIdentifier>(
      {.contact_identifier_value = "CARD-1", .contact_uuid = ann}));
  CHECK(crowd.typed("CARD-1") == Emails{"ann@shop.example"});
  CHECK(crowd.named("CARD-1") == Emails{"ann@shop.example"});
}

TEST_CASE("what changes is found by what it is now") {
  Crowd crowd;
  Uuid ann = crowd.add("ann@shop.example", "Ann", "Bee");
  crowd.rename(ann, "Ann", "Wasp");
  CHECK(crowd.typed("bee").empty());
  CHECK(crowd.typed("wasp") == Emails{"ann@shop.example"});

  REQUIRE(crowd.engine.run<UpdateContact>({ann, Value::object({{"email", "queen@shop.example"}})}));
  CHECK(crowd.typed("ann@").empty());
  CHECK(crowd.typed("queen") == Emails{"queen@shop.example"});

  auto card = crowd.engine.run<CreateAnonymousContact>({});
  REQUIRE(card);
  CHECK(crowd.typed(to_string(card->uuid).substr(0, 8)).empty());
  REQUIRE(crowd.engine.run<ClaimAnonymousContact>({card->uuid, "bob@shop.example"}, no_moves));
  CHECK(crowd.typed("bob@") == Emails{"bob@shop.example"});
}

TEST_CASE("of two that are joined one is found, by the names of both that stay") {
  Crowd crowd;
  Uuid old = crowd.add("old@shop.example", "Ann", "Bee");
  Uuid kept = crowd.add("kept@shop.example", "", "Wasp");
  REQUIRE(crowd.engine.run<MergeContacts>({old, kept}));
  crowd.run_jobs();
  CHECK(crowd.typed("ann wasp") == Emails{"kept@shop.example"});
  CHECK(crowd.typed("bee").empty());
  CHECK(crowd.typed("old").empty());
}

TEST_CASE("who is deleted leaves no word behind") {
  Crowd crowd;
  Uuid ann = crowd.add("ann@shop.example", "Ann", "Bee");
  REQUIRE(crowd.engine.run<DeleteContact>({ann, ContactDeletion::GDPR}));
  crowd.run_jobs();
  CHECK(crowd.typed("ann").empty());
  Result<> read = crowd.engine.write([](Transaction& transaction) -> Result<> {
    CHECK(TRY(transaction.one<std::int64_t>(
              "SELECT COUNT(*) FROM contact_word WHERE account_id = $1")) == 0);
    return {};
  });
  CHECK(read);
}

TEST_CASE("twenty are shown, each once") {
  Crowd crowd;
  for (int i = 0; i < 30; i++)
    crowd.add("sam" + std::to_string(i) + "@shop.example", "Sam", "Sams");
  auto found = crowd.typed("sam");
  CHECK(found.size() == 20);
  std::ranges::sort(found);
  CHECK(std::ranges::adjacent_find(found) == found.end());
  CHECK(crowd.named("sam sams").size() == 20);
}

TEST_CASE("hostile text finds nobody and breaks nothing") {
  Crowd crowd;
  crowd.add("ann@shop.example", "Ann", "Bee");
  std::string many;
  for (int i = 0; i < 60; i++) many += "a ";
  for (const std::string& text :
       {std::string("%"), std::string("_"), std::string("\\"), std::string("' OR 1=1 --"),
        std::string("@"), std::string("🐷"), std::string("\u202e"), std::string(200, 'a')}) {
    CHECK(crowd.typed(text).empty());
    CHECK(crowd.named(text).empty());
  }
  CHECK(crowd.typed(many) == Emails{"ann@shop.example"});
}

TEST_CASE("a word that is too long for the index is found by its beginning, within no letter") {
  Crowd crowd;
  std::string name = "x";
  for (int i = 0; i < 100; i++) name += "й";
  Uuid ann = crowd.add("ann@shop.example", name, "Bee");
  CHECK(crowd.typed(name) == Emails{"ann@shop.example"});
  CHECK(crowd.named(name) == Emails{"ann@shop.example"});
  crowd.rename(ann, "Ann", "Bee");
  CHECK(crowd.typed(name).empty());
}

TEST_CASE("nobody of another tenant is found") {
  Crowd crowd;
  crowd.add("ann@shop.example", "Ann", "Bee");
  auto other = crowd.engine.other_tenant();
  for (bool beginnings : {false, true}) {
    auto found =
        crowd.engine.run_as<SearchContacts>(*other, {.text = "ann", .beginnings = beginnings});
    REQUIRE(found);
    CHECK(found->contacts.empty());
  }
}

TEST_CASE("contacts are browsed in either order, each once, with their number") {
  Crowd crowd;
  Emails newest;
  for (int i = 0; i < 7; i++) {
    std::string email = "c" + std::to_string(i) + "@shop.example";
    crowd.add(email, "Sam", std::to_string(i));
    newest.insert(newest.begin(), email);
  }
  for (bool oldest_first : {false, true}) {
    Emails seen;
    std::optional<Uuid> after;
    for (;;) {
      auto page = crowd.engine.run<BrowseContacts>(
          {.oldest_first = oldest_first, .after = after, .limit = 3});
      REQUIRE(page);
      CHECK(page->total == 7);
      for (const auto& contact : page->contacts) seen.push_back(contact.email);
      if (page->contacts.size() < 3) break;
      after = page->contacts.back().uuid;
    }
    if (oldest_first) std::ranges::reverse(seen);
    CHECK(seen == newest);
  }
  auto first = crowd.engine.run<BrowseContacts>({.limit = 1});
  CHECK(first->contacts[0].name == "Sam 6");
  CHECK(first->contacts[0].credit_balance == 0);
  CHECK(crowd.engine.run<ListContacts>({})->page.total == 7);
}

TEST_CASE("who was deleted while somebody browses is left out, and the list goes on from it") {
  Crowd crowd;
  crowd.add("a@shop.example");
  Uuid gone = crowd.add("b@shop.example");
  crowd.add("c@shop.example");
  REQUIRE(crowd.engine.run<DeleteContact>({gone, ContactDeletion::GDPR}));
  crowd.run_jobs();
  auto page = crowd.engine.run<BrowseContacts>({.after = gone});
  REQUIRE(page);
  REQUIRE(page->contacts.size() == 1);
  CHECK(page->contacts[0].email == "a@shop.example");
  auto other = crowd.engine.other_tenant();
  CHECK(crowd.engine.run_as<BrowseContacts>(*other, {})->contacts.empty());
  CHECK(crowd.engine.run_as<BrowseContacts>(*other, {})->total == 0);
  CHECK(!crowd.engine.run_as<BrowseContacts>(*other, {.after = gone}));
}

TEST_CASE("contacts that older programs made get their words by a job, in lots") {
  Crowd crowd;
  crowd.add("ann@shop.example", "Ann", "Bee");
  for (int i = 0; i < 1'001; i++) {
    REQUIRE(crowd.engine.run<CreateContact>({.email = "c" + std::to_string(i) + "@shop.example"}));
  }
  crowd.add("zoe@shop.example", "Zoë", "Bee");
  Result<> begun = crowd.engine.write([](Transaction& transaction) -> Result<> {
    TRY(transaction.run("DELETE FROM contact_word WHERE account_id = $1"));
    TRY(add_job(transaction, index_contacts_kind, Value::object({{"after", 0}})));
    return {};
  });
  REQUIRE(begun);
  CHECK(crowd.typed("bee").empty());
  crowd.run_jobs();
  CHECK(crowd.typed("bee") == Emails{"ann@shop.example", "zoe@shop.example"});
  CHECK(crowd.typed("c1000") == Emails{"c1000@shop.example"});
}

}  // namespace
}  // namespace piggy
