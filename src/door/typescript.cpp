#include "door/typescript.h"

#include <fmt/format.h>

#include "base/version.h"
#include "shape/schema.h"

namespace piggy {
namespace {

constexpr char runtime[] = {
#embed "typescript_runtime.ts"
};

// "create_contact" is CreateContact.
std::string type_name(std::string_view operation) {
  std::string name;
  bool begins = true;
  for (char c : operation) {
    if (c != '_') name += begins ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '_';
  }
  return name;
}

std::string comment(std::string_view about, std::string_view indent) {
  std::string text(about);
  // Nothing that is said may end it.
  for (std::size_t at = text.find("*/"); at != text.npos; at = text.find("*/")) text[at] = ' ';
  return fmt::format("{}/** {} */\n", indent, text);
}

std::string type_of(const Shape& shape, SchemaSide side, const std::string& indent);

std::string record_type(const Shape& shape, SchemaSide side, const std::string& indent) {
  std::string inner = indent + "  ", members;
  for (const Field& field : shape.fields) {
    if (field.options.hidden) continue;
    if (field.options.flat) {
      members += comment(field.about, inner) + inner + "[more: string]: unknown;\n";
      continue;
    }
    bool may_lack = side == SchemaSide::input && !field.required();
    members += comment(field.about, inner);
    members += fmt::format("{}{}{}: {};\n", inner, field.name, may_lack ? "?" : "",
                           type_of(*field.shape, side, inner));
  }
  return members.empty() ? "Record<string, never>" : fmt::format("{{\n{}{}}}", members, indent);
}

std::string type_of(const Shape& shape, SchemaSide side, const std::string& indent) {
  switch (shape.kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
    case Kind::number:
      return "number";
    case Kind::text:
    case Kind::uuid:
    case Kind::time:
      return "string";
    case Kind::choice: {
      std::string words;
      for (std::string_view word : shape.choices) {
        words += fmt::format("{}\"{}\"", words.empty() ? "" : " | ", word);
      }
      return words;
    }
    case Kind::any:
      return "unknown";
    case Kind::record:
      return record_type(shape, side, indent);
    case Kind::optional:
      return type_of(*shape.element, side, indent) + " | null";
    case Kind::list:
      return fmt::format("Array<{}>", type_of(*shape.element, side, indent));
  }
  return "unknown";
}

}  // namespace

std::string typescript_client(const Catalogue& catalogue) {
  std::string types, table;
  for (const auto& operation : catalogue.all()) {
    const OperationInfo& info = operation->info;
    std::string name = type_name(info.name);
    types += fmt::format("export type {}Input = {};\n", name,
                         type_of(*operation->input, SchemaSide::input, ""));
    types += fmt::format("export type {}Output = {};\n\n", name,
                         type_of(*operation->output, SchemaSide::output, ""));
    table += comment(info.about, "  ");
    table += fmt::format("  {}: {{ input: {}Input; output: {}Output; effect: \"{}\" }};\n",
                         info.name, name, name, word_of(info.effect));
  }
  return fmt::format(
      "// Piggy {}: every operation with its types. Made by `piggy typescript`; not to be "
      "edited.\n\n"
      "{}export interface Operations {{\n{}}}\n\n{}",
      version, types, table, std::string_view(runtime, sizeof runtime));
}

}  // namespace piggy
