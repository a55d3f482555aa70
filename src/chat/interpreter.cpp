#include "chat/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "chat/interpretation.h"
#include "chat/reader.h"
#include "chat/words.h"
#include "shape/json.h"

namespace piggy {
namespace {

// What must not be done: it is denied, supposed, asked about, told of the past, or said by others.
std::string why_not(const Reader& reader) {
  for (std::string_view denied :
       {"don't",      "dont",        "don’t",     "do not",   "does not",       "not sure",
        "never",      "won't",       "shouldn't", "mustn't",  "should not",     "must not",
        "no need",    "refrain",     "avoid",     "forget",   "undo",           "revert",
        "instead of", "rather than", "no longer", "stop",     "hold off",       "wait with",
        "against",    "wrong to",    "would be",  "wouldn't", "changed my mind"}) {
    // "… and create it if we don't have it" denies nothing.
    bool condition = reader.says(fmt::format("if we {}", denied)) ||
                     reader.says(fmt::format("if you {}", denied));
    if (reader.says(denied) && !condition) {
      return "That sounds like something to leave undone, so I did.";
    }
  }
  for (std::string_view supposed :
       {"what if",     "what would",    "what happens",   "would happen",
        "if i",        "suppose",       "imagine",        "hypothetically",
        "in theory",   "should i",      "should we",      "shall i",
        "shall we",    "would it",      "would he",       "would she",
        "would they",  "are you able",  "is it ok",       "is it okay",
        "is it a",     "how do",        "how does",       "how can",
        "how would",   "how could",     "how to",         "why",
        "explain",     "thought about", "thinking about", "thinking of",
        "thought of",  "wonder",        "wondering",      "might",
        "maybe",       "perhaps",       "recommend",      "pros and cons",
        "good idea",   "whether to",    "whether we",     "whether i",
        "when should", "who should",    "tomorrow",       "be undone"}) {
    if (reader.says(supposed)) {
      return "I do what is plainly asked for now; that sounds like a question.";
    }
  }
  for (std::string_view past :
       {"did you",    "did we",           "did i",      "did he",    "did she",    "did they",
        "did anyone", "have you already", "has anyone", "have we",   "i gave",     "we gave",
        "you gave",   "he gave",          "she gave",   "they gave", "was given",  "were given",
        "been given", "got given",        "yesterday",  "last week", "last month", "days ago",
        "i made",     "we made",          "i merged",   "we merged", "i sent",     "we sent",
        "lose"}) {
    if (reader.says(past)) return "That is about what has happened; I can only do things now.";
  }
  for (std::string_view first : {"did", "was", "were", "who", "when", "have", "has"}) {
    if (!reader.words().empty() && reader.words()[0].is(first) && !reader.says("have a")) {
      return "That is about what has happened; I can only do things now.";
    }
  }
  for (std::string_view told :
       {"wrote", "said", "says", "writes", "asked me", "asks me", "claims"}) {
    if (reader.says(told))
      return "I do what you ask for yourself, not what others were quoted with.";
  }
  // A question is a request when it asks somebody to do something.
  bool requests = false;
  for (std::string_view request :
       {"can you", "could you", "would you", "will you", "can u", "could u", "please", "pls", "plz",
        "can i", "could i", "may i", "can we", "could we", "create it", "is it possible to get"}) {
    requests = requests || reader.says(request);
  }
  if (reader.whole_question() && !requests) {
    return "That sounds like a question. Tell me plainly what to do, and I will.";
  }
  return {};
}

bool reads(std::string_view tool) {
  return tool == "get_contact_credit_balance" || tool == "list_forms" || tool == "list_perks" ||
         tool == "find_voucher_by_code";
}

bool denied_read(const Reader& reader) {
  return reader.says("don't") || reader.says("do not") || reader.says("never");
}

// A rehearsal is asked for in so many words.
bool asks_for_dry_run(const Reader& reader) {
  return reader.any({"dry-run", "preview", "simulate", "simulation", "rehearse"}) ||
         reader.says("dry run") || reader.says("without saving") || reader.says("change nothing") ||
         reader.says("try it out");
}

}  // namespace

Result<Meaning> Interpreter::read() {
  if (reader_.empty()) return nothing("Say what I can do for you.");
  using Understand = Result<std::optional<Meaning>> (Interpreter::*)();
  // From the most particular words to the most general ones.
  constexpr Understand all[] = {
      &Interpreter::verification, &Interpreter::auth_token, &Interpreter::booking,
      &Interpreter::identifier,   &Interpreter::claim,      &Interpreter::merge,
      &Interpreter::attribute,    &Interpreter::product,    &Interpreter::forms,
      &Interpreter::perks,        &Interpreter::batch,      &Interpreter::voucher,
      &Interpreter::reception,    &Interpreter::balance};
  for (Understand understand : all) {
    reader_.forget();
    auto meaning = TRY((this->*understand)());
    if (!meaning) continue;
    if (reads(meaning->tool)) {
      if (denied_read(reader_)) return nothing("As you wish: I did nothing.");
      return *std::move(meaning);
    }
    if (std::string why = why_not(reader_); !why.empty()) return nothing(std::move(why));
    if (asks_for_dry_run(reader_)) meaning->input.set("dry_run", true);
    return *std::move(meaning);
  }
  return nothing({});
}

Meaning Interpreter::nothing(std::string why) { return {.say = std::move(why)}; }

Meaning Interpreter::ask(std::string tool, Value input, std::string field, std::string question) {
  return {.kind = Meaning::Kind::ask,
          .tool = std::move(tool),
          .input = std::move(input),
          .field = std::move(field),
          .say = std::move(question)};
}

bool Interpreter::take_named(Meaning& out, std::string field, std::vector<Named> found,
                             std::string question) {
  if (found.size() == 1) {
    out.input.set(field, found[0].value);
    return true;
  }
  out.kind = found.empty() ? Meaning::Kind::ask : Meaning::Kind::choose;
  out.field = std::move(field);
  out.choices = std::move(found);
  out.say = out.kind == Meaning::Kind::ask ? std::move(question) : "Which one do you mean?";
  return false;
}

Result<std::vector<Interpreter::Mention>> Interpreter::mentions() {
  std::vector<Mention> all;
  const std::vector<Word>& words = reader_.words();
  for (std::size_t at = 0; at < words.size(); at++) {
    const Word& word = words[at];
    if (word.used) continue;
    if (word.kind == WordKind::email || word.kind == WordKind::code) {
      auto who = TRY(names_.contacts(word.said));
      if (word.kind == WordKind::email || !who.empty()) all.push_back({at, std::move(who)});
    } else if (word.kind == WordKind::uuid) {
      all.push_back({at, {{.value = word.lower, .label = word.lower, .name = word.lower}}});
    } else if (reader_.may_be_name(at)) {
      bool pair = word.kind == WordKind::plain && reader_.may_be_name(at + 1);
      auto who =
          pair ? TRY(names_.contacts(word.said + " " + words[at + 1].said)) : std::vector<Named>();
      if (!who.empty()) {
        all.push_back({at, std::move(who)});
        at++;
        continue;
      }
      who = TRY(names_.contacts(word.said));
      if (!who.empty()) all.push_back({at, std::move(who)});
    }
  }
  return all;
}

Result<bool> Interpreter::take_contact(Meaning& out, std::string field, std::string question) {
  auto all = TRY(mentions());
  if (all.empty()) return take_named(out, std::move(field), {}, std::move(question));
  reader_.use_at(all[0].at);
  if (all[0].who.empty()) {
    question = fmt::format("I know no contact {}. {}", reader_.words()[all[0].at].said, question);
  }
  return take_named(out, std::move(field), std::move(all[0].who), std::move(question));
}

Result<bool> Interpreter::take_shop(Meaning& out) {
  auto shops = TRY(names_.shops());
  std::vector<Named> fitting = reader_.best(shops);
  if (fitting.empty() && shops.size() == 1) fitting = shops;
  return take_named(out, "shop_uuid", std::move(fitting), "In which shop?");
}

Result<Meaning> interpret(std::string_view text, Names& names) {
  return Interpreter(text, names).read();
}

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

}  // namespace

Result<Meaning> interpret_answer(std::string_view text, const Meaning& question, Names& names) {
  Reader reader(text);
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
