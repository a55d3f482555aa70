#pragma once

#include "loyalty/reception.h"
#include "operation/operation.h"

namespace piggy {

struct CreateCreditReception {
  static constexpr OperationInfo info = {
      .name = "create_credit_reception",
      .title = "Create Credit Reception",
      .about =
          "Gives credits to a contact, or takes some with a negative number. With `credits` "
          "exactly "
          "that many, past all rules; with `unit_value` (for purchase_amount: the money spent, in "
          "major units such as 10.40) what the earning rules and the contact's tier make of it. "
          "Use "
          "it after a purchase, for goodwill, or with negative `credits` for a partial refund; for "
          "a full refund use reverse_credit_reception. Changes the balance at once, and perhaps "
          "the "
          "tier. It cannot be undone, only reversed by another reception.",
      .verb = Verb::post,
      .path = "/credit-receptions",
      .scope = "credits:write",
      .effect = Effect::write,
      .on_register = true,
      .tool = true,
      .undone_by = "reverse_credit_reception"};
  struct Input {
    Uuid shop_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<std::int64_t> credits = {};
    std::optional<double> unit_value = {};
    std::optional<std::string> unit_name = {};
    std::optional<std::string> contact_identifier_value = {};
    std::optional<std::string> pos_transaction_uuid = {};
    Value attributes = {};

    static void describe(Fields<Input>& field);
  };
  using Output = CreditReception;
  static void check(const Input& input, std::vector<FieldError>& problems);
  // Also before it is done, as far as that can be known.
  static Amounts amounts(const Input& input, const Output& output) {
    return {.points = std::max<std::int64_t>({0, output.credits, input.credits.value_or(0)})};
  }
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

struct CalculateCredits {
  static constexpr OperationInfo info = {
      .name = "calculate_credits",
      .title = "Calculate Credits",
      .about =
          "Says how many credits a value would earn right now, without giving them. Use it to "
          "show a customer what a basket brings. explain_earning says why.",
      .verb = Verb::get,
      .path = "/credit-receptions/calculate",
      .scope = "credits:read",
      .on_register = true,
      .tool = true};
  struct Input {
    Uuid shop_uuid = {};
    double unit_value = 0;
    std::optional<std::string> unit_name = {};
    std::optional<Uuid> contact_uuid = {};

    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::int64_t credits = 0;
    static void describe(Fields<Output>& field) {
      field("credits", &Output::credits, "What it would earn.");
    }
  };
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

struct ReverseCreditReception {
  static constexpr OperationInfo info = {
      .name = "reverse_credit_reception",
      .title = "Reverse Credit Reception",
      .about =
          "Takes back exactly what a credit reception gave (or gives back what it took), "
          "whatever the rules are by now, as a new reception with the negated credits. Use it "
          "for a full refund. A reception can be reversed once; a reversal cannot be reversed.",
      .verb = Verb::post,
      .path = "/credit-receptions/{credit_reception_uuid}/reverse",
      .scope = "credits:write",
      .effect = Effect::write,
      .on_register = true,
      .tool = true,
      .get_on_register = true};
  struct Input {
    Uuid credit_reception_uuid = {};
    static void describe(Fields<Input>& field) {
      field("credit_reception_uuid", &Input::credit_reception_uuid, "The reception to reverse.");
    }
  };
  using Output = CreditReception;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

struct GetCreditReception {
  static constexpr OperationInfo info = {
      .name = "get_credit_reception",
      .title = "Get Credit Reception",
      .about = "Shows one credit reception, with the contact's balance right after it.",
      .verb = Verb::get,
      .path = "/credit-receptions/{credit_reception_uuid}",
      .scope = "credits:read",
      .surface = Surface::platform};
  struct Input {
    Uuid credit_reception_uuid = {};
    static void describe(Fields<Input>& field) {
      field("credit_reception_uuid", &Input::credit_reception_uuid, "The reception.");
    }
  };
  using Output = CreditReception;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

}  // namespace piggy
