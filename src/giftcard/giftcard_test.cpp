#include "giftcard/giftcard.h"

#include <set>

#include "contact/change_operations.h"
#include "giftcard/test_cards.h"

namespace piggy {

TEST_CASE("a card has a code of twelve letters that cannot be mistaken, and is found by it") {
  TestCards cards;
  Uuid program = cards.program({.name = "Christmas", .expiration_days = 365});
  auto issued = cards.run<IssueGiftcards>({.giftcard_program_uuid = program,
                                           .quantity = 50,
                                           .type = GiftcardType::PHYSICAL,
                                           .amount_in_cents = 2500,
                                           .shop_uuid = cards.shop});
  REQUIRE(issued);
  std::set<std::string> codes;
  for (const Giftcard& card : issued->giftcards) {
    CHECK(card.hash.size() == 12);
    CHECK(card.hash.find_first_not_of("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") == std::string::npos);
    codes.insert(card.hash);
  }
  CHECK(codes.size() == 50);
  auto found = cards.run<FindGiftcard>({.hash = *codes.begin()});
  REQUIRE(found);
  CHECK(found->type == GiftcardType::PHYSICAL);
  CHECK(found->amount_in_cents == 2500);
  CHECK(found->amount == 25.0);
  CHECK(found->display_amount == "\u20ac25.00");
  CHECK(found->giftcard_program.name == "Christmas");
  CHECK(found->formatted_expiration_date->size() == 10);
  CHECK(!found->contact);
  CHECK(cards.run<FindGiftcard>({.hash = "abc"}).error().number == 5001);
}

TEST_CASE("the vendor's interface makes digital cards alone, of programs that give some out") {
  TestCards cards;
  Uuid program = cards.program();
  CHECK(cards.run<CreateGiftcard>({.type = 0, .giftcard_program_uuid = program}).error().number ==
        55021);
  CHECK(cards.run<CreateGiftcard>({}).error().number == 1100);
  auto made = cards.run<CreateGiftcard>({.giftcard_program_uuid = program});
  REQUIRE(made);
  CHECK(made->type == GiftcardType::DIGITAL);
  CHECK(made->amount_in_cents == 0);
  CHECK(!made->expiration_date);
  REQUIRE(cards.run<UpdateGiftcardProgram>({.giftcard_program_uuid = program, .active = false}));
  auto off = cards.run<CreateGiftcard>({.giftcard_program_uuid = program});
  CHECK(off.error().fields[0].path == "/giftcard_program_uuid");
  REQUIRE(cards.move(*made, 100));  // Those that are out are good.
  auto programs = cards.run<ListGiftcardPrograms>({});
  REQUIRE(programs);
  REQUIRE(programs->giftcard_programs.size() == 1);
  CHECK(programs->giftcard_programs[0].card_count == 1);
  CHECK(!programs->giftcard_programs[0].active);
}

TEST_CASE("many cards are made or none, and their amount needs a shop") {
  TestCards cards;
  Uuid program = cards.program({.max_amount_in_cents = 1000});
  auto homeless = cards.run<IssueGiftcards>(
      {.giftcard_program_uuid = program, .quantity = 3, .amount_in_cents = 500});
  CHECK(homeless.error().fields[0].path == "/shop_uuid");
  auto much = cards.run<IssueGiftcards>({.giftcard_program_uuid = program,
                                         .quantity = 3,
                                         .amount_in_cents = 1001,
                                         .shop_uuid = cards.shop});
  CHECK(much.error().number == 5008);
  CHECK(cards.run<ListGiftcards>({})->meta.total == 0);
}

TEST_CASE("another tenant's gift cards are never found") {
  TestCards cards;
  Giftcard card = cards.card(cards.program(), 1000);
  auto paid = cards.move(card, -1);
  REQUIRE(paid);
  auto other = cards.other_tenant();
  CHECK(cards.run_as<FindGiftcard>(*other, {.hash = card.hash}).error().number == 5001);
  CHECK(cards.run_as<GetGiftcard>(*other, {.uuid = card.uuid}).error().number == 5001);
  CHECK(cards.run_as<ReverseGiftcardTransaction>(*other, {.uuid = paid->uuid}).error().number ==
        5010);
  CHECK(cards.run_as<CreateGiftcard>(*other, {.giftcard_program_uuid = card.giftcard_program.uuid})
            .error()
            .number == 1100);
  CHECK(cards.run_as<SearchGiftcards>(*other, {})->page.total == 0);
  CHECK(cards.run_as<ListGiftcardTransactions>(*other, {})->page.total == 0);
}

TEST_CASE("cards are listed in pages, by program and by contact") {
  TestCards cards;
  Uuid program = cards.program();
  ContactRow ann = cards.contact("ann@example.com");
  for (int i = 0; i < 5; i++) cards.card(program);
  REQUIRE(cards.run<IssueGiftcards>(
      {.giftcard_program_uuid = cards.program(), .contact_uuid = ann.uuid}));
  auto page = cards.run<ListGiftcards>({.giftcard_program_uuid = program, .page = 2, .limit = 2});
  REQUIRE(page);
  CHECK(page->giftcards.size() == 2);
  CHECK(page->meta.total == 5);
  CHECK(page->meta.last_page == 3);
  auto hers = cards.run<SearchGiftcards>({.contact_uuid = ann.uuid});
  REQUIRE(hers);
  REQUIRE(hers->giftcards.size() == 1);
  CHECK(hers->giftcards[0].contact->email == "ann@example.com");
  CHECK(cards.run<SearchGiftcards>({})->page.total == 6);
}

TEST_CASE("a card is mailed to a contact, whose it then is, and to nobody else") {
  TestCards cards;
  Giftcard card = cards.card(cards.program(), 1000);
  ContactRow ann = cards.contact("ann@example.com");
  ContactRow bea = cards.contact("bea@example.com");
  auto sent = cards.run<SendGiftcardByEmail>(
      {.uuid = card.uuid,
       .contact_uuid = ann.uuid,
       .merge_tags = Value::object({{"custom.message", "Happy birthday"}})});
  REQUIRE(sent);
  CHECK(sent->result == "Email successfully sent");
  std::string mail;
  REQUIRE(cards.write([&](Transaction& transaction) -> Result<> {
    mail = TRY(transaction.one<std::string>(
        "SELECT payload FROM job WHERE account_id = $1 AND kind = 'send_email'"));
    return {};
  }));
  CHECK(mail.find(card.hash) != std::string::npos);
  CHECK(mail.find("Happy birthday") != std::string::npos);
  CHECK(mail.find("ann@example.com") != std::string::npos);
  CHECK(cards.run<GetGiftcard>({.uuid = card.uuid})->contact->email == "ann@example.com");
  auto stolen = cards.run<SendGiftcardByEmail>({.uuid = card.uuid, .contact_uuid = bea.uuid});
  CHECK(stolen.error().fields[0].path == "/contact_uuid");
  auto tags = cards.run<SendGiftcardByEmail>(
      {.uuid = card.uuid, .contact_uuid = ann.uuid, .merge_tags = Value("x")});
  CHECK(tags.error().fields[0].path == "/merge_tags");
}

TEST_CASE("a contact who chose Dutch gets the mail with a card in Dutch") {
  TestCards cards;
  Giftcard card = cards.card(cards.program(), 1250);
  ContactRow ann = cards.contact("ann@example.com");
  REQUIRE(cards.run<UpdateContact>({ann.uuid, Value::object({{"locale", "nl"}})}));
  REQUIRE(cards.run<SendGiftcardByEmail>({.uuid = card.uuid, .contact_uuid = ann.uuid}));
  Value mail;
  REQUIRE(cards.write([&](Transaction& transaction) -> Result<> {
    mail = TRY(transaction.one<Value>(
        "SELECT payload FROM job WHERE account_id = $1 AND kind = 'send_email'"));
    return {};
  }));
  CHECK(mail.text_of("subject").starts_with("Je cadeaubon van "));
  CHECK(mail.text_of("text").contains(" voor jou, ter waarde van \u20ac12,50."));
  CHECK(mail.text_of("text").contains("De code is " + card.hash + ". Laat hem zien"));
}

TEST_CASE("cards follow a contact that becomes another, and outlive one that is forgotten") {
  TestCards cards;
  Uuid program = cards.program();
  ContactRow ann = cards.contact("ann@example.com");
  ContactRow bea = cards.contact("bea@example.com");
  Giftcard card = cards.card(program);
  REQUIRE(cards.run<UpdateGiftcard>({.uuid = card.uuid, .contact_uuid = ann.uuid}));
  REQUIRE(cards.run<CreateGiftcardTransaction>(
      {.giftcard_uuid = card.uuid,
       .amount_in_cents = 1000,
       .shop_uuid = cards.shop,
       .custom_attributes = Value::object({{"note", "for Ann's birthday"}})}));
  REQUIRE(cards.write([&](Transaction& t) { return move_giftcards(t, ann, bea); }));
  CHECK(cards.run<SearchGiftcards>({.contact_uuid = bea.uuid})->page.total == 1);
  REQUIRE(cards.write([&](Transaction& t) { return forget_giftcards(t, bea); }));
  CHECK(cards.run<SearchGiftcards>({.contact_uuid = bea.uuid})->page.total == 0);
  auto kept = cards.run<GetGiftcard>({.uuid = card.uuid});
  REQUIRE(kept);
  CHECK(!kept->contact);
  CHECK(kept->amount_in_cents == 1000);
  auto transactions = cards.run<ListGiftcardTransactions>({.giftcard_hash = card.hash});
  CHECK(transactions->giftcard_transactions.at(0).custom_attributes.members()->empty());
}

TEST_CASE("amounts are written as people read them") {
  CHECK(display_money(0, "EUR") == "\u20ac0.00");
  CHECK(display_money(123456, "USD") == "$1234.56");
  CHECK(display_money(-5, "GBP") == "-\u00a30.05");
  CHECK(display_money(100, "CHF") == "CHF 1.00");
}

}  // namespace piggy
