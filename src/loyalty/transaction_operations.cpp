#include "loyalty/transaction_operations.h"

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 10;
constexpr std::int64_t limit_max = 100;

bool only_rewards(std::optional<LoyaltyTransactionType> type) {
  return type == LoyaltyTransactionType::reward_receptions ||
         type == LoyaltyTransactionType::reward_reception;
}

Result<bool> oldest_first(const std::optional<std::string>& sort) {
  if (!sort || *sort == "-created_at") return false;
  if (*sort == "created_at") return true;
  return fail_field("/sort", "The sort must be one of created_at, -created_at.");
}

Result<LoyaltyTransactionPage> page_with(Configurations& configurations, Call& call,
                                         ReceptionFilter filter, Page page,
                                         std::optional<LoyaltyTransactionType> type) {
  LoyaltyTransactionPage output{.page = page};
  if (only_rewards(type)) return output;
  auto configuration = TRY(configurations.of(call.transaction));
  filter.offset = page.offset();
  filter.limit = page.limit;
  FoundReceptions found = TRY(find_receptions(call.transaction, filter));
  output.page.total = found.total;
  for (const StoredReception& stored : found.receptions)
    output.loyalty_transactions.push_back(shown(*configuration, stored));
  return output;
}

}  // namespace

Result<LoyaltyTransactionPage> ListLoyaltyTransactions::run(Configurations& configurations,
                                                            Call& call, const Input& input) {
  ReceptionFilter filter{.oldest_first = TRY(oldest_first(input.sort))};
  if (input.contact_uuid)
    filter.contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  if (input.shop_uuid) filter.shop_id = TRY(shop_of(call.transaction, *input.shop_uuid)).id;
  if (const auto& range = input.created_at) {
    filter.from = range->from();
    filter.until = range->until();
  }
  return page_with(configurations, call, filter, page_of(input.page, input.limit, limit_default),
                   input.type);
}

Result<LoyaltyTransactionPage> ListContactLoyaltyTransactions::run(Configurations& configurations,
                                                                   Call& call, const Input& input) {
  ReceptionFilter filter{.contact_id = TRY(contact_of(call.transaction, input.contact_uuid)).id};
  return page_with(configurations, call, filter, page_of(input.page, input.limit, limit_default),
                   input.type);
}

void ListLoyaltyTransactions::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Only of this contact.");
  field("shop_uuid", &Input::shop_uuid, "Only at this shop.");
  field("type", &Input::type, "Only credit receptions or only reward receptions.");
  field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000'000});
  field("limit", &Input::limit, "How many a page holds; 10 if missing.",
        {.min = 1, .max = limit_max});
  field("sort", &Input::sort, "created_at: oldest first; -created_at (the default): newest first.");
  field("created_at", &Input::created_at, "Only within this time.");
}

void ListContactLoyaltyTransactions::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "The contact.");
  field("type", &Input::type, "Only credit receptions or only reward receptions.");
  field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000'000});
  field("limit", &Input::limit, "How many a page holds; 10 if missing.",
        {.min = 1, .max = limit_max});
}

}  // namespace piggy
