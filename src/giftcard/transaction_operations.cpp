#include "giftcard/transaction_operations.h"

#include <fmt/format.h>

#include <unordered_map>

#include "giftcard/numbers.h"
#include "giftcard/operations.h"
#include "operation/free_attributes.h"
#include "shop/shop.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 10;
constexpr std::int64_t limit_max = 100;
class Showing {
 public:
  explicit Showing(Transaction& transaction) : transaction_(transaction) {}

  Result<GiftcardTransaction> show(const GiftcardTransactionRow& row) {
    if (!cards_.contains(row.giftcard_id)) {
      cards_[row.giftcard_id] = TRY(giftcard_by_id(transaction_, row.giftcard_id)).uuid;
    }
    if (!shops_.contains(row.shop_id)) {
      shops_[row.shop_id] = TRY(shop_by_id(transaction_, row.shop_id));
    }
    const ShopRow& shop = shops_[row.shop_id];
    return GiftcardTransaction{.id = row.id,
                               .uuid = row.uuid,
                               .amount_in_cents = row.amount,
                               .card = {row.giftcard_id, cards_[row.giftcard_id]},
                               .shop = {shop.id, shop.uuid, shop.name},
                               .custom_attributes = row.attributes,
                               .balance_after_in_cents = row.balance_after,
                               .is_reversal = row.reverses.has_value(),
                               .created_at = row.created_at};
  }

 private:
  Transaction& transaction_;
  std::unordered_map<std::int64_t, Uuid> cards_;
  std::unordered_map<std::int64_t, ShopRow> shops_;
};

// A register is in a shop, whatever the client says.
Result<std::int64_t> shop_id_of(Call& call, const std::optional<Uuid>& uuid) {
  if (call.caller.shop_id) return call.caller.shop_id;
  if (!uuid) return fail_field("/shop_uuid", "The shop_uuid field is required.");
  return TRY(shop_of(call.transaction, *uuid)).id;
}

Result<bool> newest_first(const std::optional<std::string>& sort) {
  if (!sort || *sort == "created_at") return false;
  if (*sort == "-created_at") return true;
  return fail_field("/sort", "The sort must be one of created_at, -created_at.");
}

// A program with a token of the vendor's kind sees reloadable cards and leaves them alone.
Result<> may_move(const Call& call, const GiftcardProgramRow& program) {
  if (program.reloadable && call.caller.kind == "client") return giftcard_reloadable();
  return {};
}

void note(Call& call, const GiftcardRow& card, const GiftcardTransactionRow& row) {
  const std::string& currency = call.caller.currency;
  call.changes("what is on gift card " + card.hash,
               display_money(row.balance_after - row.amount, currency),
               display_money(row.balance_after, currency));
}

}  // namespace

Result<ListGiftcardTransactions::Output> ListGiftcardTransactions::run(Call& call,
                                                                       const Input& input) {
  GiftcardTransactionFilter filter{.newest_first = TRY(newest_first(input.sort))};
  if (input.giftcard_hash) {
    filter.giftcard_id = TRY(giftcard_by_hash(call.transaction, *input.giftcard_hash)).id;
  }
  if (input.giftcard_program_uuid) {
    filter.program_id = TRY(giftcard_program_of(call.transaction, *input.giftcard_program_uuid)).id;
  }
  if (input.shop_uuid) filter.shop_id = TRY(shop_of(call.transaction, *input.shop_uuid)).id;
  if (const auto& range = input.created_at) {
    filter.from = range->from();
    filter.until = range->until();
  }
  Output output = {.page = page_of(input.page, input.limit, limit_default)};
  Showing showing(call.transaction);
  for (const auto& row : TRY(giftcard_transactions_on(call.transaction, filter, output.page))) {
    output.giftcard_transactions.push_back(TRY(showing.show(row)));
  }
  return output;
}

void CreateGiftcardTransaction::check(const Input& input, std::vector<FieldError>& problems) {
  if (input.amount_in_cents == 0) {
    problems.push_back({"/amount_in_cents", "The amount_in_cents field must not be 0."});
  }
}

Result<GiftcardTransaction> CreateGiftcardTransaction::run(Call& call, const Input& input) {
  GiftcardRow card = TRY(giftcard_of(call.transaction, input.giftcard_uuid));
  std::int64_t shop_id = TRY(shop_id_of(call, input.shop_uuid));
  Value attributes = TRY(free_attributes(input.custom_attributes));
  GiftcardProgramRow program = TRY(giftcard_program_by_id(call.transaction, card.program_id));
  TRY(may_move(call, program));
  GiftcardTransactionRow row = TRY(post(call.transaction, program, card,
                                        {.amount = input.amount_in_cents,
                                         .shop_id = shop_id,
                                         .channel = call.channel(),
                                         .attributes = std::move(attributes)}));
  note(call, card, row);
  return Showing(call.transaction).show(row);
}

Result<GiftcardTransaction> GetGiftcardTransaction::run(Call& call, const Input& input) {
  auto row = TRY(giftcard_transaction_of(call.transaction, input.uuid));
  return Showing(call.transaction).show(row);
}

Result<GiftcardTransaction> ReverseGiftcardTransaction::run(Call& call, const Input& input) {
  auto original = TRY(giftcard_transaction_of(call.transaction, input.uuid));
  GiftcardRow card = TRY(giftcard_by_id(call.transaction, original.giftcard_id));
  TRY(may_move(call, TRY(giftcard_program_by_id(call.transaction, card.program_id))));
  auto row = TRY(reverse_transaction(call.transaction, card, original, call.channel()));
  note(call, card, row);
  return Showing(call.transaction).show(row);
}

void add_giftcard_transaction_operations(Catalogue& catalogue) {
  catalogue.add<ListGiftcardTransactions>();
  catalogue.add<CreateGiftcardTransaction>();
  catalogue.add<GetGiftcardTransaction>();
  catalogue.add<ReverseGiftcardTransaction>();
}

// Descriptions ------------------------------------------------------------------------------------

void GiftcardTransaction::Card::describe(Fields<Card>& field) {
  field("id", &Card::id, "The number of the card.");
  field("uuid", &Card::uuid, "The card.");
}

void GiftcardTransaction::Shop::describe(Fields<Shop>& field) {
  field("id", &Shop::id, "The number of the shop.");
  field("uuid", &Shop::uuid, "The shop.");
  field("name", &Shop::name, "Its name.");
}

void GiftcardTransaction::describe(Fields<GiftcardTransaction>& field) {
  field("id", &GiftcardTransaction::id, "The number of the transaction.");
  field("uuid", &GiftcardTransaction::uuid, "The transaction; needed to reverse it.");
  field("amount_in_cents", &GiftcardTransaction::amount_in_cents,
        "What was put on the card; negative when it was paid with.");
  field("type", &GiftcardTransaction::type, "Always STANDARD.");
  field("settled", &GiftcardTransaction::settled,
        "Always false: shops do not settle with each other.");
  field("card", &GiftcardTransaction::card, "The card.");
  field("shop", &GiftcardTransaction::shop, "Where.");
  field("settlements", &GiftcardTransaction::settlements, "Always empty.");
  field("custom_attributes", &GiftcardTransaction::custom_attributes,
        "What was noted with it, by name.", {.untrusted = true});
  field("balance_after_in_cents", &GiftcardTransaction::balance_after_in_cents,
        "What was on the card after it.");
  field("is_reversal", &GiftcardTransaction::is_reversal,
        "Whether it takes back the one before it on the card.");
  field("created_at", &GiftcardTransaction::created_at, "When.");
}

void ListGiftcardTransactions::Input::describe(Fields<Input>& field) {
  field("giftcard_hash", &Input::giftcard_hash, "Only of the card with this code.",
        {.min = 1, .max = 100});
  field("giftcard_program_uuid", &Input::giftcard_program_uuid, "Only of this program's cards.");
  field("shop_uuid", &Input::shop_uuid, "Only in this shop.");
  field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many a page holds; 10 if missing.",
        {.min = 1, .max = limit_max, .alias = "perPage"});
  field("sort", &Input::sort, "created_at (the default): oldest first; -created_at: newest first.");
  field("created_at", &Input::created_at, "Only within this time.");
}

void ListGiftcardTransactions::Output::describe(Fields<Output>& field) {
  field("giftcard_transactions", &Output::giftcard_transactions, "The transactions of this page.");
  field("page", &Output::page, "Which page it is.");
}

void CreateGiftcardTransaction::Input::describe(Fields<Input>& field) {
  field("giftcard_uuid", &Input::giftcard_uuid, "The card.");
  field("amount_in_cents", &Input::amount_in_cents,
        "What is put on it, in cents; negative to pay with it.",
        {.min = -giftcard_amount_max, .max = giftcard_amount_max});
  field("shop_uuid", &Input::shop_uuid, "Where; needed unless a register asks.");
  field("custom_attributes", &Input::custom_attributes, "What to note with it, by name.");
  field("type", &Input::type, "Sent by an older client.", {.hidden = true});
}

void GetGiftcardTransaction::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The transaction.");
}

void ReverseGiftcardTransaction::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The transaction, the newest of its card.");
}

}  // namespace piggy
