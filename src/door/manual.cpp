#include "door/manual.h"

#include <fmt/format.h>

#include <algorithm>

#include "shape/json.h"
#include "shape/schema.h"

namespace piggy {
namespace {

constexpr char console_page[] = {
#embed "../../manual/console.md"
};
constexpr char personas[] = {
#embed "../../manual/personas.md"
};
constexpr char flows[] = {
#embed "../../manual/flows.md"
};
constexpr char lead_magnet[] = {
#embed "../../manual/lead_magnet.md"
};
constexpr char daily_rollup[] = {
#embed "../../manual/daily_rollup.md"
};
constexpr char segment_refresh[] = {
#embed "../../manual/segment_refresh.md"
};

constexpr std::pair<std::string_view, std::string_view> pages[] = {
    {"/manual/console", {console_page, sizeof console_page}},
    {"/manual/personas", {personas, sizeof personas}},
    {"/manual/flows", {flows, sizeof flows}},
    {"/manual/lead-magnet", {lead_magnet, sizeof lead_magnet}},
    {"/manual/daily-rollup", {daily_rollup, sizeof daily_rollup}},
    {"/manual/segment-refresh", {segment_refresh, sizeof segment_refresh}}};

std::string full_path(const OperationInfo& info, Surface surface) {
  std::string path = fmt::format("{}{}", prefix_of(surface), info.path);
  if (path.ends_with('/')) path.pop_back();
  return path;
}

std::string_view method_word(Verb verb) {
  constexpr std::string_view words[] = {"get", "post", "put", "delete"};
  return words[static_cast<std::size_t>(verb)];
}

bool in_path(const OperationInfo& info, std::string_view field) {
  return info.path.find(fmt::format("{{{}}}", field)) != std::string_view::npos;
}

Value parameter(const Field& field, const Value& property, std::string_view where, bool required) {
  Value schema = property;
  schema.erase("description");
  return Value::object({{"name", field.name},
                        {"in", where},
                        {"required", required},
                        {"description", field.about},
                        {"schema", std::move(schema)}});
}

// Path and query parameters, and for what has a body the schema of the rest.
void add_input(Value& described, const Operation& operation) {
  Value schema = json_schema(*operation.input, SchemaSide::input);
  Value parameters = Value::list();
  bool has_body = operation.info.verb == Verb::post || operation.info.verb == Verb::put;
  bool lenient = operation.info.surface != Surface::platform;
  for (const Field& field : operation.input->fields) {
    const Value* property = schema.find("properties")->find(field.name);
    if (!property) continue;
    bool path = in_path(operation.info, field.name);
    if (!path && has_body) continue;
    parameters.push(parameter(field, *property, path ? "path" : "query", path || field.required()));
    schema.find("properties")->erase(field.name);
    if (Value* required = schema.find("required")) {
      std::erase_if(*required->items(),
                    [&](const Value& name) { return *name.text() == field.name; });
    }
  }
  if (!parameters.items()->empty()) described.set("parameters", std::move(parameters));
  if (!has_body) return;
  if (lenient) schema.erase("additionalProperties");
  Value* required = schema.find("required");
  if (required && required->items()->empty()) schema.erase("required");
  Value content = Value::object({{"application/json", Value::object({{"schema", schema}})}});
  if (lenient) {
    content.set("application/x-www-form-urlencoded", Value::object({{"schema", schema}}));
    content.set("multipart/form-data", Value::object({{"schema", schema}}));
  }
  described.set("requestBody", Value::object({{"content", std::move(content)}}));
}

Value answer_schema(const Operation& operation) {
  const Wire& wire = operation.info.wire;
  Value data;
  if (wire.data == null_data) {
    data = Value::object({{"type", "null"}});
  } else {
    data = json_schema(*operation.output, SchemaSide::output);
    if (!wire.data.empty()) data = Value(*data.find("properties")->find(wire.data));
  }
  Value properties = Value::object({{"data", std::move(data)}});
  if (wire.meta != Meta::none || wire.paging != Paging::none) {
    Value kinds(Value::List{"object", "array"});
    properties.set("meta", Value::object({{"type", std::move(kinds)}}));
  }
  return Value::object({{"type", "object"},
                        {"properties", std::move(properties)},
                        {"required", Value(Value::List{"data"})}});
}

Value described(const Operation& operation) {
  const OperationInfo& info = operation.info;
  Value value = Value::object(
      {{"operationId", info.name}, {"summary", info.title}, {"description", info.about}});
  add_input(value, operation);
  Value json = Value::object({{"schema", answer_schema(operation)}});
  Value good = Value::object(
      {{"description", "Done."}, {"content", Value::object({{"application/json", json}})}});
  Value bad = Value::object({{"$ref", "#/components/responses/Error"}});
  Value responses = Value::object();
  responses.set(std::to_string(info.wire.status), std::move(good));
  responses.set("default", std::move(bad));
  value.set("responses", std::move(responses));
  value.set("security", info.surface == Surface::open
                            ? Value::list()
                            : Value(Value::List{Value::object({{"token", Value::list()}})}));
  value.set("x-scope", info.scope);
  if (info.on_register) value.set("x-on-register", full_path(info, Surface::register_));
  return value;
}

Value components() {
  Value texts = Value::object({{"type", "array"}, {"items", Value::object({{"type", "string"}})}});
  Value error = Value::object({{"type", "object"}});
  Value properties = Value::object(
      {{"message", Value::object({{"type", "string"}})},
       {"code", Value::object({{"type", "integer"}})},
       {"status_code", Value::object({{"type", "integer"}})},
       {"errors", Value::object({{"type", "object"}, {"additionalProperties", texts}})}});
  error.set("properties", std::move(properties));
  error.set("required", Value(Value::List{"message", "code", "status_code"}));
  Value content = Value::object({{"application/json", Value::object({{"schema", error}})}});
  Value response = Value::object({{"description", "Refused."}, {"content", std::move(content)}});
  Value token = Value::object({{"type", "http"}, {"scheme", "bearer"}});
  return Value::object({{"responses", Value::object({{"Error", std::move(response)}})},
                        {"securitySchemes", Value::object({{"token", std::move(token)}})}});
}

std::string type_of(const Shape& shape) {
  switch (shape.kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return "whole number";
    case Kind::number:
      return "number";
    case Kind::text:
      return "text";
    case Kind::uuid:
      return "UUID";
    case Kind::time:
      return "date and time";
    case Kind::choice:
      return fmt::format("one of `{}`", fmt::join(shape.choices, "`, `"));
    case Kind::list:
      return "list of " + type_of(*shape.element);
    case Kind::optional:
      return type_of(*shape.element);
    case Kind::record:
      return "object";
    case Kind::any:
      return "anything";
  }
  return {};
}

void write_fields(std::string& out, const Shape& shape, bool input) {
  for (const Field& field : shape.fields) {
    if (field.options.hidden) continue;
    std::string_view mark = input && field.required() ? ", required" : "";
    out += fmt::format("| `{}` | {}{} | {} |\n", field.options.flat ? "(others)" : field.name,
                       type_of(*field.shape), mark, field.about);
  }
}

void write_operation(std::string& out, const Operation& operation) {
  const OperationInfo& info = operation.info;
  constexpr std::string_view verbs[] = {"GET", "POST", "PUT", "DELETE"};
  constexpr std::string_view effects[] = {"reads", "writes", "takes away for good"};
  out += fmt::format("\n## {}\n\n{}\n\n", info.title, info.about);
  out += fmt::format("`{} {}`", verbs[static_cast<std::size_t>(info.verb)],
                     full_path(info, info.surface));
  if (info.on_register) {
    out += fmt::format(", also `{}`", full_path(info, Surface::register_));
  }
  out += fmt::format(" · `piggy call {}`", info.name);
  if (info.tool) out += fmt::format(" · tool `piggy_{}`", info.name);
  out += fmt::format(" · {}", effects[static_cast<std::size_t>(info.effect)]);
  if (!info.scope.empty()) out += fmt::format(" · scope `{}`", info.scope);
  out += "\n";
  if (!operation.input->fields.empty()) {
    out += "\n| takes | | |\n|---|---|---|\n";
    write_fields(out, *operation.input, true);
  }
  if (!operation.output->fields.empty()) {
    out += "\n| answers | | |\n|---|---|---|\n";
    write_fields(out, *operation.output, false);
  }
}

}  // namespace

std::string openapi_json(const Catalogue& catalogue) {
  Value paths = Value::object();
  for (const auto& operation : catalogue.all()) {
    std::string path = full_path(operation->info, operation->info.surface);
    Value* at = paths.find(path);
    if (!at) at = &paths.set(path, Value::object());
    at->set(method_word(operation->info.verb), described(*operation));
  }
  Value document = Value::object({{"openapi", "3.1.0"},
                                  {"info", Value::object({{"title", "Piggy"}, {"version", "3"}})},
                                  {"paths", std::move(paths)},
                                  {"components", components()}});
  return to_json(document);
}

std::string manual_text(const Catalogue& catalogue) {
  std::string out =
      "# The operations of Piggy\n\nMade from the declarations; every door offers the same. On the "
      "v3 routes the answer is in `data`, errors carry `message`, `code` and `status_code`. Every "
      "write takes an `Idempotency-Key` header (over MCP `_meta` `piggy/idempotencyKey`) and a dry "
      "run (`Piggy-Dry-Run: true`, `dry_run`).\n";
  for (const auto& operation : catalogue.all()) write_operation(out, *operation);
  return out;
}

std::optional<std::string_view> manual_page(std::string_view path) {
  std::string wanted(path.substr(0, path.size() - (path.ends_with(".md") ? 3 : 0)));
  std::ranges::replace(wanted, '_', '-');
  for (auto [name, text] : pages) {
    if (wanted == name) return text;
  }
  return std::nullopt;
}

}  // namespace piggy
