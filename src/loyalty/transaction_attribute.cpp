#include <algorithm>

#include "loyalty/reception_operations.h"
#include "loyalty/transaction_operations.h"
#include "operation/numbers.h"
#include "tier/rule_stamp.h"

// The attributes of loyalty transactions. Their values stand in a reception as they were given,
// beside its own fields, so none may be named like one of those.

namespace piggy {
namespace {

constexpr std::string_view select_attributes = R"sql(
  SELECT name, label, placeholder, type, options FROM attribute
  WHERE account_id = $1 AND entity = 'loyalty_transaction' ORDER BY position, id
)sql";

constexpr AppendTable attribute_table = {
    "attribute",
    "account_id bigint, id bigint, entity text, name text, label text, type text, "
    "description text, placeholder text, options text, group_name text, has_unique_value bigint, "
    "position bigint, created_at bigint"};

constexpr std::string_view data_types[] = {
    "url",          "text",         "date",         "phone",      "float",      "color",
    "email",        "number",       "select",       "boolean",    "rich_text",  "date_time",
    "long_text",    "date_range",   "time_range",   "identifier", "birth_date", "file_upload",
    "media_upload", "multi_select", "license_plate"};

constexpr std::size_t attributes_max = 200;

struct AttributeRow {
  std::string name = {};
  std::string label = {};
  std::string placeholder = {};
  std::string type = {};
  Value options = {};
};

std::string text_of(const Value& value) {
  return value.text() ? *value.text() : value.is_null() ? "" : to_json(value);
}

// A list of {value, label}, or a map of value to label: clients send both.
Result<std::vector<TransactionAttributeOption>> options_in(const Value& given) {
  std::vector<TransactionAttributeOption> options;
  if (const Value::List* list = given.items()) {
    for (const Value& one : *list) {
      const Value* value = one.find("value");
      const Value* label = one.find("label");
      if (!value && !label) return fail_field("/options", "Each option needs a value and a label.");
      options.push_back(
          {.value = text_of(value ? *value : *label), .label = text_of(label ? *label : *value)});
    }
  } else if (const Value::Object* map = given.members()) {
    for (const Member& member : *map)
      options.push_back({.value = member.name, .label = text_of(member.value)});
  } else if (!given.is_null() && text_of(given) != "") {
    return fail_field("/options", "The options must be an array.");
  }
  return options;
}

LoyaltyTransactionAttribute shown(const AttributeRow& row) {
  LoyaltyTransactionAttribute attribute{
      .name = row.name, .label = row.label, .placeholder = row.placeholder, .type = row.type};
  if (auto options = options_in(row.options)) attribute.options = *std::move(options);
  return attribute;
}

bool is_field(std::string_view name) {
  using Given = CreateCreditReception::Input;
  for (const Shape* shape : {&shape_of<Given>(), &shape_of<CreditReception>()}) {
    for (const Field& field : shape->fields) {
      if (field.name == name || field.options.alias == name) return true;
    }
  }
  return false;
}

}  // namespace

Result<ListLoyaltyTransactionAttributes::Output> ListLoyaltyTransactionAttributes::run(
    Call& call, const Input&) {
  Output output;
  for (const AttributeRow& row : TRY(call.transaction.all<AttributeRow>(select_attributes)))
    output.attributes.push_back(shown(row));
  return output;
}

Result<LoyaltyTransactionAttribute> CreateLoyaltyTransactionAttribute::run(Call& call,
                                                                           const Input& input) {
  if (std::ranges::find(data_types, input.data_type) == std::end(data_types))
    return fail_field("/data_type", "The data_type is not one of the 21 attribute types.");
  if (is_field(input.name))
    return fail_field("/name", "The name is that of a field every reception has.");
  auto existing = TRY(call.transaction.all<AttributeRow>(select_attributes));
  if (std::ranges::find(existing, input.name, &AttributeRow::name) != existing.end())
    return attribute_exists();
  if (existing.size() >= attributes_max)
    return fail(ErrorCode::conflict, "There are 200 attributes already.");

  AttributeRow row{.name = input.name,
                   .label = input.label.value_or(input.name),
                   .placeholder = input.placeholder.value_or(""),
                   .type = input.data_type,
                   .options = Value::list()};
  for (const TransactionAttributeOption& option : TRY(options_in(input.options.value_or(Value()))))
    row.options.push(Value::object({{"value", option.value}, {"label", option.label}}));
  TRY(call.transaction.append(
      attribute_table, {call.transaction.next_id(), "loyalty_transaction", row.name, row.label,
                        row.type, input.description.value_or(""), row.placeholder, row.options,
                        std::nullopt, false, existing.size() + 1, call.now()}));
  TRY(stamp_rules(call.transaction));
  call.changes("loyalty transaction attribute " + row.name, nullptr, "created");
  return shown(row);
}

void LoyaltyTransactionAttribute::describe(Fields<LoyaltyTransactionAttribute>& field) {
  using Self = LoyaltyTransactionAttribute;
  field("name", &Self::name, "Its name for programs: the extra field of a reception.");
  field("label", &Self::label, "Its name for people.");
  field("placeholder", &Self::placeholder, "What an empty input shows.");
  field("type", &Self::type, "One of the 21 attribute types.");
  field("field_type", &Self::field_type, "Always default.");
  field("options", &Self::options, "What can be chosen, for select and multi_select.");
  field("is_piggy_defined", &Self::is_piggy_defined, "Whether the system made it.");
  field("is_soft_read_only", &Self::is_soft_read_only, "Whether people should not change it.");
  field("is_hard_read_only", &Self::is_hard_read_only, "Whether nobody can change it.");
}

void CreateLoyaltyTransactionAttribute::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name for programs, unique.", {.min = 1, .max = 100});
  field("data_type", &Input::data_type,
        "url, text, date, phone, float, color, email, number, select, boolean, rich_text, "
        "date_time, long_text, date_range, time_range, identifier, birth_date, file_upload, "
        "media_upload, multi_select or license_plate.");
  field("label", &Input::label, "Its name for people; the name if missing.", {.max = 200});
  field("description", &Input::description, "What it is for.", {.max = 2000});
  field("placeholder", &Input::placeholder, "What an empty input shows.", {.max = 200});
  field("options", &Input::options, "What can be chosen: a list of {value, label}.");
}

}  // namespace piggy
