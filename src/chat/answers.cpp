// What an answer to a question of the interpreter means.

#include <algorithm>

#include "chat/clauses.h"
#include "chat/interpreter.h"
#include "chat/reader.h"
#include "chat/restraint.h"
#include "chat/vocabulary.h"

namespace piggy {
namespace {

struct Needed {
  std::string_view tool;
  std::string_view field;
  std::string_view question;
};

// What a tool must have, in the order in which it is asked for.
constexpr Needed all_needed[] = {
    {"claim_anonymous_contact", "anonymous_contact_uuid", "Which anonymous contact?"},
    {"claim_anonymous_contact", "email", "Which e-mail address is it claimed with?"},
    {"merge_contacts", "source_contact_uuid", "Which contact should cease to exist?"},
    {"merge_contacts", "destination_contact_uuid", "Into which contact?"},
    {"create_contact_attribute", "name", "What should the attribute be called?"},
    {"create_contact_attribute", "data_type", "Of which type: text, number, date, boolean, …?"},
    {"create_vouchers_batch", "promotion_uuid", "For which promotion?"},
    {"create_vouchers_batch", "quantity", "How many vouchers?"},
    {"create_credit_reception", "contact_uuid", "Which contact?"},
    {"create_credit_reception", "credits", "How many points?"},
    {"create_credit_reception", "shop_uuid", "In which shop?"}};

// After an answer: done, or the next question.
Result<Meaning> complete(Meaning meaning, Names& names) {
  for (const Needed& needed : all_needed) {
    if (needed.tool != meaning.tool || meaning.input.find(needed.field)) continue;
    if (needed.field == "credits" && meaning.input.find("unit_value")) continue;
    if (needed.field == "shop_uuid") {
      auto shops = TRY(names.shops());
      if (shops.size() == 1) {
        meaning.input.set("shop_uuid", shops[0].value);
        continue;
      }
    }
    meaning.kind = Meaning::Kind::ask;
    meaning.field = needed.field;
    meaning.say = needed.question;
    return meaning;
  }
  return meaning;
}

// Whether this says yes, and nothing else.
bool says_yes(const Reader& reader) {
  constexpr std::string_view yes = "yes yeah yep sure ok okay confirm confirmed correct exactly do";
  constexpr std::string_view also = "please pls it that thanks thank you go ahead right";
  const std::vector<Word>& words = reader.words();
  return !words.empty() && (is_one_of(words[0], yes) || reader.says_at(0, "go ahead")) &&
         words[words.size() - 1].pause != '?' && std::ranges::all_of(words, [&](const Word& word) {
           return is_one_of(word, yes) || is_one_of(word, also);
         });
}

// Whether a text may be taken for the thing that was asked for.
bool is_answer(const Reader& reader) {
  return std::ranges::none_of(clauses_in(reader), [](const Clause& clause) {
    return clause.kind == ClauseKind::denial || clause.kind == ClauseKind::condition;
  });
}

}  // namespace

Result<Meaning> interpret_answer(std::string_view text, const Meaning& question, Names& names) {
  Reader reader(text);
  if (question.kind == Meaning::Kind::confirm && says_yes(reader)) {
    Meaning confirmed = question;
    confirmed.kind = Meaning::Kind::call;
    return confirmed;
  }
  bool answers = reader.mend() && is_answer(reader);
  if (question.kind == Meaning::Kind::confirm || !answers) return interpret(text, names);
  Meaning out = question;
  out.kind = Meaning::Kind::call;
  out.choices.clear();
  if (question.kind == Meaning::Kind::choose) {
    std::vector<Named> fitting;
    auto number = reader.peek(WordKind::number);
    if (number && number->number >= 1 &&
        number->number <= static_cast<double>(question.choices.size())) {
      fitting = {question.choices[static_cast<std::size_t>(number->number) - 1]};
    } else {
      fitting = reader.best(question.choices);
    }
    if (fitting.size() == 1) {
      out.input.set(question.field, fitting[0].value);
      return complete(std::move(out), names);
    }
    return interpret(text, names);
  }
  auto meaning = TRY(interpret(text, names));
  if (meaning.kind != Meaning::Kind::nothing) return meaning;
  std::vector<Named> fitting;
  if (question.field == "shop_uuid") {
    fitting = reader.best(TRY(names.shops()));
  } else if (question.field == "promotion_uuid") {
    fitting = reader.best(TRY(names.promotions()));
  } else if (question.field.ends_with("contact_uuid")) {
    fitting = TRY(names.contacts(reader.whole()));
  } else {
    auto number = reader.peek(WordKind::number);
    bool whole = question.field == "credits" || question.field == "quantity" ||
                 question.field == "number_of_people";
    if (whole && !number) return meaning;
    if (question.field.ends_with("_date")) {
      auto date = reader.peek(WordKind::date);
      if (!date) return meaning;
      out.input.set(question.field, date->date);
      return complete(std::move(out), names);
    }
    if (whole) {
      out.input.set(question.field, static_cast<std::int64_t>(number->number));
    } else {
      out.input.set(question.field, reader.whole());
    }
    return complete(std::move(out), names);
  }
  if (fitting.empty()) return meaning;
  if (fitting.size() > 1) {
    out.kind = Meaning::Kind::choose;
    out.choices = std::move(fitting);
    out.say = "Which one do you mean?";
    return out;
  }
  out.input.set(question.field, fitting[0].value);
  return complete(std::move(out), names);
}

}  // namespace piggy
