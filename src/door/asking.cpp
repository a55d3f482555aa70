#include "door/asking.h"

#include <fmt/format.h>

#include <algorithm>

#include "shape/json.h"
#include "shape/schema.h"

namespace piggy {
namespace {

// The members that a form's schema may have (MCP 2025-11-25 and 2026-07-28, elicitation).
constexpr std::string_view form_members[] = {"type",    "description", "minLength", "maxLength",
                                             "minimum", "maximum",     "format",    "enum"};

Value list_of(const std::vector<std::string>& names) {
  Value list = Value::list();
  for (const std::string& name : names) list.push(name);
  return list;
}

std::vector<std::string> names_in(const Value& value, std::string_view name) {
  std::vector<std::string> names;
  const Value* list = value.find(name);
  if (!list || !list->items()) return names;
  for (const Value& item : *list->items()) {
    if (item.text()) names.push_back(*item.text());
  }
  return names;
}

const Shape& within_optional(const Shape& shape) {
  return shape.kind == Kind::optional ? *shape.element : shape;
}

bool fits_a_form(const Field& field) {
  if (field.options.hidden || field.options.flat || field.options.format == Format::secret) {
    return false;
  }
  switch (within_optional(*field.shape).kind) {
    case Kind::boolean:
    case Kind::integer:
    case Kind::number:
    case Kind::text:
    case Kind::time:
    case Kind::choice:
      return true;
    default:
      return false;
  }
}

// Whether a person can put it right by saying it.
bool askable(const Field& field, const Value& arguments) {
  bool under_alias = !field.options.alias.empty() && arguments.find(field.options.alias);
  if (!fits_a_form(field) || under_alias) return false;
  const Value* given = arguments.find(field.name);
  if (!given || given->is_null()) return field.required();
  const Shape& shape = within_optional(*field.shape);
  return shape.kind == Kind::choice &&
         (!given->text() ||
          std::ranges::find(shape.choices, *given->text()) == shape.choices.end());
}

std::string words_of(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
  return words;
}

}  // namespace

std::string AskedSoFar::text() const {
  return to_json(Value::object({{"approval", approval},
                                {"fields", list_of(fields)},
                                {"filled", list_of(filled)},
                                {"answers", answers}}));
}

AskedSoFar AskedSoFar::read(std::string_view text) {
  AskedSoFar so_far;
  auto value = parse_json(text);
  if (!value) return so_far;  // An older program may have sealed it, in its own words.
  so_far.approval = value->text_of("approval");
  so_far.fields = names_in(*value, "fields");
  so_far.filled = names_in(*value, "filled");
  const Value* answers = value->find("answers");
  if (answers && answers->members()) so_far.answers = *answers;
  return so_far;
}

Reply reply_to(const mcp::Asked& asked, std::string_view key) {
  const Value* answer = asked.answer(key);
  if (!answer) return Reply::none;
  return answer->text_of("action") == "accept" ? Reply::accepted : Reply::refused;
}

void take_form(AskedSoFar& so_far, const mcp::Asked& asked) {
  const Value* answer = asked.answer(form_key);
  const Value* content = answer ? answer->find("content") : nullptr;
  for (std::string& name : so_far.fields) {
    const Value* said = content ? content->find(name) : nullptr;
    if (said && !said->members() && !said->items()) so_far.answers.set(name, *said);
    so_far.filled.push_back(std::move(name));
  }
  so_far.fields.clear();
}

std::vector<std::string> askable_fields(const Operation& operation, const Value& arguments,
                                        const Error& error, const AskedSoFar& so_far) {
  std::vector<std::string> fields;
  if (error.code != ErrorCode::invalid) return fields;
  for (const FieldError& problem : error.fields) {
    std::string_view name = problem.path;
    if (name.starts_with('/')) name.remove_prefix(1);
    const Field* field = operation.input->field(name);
    bool again = std::ranges::find(so_far.filled, name) != so_far.filled.end();
    if (!field || again || !askable(*field, arguments)) return {};
    if (std::ranges::find(fields, name) == fields.end()) fields.emplace_back(name);
  }
  return fields;
}

mcp::InputRequest form_request(const Operation& operation, const std::vector<std::string>& fields) {
  Value schema = json_schema(*operation.input, SchemaSide::input);
  Value properties = Value::object();
  for (const std::string& name : fields) {
    const Value* described = schema.find("properties")->find(name);
    ASSERT(described);
    Value property = Value::object({{"title", words_of(name)}});
    for (std::string_view member : form_members) {
      if (const Value* value = described->find(member)) property.set(member, *value);
    }
    properties.set(name, std::move(property));
  }
  Value form = Value::object(
      {{"type", "object"}, {"properties", std::move(properties)}, {"required", list_of(fields)}});
  std::string message =
      fmt::format("{} was called without all it needs. What shall it be?", operation.info.title);
  return {.key = std::string(form_key),
          .method = "elicitation/create",
          .params = Value::object({{"mode", "form"},
                                   {"message", std::move(message)},
                                   {"requestedSchema", std::move(form)}})};
}

mcp::InputRequest page_request(std::string_view reason, std::string_view url) {
  return {
      .key = std::string(page_key),
      .method = "elicitation/create",
      .params = Value::object(
          {{"mode", "url"},
           {"message", fmt::format("{} Whoever may decide is asked to sign in on this page. The "
                                   "call goes on when it is decided.",
                                   reason)},
           {"url", url}})};
}

}  // namespace piggy
