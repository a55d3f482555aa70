#pragma once

#include "giftcard/transaction.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "operation/time_range.h"

namespace piggy {

struct GiftcardTransaction {
  struct Card {
    std::int64_t id = 0;
    Uuid uuid = {};
    static void describe(Fields<Card>& field);
  };
  struct Shop {
    std::int64_t id = 0;
    Uuid uuid = {};
    std::string name = {};
    static void describe(Fields<Shop>& field);
  };
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t amount_in_cents = 0;
  std::string type = "STANDARD";
  bool settled = false;
  Card card = {};
  Shop shop = {};
  std::vector<Value> settlements = {};
  Value custom_attributes = Value::object();
  std::int64_t balance_after_in_cents = 0;
  bool is_reversal = false;
  Time created_at = {};

  static void describe(Fields<GiftcardTransaction>& field);
};

struct ListGiftcardTransactions {
  static constexpr OperationInfo info = {
      .name = "list_giftcard_transactions",
      .title = "List Gift Card Transactions",
      .about =
          "Lists what was put on gift cards and what was paid with them, oldest first unless "
          "sorted "
          "otherwise: of one card, program or shop, or within a time, if asked.",
      .verb = Verb::get,
      .path = "/giftcard-transactions",
      .scope = "giftcards:read",
      .wire = {.data = "giftcard_transactions", .paging = Paging::a}};
  struct Input {
    std::optional<std::string> giftcard_hash = {};
    std::optional<Uuid> giftcard_program_uuid = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    std::optional<std::string> sort = {};
    std::optional<TimeRange> created_at = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<GiftcardTransaction> giftcard_transactions = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateGiftcardTransaction {
  static constexpr OperationInfo info = {
      .name = "create_giftcard_transaction",
      .title = "Create Gift Card Transaction",
      .about =
          "Puts an amount on a gift card, or pays with it when the amount is negative. Refused "
          "when "
          "the card is switched off or has expired, when there is not enough on it, or when its "
          "program allows no more. The newest transaction of a card can be taken back with "
          "reverse_giftcard_transaction.",
      .verb = Verb::post,
      .path = "/giftcard-transactions",
      .scope = "giftcards:write",
      .effect = Effect::write,
      .on_register = true,
      .undone_by = "reverse_giftcard_transaction",
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid giftcard_uuid = {};
    std::int64_t amount_in_cents = 0;
    std::optional<Uuid> shop_uuid = {};
    std::optional<Value> custom_attributes = {};
    Value type = {};
    static void describe(Fields<Input>& field);
  };
  using Output = GiftcardTransaction;
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Result<Output> run(Call& call, const Input& input);
};

struct GetGiftcardTransaction {
  static constexpr OperationInfo info = {.name = "get_giftcard_transaction",
                                         .title = "Get Gift Card Transaction",
                                         .about = "Shows one transaction of a gift card.",
                                         .verb = Verb::get,
                                         .path = "/giftcard-transactions/{uuid}",
                                         .scope = "giftcards:read",
                                         .on_register = true,
                                         .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = GiftcardTransaction;
  static Result<Output> run(Call& call, const Input& input);
};

struct ReverseGiftcardTransaction {
  static constexpr OperationInfo info = {
      .name = "reverse_giftcard_transaction",
      .title = "Reverse Gift Card Transaction",
      .about =
          "Takes the newest transaction of a gift card back, by one of its own with the negated "
          "amount. Only the newest can be; a reversal cannot itself be reversed.",
      .verb = Verb::post,
      .path = "/giftcard-transactions/{uuid}/reverse",
      .scope = "giftcards:write",
      .effect = Effect::write,
      .on_register = true,
      .path_alias = "/giftcard-transactions/{uuid}/correct",
      .get_on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = GiftcardTransaction;
  static Result<Output> run(Call& call, const Input& input);
};

void add_giftcard_transaction_operations(Catalogue& catalogue);

}  // namespace piggy
