#include "chat/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>

#include "chat/interpretation.h"
#include "chat/reader.h"
#include "chat/restraint.h"
#include "chat/tidy.h"
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

// "create vouchers batch, promotion Summer sale, quantity 20".
std::string described(const Meaning& meaning) {
  auto in_words = [](std::string text) {
    if (text.ends_with("_uuid")) text.resize(text.size() - 5);
    std::ranges::replace(text, '_', ' ');
    return text;
  };
  std::string text = in_words(meaning.tool);
  for (const Member& member : *meaning.input.members()) {
    const Value* label = meaning.labels.find(member.name);
    const Value& value = label && !label->text()->empty() ? *label : member.value;
    text += fmt::format(", {} {}", in_words(member.name),
                        value.text() ? std::string(*value.text()) : to_json(value));
  }
  return text;
}

}  // namespace

Result<Meaning> Interpreter::read() {
  if (reader_.empty()) return nothing("Say what I can do for you.");
  tidy(reader_);
  if (!reader_.mend()) return nothing("I am not sure which you mean. Say it once more, in one go.");
  auto named = TRY(names_.shops());
  std::ranges::move(TRY(names_.promotions()), std::back_inserter(named));
  reader_.drop_contrast(named);
  std::vector<Clause> clauses = clauses_in(reader_);
  Understood asking = TRY(asked(clauses));
  if (asking.nothing() || reads(asking.meaning.tool)) {
    if (asking.call()) return std::move(asking.meaning);
    Meaning whole = TRY(recognise_in(std::vector<bool>(reader_.size(), true))).meaning;
    if (whole.kind == Meaning::Kind::nothing) return whole;
    if (is_denied(clauses)) return nothing("As you wish: I did nothing.");
    if (reads(whole.tool)) return whole;
    if (asks_for_dry_run(reader_)) whole.input.set("dry_run", true);
    Restraint restraint = restraint_of_told(reader_, clauses);
    return held_back(std::move(whole), restraint);
  }
  if (asks_for_dry_run(reader_)) asking.meaning.input.set("dry_run", true);
  Restraint restraint = restraint_of(reader_, clauses, asking.meaning.tool);
  bool deed = std::ranges::count(clauses, ClauseKind::request, &Clause::kind) > 0;
  if (restraint.why.empty()) restraint = TRY(unclear(asking, deed));
  return held_back(std::move(asking.meaning), restraint);
}

Meaning Interpreter::held_back(Meaning meaning, const Restraint& restraint) {
  if (restraint.why.empty()) return meaning;
  if (!restraint.offers || meaning.kind != Meaning::Kind::call) return nothing(restraint.why);
  meaning.kind = Meaning::Kind::confirm;
  meaning.say = fmt::format("{} Shall I do this: {}? Say yes, or tell me plainly what to do.",
                            restraint.why, described(meaning));
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
    out.labels.set(std::move(field), found[0].label);
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
      if (who.empty() && word.kind == WordKind::plain && word.lower.ends_with('s') &&
          word.said.size() > 3) {  // "bobs token".
        who = TRY(names_.contacts(word.said.substr(0, word.said.size() - 1)));
      }
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

Result<std::vector<bool>> Interpreter::contact_words() {
  std::vector<bool> contact(reader_.size(), false);
  for (const Mention& mention : TRY(mentions())) {
    for (std::size_t i = 0; i < mention.words; i++) contact[mention.at + i] = true;
  }
  return contact;
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

}  // namespace piggy
