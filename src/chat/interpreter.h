#pragma once

// The built-in interpreter: plain requests for the fourteen Piggy tools, without a language model.
//
// It finds the clause that asks for something, recognises a tool by its words, fills the tool's
// inputs from what is left, and looks names up. Without such a clause nothing is written, whatever
// is told, denied or supposed: a wrong action is worse than a question.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "shape/value.h"

namespace piggy {

// Something that a person may mean by a name.
struct Named {
  std::string value = {};  // What the tool is told: a uuid, as a rule.
  std::string label = {};  // For people: "Ann Lee (ann@example.com)".
  std::string name = {};   // What it is found by.
};

// What names stand for. Looks up with the rights of the person who speaks.
class Names {
 public:
  virtual ~Names() = default;
  // By an address, a card's number or (part of) a person's name.
  virtual Result<std::vector<Named>> contacts(std::string_view word) = 0;
  virtual Result<std::vector<Named>> shops() = 0;
  virtual Result<std::vector<Named>> promotions() = 0;
};

struct Meaning {
  enum class Kind {
    nothing,  // Not a request for a tool, or none that should be done.
    call,     // Do this.
    ask,      // The tool is clear, `field` is missing.
    choose,   // `field` may be any of `choices`.
    confirm,  // Understood, but not plainly asked for: a yes makes it a call.
  };
  Kind kind = Kind::nothing;
  std::string tool = {};  // An operation's name.
  Value input = Value::object();
  std::string field = {};
  std::vector<Named> choices = {};
  std::string say = {};            // For the person: the question, or why nothing is done.
  Value labels = Value::object();  // Of the input: what people call the things in it.
};

// Fails only when a name cannot be looked up.
Result<Meaning> interpret(std::string_view text, Names& names);

// The same where `question` (ask, choose or confirm) was put before: the text may be its answer.
Result<Meaning> interpret_answer(std::string_view text, const Meaning& question, Names& names);

}  // namespace piggy
