#pragma once

// Loyalty transactions: every change of a balance, and the attributes a store gives them. Credit
// receptions are the only kind there is so far; a filter for rewards finds nothing.

#include "loyalty/reception.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "operation/time_range.h"

namespace piggy {

// Both forms of each word are in use (piggy-api-v3, section 10.15).
BOOST_DEFINE_ENUM_CLASS(LoyaltyTransactionType, credit_receptions, credit_reception,
                        reward_receptions, reward_reception)

struct LoyaltyTransactionPage {
  std::vector<CreditReception> loyalty_transactions = {};
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

struct TransactionAttributeOption {
  std::string value = {};
  std::string label = {};

  static void describe(Fields<TransactionAttributeOption>& field) {
    field("value", &TransactionAttributeOption::value, "What is stored.");
    field("label", &TransactionAttributeOption::label, "What people see.");
  }
};

struct LoyaltyTransactionAttribute {
  std::string name = {};
  std::string label = {};
  std::string placeholder = {};
  std::string type = {};
  std::string field_type = "default";
  std::vector<TransactionAttributeOption> options = {};
  bool is_piggy_defined = false;
  bool is_soft_read_only = false;
  bool is_hard_read_only = false;

  static void describe(Fields<LoyaltyTransactionAttribute>& field);
};

struct ListLoyaltyTransactionAttributes {
  static constexpr OperationInfo info = {
      .name = "list_loyalty_transaction_attributes",
      .title = "List Loyalty Transaction Attributes",
      .about =
          "Lists the attributes a credit reception can carry, such as an order number. Their "
          "names are the extra fields of create_credit_reception.",
      .verb = Verb::get,
      .path = "/loyalty-transaction-attributes",
      .scope = "attributes:read",
      .on_register = true,
      .tool = true,
      .wire = {.data = "attributes"}};
  using Input = Empty;
  struct Output {
    std::vector<LoyaltyTransactionAttribute> attributes = {};
    static void describe(Fields<Output>& field) {
      field("attributes", &Output::attributes, "All of them, in order.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct CreateLoyaltyTransactionAttribute {
  static constexpr OperationInfo info = {
      .name = "create_loyalty_transaction_attribute",
      .title = "Create Loyalty Transaction Attribute",
      .about =
          "Adds an attribute that credit receptions can carry from now on. Its name and type "
          "never change and it cannot be removed.",
      .verb = Verb::post,
      .path = "/loyalty-transaction-attributes",
      .scope = "attributes:write",
      .effect = Effect::write,
      .on_register = true};
  struct Input {
    std::string name = {};
    std::string data_type = {};
    std::optional<std::string> label = {};
    std::optional<std::string> description = {};
    std::optional<std::string> placeholder = {};
    std::optional<Value> options = {};

    static void describe(Fields<Input>& field);
  };
  using Output = LoyaltyTransactionAttribute;
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
