#include "app/typed_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "door/dispatch.h"
#include "shape/json.h"

namespace piggy {
namespace {

// What a person typed as a value: JSON where it looks like a list or an object, else text.
Value typed(const std::string& text) {
  if (text.starts_with('[') || text.starts_with('{')) {
    if (auto value = parse_json(text)) return *std::move(value);
  }
  return text;
}

}  // namespace

Result<Value> input_of(const std::vector<std::string>& words) {
  Value input = Value::object();
  for (std::size_t i = 0; i < words.size(); i++) {
    std::string_view word = words[i];
    if (word.starts_with('{')) {  // The whole input, or a part of it, as JSON.
      Value given = TRY(parse_json(word));
      for (const Member& member : *given.members()) input.set(member.name, member.value);
      continue;
    }
    if (!word.starts_with("--")) {
      return fail(ErrorCode::invalid,
                  fmt::format("{} is not a flag; write --name value, or the input as JSON.", word));
    }
    word.remove_prefix(2);
    std::string name(word.substr(0, word.find('=')));
    std::replace(name.begin(), name.end(), '-', '_');
    Value value = name == "idempotency_key" ? "" : "true";
    if (word.find('=') != std::string_view::npos) {
      value = typed(std::string(word.substr(word.find('=') + 1)));
    } else if (name != "dry_run" && i + 1 < words.size() && !words[i + 1].starts_with("--")) {
      value = typed(words[++i]);
    }
    if (Value* given = input.find(name)) {
      if (!given->items()) *given = Value(Value::List{*given});
      given->push(std::move(value));
    } else {
      input.set(name, std::move(value));
    }
  }
  return input;
}

Result<> take_options(Value& input, CallOptions& options) {
  if (const Value* said = input.find("dry_run")) {
    if (said->is_null() || (said->text() && said->text()->empty())) {
      return fail_field("/dry_run", "The dry_run must be true or false.");
    }
    options.dry_run = TRY(read_dry_run(*said, Reading::words));
  }
  if (const Value* key = input.find("idempotency_key")) {
    if (!key->text() || key->text()->empty()) {
      return fail_field("/idempotency_key", "The idempotency_key must be one text.");
    }
    options.idempotency_key = *key->text();
  }
  input.erase("dry_run");
  input.erase("idempotency_key");
  return {};
}

}  // namespace piggy
