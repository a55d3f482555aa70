#pragma once

#include "contact/attribute.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "voucher/promotion.h"

namespace piggy {

struct Promotion {
  Uuid uuid = {};
  std::string name = {};
  std::string description = {};
  std::optional<std::int64_t> voucher_limit = {};
  std::optional<std::int64_t> limit_per_contact = {};
  std::optional<std::int64_t> expiration_duration = {};
  PromotionType type = PromotionType::SINGLE_USE;
  std::int64_t redemptions_per_voucher = 1;
  Value attributes = Value::object();
  Value flattened = Value::object();  // The same once more, where older clients look for them.

  static void describe(Fields<Promotion>& field);
};

// The names of the account's promotion attributes, which every promotion and voucher shows.
Result<std::vector<AttributeDefinition>> promotion_attributes(Transaction& transaction);
Promotion shown(const PromotionRow& promotion, const std::vector<AttributeDefinition>& attributes);

struct ListPromotions {
  static constexpr OperationInfo info = {
      .name = "list_promotions",
      .title = "List Promotions",
      .about =
          "Lists the promotions that vouchers can be given out for, with their limits. Use it "
          "to find the promotion_uuid that creating vouchers asks for.",
      .verb = Verb::get,
      .path = "/promotions",
      .scope = "promotions:read",
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list, .data = "promotions"}};
  struct Input {
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Promotion> promotions = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreatePromotion {
  static constexpr OperationInfo info = {
      .name = "create_promotion",
      .title = "Create Promotion",
      .about =
          "Makes a promotion that vouchers can then be created for, with limits on how many "
          "there may be in all and for each contact. Creates no vouchers. A promotion cannot "
          "be deleted or changed afterwards.",
      .verb = Verb::post,
      .path = "/promotions",
      .scope = "promotions:write",
      .effect = Effect::write,
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string name = {};
    std::string description = {};
    std::optional<std::int64_t> voucher_limit = {};
    std::optional<std::int64_t> limit_per_contact = {};
    std::optional<std::int64_t> expiration_duration = {};
    std::optional<PromotionType> type = {};
    std::optional<std::int64_t> redemptions_per_voucher = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Promotion;
  static Result<Output> run(Call& call, const Input& input);
};

struct GetPromotion {
  static constexpr OperationInfo info = {.name = "get_promotion",
                                         .title = "Get Promotion",
                                         .about = "Shows one promotion with its limits.",
                                         .verb = Verb::get,
                                         .path = "/promotions/{promotion_uuid}",
                                         .scope = "promotions:read",
                                         .on_register = true,
                                         .wire = {.meta = Meta::list}};
  struct Input {
    Uuid promotion_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Promotion;
  static Result<Output> run(Call& call, const Input& input);
};

// Promotion attributes ----------------------------------------------------------------------------

struct PromotionAttribute {
  std::string name = {};
  std::string label = {};
  std::string description = {};
  std::string placeholder = {};
  AttributeType type = AttributeType::text;
  std::vector<AttributeOption> options = {};
  std::int64_t id = 0;

  static void describe(Fields<PromotionAttribute>& field);
};

// An option as clients give it.
struct PromotionOption {
  std::string value = {};
  std::string label = {};

  static void describe(Fields<PromotionOption>& field) {
    field("value", &PromotionOption::value, "What is stored.", {.min = 1, .max = 200});
    field("label", &PromotionOption::label, "What people see.", {.min = 1, .max = 200});
  }
};

struct ListPromotionAttributes {
  static constexpr OperationInfo info = {
      .name = "list_promotion_attributes",
      .title = "List Promotion Attributes",
      .about = "Lists the attributes that the account has defined for its promotions.",
      .verb = Verb::get,
      .path = "/promotion-attributes",
      .scope = "promotions:read",
      .on_register = true,
      .wire = {.meta = Meta::list, .data = "attributes"}};
  struct Input {
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<PromotionAttribute> attributes = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input&);
};

struct CreatePromotionAttribute {
  static constexpr OperationInfo info = {
      .name = "create_promotion_attribute",
      .title = "Create Promotion Attribute",
      .about =
          "Defines an attribute for promotions. Its name appears, empty, on every promotion "
          "and voucher. It cannot be deleted afterwards.",
      .verb = Verb::post,
      .path = "/promotion-attributes",
      .scope = "promotions:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string name = {};
    std::string label = {};
    AttributeType type = AttributeType::text;
    std::optional<std::string> description = {};
    std::optional<std::vector<PromotionOption>> options = {};
    std::optional<std::string> placeholder = {};
    static void describe(Fields<Input>& field);
  };
  using Output = PromotionAttribute;
  static Result<Output> run(Call& call, const Input& input);
};

struct GetPromotionAttribute {
  static constexpr OperationInfo info = {.name = "get_promotion_attribute",
                                         .title = "Get Promotion Attribute",
                                         .about = "Shows one attribute of promotions.",
                                         .verb = Verb::get,
                                         .path = "/promotion-attributes/{id}",
                                         .scope = "promotions:read",
                                         .on_register = true,
                                         .wire = {.meta = Meta::list}};
  struct Input {
    std::int64_t id = 0;
    static void describe(Fields<Input>& field);
  };
  using Output = PromotionAttribute;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdatePromotionAttribute {
  static constexpr OperationInfo info = {.name = "update_promotion_attribute",
                                         .title = "Update Promotion Attribute",
                                         .about =
                                             "Changes label, description, placeholder and options "
                                             "of an attribute of promotions. Its name and "
                                             "type stay as they are.",
                                         .verb = Verb::put,
                                         .path = "/promotion-attributes/{id}",
                                         .scope = "promotions:write",
                                         .effect = Effect::write,
                                         .idempotent = true,
                                         .on_register = true,
                                         .wire = {.meta = Meta::list}};
  struct Input {
    std::int64_t id = 0;
    std::optional<std::string> label = {};
    std::optional<std::string> description = {};
    std::optional<std::vector<PromotionOption>> options = {};
    Value name = {};
    Value type = {};
    std::optional<std::string> placeholder = {};
    static void describe(Fields<Input>& field);
  };
  using Output = PromotionAttribute;
  static Result<Output> run(Call& call, const Input& input);
};

void add_promotion_operations(Catalogue& catalogue);

}  // namespace piggy
