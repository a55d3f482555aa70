#pragma once

// A form as HTML: what its own page shows, and what a shop puts into pages of its own. Works
// without any script; everything that comes from outside is escaped. What the shop has no words
// for is said in a language of ours (words.h).

#include <string>
#include <string_view>
#include <vector>

#include "form/answer.h"
#include "form/form.h"

namespace piggy {

// What is shown in the fields, and what is wrong with it.
struct FormFilling {
  Value answers = Value::object();
  std::vector<AnswerProblem> problems = {};
};

// The `form` element. Its action is the form's page.
struct FormElement {
  const FormRow& form;
  const Questionnaire& asked;
  const FormFilling& filling;
  Language language = Language::en;
  std::string action = {};
  std::string stamp = {};  // "": the script, or the form's page, gives one.
  std::string referral_code = {};
  bool in_a_snippet = false;  // On a page without our style; its script answers in the language.
};
std::string form_element(const FormElement& element);

// What is wrong, all of it, each with a link to its field. "" when nothing is.
std::string problems_element(const Questionnaire& asked, const std::vector<AnswerProblem>& problems,
                             Language language);

// What people see once it was sent.
std::string thanks_of(const FormRow& form, Language language);
// Whether what was answered waits for an e-mail: told from the form alone, not from what is known
// of a contact.
bool asks_by_mail(const Questionnaire& asked, const Value& answers);

// The snippet's script: sends the forms of its own address from within the page they stand on.
std::string_view form_script();

}  // namespace piggy
