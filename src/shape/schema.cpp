#include "shape/schema.h"

namespace piggy {
namespace {

Value typed(std::string_view type) { return Value::object({{"type", type}}); }

void add_limits(Value& schema, const FieldOptions& options, std::string_view low,
                std::string_view high) {
  if (options.min != FieldOptions{}.min) schema.set(low, options.min);
  if (options.max != FieldOptions{}.max) schema.set(high, options.max);
}

Value schema_of(const Shape& shape, const FieldOptions& options, SchemaSide side);

Value text_schema(const FieldOptions& options) {
  Value schema = typed("string");
  add_limits(schema, options, "minLength", "maxLength");
  if (options.format == Format::email) schema.set("format", "email");
  if (options.format == Format::uri) schema.set("format", "uri");
  if (options.format == Format::date) schema.set("format", "date");
  return schema;
}

Value formatted(std::string_view format) {
  Value schema = typed("string");
  schema.set("format", format);
  return schema;
}

Value choice_schema(const Shape& shape) {
  Value schema = typed("string");
  Value::List words;
  for (std::string_view word : shape.choices) words.emplace_back(word);
  schema.set("enum", std::move(words));
  return schema;
}

// Null beside what the schema says already.
Value nullable(Value schema) {
  Value* type = schema.find("type");
  if (!type) return schema;
  *type = Value(Value::List{*type, "null"});
  if (Value* words = schema.find("enum")) words->push(nullptr);
  return schema;
}

Value record_schema(const Shape& shape, SchemaSide side) {
  Value schema = typed("object");
  Value properties = Value::object();
  Value required = Value::list();
  bool open = side == SchemaSide::output;
  for (const Field& field : shape.fields) {
    if (field.options.hidden) continue;
    if (field.options.flat) {
      open = true;
      continue;
    }
    Value property = schema_of(*field.shape, field.options, side);
    property.set("description", field.about);
    properties.set(field.name, std::move(property));
    if (side == SchemaSide::output || field.required()) required.push(field.name);
  }
  schema.set("properties", std::move(properties));
  if (!required.items()->empty()) schema.set("required", std::move(required));
  if (!open) schema.set("additionalProperties", false);
  return schema;
}

Value schema_of(const Shape& shape, const FieldOptions& options, SchemaSide side) {
  switch (shape.kind) {
    case Kind::boolean:
      return typed("boolean");
    case Kind::integer: {
      Value schema = typed("integer");
      add_limits(schema, options, "minimum", "maximum");
      return schema;
    }
    case Kind::number: {
      Value schema = typed("number");
      add_limits(schema, options, "minimum", "maximum");
      return schema;
    }
    case Kind::text:
      return text_schema(options);
    case Kind::uuid:
      return formatted("uuid");
    case Kind::time:
      return formatted("date-time");
    case Kind::choice:
      return choice_schema(shape);
    case Kind::any:
      return Value::object();
    case Kind::record:
      return record_schema(shape, side);
    case Kind::optional: {
      Value schema = schema_of(*shape.element, options, side);
      return side == SchemaSide::output ? nullable(std::move(schema)) : schema;
    }
    case Kind::list: {
      Value schema = typed("array");
      add_limits(schema, options, "minItems", "maxItems");
      schema.set("items", schema_of(*shape.element, {.format = options.format}, side));
      return schema;
    }
  }
  return {};
}

}  // namespace

Value json_schema(const Shape& shape, SchemaSide side) { return schema_of(shape, {}, side); }

}  // namespace piggy
