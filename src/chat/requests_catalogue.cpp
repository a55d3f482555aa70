// Requests about what a business has set up (attributes, products, forms, perks), each by its words
// and by what stands beside them.

#include <algorithm>
#include <optional>
#include <string>

#include "chat/interpretation.h"
#include "chat/requests.h"
#include "chat/words.h"
#include "contact/attribute.h"
#include "shape/read.h"

namespace piggy {

Result<std::optional<Meaning>> Interpreter::attribute() {
  if (!reader_.any({"attribute", "attributes", "field", "property"})) return std::nullopt;
  std::string type = attribute_type({});
  if (!reader_.any(make) && type.empty()) return std::nullopt;
  if (reader_.any({"form", "forms", "list", "show"})) return std::nullopt;
  Meaning out{.kind = Meaning::Kind::call, .tool = "create_contact_attribute"};
  Value options = Value::list();
  std::vector<std::string> choices = reader_.list_before({"as options", "as choices"});
  if (choices.empty()) choices = reader_.list_after({"options", "choices"});
  for (const std::string& option : choices) {
    options.push(Value::object({{"label", option}, {"value", option}}));
  }
  auto label = reader_.text_after({"label", "labelled", "labeled"}, {"type", "with", "and"});
  auto about = reader_.text_after({"description", "described as"}, {"type", "with"});
  auto name =
      reader_.word_after({"called", "named", "call", "attribute", "field", "property", "name"});
  if (!name) name = reader_.underscored();
  if (!name) {  // "Add "locker" as a text field".
    if (auto quoted = reader_.take(WordKind::quoted)) name = quoted->said;
  }
  if (name) type = attribute_type(*name);
  if (name) out.input.set("name", *name);
  if (!type.empty()) out.input.set("data_type", type);
  if (label) out.input.set("label", *label);
  if (about) out.input.set("description", *about);
  if (!options.items()->empty()) out.input.set("options", options);
  if (reader_.any({"unique"})) out.input.set("has_unique_value", true);
  if (!name) return ask(out.tool, out.input, "name", "What should the attribute be called?");
  if (type.empty()) {
    return ask(out.tool, out.input, "data_type", "Of which type: text, number, date, boolean, …?");
  }
  if (type.ends_with("select") && options.items()->empty()) {
    return ask(out.tool, out.input, "options", "Between which options?");
  }
  return out;
}

std::string Interpreter::attribute_type(std::string_view name) const {
  struct Word {
    std::string_view said, type;
  };
  for (const Word& word :
       {Word{"date of birth", "birth_date"}, Word{"birthday", "birth_date"},
        Word{"birthdate", "birth_date"}, Word{"multi-select", "multi_select"},
        Word{"multiselect", "multi_select"}, Word{"datetime", "date_time"},
        Word{"dropdown", "select"}, Word{"decimal", "float"}, Word{"colour", "color"},
        Word{"numeric", "number"}, Word{"integer", "number"}, Word{"yes/no", "boolean"}}) {
    if (reader_.says_beside(word.said, name)) return std::string(word.type);
  }
  std::string found;
  for (std::string_view type : shape_of<AttributeType>().choices) {
    std::string spaced(type);
    std::ranges::replace(spaced, '_', ' ');
    bool said = reader_.says_beside(type, name) || reader_.says_beside(spaced, name);
    if (said && type.size() > found.size()) found = type;  // "long text" is not a "text".
  }
  return found;
}

Result<std::optional<Meaning>> Interpreter::product() {
  bool stated = reader_.says("find or create") || reader_.says("find or make") ||
                reader_.says("find or add") || reader_.says("create or find");
  if (!stated && !reader_.any({"product", "products", "sku", "article", "item"})) {
    return std::nullopt;
  }
  if (!reader_.any({"find",    "create", "add",    "make",   "register", "look", "lookup",
                    "get",     "sure",   "ensure", "exists", "exist",    "new",  "need",
                    "set",     "search", "check",  "show",   "is",       "have", "added",
                    "created", "put",    "want",   "next"}) ||
      reader_.any({"delete", "remove", "price", "archive"})) {
    return std::nullopt;
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "find_or_create_products"};
  auto code = reader_.take(WordKind::code);
  std::optional<std::string> id;
  if (code) id = code->said;
  if (!id)
    id = reader_.text_after({"identifier", "id", "sku", "number"}, {"called", "named", "name"});
  if (!id) {
    if (auto number = reader_.number_near({"identifier", "id", "sku", "number"})) id = number->said;
  }
  auto about = reader_.text_after({"description"}, {"name", "category"});
  auto category = reader_.word_after({"category"});
  auto name = reader_.text_after({"called", "named", "name", "call"},
                                 {"with", "sku", "id", "as", "under", "in", "category", "and"});
  if (!name) {
    if (auto quoted = reader_.take(WordKind::quoted)) name = quoted->said;
  }
  if (id) out.input.set("external_identifier", *id);
  if (name) out.input.set("name", *name);
  if (about) out.input.set("description", *about);
  if (category) {
    out.input.set("categories",
                  Value(Value::List{Value::object({{"external_identifier", *category}})}));
  }
  if (!id) {
    return ask(out.tool, out.input, "external_identifier",
               "By which identifier (SKU) does your store know it?");
  }
  return out;
}

Result<std::optional<Meaning>> Interpreter::forms() {
  if (!reader_.any({"form", "forms"})) return std::nullopt;
  if (!reader_.any(show) && reader_.size() > 4) return std::nullopt;
  if (reader_.any({"create", "make", "build", "fill", "submit", "delete", "add"})) {
    return std::nullopt;
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "list_forms"};
  struct Choice {
    std::string_view word, field, value;
  };
  for (const Choice& choice :
       {Choice{"published", "status", "PUBLISHED"}, Choice{"live", "status", "PUBLISHED"},
        Choice{"draft", "status", "DRAFT"}, Choice{"drafts", "status", "DRAFT"},
        Choice{"unpublished", "status", "DRAFT"}, Choice{"active", "status", "ACTIVE"},
        Choice{"inactive", "status", "INACTIVE"}, Choice{"bin", "status", "BIN"},
        Choice{"binned", "status", "BIN"}, Choice{"deleted", "status", "BIN"},
        Choice{"trash", "status", "BIN"}, Choice{"public", "type", "PUBLIC"},
        Choice{"private", "type", "PRIVATE"}}) {
    if (reader_.any({choice.word})) out.input.set(choice.field, choice.value);
  }
  return out;
}

Result<std::optional<Meaning>> Interpreter::perks() {
  if (!reader_.any({"perk", "perks", "benefit", "benefits"})) return std::nullopt;
  if (!reader_.any(show) && reader_.size() > 3) return std::nullopt;
  if (reader_.any({"mean", "means", "word", "meaning"})) return std::nullopt;
  if (reader_.any({"create", "make", "add", "delete", "remove", "update", "change"})) {
    return std::nullopt;
  }
  return Meaning{.kind = Meaning::Kind::call, .tool = "list_perks"};
}

}  // namespace piggy
