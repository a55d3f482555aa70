#include "giftcard/program_operations.h"

#include "giftcard/transaction.h"

namespace piggy {
namespace {

Result<GiftcardProgram> shown(Transaction& transaction, const GiftcardProgramRow& row) {
  return GiftcardProgram{.id = row.id,
                         .card_count = TRY(count_giftcards(transaction, row.id)),
                         .uuid = row.uuid,
                         .name = row.name,
                         .active = row.active,
                         .reloadable = row.reloadable,
                         .expiration_days = row.expiration_days,
                         .max_amount_in_cents = row.max_amount,
                         .min_amount_in_cents = row.min_amount};
}

}  // namespace

Result<ListGiftcardPrograms::Output> ListGiftcardPrograms::run(Call& call, const Input&) {
  Output output;
  for (const GiftcardProgramRow& row : TRY(all_giftcard_programs(call.transaction))) {
    output.giftcard_programs.push_back(TRY(shown(call.transaction, row)));
  }
  return output;
}

Result<GetGiftcardProgram::Output> GetGiftcardProgram::run(Call& call, const Input& input) {
  GiftcardProgramRow row = TRY(giftcard_program_of(call.transaction, input.giftcard_program_uuid));
  GiftcardFigures figures = TRY(figures_of(call.transaction, row));
  return Output{.giftcard_program = TRY(shown(call.transaction, row)),
                .outstanding_in_cents = figures.outstanding,
                .expired_in_cents = figures.expired,
                .loaded_in_cents = figures.loaded,
                .spent_in_cents = figures.spent,
                .currency = call.caller.currency};
}

Result<CreateGiftcardProgram::Output> CreateGiftcardProgram::run(Call& call, const Input& input) {
  std::int64_t max = input.max_amount_in_cents.value_or(giftcard_amount_max);
  if (input.min_amount_in_cents && *input.min_amount_in_cents > max) {
    return fail_field("/min_amount_in_cents",
                      "The min_amount_in_cents field must not be greater than "
                      "max_amount_in_cents.");
  }
  GiftcardProgramRow row = {.name = input.name,
                            .reloadable = input.reloadable.value_or(false),
                            .expiration_days = input.expiration_days,
                            .min_amount = input.min_amount_in_cents,
                            .max_amount = input.max_amount_in_cents};
  TRY(make_giftcard_program(call.transaction, row));
  call.changes("gift card program " + row.name, nullptr, "created");
  return shown(call.transaction, row);
}

Result<UpdateGiftcardProgram::Output> UpdateGiftcardProgram::run(Call& call, const Input& input) {
  GiftcardProgramRow row = TRY(giftcard_program_of(call.transaction, input.giftcard_program_uuid));
  if (input.name && *input.name != row.name) {
    call.changes("name of gift card program " + row.name, row.name, *input.name);
    row.name = *input.name;
  }
  if (input.active && *input.active != row.active) {
    call.changes("whether gift card program " + row.name + " gives out cards", row.active,
                 *input.active);
    row.active = *input.active;
  }
  TRY(update_giftcard_program(call.transaction, row));
  return shown(call.transaction, row);
}

void add_giftcard_program_operations(Catalogue& catalogue) {
  catalogue.add<ListGiftcardPrograms>();
  catalogue.add<GetGiftcardProgram>();
  catalogue.add<CreateGiftcardProgram>();
  catalogue.add<UpdateGiftcardProgram>();
}

// Descriptions ------------------------------------------------------------------------------------

void GiftcardProgram::describe(Fields<GiftcardProgram>& field) {
  field("id", &GiftcardProgram::id, "The number of the program.");
  field("card_count", &GiftcardProgram::card_count, "How many cards it has given out.");
  field("settles", &GiftcardProgram::settles, "Always 0: shops do not settle with each other.");
  field("uuid", &GiftcardProgram::uuid, "The program.");
  field("name", &GiftcardProgram::name, "Its name.");
  field("active", &GiftcardProgram::active, "Whether it gives out new cards.");
  field("reloadable", &GiftcardProgram::reloadable, "Whether a card can be loaded more than once.");
  field("expiration_days", &GiftcardProgram::expiration_days,
        "How many days a card is good; null for ever.");
  field("max_amount_in_cents", &GiftcardProgram::max_amount_in_cents,
        "The most there may be on a card; null for no limit.");
  field("min_amount_in_cents", &GiftcardProgram::min_amount_in_cents,
        "The least that is put on a card at once; null for any amount.");
  field("calculator_flow", &GiftcardProgram::calculator_flow, "Always DEFAULT.");
}

void ListGiftcardPrograms::Output::describe(Fields<Output>& field) {
  field("giftcard_programs", &Output::giftcard_programs, "The programs, oldest first.");
}

void GetGiftcardProgram::Input::describe(Fields<Input>& field) {
  field("giftcard_program_uuid", &Input::giftcard_program_uuid, "The program.");
}

void GetGiftcardProgram::Output::describe(Fields<Output>& field) {
  field("giftcard_program", &Output::giftcard_program, "The program.");
  field("outstanding_in_cents", &Output::outstanding_in_cents,
        "What is on its cards and can still be spent.");
  field("expired_in_cents", &Output::expired_in_cents, "What is on cards that have expired.");
  field("loaded_in_cents", &Output::loaded_in_cents,
        "What was put on its cards, less what was taken back.");
  field("spent_in_cents", &Output::spent_in_cents,
        "What was paid with its cards, less what was given back.");
  field("currency", &Output::currency, "What the cents are of (ISO 4217).");
}

void CreateGiftcardProgram::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
  field(
      "reloadable", &Input::reloadable,
      "Whether a card can be loaded more than once; no by default. The vendor's own interface for "
      "programs serves only cards that cannot.");
  field("expiration_days", &Input::expiration_days,
        "How many days a card is good; for ever when not given.", {.min = 1, .max = 36'500});
  field("min_amount_in_cents", &Input::min_amount_in_cents,
        "The least that is put on a card at once; any amount when not given.",
        {.min = 1, .max = giftcard_amount_max});
  field("max_amount_in_cents", &Input::max_amount_in_cents,
        "The most there may be on a card; no limit when not given.",
        {.min = 1, .max = giftcard_amount_max});
}

void UpdateGiftcardProgram::Input::describe(Fields<Input>& field) {
  field("giftcard_program_uuid", &Input::giftcard_program_uuid, "The program.");
  field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
  field("active", &Input::active, "Whether it gives out new cards.");
}

}  // namespace piggy
