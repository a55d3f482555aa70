#pragma once

// The attributes that a store gives loyalty transactions. What lists the transactions themselves
// stands in reward/transaction_operations.h, as rewards are among them.

#include "loyalty/reception.h"
#include "operation/operation.h"

namespace piggy {

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
