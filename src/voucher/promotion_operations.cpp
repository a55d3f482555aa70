#include "voucher/promotion_operations.h"

#include "operation/numbers.h"

namespace piggy {
namespace {

PromotionAttribute shown_attribute(const AttributeDefinition& attribute) {
  return {.name = attribute.name,
          .label = attribute.label,
          .description = attribute.description,
          .placeholder = attribute.placeholder,
          .type = attribute.type,
          .options = attribute.options,
          .id = attribute.id};
}

std::vector<AttributeOption> options_in(const std::vector<PromotionOption>& given) {
  std::vector<AttributeOption> options;
  for (const PromotionOption& option : given) {
    options.push_back({.value = option.value, .label = option.label});
  }
  return options;
}

Result<AttributeDefinition> attribute_of(Transaction& transaction, std::int64_t id) {
  for (AttributeDefinition& attribute : TRY(promotion_attributes(transaction))) {
    if (attribute.id == id) return std::move(attribute);
  }
  return model_not_found();
}

}  // namespace

Result<std::vector<AttributeDefinition>> promotion_attributes(Transaction& transaction) {
  return custom_attributes(transaction, AttributeEntity::promotion);
}

Promotion shown(const PromotionRow& promotion, const std::vector<AttributeDefinition>& attributes) {
  Promotion out = {.uuid = promotion.uuid,
                   .name = promotion.name,
                   .description = promotion.description,
                   .voucher_limit = promotion.voucher_limit,
                   .limit_per_contact = promotion.limit_per_contact,
                   .expiration_duration = promotion.expiration_duration,
                   .type = promotion.type,
                   .redemptions_per_voucher = promotion.redemptions_per_voucher};
  for (const AttributeDefinition& attribute : attributes) {
    const Value* value = promotion.attributes.find(attribute.name);
    out.attributes.set(attribute.name, value ? *value : Value());
  }
  // An attribute may be called like a member, which then keeps its place.
  for (const Member& member : *out.attributes.members()) {
    if (!shape_of<Promotion>().field(member.name)) out.flattened.set(member.name, member.value);
  }
  return out;
}

Result<ListPromotions::Output> ListPromotions::run(Call& call, const Input& input) {
  Output output = {.page = page_of(input.page, input.limit, 30)};
  auto attributes = TRY(promotion_attributes(call.transaction));
  for (const PromotionRow& row : TRY(promotions_on(call.transaction, output.page))) {
    output.promotions.push_back(shown(row, attributes));
  }
  return output;
}

Result<CreatePromotion::Output> CreatePromotion::run(Call& call, const Input& input) {
  std::int64_t redemptions = input.redemptions_per_voucher.value_or(1);
  PromotionType type =
      input.type.value_or(redemptions > 1 ? PromotionType::MULTI_USE : PromotionType::SINGLE_USE);
  if (type == PromotionType::SINGLE_USE && redemptions != 1) {
    return fail_field("/redemptions_per_voucher",
                      "The redemptions_per_voucher field must be 1 for a SINGLE_USE promotion.");
  }
  PromotionRow row = {.name = input.name,
                      .description = input.description,
                      .voucher_limit = input.voucher_limit,
                      .limit_per_contact = input.limit_per_contact,
                      .expiration_duration = input.expiration_duration,
                      .type = type,
                      .redemptions_per_voucher = redemptions};
  TRY(make_promotion(call.transaction, row));
  call.changes("promotion " + row.name, nullptr, "created");
  return shown(row, TRY(promotion_attributes(call.transaction)));
}

Result<GetPromotion::Output> GetPromotion::run(Call& call, const Input& input) {
  PromotionRow row = TRY(promotion_of(call.transaction, input.promotion_uuid));
  return shown(row, TRY(promotion_attributes(call.transaction)));
}

Result<ListPromotionAttributes::Output> ListPromotionAttributes::run(Call& call,
                                                                     const Input& input) {
  Output output;
  Page page = page_of(input.page, input.limit, 30);
  auto attributes = TRY(promotion_attributes(call.transaction));
  auto end = std::min<std::int64_t>(page.offset() + page.limit, std::ssize(attributes));
  for (std::int64_t i = page.offset(); i < end; i++) {
    output.attributes.push_back(shown_attribute(attributes[static_cast<std::size_t>(i)]));
  }
  return output;
}

Result<CreatePromotionAttribute::Output> CreatePromotionAttribute::run(Call& call,
                                                                       const Input& input) {
  NewAttribute attribute = {.entity = AttributeEntity::promotion,
                            .name = input.name,
                            .label = input.label,
                            .type = input.type,
                            .description = input.description.value_or(""),
                            .placeholder = input.placeholder.value_or("")};
  if (input.options) attribute.options = options_in(*input.options);
  AttributeDefinition made = TRY(make_attribute(call.transaction, attribute));
  call.changes("promotion attribute " + made.name, nullptr, "created");
  return shown_attribute(made);
}

Result<GetPromotionAttribute::Output> GetPromotionAttribute::run(Call& call, const Input& input) {
  return shown_attribute(TRY(attribute_of(call.transaction, input.id)));
}

Result<UpdatePromotionAttribute::Output> UpdatePromotionAttribute::run(Call& call,
                                                                       const Input& input) {
  AttributeDefinition attribute = TRY(attribute_of(call.transaction, input.id));
  if (input.label) {
    call.changes("label of promotion attribute " + attribute.name, attribute.label, *input.label);
    attribute.label = *input.label;
  }
  if (input.description) {
    call.changes("description of promotion attribute " + attribute.name, attribute.description,
                 *input.description);
    attribute.description = *input.description;
  }
  if (input.placeholder) {
    call.changes("placeholder of promotion attribute " + attribute.name, attribute.placeholder,
                 *input.placeholder);
    attribute.placeholder = *input.placeholder;
  }
  if (input.options) {
    call.changes("options of promotion attribute " + attribute.name, std::ssize(attribute.options),
                 std::ssize(*input.options));
    attribute.options = options_in(*input.options);
  }
  TRY(update_attribute(call.transaction, attribute));
  return shown_attribute(attribute);
}

void add_promotion_operations(Catalogue& catalogue) {
  catalogue.add<ListPromotions>();
  catalogue.add<CreatePromotion>();
  catalogue.add<GetPromotion>();
  catalogue.add<ListPromotionAttributes>();
  catalogue.add<CreatePromotionAttribute>();
  catalogue.add<GetPromotionAttribute>();
  catalogue.add<UpdatePromotionAttribute>();
}

// Descriptions ------------------------------------------------------------------------------------

void Promotion::describe(Fields<Promotion>& field) {
  field("uuid", &Promotion::uuid, "The promotion.");
  field("name", &Promotion::name, "Its name.");
  field("description", &Promotion::description, "What it offers.");
  field("voucher_limit", &Promotion::voucher_limit,
        "How many vouchers there may be in all; null for any number.");
  field("limit_per_contact", &Promotion::limit_per_contact,
        "How many vouchers one contact may have; null for any number.");
  field("expiration_duration", &Promotion::expiration_duration,
        "How many seconds a voucher is valid from its activation; null for ever.");
  field("type", &Promotion::type, "Whether a voucher is redeemed once or several times.");
  field("redemptions_per_voucher", &Promotion::redemptions_per_voucher,
        "How often each voucher can be redeemed.");
  field("attributes", &Promotion::attributes, "The account's own attributes of promotions.");
  field("flattened", &Promotion::flattened, "The same attributes once more.", {.flat = true});
}

void ListPromotions::Input::describe(Fields<Input>& field) {
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void ListPromotions::Output::describe(Fields<Output>& field) {
  field("promotions", &Output::promotions, "The promotions, oldest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void CreatePromotion::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name, shown on every voucher.", {.min = 1, .max = 200});
  field("description", &Input::description, "What it offers, shown on every voucher.",
        {.min = 1, .max = 2000});
  field("voucher_limit", &Input::voucher_limit,
        "How many vouchers there may be in all; any number when not given.",
        {.min = 0, .max = 1'000'000'000});
  field("limit_per_contact", &Input::limit_per_contact,
        "How many vouchers one contact may have; any number when not given.",
        {.min = 0, .max = 1'000'000'000});
  field("expiration_duration", &Input::expiration_duration,
        "How many seconds a voucher is valid from its activation; for ever when not given.",
        {.min = 1, .max = 3'153'600'000});
  field("type", &Input::type,
        "SINGLE_USE (the default) or MULTI_USE for vouchers that are redeemed several times.");
  field("redemptions_per_voucher", &Input::redemptions_per_voucher,
        "How often each voucher can be redeemed; 1 when not given.", {.min = 1, .max = 1'000'000});
}

void GetPromotion::Input::describe(Fields<Input>& field) {
  field("promotion_uuid", &Input::promotion_uuid, "The promotion.");
}

void PromotionAttribute::describe(Fields<PromotionAttribute>& field) {
  field("name", &PromotionAttribute::name, "Its name, which never changes.");
  field("label", &PromotionAttribute::label, "What people see.");
  field("description", &PromotionAttribute::description, "More about it.");
  field("placeholder", &PromotionAttribute::placeholder, "What an empty input shows.");
  field("type", &PromotionAttribute::type, "The type of its values.");
  field("options", &PromotionAttribute::options, "The values to choose from.");
  field("id", &PromotionAttribute::id, "Its number.");
}

void ListPromotionAttributes::Input::describe(Fields<Input>& field) {
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void ListPromotionAttributes::Output::describe(Fields<Output>& field) {
  field("attributes", &Output::attributes, "The attributes, in order.");
}

void CreatePromotionAttribute::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name, which never changes.", {.min = 1, .max = 100});
  field("label", &Input::label, "What people see.", {.min = 1, .max = 200});
  field("type", &Input::type, "The type of its values.");
  field("description", &Input::description, "More about it.", {.max = 2000});
  field("options", &Input::options, "The values to choose from, for select types.", {.max = 500});
  field("placeholder", &Input::placeholder, "What an empty input shows.", {.max = 200});
}

void GetPromotionAttribute::Input::describe(Fields<Input>& field) {
  field("id", &Input::id, "The number of the attribute.");
}

void UpdatePromotionAttribute::Input::describe(Fields<Input>& field) {
  field("id", &Input::id, "The number of the attribute.");
  field("label", &Input::label, "What people see.", {.min = 1, .max = 200});
  field("description", &Input::description, "More about it.", {.max = 2000});
  field("options", &Input::options, "The values to choose from, in place of the old ones.",
        {.max = 500});
  field("name", &Input::name, "Sent by clients that repeat it; it stays.", {.hidden = true});
  field("type", &Input::type, "Sent by clients that repeat it; it stays.", {.hidden = true});
  field("placeholder", &Input::placeholder, "What an empty input shows.", {.max = 200});
}

}  // namespace piggy
