#pragma once

// One request on its way through the interpreter. For interpreter.cpp and requests.cpp alone.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/interpreter.h"
#include "chat/reader.h"

namespace piggy {

class Interpreter {
 public:
  Interpreter(std::string_view text, Names& names) : reader_(text), names_(names) {}
  Result<Meaning> read();

 private:
  // Leaves of a text only the request behind what was told before it, and the people and shops
  // that it points back to; false when there is no such request.
  Result<bool> forget_background();
  // The first tool that the words fit; nothing when there is none.
  Result<Meaning> recognise();
  static Meaning nothing(std::string why);
  static Meaning ask(std::string tool, Value input, std::string field, std::string question);
  // Fills a field from names that fit; false when `out` now asks or offers choices.
  bool take_named(Meaning& out, std::string field, std::vector<Named> found, std::string question);
  // A contact that is spoken of, and where.
  struct Mention {
    std::size_t at = 0;
    std::size_t words = 1;
    std::vector<Named> who = {};
  };
  // Every address, card, uuid and name of a contact, in the order of the text.
  Result<std::vector<Mention>> mentions();
  Result<bool> take_contact(Meaning& out, std::string field, std::string question);
  Result<bool> take_shop(Meaning& out);
  Result<std::optional<Meaning>> verification();
  Result<std::optional<Meaning>> auth_token();
  Result<std::optional<Meaning>> booking();
  void take_booking_changes(Value& input);
  Result<std::optional<Meaning>> identifier();
  Result<std::optional<Meaning>> claim();
  Result<std::optional<Meaning>> merge();
  Result<std::optional<Meaning>> attribute();
  // The type that is said, in the wire's words or in people's; "" for none. The name is not it.
  std::string attribute_type(std::string_view name) const;
  Result<std::optional<Meaning>> product();
  Result<std::optional<Meaning>> forms();
  Result<std::optional<Meaning>> perks();
  Result<std::optional<Meaning>> batch();
  Result<std::optional<Meaning>> voucher();
  Result<std::optional<Meaning>> reception();
  // "25 points to ann@example.com, Utrecht": nothing is said but how many, to whom and where.
  Result<bool> is_bare_reception();
  Result<std::optional<Meaning>> balance();
  Reader reader_;
  Names& names_;
};

}  // namespace piggy
