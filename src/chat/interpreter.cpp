#include "chat/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <iterator>

#include "chat/interpretation.h"
#include "chat/reader.h"
#include "chat/restraint.h"
#include "chat/words.h"
#include "shape/json.h"

namespace piggy {
namespace {

// A rehearsal is asked for in so many words.
bool asks_for_dry_run(const Reader& reader) {
  return reader.any({"dry-run", "preview", "simulate", "simulation", "rehearse"}) ||
         reader.says("dry run") || reader.says("without saving") || reader.says("change nothing") ||
         reader.says("try it out");
}

}  // namespace

Result<Meaning> Interpreter::read() {
  if (reader_.empty()) return nothing("Say what I can do for you.");
  if (!reader_.mend()) return nothing("I am not sure which you mean. Say it once more, in one go.");
  auto named = TRY(names_.shops());
  std::ranges::move(TRY(names_.promotions()), std::back_inserter(named));
  reader_.drop_contrast(named);
  auto meaning = TRY(recognise());
  bool held_back = meaning.kind == Meaning::Kind::nothing || !why_not(reader_, meaning).empty();
  if (held_back && is_background(reader_) && TRY(forget_background())) meaning = TRY(recognise());
  if (meaning.kind == Meaning::Kind::nothing) return meaning;
  if (std::string why = why_not(reader_, meaning); !why.empty()) return nothing(std::move(why));
  if (!reads(meaning.tool) && asks_for_dry_run(reader_)) meaning.input.set("dry_run", true);
  return meaning;
}

Result<Meaning> Interpreter::recognise() {
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
    if (auto meaning = TRY((this->*understand)())) return *std::move(meaning);
  }
  return nothing({});
}

Result<bool> Interpreter::forget_background() {
  auto from = reader_.request_after_background();
  if (!from) return false;
  reader_.forget();
  std::vector<Named> shops = TRY(names_.shops());
  std::vector<bool> kept(*from, false);
  bool told = false, asked = false;  // Whether a contact is named before, and in the request.
  for (const Mention& mention : TRY(mentions())) {
    (mention.at < *from ? told : asked) = true;
    for (std::size_t i = 0; i < mention.words && mention.at + i < *from; i++) {
      kept[mention.at + i] = true;
    }
  }
  bool points_back = reader_.says_from(*from, {"him", "her", "his", "them", "their"});
  if (told && !asked && !points_back) return false;
  for (std::size_t at = *from; at-- > 0;) {
    bool shop = reader_.says_from(*from, {"there"}) && reader_.is_name_of(at, shops);
    if (!shop && (asked || !kept[at])) reader_.drop(at, at + 1);
  }
  return true;
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
      if (word.kind == WordKind::email || !who.empty()) all.push_back({at, 1, std::move(who)});
    } else if (word.kind == WordKind::uuid) {
      all.push_back({at, 1, {{.value = word.lower, .label = word.lower, .name = word.lower}}});
    } else if (reader_.may_be_name(at)) {
      bool pair = word.kind == WordKind::plain && reader_.may_be_name(at + 1);
      auto who =
          pair ? TRY(names_.contacts(word.said + " " + words[at + 1].said)) : std::vector<Named>();
      if (!who.empty()) {
        all.push_back({at, 2, std::move(who)});
        at++;
        continue;
      }
      who = TRY(names_.contacts(word.said));
      if (!who.empty()) all.push_back({at, 1, std::move(who)});
    }
  }
  // A name that may be somebody whose address or card is said as well is nobody else.
  std::erase_if(all, [&](const Mention& vague) {
    return vague.who.size() > 1 && std::ranges::any_of(all, [&](const Mention& clear) {
             return clear.who.size() == 1 && std::ranges::find(vague.who, clear.who[0].value,
                                                               &Named::value) != vague.who.end();
           });
  });
  return all;
}

Result<bool> Interpreter::take_contact(Meaning& out, std::string field, std::string question) {
  auto all = TRY(mentions());
  if (all.empty()) return take_named(out, std::move(field), {}, std::move(question));
  reader_.use_at(all[0].at);
  if (all[0].who.empty()) {
    question = fmt::format("I know no contact {}. {}", reader_.words()[all[0].at].said, question);
  }
  // Of several people one is not picked.
  std::vector<Named> who = std::move(all[0].who);
  for (std::size_t i = 1; i < all.size() && who.size() == 1; i++) {
    if (all[i].who.size() == 1 && all[i].who[0].value != who[0].value) {
      who.push_back(all[i].who[0]);
    }
  }
  return take_named(out, std::move(field), std::move(who), std::move(question));
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
