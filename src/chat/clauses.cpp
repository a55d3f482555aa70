#include "chat/clauses.h"

#include <algorithm>
#include <array>
#include <optional>

#include "chat/vocabulary.h"

namespace piggy {
namespace {

// Each is skipped where a request may begin.
constexpr std::array nothing_said = {
    "change nothing", "nothing else",   "nothing real",  "nothing for real", "nothing real yet",
    "without saving", "try it out",     "go ahead",      "once more",        "once again",
    "this time",      "do me a favour", "do me a favor", "whatever",         "that said",
    "in that case",   "if so",          "simulate only", "dry run",          "dry-run",
    "use it to",      "use that to",    "use this to"};
// "Do a dry run of claiming …", "… of 500 points for …".
constexpr std::array rehearsals = {
    "do a dry run of",     "do a dry run with",  "do me a dry run of", "do me a dry run with",
    "make a dry run of",   "start a dry run of", "run a dry run of",   "a dry run of",
    "run a simulation of", "do a simulation of", "dry run of",         "dry run with"};
constexpr std::array subordinating = {
    "if",         "when",         "whenever",     "unless",  "whether",      "provided",
    "assuming",   "suppose",      "supposing",    "while",   "as soon as",   "in case",
    "as long as", "only if",      "in the event", "imagine", "the moment",   "by the time",
    "even if",    "depending on", "subject to",   "pending", "say somebody", "say someone",
    "say he",     "say she",      "say a"};
constexpr std::string_view denying =
    "no nope nah not never none nobody neither don't dont don’t stop wait hold cancel forget "
    "scratch ignore disregard leave undo skip kidding joking better nevermind refrain avoid but "
    "though although however except";
constexpr std::array denials = {
    "never mind",    "forget it",   "forget that",  "changed my mind", "second thought",
    "on reflection", "kidding",     "joking",       "second thoughts", "leave it",
    "leave things",  "cancel that", "scratch that", "ask me",          "ask first",
    "do nothing",    "do not",      "no need",      "somebody else",   "hold on",
    "hold off",      "wait for",    "i don't",      "we don't",        "should not",
    "shouldn't",     "must not",    "mustn't",      "against",         "let me check",
    "let me think",  "let me ask",  "forbids",      "wasn't serious",  "check with",
    "a mistake",     "no longer",   "rather not",   "i wish",          "i guess",
    "i suppose",     "i wonder",    "i think",      "refused",         "declined",
    "rejected",      "disagrees",   "objects"};

// Also "03/04/2027", which may be either of two days.
bool is_value(const Word& word) {
  return (word.kind != WordKind::plain && word.kind != WordKind::quoted) ||
         std::ranges::count(word.lower, '/') == 2;
}

class Splitter {
 public:
  explicit Splitter(const Reader& reader) : reader_(reader), words_(reader.words()) {}
  std::vector<Clause> split() const;

 private:
  bool one(std::size_t at, std::string_view list) const {
    return at < words_.size() && is_one_of(words_[at], list);
  }
  bool any(std::size_t first, std::size_t last, const auto& is) const {
    return std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(first),
                       words_.begin() + static_cast<std::ptrdiff_t>(last), is);
  }
  // How many words long the phrase is that is said here; 0 for none of them.
  std::size_t phrase(std::size_t at, const auto& phrases) const;
  std::size_t pause_after(std::size_t at) const;
  // Whether another clause begins here without a pause before.
  bool breaks_off(std::size_t at) const;
  bool is_subordinate(std::size_t at) const;
  bool is_inverted(std::size_t at) const;
  // Behind greetings and words that say nothing.
  std::size_t skip(std::size_t at, std::size_t last) const;
  // How many words ask somebody ("can you"), or say that something is wanted ("I'd like to").
  std::size_t opening(std::size_t at) const;
  std::optional<Clause> request(std::size_t first, std::size_t last) const;
  bool points_back(std::size_t at, std::size_t last) const;
  std::optional<Clause> rehearsed(Clause clause) const;
  std::optional<Clause> opened(Clause clause, std::size_t at, std::size_t size) const;
  std::optional<Clause> request_behind(std::size_t first, std::size_t last) const;
  bool is_wish(std::size_t first, std::size_t last) const;
  bool is_denial(std::size_t first, std::size_t last) const;
  bool is_detail(std::size_t first, std::size_t last) const;
  Clause read(std::size_t first, std::size_t last) const;
  ClauseKind kind_of(std::size_t first, std::size_t last) const;

  const Reader& reader_;
  const std::vector<Word>& words_;
};

std::vector<Clause> Splitter::split() const {
  std::vector<Clause> clauses;
  std::size_t sentence = 0;
  for (std::size_t at = 0; at < words_.size();) {
    std::size_t last = at + 1;
    while (last < words_.size() && !words_[last - 1].pause && !breaks_off(last)) last++;
    Clause clause = read(at, last);
    clause.sentence = sentence;
    // There is nothing yet that it could be a detail of.
    if (clause.kind == ClauseKind::detail && at == 0) {
      clause.kind = one(at, "it its") ? ClauseKind::told : ClauseKind::fragment;
    }
    // "It would be great if you could …".
    bool favour = one(last, "if") && request(last, pause_after(last));
    if (favour) clause.kind = ClauseKind::filler;
    // "The app was down when she paid": part of what is told.
    bool past = any(at, last, [](const Word& word) {
      return is_one_of(word, "was were had paid bought came left went got") ||
             (word.kind == WordKind::plain && word.lower.ends_with("ed"));
    });
    bool goes_on = clause.kind == ClauseKind::condition && one(at, "when while after before") &&
                   past && !clauses.empty() && clauses.back().kind == ClauseKind::told &&
                   !words_[at - 1].pause;
    if (goes_on) clause.kind = ClauseKind::told;
    // "We must know their size: new number attribute shoe_size".
    bool made_known = clause.kind == ClauseKind::fragment && one(at, "new another") &&
                      !clauses.empty() && clauses.back().kind == ClauseKind::told &&
                      words_[at - 1].pause == ':' && words_[last - 1].pause != '?';
    if (made_known) clause.kind = ClauseKind::wish;
    // "150 points from the Utrecht shop, please."
    bool please =
        clause.kind == ClauseKind::filler && one(at, "please pls plz") && !clauses.empty();
    if (please && clauses.back().kind == ClauseKind::fragment && words_[at - 1].pause == ',') {
      clauses.back().kind = ClauseKind::wish;
    }
    clauses.push_back(clause);
    if (std::string_view(".!?").contains(words_[last - 1].pause)) sentence++;
    at = last;
  }
  return clauses;
}

std::size_t Splitter::phrase(std::size_t at, const auto& phrases) const {
  std::size_t longest = 0;
  for (std::string_view one : phrases) {
    if (!reader_.says_at(at, one)) continue;
    longest = std::max(longest, 1 + static_cast<std::size_t>(std::ranges::count(one, ' ')));
  }
  return longest;
}

std::size_t Splitter::pause_after(std::size_t at) const {
  while (at < words_.size() && !words_[at].pause) at++;
  return std::min(at + 1, words_.size());
}

bool Splitter::breaks_off(std::size_t at) const {
  if (one(at, "but though although because")) return true;
  if (is_subordinate(at) || is_inverted(at)) return true;
  if (one(at, "so") && one(at + 1, "i we he she they you that it nobody none")) return true;
  return one(at, "and so then or") && request(at + 1, pause_after(at));
}

// "until he is back", but not "until 31 December".
bool Splitter::is_subordinate(std::size_t at) const {
  if (phrase(at, subordinating) > 0) return true;
  if (at + 1 >= words_.size() || words_[at].pause) return false;
  bool moment = is_value(words_[at + 1]);
  if (one(at, "till") && at > 0 && one(at - 1, "the our this that")) return false;
  return (one(at, "once") && !one(at + 1, "more again")) ||
         (one(at, "after") && !moment && !one(at + 1, "all")) || (one(at, "before") && !moment) ||
         (one(at, "until till") && !moment && !one(at + 1, "the end"));
}

// "deactivate it should she not come back", "should CARD-2 be lost, block it", "had I known".
bool Splitter::is_inverted(std::size_t at) const {
  if (one(at, "should") && one(at + 1, "he she they you anybody anyone")) return true;
  if (at > 0 && !words_[at - 1].pause) return false;
  std::size_t end = pause_after(at);
  return one(at, "should were had") && words_[end - 1].pause != '?' && end > at + 1;
}

std::size_t Splitter::skip(std::size_t at, std::size_t last) const {
  while (at < last) {
    bool greeted = at > 0 && one(at - 1, "hi hello hey dear") &&
                   words_[at].kind == WordKind::plain && !one(at, subjects) &&
                   !one(at, "at in for from to on into with the our a") &&
                   !is_imperative(words_[at]) && opening(at) == 0;
    bool emphatic = one(at, "do") && at + 1 < last && is_imperative(words_[at + 1]);
    std::size_t size = phrase(at, nothing_said);
    if (size == 0 && (one(at, fillers) || greeted || emphatic)) size = 1;
    if (size == 0) break;
    at += size;
  }
  return std::min(at, last);
}

std::size_t Splitter::opening(std::size_t at) const {
  if (one(at, "let lets")) return one(at + 1, "us") ? 2 : 1;  // "let's" is read as "let".
  constexpr std::array possible = {"is it possible to",
                                   "would it be possible to",
                                   "would it be possible that you",
                                   "would it be possible for you to",
                                   "may i ask you to",
                                   "can i ask you to",
                                   "could i ask you to",
                                   "might i ask you to",
                                   "i'd ask you to",
                                   "i ask you to"};
  if (std::size_t size = phrase(at, possible)) return size;
  bool asks = one(at, "can could would will may") &&
              one(at + 1, "you u we i somebody someone anybody anyone");
  if (asks) return 2;
  constexpr std::array wanting = {"i'd like",
                                  "we'd like",
                                  "i would like",
                                  "we would like",
                                  "i need",
                                  "we need",
                                  "i want",
                                  "we want",
                                  "i wish to",
                                  "i'd need",
                                  "we'd need",
                                  "i'd love",
                                  "we'd love",
                                  "i would love",
                                  "i'd appreciate",
                                  "we'd appreciate",
                                  "i would appreciate",
                                  "we would appreciate"};
  std::size_t size = phrase(at, wanting);
  if (size == 0) return 0;
  if (one(at + size - 1, "to")) return size;
  std::size_t to = one(at + size, "you") ? size + 1 : size;
  return one(at + to, "to") ? to + 1 : size;
}

std::optional<Clause> Splitter::request(std::size_t first, std::size_t last) const {
  std::size_t at = skip(first, last);
  if (at >= last) return std::nullopt;
  Clause clause{.kind = ClauseKind::request, .first = first, .last = last, .verb = at};
  if (points_back(at, last)) return clause;
  if (auto rehearsal = rehearsed(clause)) return rehearsal;
  if (std::size_t size = opening(at)) return opened(clause, at, size);
  bool favour = one(at, "if") && one(at + 1, "you") && one(at + 2, "could would can") && at > 0 &&
                one(at - 1, "great grateful nice lovely wonderful good kind glad happy helpful it");
  if (favour) return opened(clause, at, 3);
  // "email: …", "the name is …" name a thing.
  bool thing = is_plain(words_[at]) && (words_[at].pause || one(at + 1, "is are"));
  if (is_imperative(words_[at]) && !thing) return clause;
  if (one(at, "what whats") && one(at + 1, "is the a an")) {
    clause.polite = true;
    return clause;
  }
  if (one(at, "have need want")) {
    clause.kind = ClauseKind::wish;
    return clause;
  }
  return request_behind(at, last);
}

// "Do a dry run of merging …": what is rehearsed is asked for.
std::optional<Clause> Splitter::rehearsed(Clause clause) const {
  bool dry = clause.verb > clause.first && one(clause.verb - 1, "run dry-run");
  if (std::size_t size = phrase(clause.verb, rehearsals)) {
    dry = true;
    clause.verb += size;
  }
  if (!dry || clause.verb >= clause.last) return std::nullopt;
  bool deed = is_gerund(words_[clause.verb]) || is_imperative(words_[clause.verb]);
  clause.kind = deed ? ClauseKind::request : ClauseKind::wish;
  return clause;
}

// "Do it", "fix that please", "arrange this": what was told before is to be done.
bool Splitter::points_back(std::size_t at, std::size_t last) const {
  if (!one(at, pointing) || !one(at + 1, "it this that so these those")) return false;
  return at + 2 <= last && skip(at + 2, last) == last;
}

// Behind "can you", "I'd like to": a verb that we know; behind "I need", "could I have": a thing.
std::optional<Clause> Splitter::opened(Clause clause, std::size_t at, std::size_t size) const {
  clause.polite = true;
  clause.verb = skip(at + size, clause.last);
  bool deed = one(at + size - 1,
                  "to you u we i somebody someone anybody anyone us let lets can could would");
  if (one(clause.verb, "mind") && clause.verb + 1 < clause.last &&
      is_gerund(words_[clause.verb + 1])) {
    clause.verb++;
    return clause;
  }
  if (clause.verb >= clause.last) return std::nullopt;
  // "I need to log in as …".
  if (one(clause.verb, "log sign") && one(clause.verb + 1, "in into on")) return std::nullopt;
  // "I want Bob to give …" asks Bob.
  for (std::size_t at = clause.verb + 1; at <= clause.verb + 2 && at + 1 < clause.last; at++) {
    bool another = !is_plain(words_[clause.verb]) && one(at, "to") && is_imperative(words_[at + 1]);
    if (!deed && another) return std::nullopt;
  }
  bool past = one(clause.verb, "have") && clause.verb + 1 < clause.last &&
              is_becoming(words_[clause.verb + 1]);  // "Could you have given …".
  if (past) return std::nullopt;
  bool ours = one(at, "can could may") && one(at + 1, "i we") && one(clause.verb, "get");
  // "Would you do it?" asks for advice.
  if (!one(at, "would") && points_back(clause.verb, clause.last)) return clause;
  if (auto rehearsal = rehearsed(clause)) return rehearsal;
  if (!deed || ours || one(clause.verb, "have need do")) {
    clause.kind = ClauseKind::wish;
    return clause;
  }
  if (!is_imperative(words_[clause.verb])) return std::nullopt;
  return clause;
}

// "At Utrecht credit …", "Nina please give …".
std::optional<Clause> Splitter::request_behind(std::size_t first, std::size_t last) const {
  bool place = one(first, "at in for from to on into with");
  bool called = !one(first, subjects) && one(first + 1, "please pls plz can could would will");
  if (called && first + 1 < last) return request(first + 1, last);
  if (!place) return std::nullopt;
  for (std::size_t at = first + 1; at < last && at <= first + 6; at++) {
    bool begins = is_imperative(words_[at]) && !is_plain(words_[at]);
    if (begins || opening(at) > 0 || one(at, "please pls plz")) return request(at, last);
    if (one(at, telling) || one(at, subjects)) break;
  }
  return std::nullopt;
}

// "CARD-2 should be blocked", "the Summer sale needs another 80 vouchers", "could Bob get …".
bool Splitter::is_wish(std::size_t first, std::size_t last) const {
  constexpr std::string_view becomes = "be get receive go start end become";
  bool please = any(first, last, [](const Word& word) { return is_one_of(word, "please pls"); });
  if (one(first, "could") || (one(first, "can") && please)) {
    return any(first, last, [&](const Word& word) { return is_one_of(word, becomes); });
  }
  if (one(first, "i we you")) return false;
  for (std::size_t at = first + 1; at + 1 < last; at++) {
    if (one(at, "should must") || (please && one(at, "can could may"))) {
      return one(at + 1, becomes);
    }
    if (one(at, "is are has have needs") && one(at + 1, "to")) return one(at + 2, becomes);
    if (one(at, "is") && one(at + 1, "needed")) return true;
    if (!one(at, "needs")) continue;
    // Who needs points may have to earn them.
    return !any(at, last, [](const Word& word) {
      return is_one_of(word, "points point credits credit pts");
    });
  }
  return false;
}

bool Splitter::is_denial(std::size_t first, std::size_t last) const {
  std::size_t at = first;
  while (at < last && one(at, "and or oh hmm well actually ok please so just only on that")) at++;
  if (one(at, denying)) return true;
  for (std::size_t i = first; i < last; i++) {
    if (phrase(i, denials) > 0) return true;
  }
  return false;
}

bool Splitter::is_detail(std::size_t first, std::size_t last) const {
  constexpr std::string_view things =
      "name label type options description status email e-mail address company source one "
      "category identifier expiry number choices choice values shop store promotion";
  std::size_t at = one(first, "and so") ? first + 1 : first;
  if (one(at, "it its values which whose")) return true;
  if (one(at, "they") && one(at + 1, "should must expire have need will can are")) return true;
  if (reader_.says_at(at, "that is") && at + 2 < last && is_value(words_[at + 2])) return true;
  std::size_t thing = one(at, "the her his their") ? at + 1 : at;
  if (one(thing, things)) return true;
  if (first > 0 && one(thing, "guests people persons party") && one(thing + 1, "is are size")) {
    return true;
  }
  return any(first, last, [](const Word& word) {
    return is_one_of(word, "stays remains survives remain stay survive");
  });
}

Clause Splitter::read(std::size_t first, std::size_t last) const {
  Clause clause{.first = first, .last = last};
  if (auto asking = request(first, last)) {
    clause = *asking;
    clause.first = first;
    bool denied = any(clause.verb, last, [](const Word& word) {
      return is_one_of(word, "not don't never nobody none nothing neither");
    });
    if (denied) clause.kind = ClauseKind::denial;
    return clause;
  }
  clause.kind = kind_of(first, last);
  std::size_t at = skip(first, last);
  clause.verb = at;
  clause.polite = one(at, "could can") || opening(at) > 0;
  return clause;
}

ClauseKind Splitter::kind_of(std::size_t first, std::size_t last) const {
  std::size_t at = skip(first, last);
  bool tag = opening(at) > 0 && skip(at + opening(at), last) == last;  // "…, will you?"
  constexpr std::array courteous = {"if possible", "if you please", "if you could", "if you can",
                                    "if you don't mind"};
  if (at == last || tag || phrase(at, courteous) == last - at) return ClauseKind::filler;
  if (is_subordinate(at) || is_subordinate(first) || is_inverted(first)) {
    bool was = one(at, "while when") && any(at, last, [](const Word& word) {
                 return is_one_of(word, "was were had wasn't weren't");
               });
    return was ? ClauseKind::told : ClauseKind::condition;
  }
  // "… so nobody can use it" says what for.
  bool purpose = one(first, "so") && one(first + 1, "nobody none it he she they that") &&
                 one(first + 2, "can could will can't cannot won't") && last - first < 8;
  if (purpose) return ClauseKind::told;
  bool new_mind =
      words_[last - 1].pause == ':' && last >= 3 && phrase(last - 3, std::array{"changed my mind"});
  if (new_mind) return ClauseKind::told;
  bool instead = reader_.says_at(first, "instead of") || reader_.says_at(first, "rather than");
  bool in_place = instead && first + 2 < last &&
                  (is_gerund(words_[first + 2]) || is_imperative(words_[first + 2]));
  if (in_place || is_denial(first, last)) return ClauseKind::denial;
  constexpr std::array of_past = {"thanks for", "sorry for", "sorry about"};
  if (phrase(first, of_past) > 0) return ClauseKind::told;
  if (!one(at, "it its they") && is_wish(at, last)) return ClauseKind::wish;
  if (is_detail(first, last)) {
    bool denied = any(first, last, [](const Word& word) { return is_one_of(word, "not never"); });
    return denied ? ClauseKind::denial : ClauseKind::detail;
  }
  bool tells = any(at, last, [](const Word& word) {
    bool past = word.kind == WordKind::plain && word.lower.ends_with("ed") &&
                !is_one_of(word, "named called labelled labeled titled prepaid used unused");
    return past || is_becoming(word) || is_one_of(word, telling) || is_one_of(word, subjects);
  });
  if (tells) return ClauseKind::told;
  bool please = any(at, last, [](const Word& word) { return is_one_of(word, "please pls plz"); });
  if (please && words_[last - 1].pause != ':') return ClauseKind::wish;
  // "Nina, give …": whoever is called.
  bool called = first == 0 && last == 1 && words_[0].pause == ',' &&
                words_[0].kind == WordKind::plain && !is_plain(words_[0]);
  return called ? ClauseKind::filler : ClauseKind::fragment;
}

}  // namespace

std::vector<Clause> clauses_in(const Reader& reader) { return Splitter(reader).split(); }

}  // namespace piggy
