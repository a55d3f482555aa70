#pragma once

// What a stranger answered, made into what we keep. Everything may be hostile: far too long, of a
// wrong kind, nested, with characters that no person types.

#include <string>
#include <vector>

#include "base/error.h"
#include "base/language.h"
#include "form/field.h"

namespace piggy {

struct AnswerProblem {
  std::string name = {};
  Told what = {};  // The rest of the sentence "The email field …".
};

struct Answers {
  Value kept = Value::object();  // Those that fields ask for, each in its type.
  std::vector<AnswerProblem> problems = {};
  std::string address = {};  // The first e-mail address; it says whose answers they are.
};

// Every problem is named at once; answers that no field asks for are left out.
Answers answers_in(const Questionnaire& asked, const Value& given, Time now);

// As the wire names them.
std::unexpected<Error> refuse_answers(const std::vector<AnswerProblem>& problems,
                                      Language language);

// A box that was ticked.
bool is_ticked(const Value& answers, std::string_view name);

}  // namespace piggy
