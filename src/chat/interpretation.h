#pragma once

// One request on its way through the interpreter. For interpreter.cpp, asked.cpp and requests_*.cpp
// alone.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/clauses.h"
#include "chat/interpreter.h"
#include "chat/reader.h"
#include "chat/restraint.h"

namespace piggy {

class Interpreter {
 public:
  Interpreter(std::string_view text, Names& names) : reader_(text), names_(names) {}
  Result<Meaning> read();

 private:
  // A tool with what the words say of it, and the words as they were read for it.
  struct Understood {
    Meaning meaning = {};
    Reader reader;
    bool call() const { return meaning.kind == Meaning::Kind::call; }
    bool nothing() const { return meaning.kind == Meaning::Kind::nothing; }
  };
  // What the clauses that ask for something ask for, with what they refer back to.
  Result<Understood> asked(const std::vector<Clause>& clauses);
  // Which words are the request's own. Marks those that it stands or falls with.
  std::vector<bool> own_words(const std::vector<Clause>& clauses);
  // These, and of what is told whatever the request does not say itself.
  Result<std::vector<bool>> with_told(const std::vector<bool>& own, const std::vector<bool>& told,
                                      bool values_alone, bool merging);
  Result<Understood> recognise_in(const std::vector<bool>& kept);
  // Holds back a request with a word in it that has no place in what was understood.
  Result<Restraint> unclear(const Understood& understood, bool deed);
  // Says why nothing is done, and asks whether it shall be.
  static Meaning held_back(Meaning meaning, const Restraint& restraint);
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
  // Which words name a contact.
  Result<std::vector<bool>> contact_words();
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
  Result<std::optional<Meaning>> balance();
  Reader reader_;
  Names& names_;
};

}  // namespace piggy
