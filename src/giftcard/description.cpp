// What the fields of the gift card operations mean.

#include "giftcard/operations.h"
#include "giftcard/transaction.h"

namespace piggy {

void GiftcardProgramReference::describe(Fields<GiftcardProgramReference>& field) {
  field("id", &GiftcardProgramReference::id, "The number of the program.");
  field("name", &GiftcardProgramReference::name, "Its name.");
  field("uuid", &GiftcardProgramReference::uuid, "The program.");
  field("max_amount_in_cents", &GiftcardProgramReference::max_amount_in_cents,
        "The most there may be on a card; null for no limit.");
  field("calculator_flow", &GiftcardProgramReference::calculator_flow, "Always DEFAULT.");
  field("expiration_days", &GiftcardProgramReference::expiration_days,
        "How many days a card is good; null for ever.");
}

void Giftcard::describe(Fields<Giftcard>& field) {
  field("id", &Giftcard::id, "The number of the card.");
  field("uuid", &Giftcard::uuid, "The card.");
  field("type", &Giftcard::type, "A card to hold, or a code.");
  field("hash", &Giftcard::hash, "Its code. Whoever knows it can pay with the card.");
  field("amount_in_cents", &Giftcard::amount_in_cents, "What is on it, in cents.");
  field("amount", &Giftcard::amount, "What is on it, in major units.");
  field("upgradeable", &Giftcard::upgradeable, "Whether more can be put on it.");
  field("active", &Giftcard::active, "Whether it can be used.");
  field("expiration_date", &Giftcard::expiration_date, "From when it is no longer good.");
  field("formatted_expiration_date", &Giftcard::formatted_expiration_date,
        "That day, as the account's calendar has it.");
  field("display_amount", &Giftcard::display_amount, "What is on it, as people read it.");
  field("url", &Giftcard::url, "Where its holder looks up what is on it.");
  field("giftcard_program", &Giftcard::giftcard_program, "What it was given out by.");
  field("giftcard_recipients", &Giftcard::giftcard_recipients, "Always empty; see contact.");
  field("contact", &Giftcard::contact, "Whose it is; null for whoever has its code.");
  field("created_at", &Giftcard::created_at, "When it was made.");
}

void ListedGiftcard::Program::describe(Fields<Program>& field) {
  field("uuid", &Program::uuid, "The program.");
  field("name", &Program::name, "Its name.");
}

void ListedGiftcard::describe(Fields<ListedGiftcard>& field) {
  field("uuid", &ListedGiftcard::uuid, "The card.");
  field("type", &ListedGiftcard::type, "A card to hold, or a code.");
  field("hash", &ListedGiftcard::hash, "Its code. Whoever knows it can pay with the card.");
  field("expiration_date", &ListedGiftcard::expiration_date, "From when it is no longer good.");
  field("active", &ListedGiftcard::active, "Whether it can be used.");
  field("upgradeable", &ListedGiftcard::upgradeable, "Whether more can be put on it.");
  field("amount_in_cents", &ListedGiftcard::amount_in_cents, "What is on it, in cents.");
  field("giftcard_program", &ListedGiftcard::giftcard_program, "What it was given out by.");
}

void ListGiftcards::Input::describe(Fields<Input>& field) {
  field("giftcard_program_uuid", &Input::giftcard_program_uuid, "Only of this program.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 100});
}

void ListGiftcards::Output::describe(Fields<Output>& field) {
  field("giftcards", &Output::giftcards, "The cards, oldest first.");
  field("meta", &Output::meta, "Which part of the list this is.");
}

void GetGiftcard::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The card.");
}

void FindGiftcard::Input::describe(Fields<Input>& field) {
  field("hash", &Input::hash, "The card's code, exactly as it is written.", {.min = 1, .max = 100});
}

void CreateGiftcard::Input::describe(Fields<Input>& field) {
  field("type", &Input::type, "1 for a digital card; physical ones (0) are not made this way.",
        {.min = 0, .max = 1});
  field("giftcard_program_uuid", &Input::giftcard_program_uuid, "What gives it out.");
}

void SendGiftcardByEmail::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The card.");
  field("contact_uuid", &Input::contact_uuid, "To whom; the card's own contact if it has one.");
  field("email_uuid", &Input::email_uuid, "The vendor's template; there is one mail here.",
        {.hidden = true});
  field("merge_tags", &Input::merge_tags,
        "An object; its custom.message is shown in the mail, in the sender's words.");
}

void SendGiftcardByEmail::Output::describe(Fields<Output>& field) {
  field("result", &Output::result, "Always the same words: the mail is on its way.");
}

void SearchGiftcards::Input::describe(Fields<Input>& field) {
  field("giftcard_program_uuid", &Input::giftcard_program_uuid, "Only of this program.");
  field("contact_uuid", &Input::contact_uuid, "Only of this contact.");
  field("hash", &Input::hash, "Only the one with this code, exactly as it is written.",
        {.min = 1, .max = 100});
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void SearchGiftcards::Output::describe(Fields<Output>& field) {
  field("giftcards", &Output::giftcards, "The cards, newest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void IssueGiftcards::Input::describe(Fields<Input>& field) {
  field("giftcard_program_uuid", &Input::giftcard_program_uuid, "What gives them out.");
  field("quantity", &Input::quantity, "How many to make; one when not given.",
        {.min = 1, .max = 200});
  field("type", &Input::type, "DIGITAL (the default), or PHYSICAL for codes that are printed.");
  field("amount_in_cents", &Input::amount_in_cents, "What is put on each; nothing when not given.",
        {.min = 1, .max = giftcard_amount_max});
  field("shop_uuid", &Input::shop_uuid, "Where they were paid; needed with an amount.");
  field("contact_uuid", &Input::contact_uuid, "Whose they are; nobody's when not given.");
}

void IssueGiftcards::Output::describe(Fields<Output>& field) {
  field("giftcards", &Output::giftcards, "The cards that were made.");
}

void UpdateGiftcard::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The card.");
  field("active", &Input::active, "Whether it can be used.");
  field("contact_uuid", &Input::contact_uuid, "Whose it is from now on.");
}

}  // namespace piggy
