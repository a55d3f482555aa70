// What a message asks for: its requests alone, or with what they refer back to.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "chat/interpretation.h"
#include "chat/vocabulary.h"

namespace piggy {
namespace {

constexpr std::string_view articles = "the a an our his her their my your its this these those";

bool is_deed(const Clause& clause) { return clause.kind == ClauseKind::request; }

bool refers_back(const Reader& reader, const std::vector<bool>& own) {
  for (std::size_t at = 0; at < reader.size(); at++) {
    if (own[at] &&
        is_one_of(reader.words()[at],
                  "him her his them their it its that there those these this he she the ones")) {
      return true;
    }
  }
  return false;
}

// "She is locked out. Auth token please!"
bool lacks_somebody(const Meaning& meaning) {
  return meaning.kind == Meaning::Kind::ask &&
         (meaning.field.ends_with("contact_uuid") || meaning.field == "uuid" ||
          meaning.field == "email" || meaning.field == "contact_identifier_value");
}

// Whether a number that was told may be what a request leaves out: "€20", "35 points", not "2
// days".
bool is_amount(const Reader& reader, std::size_t at) {
  const std::vector<Word>& words = reader.words();
  auto is_unit = [&](std::size_t place) {
    return place < words.size() && is_one_of(words[place],
                                             "points credits pts extra euro euros eur people "
                                             "guests persons vouchers codes");
  };
  return is_unit(at + 1) || (at > 0 && is_unit(at - 1)) || reader.contains("€") ||
         words[at].number != std::floor(words[at].number);
}

// "… for her birthday", "as an apology": what is said besides ends there. `at` when it is none.
std::size_t end_of_reason(const std::vector<Word>& words, const std::vector<bool>& counts,
                          std::size_t at) {
  const Word* next = at + 1 < words.size() ? &words[at + 1] : nullptr;
  if (!next || words[at].pause) return at;
  bool reason = is_one_of(words[at], "because as since so who that which") ||
                (is_one_of(words[at], "due thanks") && next->is("to"));
  // "Do that …", "give that …" point at something.
  if (is_one_of(words[at], "that which") && at > 0 &&
      (is_one_of(words[at - 1], pointing) || is_imperative(words[at - 1]))) {
    return at;
  }
  // "for Nina" and "to Nina" say whom something is for.
  reason = reason || (words[at].is("for") && (is_one_of(*next, "the a an his her their its this") ||
                                              next->lower.ends_with("ing")));
  reason = reason || (words[at].is("to") &&
                      is_one_of(*next,
                                "make thank say celebrate apologise apologize compensate "
                                "help welcome cheer show log sign get use build"));
  // "For her colleague", "for the day he comes back".
  bool other =
      at + 2 < words.size() && (distorts(words[at + 2]) || is_one_of(words[at + 2], until_then));
  if (!reason || other) return at;
  for (std::size_t end = at + 1; end < words.size(); end++) {
    if (is_one_of(words[end], "at in")) return end;
    if (counts[end]) return at;
    if (words[end].pause) return end + 1;
  }
  return words.size();
}

// "Our most patient guest", "the forgotten purchase": what a thing is like, in lower case, between
// an article and the thing.
bool is_describing(const std::vector<Word>& words, std::size_t at) {
  auto describes = [&](std::size_t place) {
    return words[place].kind == WordKind::plain && words[place].said == words[place].lower &&
           !distorts(words[place]) && !is_one_of(words[place], telling) &&
           !is_one_of(words[place], "not of for to from with without and or but than on off");
  };
  if (!describes(at) || words[at].pause) return false;
  std::size_t first = at, last = at;
  while (first > 0 && at - first < 3 && describes(first - 1) && !words[first - 1].pause &&
         !is_one_of(words[first - 1], articles)) {
    first--;
  }
  bool article = first > 0 && is_one_of(words[first - 1], articles) && !words[first - 1].pause;
  while (last + 1 < words.size() && last - at < 3 && describes(last + 1) && !words[last].pause &&
         !is_thing(words[last])) {
    last++;
  }
  return article && last > at && is_thing(words[last]);
}

bool counts_something(std::string_view tool) {
  return tool == "create_credit_reception" || tool == "create_vouchers_batch" ||
         tool == "update_bookings";
}

}  // namespace

Result<Interpreter::Understood> Interpreter::asked(const std::vector<Clause>& clauses) {
  std::vector<bool> own = own_words(clauses);
  Understood alone = TRY(recognise_in(own));
  auto first = std::ranges::find_if(clauses, &Clause::asks);
  bool back = refers_back(reader_, own) || lacks_somebody(alone.meaning);
  if (first == clauses.end() || (alone.call() && !back)) return alone;
  // What is told before may be spoken of; what is told after it can but complete it.
  std::vector<bool> told(reader_.size(), false);
  auto last = std::ranges::find_if(clauses.rbegin(), clauses.rend(), &Clause::asks).base();
  for (auto clause = clauses.begin(); clause != clauses.end(); clause++) {
    bool beside = clause->sentence == first->sentence;
    bool counts = clause < last ? beside || back : beside && !alone.nothing();
    for (std::size_t at = clause->first; at < clause->last; at++) told[at] = counts && !own[at];
  }
  bool merging = alone.meaning.tool == "merge_contacts";
  std::optional<Understood> most;
  for (bool values_alone : {false, true}) {
    Understood more = TRY(recognise_in(TRY(with_told(own, told, values_alone, merging))));
    bool same = alone.nothing() || more.meaning.tool == alone.meaning.tool;
    if (same && more.call()) return more;
    // It knows more when it asks for something else, or only which of several is meant.
    bool further = !more.nothing() && (more.meaning.kind == Meaning::Kind::choose ||
                                       more.meaning.field != alone.meaning.field);
    if (same && further && !most) most = std::move(more);
  }
  return most ? *std::move(most) : std::move(alone);
}

std::vector<bool> Interpreter::own_words(const std::vector<Clause>& clauses) {
  bool any = std::ranges::any_of(clauses, &Clause::asks);
  bool deed = std::ranges::any_of(clauses, is_deed);
  std::vector<bool> own(reader_.size(), false);
  bool begun = false;
  for (const Clause& clause : clauses) {
    begun = begun || clause.asks();
    bool same_sentence = std::ranges::any_of(clauses, [&](const Clause& other) {
      return other.asks() && other.sentence == clause.sentence;
    });
    bool fragment = clause.kind == ClauseKind::fragment;
    bool belongs = clause.asks() || clause.kind == ClauseKind::filler ||
                   (fragment && (begun || same_sentence || !any)) ||
                   (clause.kind == ClauseKind::detail && (begun || !any));
    bool weighed = is_deed(clause) || (!deed && clause.kind == ClauseKind::wish) ||
                   (fragment && (begun || same_sentence || !any));
    for (std::size_t at = clause.first; at < clause.last; at++) {
      own[at] = belongs;
      bool opening = at < clause.verb || (is_deed(clause) && at == clause.verb);
      if (weighed && !(clause.asks() && opening)) reader_.weigh(at);
    }
  }
  return own;
}

Result<std::vector<bool>> Interpreter::with_told(const std::vector<bool>& own,
                                                 const std::vector<bool>& told, bool values_alone,
                                                 bool merging) {
  std::vector<Named> shops = TRY(names_.shops());
  std::vector<Named> promotions = TRY(names_.promotions());
  reader_.forget();
  std::vector<bool> contact = TRY(contact_words());
  enum class Thing { none, contact, card, shop, promotion, number, date, other };
  auto thing = [&](std::size_t at) {
    const Word& word = reader_.words()[at];
    if (word.kind == WordKind::code) return Thing::card;
    if (contact[at] || word.kind == WordKind::email) return Thing::contact;
    if (reader_.is_name_of(at, shops)) return Thing::shop;
    if (reader_.is_name_of(at, promotions)) return Thing::promotion;
    if (word.kind == WordKind::plain) return Thing::none;
    if (word.kind == WordKind::number) return Thing::number;
    return word.kind == WordKind::date ? Thing::date : Thing::other;
  };
  std::vector<bool> kept = own;
  for (std::size_t at = 0; at < reader_.size(); at++) {
    if (!told[at]) continue;
    Thing what = thing(at);
    bool said = false;
    for (std::size_t other = 0; other < reader_.size(); other++) {
      said = said || (own[other] && thing(other) == what);
    }
    if (what == Thing::none) {
      kept[at] = !values_alone;
    } else if (what == Thing::number) {
      kept[at] = !said && is_amount(reader_, at);
    } else {
      kept[at] = !said || (merging && what == Thing::contact);
    }
  }
  return kept;
}

Result<Interpreter::Understood> Interpreter::recognise_in(const std::vector<bool>& kept) {
  Reader said = reader_;
  reader_.keep(kept);
  auto meaning = TRY(recognise());
  std::swap(said, reader_);
  return Understood{.meaning = std::move(meaning), .reader = std::move(said)};
}

Result<Restraint> Interpreter::unclear(const Understood& understood, bool deed) {
  const Reader& reader = understood.reader;
  const Meaning& meaning = understood.meaning;
  const std::vector<Word>& words = reader.words();
  Interpreter reading(*this);
  reading.reader_ = reader;
  std::vector<bool> counts = TRY(reading.contact_words());
  std::vector<Named> known = TRY(names_.shops());
  std::ranges::move(TRY(names_.promotions()), std::back_inserter(known));
  for (std::size_t at = 0; at < words.size(); at++) {
    counts[at] = counts[at] || words[at].used || words[at].kind != WordKind::plain ||
                 reader.is_name_of(at, known);
  }
  bool call = meaning.kind == Meaning::Kind::call && meaning.tool != "merge_contacts";
  std::size_t reason = 0;
  for (std::size_t at = 0; at < words.size(); at++) {
    const Word& word = words[at];
    reason = std::max(reason, end_of_reason(words, counts, at));
    if (word.used || word.kind == WordKind::quoted) continue;
    if (word.kind != WordKind::plain) {
      // Another amount, another address: the request is not what was understood of it.
      bool idle =
          word.kind == WordKind::number && (word.is("one") || !counts_something(meaning.tool));
      if (!call || idle) continue;
      return Restraint{
          fmt::format("I am not sure what “{}” is for. Say it more plainly, please.", word.said)};
    }
    bool about_so_many =
        word.is("some") && at + 1 < words.size() && words[at + 1].kind == WordKind::number;
    bool day = std::ranges::count(word.lower, '/') == 2;
    bool choice = word.is("or") && !call;
    bool which = at > 1 && is_one_of(word, "got bought returned") && is_thing(words[at - 2]) &&
                 is_one_of(words[at - 1], "he she they we");  // "The 35 points she got".
    bool clear = counts[at] || which || is_describing(words, at) || day || choice ||
                 is_plain(word) || is_becoming(word) || (deed && asks_for(word, meaning.tool));
    bool of_whose =
        is_one_of(word, "guest guests client customer member man woman guy lady user") &&
        at + 2 < words.size() && words[at + 1].is("of") && counts[at + 2] &&
        (words[at + 2].kind == WordKind::email || words[at + 2].kind == WordKind::plain);
    bool whose = at > 0 && words[at - 1].kind == WordKind::code && is_one_of(word, "owner holder");
    if (about_so_many || whose || of_whose || (word.weighed && !clear && at >= reason)) {
      return Restraint{fmt::format("I am not sure what “{}” means there.", word.said), true};
    }
  }
  return Restraint{};
}

}  // namespace piggy
