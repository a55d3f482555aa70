#pragma once

// Loyalty transactions: every change of a balance by credits that were given or taken, and by
// rewards that were bought with them.

#include "loyalty/reception.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "operation/time_range.h"
#include "reward/reception_operations.h"

namespace piggy {

// Both forms of each word are in use (piggy-api-v3, section 10.15).
BOOST_DEFINE_ENUM_CLASS(LoyaltyTransactionType, credit_receptions, credit_reception,
                        reward_receptions, reward_reception)

// What both kinds have (sections 9.9 and 9.10); `type` says which one it is.
struct LoyaltyTransaction {
  std::string type = {};
  Uuid uuid = {};
  std::int64_t credits = 0;
  Time created_at = {};
  std::string channel = {};
  ContactWithBalance contact = {};
  ShopInReception shop = {};
  std::optional<IdentifierReference> contact_identifier = {};
  std::optional<UnitInReception> unit = {};
  std::optional<double> unit_value = {};
  std::optional<std::string> title = {};
  std::optional<Reward> reward = {};
  std::optional<Time> expires_at = {};
  std::optional<bool> has_been_collected = {};
  std::optional<Reward> digital_reward = {};
  std::optional<RewardCodeGiven> digital_reward_code = {};
  Value attributes = {};

  static void describe(Fields<LoyaltyTransaction>& field);
};

struct LoyaltyTransactionPage {
  std::vector<LoyaltyTransaction> loyalty_transactions = {};
  Page page = {};

  static void describe(Fields<LoyaltyTransactionPage>& field) {
    field("loyalty_transactions", &LoyaltyTransactionPage::loyalty_transactions,
          "The transactions of this page, newest first unless sorted otherwise.");
    field("page", &LoyaltyTransactionPage::page, "Which page it is.");
  }
};

struct ListLoyaltyTransactions {
  static constexpr OperationInfo info = {
      .name = "list_loyalty_transactions",
      .title = "List Loyalty Transactions",
      .about =
          "Lists what changed balances, newest first: of one contact, of one shop, or of all, "
          "within a time if asked. Use it to answer where credits came from.",
      .verb = Verb::get,
      .path = "/loyalty-transactions",
      .scope = "credits:read",
      .tool = true,
      .wire = {.data = "loyalty_transactions", .paging = Paging::a}};
  struct Input {
    std::optional<Uuid> contact_uuid = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<LoyaltyTransactionType> type = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    std::optional<std::string> sort = {};
    std::optional<TimeRange> created_at = {};

    static void describe(Fields<Input>& field);
  };
  using Output = LoyaltyTransactionPage;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

// The registers' own path for one contact.
struct ListContactLoyaltyTransactions {
  static constexpr OperationInfo info = {
      .name = "list_contact_loyalty_transactions",
      .title = "List Contact Loyalty Transactions",
      .about = "Lists what changed the balance of one contact, newest first.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}/loyalty-transactions",
      .scope = "credits:read",
      .on_register = true,
      .wire = {.data = "loyalty_transactions", .paging = Paging::a}};
  struct Input {
    Uuid contact_uuid = {};
    std::optional<LoyaltyTransactionType> type = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};

    static void describe(Fields<Input>& field);
  };
  using Output = LoyaltyTransactionPage;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

void add_loyalty_transaction_operations(Catalogue& catalogue, Configurations& configurations);

}  // namespace piggy
