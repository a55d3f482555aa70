#include "chat/restraint.h"

#include <algorithm>
#include <array>

#include "chat/vocabulary.h"

namespace piggy {
namespace {

// The tools know no calendar: what is for another day, or for every day, cannot be done now.
constexpr std::array another_time = {
    "tomorrow",  "tonight",    "later",      "soon",         "someday",       "eventually",
    "monday",    "tuesday",    "wednesday",  "thursday",     "friday",        "saturday",
    "sunday",    "every",      "always",     "usually",      "daily",         "weekly",
    "monthly",   "yearly",     "yesterday",  "next week",    "next month",    "next year",
    "next time", "each week",  "each month", "each time",    "each day",      "in an hour",
    "in a week", "in a month", "one day",    "of the month", "of the week",   "of the day",
    "not yet",   "not now",    "not today",  "in future",    "in the future", "on request",
    "on demand", "upon"};
constexpr std::array inexact = {"half",          "third of",      "quarter of",     "up to",
                                "at least",      "at most",       "about",          "around",
                                "roughly",       "approximately", "between",        "or so",
                                "or more",       "more than",     "less than",      "maybe",
                                "perhaps",       "possibly",      "hypothetically", "in theory",
                                "probably",      "i guess",       "i think",        "how",
                                "why",           "for each",      "some of",        "few of",
                                "into account",  "per",           "percent",        "part of",
                                "bit of",        "most of",       "portion of",     "rest of",
                                "couple of the", "fraction of",   "share of",       "bunch of the",
                                "seat of",       "seats of",      "several of",     "many of",
                                "piece of the",  "to spend",      "to win",         "to earn",
                                "chance to"};
// Work on a text, in which nothing is to be done.
constexpr std::string_view writing =
    "text poster letter sticker title headline translate translating translation proofread "
    "proofreading rewrite reword rephrase paraphrase summarise "
    "summarize explain draft spellcheck phrase quote cite transcribe interpret analyse analyze "
    "describe discuss";

bool says_any(const Reader& reader, const Clause& clause, const auto& phrases) {
  for (std::size_t at = clause.first; at < clause.last; at++) {
    for (std::string_view phrase : phrases) {
      if (reader.says_at(at, phrase)) return true;
    }
  }
  return false;
}

bool has_word(const Reader& reader, const Clause& clause, std::string_view list) {
  for (std::size_t at = clause.first; at < clause.last; at++) {
    if (is_one_of(reader.words()[at], list)) return true;
  }
  return false;
}

// What is supposed, or said of others, is not told as a fact.
bool is_doubtful(const Reader& reader, const Clause& clause) {
  for (std::size_t at = clause.first; at < clause.last; at++) {
    const Word& word = reader.words()[at];
    bool supposed =
        is_one_of(
            word,
            "would i'd we'd he'd she'd they'd i'll he'll she'll they'll will might may could never "
            "nobody") &&
        !reader.says_at(at, "would like") && !reader.says_at(at, "will be");
    // "The receipt says 12 euros."
    bool printed =
        at > clause.first && is_one_of(reader.words()[at - 1], "receipt bill invoice ticket slip");
    if (supposed || (!printed && is_one_of(word, reporting))) return true;
  }
  return false;
}

// "Translate this: block CARD-2", "how do I say: …", "jot this down: …".
bool is_about_text(const Reader& reader, const Clause& clause) {
  if (has_word(reader, clause, writing)) return true;
  if (clause.verb >= clause.last) return false;
  const Word& begin = reader.words()[clause.verb];
  if (is_one_of(begin, "how what why")) return true;
  // A verb that we do not know; but a person or a thing may be spoken to or of.
  bool verb = begin.kind == WordKind::plain && !is_plain(begin) && !is_imperative(begin) &&
              !is_becoming(begin) && !is_one_of(begin, subjects) && !is_one_of(begin, telling) &&
              !is_one_of(begin, fillers);
  return verb && has_word(reader, clause, "this that these the following me out down up");
}

// "he said: block CARD-2", "the rule is: block CARD-2", "block CARD-2, he said".
bool is_quoting(const Reader& reader, const Clause& clause, const Clause& asking) {
  bool poster = clause.first < asking.first && clause.kind == ClauseKind::request &&
                reader.words()[clause.last - 1].pause == ':' &&
                has_word(reader, clause, "poster letter sticker note sign post headline");
  if (poster && clause.sentence == asking.sentence) return true;
  if (clause.asks() || clause.sentence != asking.sentence) return false;
  const std::vector<Word>& words = reader.words();
  const Word& end = words[clause.last - 1];
  std::size_t size = clause.last - clause.first;
  if (clause.first > asking.first) return size <= 3 && has_word(reader, clause, reporting);
  if (end.pause == ':' && is_about_text(reader, clause)) return true;
  // "He could do it: block CARD-2".
  bool others = is_one_of(words[clause.first], "i he she they nobody somebody someone who") &&
                is_doubtful(reader, clause);
  bool example = is_one_of(words[clause.first], "for") &&
                 has_word(reader, clause, "example instance training practice purposes fun test");
  if (end.pause == ':' && (others || example)) return true;
  if (end.pause == ':') {
    bool speaker = size <= 2 && is_one_of(end, "customer client member lady gentleman guy");
    bool rule = is_one_of(end, "is are was were goes this that following");
    bool wanted = size > 3 && (reader.says_at(clause.last - 3, "asked for it") ||
                               reader.says_at(clause.last - 3, "asked for this") ||
                               reader.says_at(clause.last - 3, "asks for it"));
    return speaker || rule || (has_word(reader, clause, reporting) && !wanted);
  }
  bool told_somebody = size > 1 && is_one_of(end, "me us you");
  return is_one_of(told_somebody ? words[clause.last - 2] : end, reporting);
}

// "Create it if we do not have it": what finds or creates needs no condition.
bool is_needless(const Reader& reader, const Clause& condition, std::string_view tool) {
  return tool == "find_or_create_products" &&
         (has_word(reader, condition, "whether") ||
          (reader.says_at(condition.first, "if") &&
           has_word(reader, condition,
                    "not needed necessary missing don't doesn't none isn't exists")));
}

// "She won our quiz" is a reason; "I take that back" and "that was his idea" speak of the request.
bool speaks_of_it(const Reader& reader, const Clause& clause) {
  const std::vector<Word>& words = reader.words();
  std::size_t at = std::min(clause.verb, clause.last - 1);  // Behind what says nothing.
  // "… can't find it".
  if (is_one_of(words[at], "cant can't couldn't couldnt") && at + 1 < clause.last &&
      is_one_of(words[at + 1], "find see reach open read get")) {
    return false;
  }
  bool told = clause.kind == ClauseKind::told;
  if (!told && clause.kind != ClauseKind::detail) return false;
  if (has_word(reader, clause, "typo test testing joke example")) return true;
  // "Because his order went wrong" says why.
  bool why = is_one_of(words[clause.first], "because");
  if (!why && has_word(reader, clause, "wrong early no doesn't don't")) return true;
  if (!told || is_one_of(words[clause.first], "so because since as")) return false;
  constexpr std::string_view doubtful =
      "would wouldn't could should might wish wishes hopes says said tell telling";
  if (reader.says("not want") || has_word(reader, clause, doubtful)) return true;
  if (is_one_of(words[at], "that this")) {
    return !has_word(reader, clause, "great nice lovely all perfect wonderful helpful");
  }
  // "The app was down when she paid."
  if (told && is_one_of(words[clause.first], "when while after before")) return false;
  if (told && is_one_of(words[at], "the") && at + 2 < clause.last &&
      is_one_of(words[at + 1], "first last previous") &&
      is_one_of(words[at + 2], "one mail email e-mail message link")) {
    return false;
  }
  // "The developer is waiting", but not "the request was a mistake".
  bool somebody = is_one_of(words[at], "the our my") && at + 2 < clause.last &&
                  is_one_of(words[at + 2], telling) &&
                  !is_one_of(words[at + 1],
                             "request order idea plan message thing whole point "
                             "previous first last above rest decision boss manager "
                             "director owner lawyer rule rules policy offer");
  if (somebody) return false;
  if (is_one_of(words[at], "the our") && at + 1 < clause.last) at++;
  bool named = words[at].said != words[at].lower && at + 1 < clause.last &&
               (is_one_of(words[at + 1], telling) || words[at + 1].lower.ends_with("ed"));
  bool of_others = named || is_one_of(words[clause.first], "there") ||
                   is_one_of(words[at], "he she they it his her their he'd she'd there") ||
                   words[at].kind != WordKind::plain || is_plain(words[at]);
  bool vouched = is_one_of(words[at], "i we i've we've") &&
                 has_word(reader, clause, "checked verified confirmed seen");
  return !of_others && !vouched;
}

// "…, for the delay we caused".
bool is_plain_reason(const Reader& reader, const Clause& clause) {
  const std::vector<Word>& words = reader.words();
  if (clause.kind != ClauseKind::told || clause.last - clause.first < 3) return false;
  if (!is_one_of(words[clause.first], "for because as") ||
      !is_one_of(words[clause.first + 1], "the his her their our a")) {
    return false;
  }
  if (words[clause.last - 1].pause == '?') return false;
  if (is_one_of(words[clause.first + 2], until_then)) return false;
  return std::all_of(words.begin() + static_cast<std::ptrdiff_t>(clause.first),
                     words.begin() + static_cast<std::ptrdiff_t>(clause.last),
                     [](const Word& word) {
                       return word.kind == WordKind::plain &&
                              !is_one_of(word, "not never would could should might if but");
                     });
}

bool is_question(const Reader& reader, const std::vector<Clause>& clauses, const Clause& clause) {
  bool polite = std::ranges::any_of(clauses, [&](const Clause& other) {
    return other.sentence == clause.sentence && other.polite;
  });
  return reader.words()[clause.last - 1].pause == '?' && !polite;
}

Restraint restraint_of_clause(const Reader& reader, const Clause& clause, bool behind,
                              std::string_view tool) {
  if (clause.kind == ClauseKind::denial && !behind) {
    if (is_one_of(reader.words()[clause.first], "but though although however")) return {};
    bool of_it = reader.words()[clause.last - 1].pause == ':';
    return {"I am not sure whether that is to be done.", !of_it};
  }
  if (clause.kind == ClauseKind::denial) {
    return {"That sounds like something to leave undone, so I did."};
  }
  if (clause.kind == ClauseKind::condition && !is_needless(reader, clause, tool)) {
    return {"I can only do things now. Tell me when it is time."};
  }
  if (behind && speaks_of_it(reader, clause)) {
    return {"I am not sure whether that is to be done.", true};
  }
  if (clause.kind == ClauseKind::told) return {};
  if (says_any(reader, clause, another_time)) return {"I can only do things now, and once."};
  if (says_any(reader, clause, inexact)) return {"Tell me exactly what, and how much."};
  return {};
}

// "Do it", "change that", "please book it" ask for what was told before, so that it must be told as
// something that is to be.
Restraint restraint_of_pointing(const Reader& reader, const std::vector<Clause>& clauses,
                                const Clause& asking) {
  constexpr std::string_view mending = "fix settle sort handle change correct adjust amend modify";
  const std::vector<Word>& words = reader.words();
  const Word& verb = words[asking.verb];
  bool general = is_one_of(verb, pointing) || is_one_of(verb, mending) ||
                 is_one_of(verb, "update book register log record note process");
  bool alone = asking.verb + 1 >= asking.last ||
               is_one_of(words[asking.verb + 1], "it this that so these those please pls now");
  if (!general || !alone) return {};
  Restraint doubt{"I am not sure what is to be done.", true};
  bool wanted = false;
  for (const Clause& clause : clauses) {
    wanted =
        wanted ||
        has_word(reader, clause,
                 "should must needs need forgot now people persons guests company ends starts");
    if (clause.first >= asking.first) continue;
    bool undone = has_word(reader, clause,
                           "not no never shouldn't mustn't isn't wasn't didn't don't doesn't won't "
                           "mistake mistakenly accident accidentally wrongly refused denied "
                           "rejected undone too already although lost returned");
    if (undone || is_doubtful(reader, clause)) return doubt;
  }
  // "It is blocked, please fix it" may mean the opposite.
  return is_one_of(verb, mending) && !wanted ? doubt : Restraint{};
}

// "She paid with 50 points": such points are not given.
bool pays_with_points(const Reader& reader) {
  const std::vector<Word>& words = reader.words();
  for (std::size_t at = 1; at + 1 < words.size(); at++) {
    if (words[at].kind != WordKind::number) continue;
    if (!is_one_of(words[at + 1], "points point credits pts")) continue;
    for (std::size_t back = 1; back <= 4 && back <= at && !words[at - back].pause; back++) {
      if (is_one_of(words[at - back], "spent spends spend paid pays redeemed redeems used")) {
        return true;
      }
    }
  }
  return false;
}

// "Block it for the weekend": nobody would unblock it.
bool is_for_a_while(const Reader& reader) {
  for (std::size_t at = 0; at + 1 < reader.size(); at++) {
    if (!is_one_of(reader.words()[at], "for over during temporarily")) continue;
    for (std::size_t ahead = at + 1; ahead <= at + 3 && ahead < reader.size(); ahead++) {
      if (is_one_of(reader.words()[ahead],
                    "weekend week weeks month months day days hour hours "
                    "holidays summer winter while season year")) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

bool reads(std::string_view tool) {
  return tool == "get_contact_credit_balance" || tool == "list_forms" || tool == "list_perks" ||
         tool == "find_voucher_by_code";
}

bool is_denied(const std::vector<Clause>& clauses) {
  return std::ranges::any_of(
      clauses, [](const Clause& clause) { return clause.kind == ClauseKind::denial; });
}

Restraint restraint_of(const Reader& reader, const std::vector<Clause>& clauses,
                       std::string_view tool) {
  if (reader.whole().starts_with('>')) return {"I do what you ask for yourself."};
  if (tool == "create_credit_reception" && reader.contains("%")) {
    return {"Tell me how many points, please."};
  }
  if (tool == "create_credit_reception" && pays_with_points(reader)) {
    return {"I give points or take them. Say which, please."};
  }
  if (tool == "update_contact_identifiers" && is_for_a_while(reader)) {
    return {"I can only do things now, and for good."};
  }
  auto first = std::ranges::find_if(clauses, &Clause::asks);
  bool told = first == clauses.end();  // There are only fragments then.
  if (told) first = clauses.begin();
  bool rehearsal = reader.says("preview") || reader.says("simulate");
  bool fits = std::ranges::all_of(clauses, [&](const Clause& clause) {
    return clause.kind != ClauseKind::request || rehearsal ||
           is_one_of(reader.words()[clause.verb], pointing) ||
           asks_for(reader.words()[clause.verb], tool);
  });
  if (!told) {
    Restraint back = restraint_of_pointing(reader, clauses, *first);
    if (!back.why.empty()) return back;
  }
  // "The next sentence is false."
  bool about_words = std::any_of(clauses.begin(), first, [&](const Clause& clause) {
    return clause.kind == ClauseKind::told &&
           has_word(reader, clause, "sentence sentences statement following");
  });
  if (about_words) return {"I am not sure whether that is to be done.", true};
  for (auto clause = clauses.begin(); clause != clauses.end(); clause++) {
    bool behind = clause >= first;
    bool beside = behind || clause->sentence == first->sentence;
    bool quoting = std::ranges::any_of(clauses, [&](const Clause& other) {
      return (other.asks() || told) && is_quoting(reader, *clause, other);
    });
    if (quoting) {
      return {"I do what you ask for yourself, not what others were quoted with."};
    }
    if (clause->asks() && clause != first && reader.says_at(clause->first, "or") &&
        tool != "find_or_create_products") {
      return {"I cannot choose between two things."};
    }
    if (!beside) continue;
    // "The sale starts soon, so please …".
    bool background = !behind && clause->kind == ClauseKind::fragment &&
                      reader.says_at(first->first, "so") && clause + 1 == first;
    if (background) continue;
    if (told && is_plain_reason(reader, *clause)) continue;
    if (told && (clause->kind == ClauseKind::told || clause->kind == ClauseKind::condition)) {
      return {"That tells me how things are.", true};
    }
    Restraint restraint = restraint_of_clause(reader, *clause, behind, tool);
    if (!restraint.why.empty()) return restraint;
    // "ann@example.com – auth token?"
    bool wanted = tool == "get_contact_auth_token" && told && reader.size() <= 6;
    if (behind && !wanted && is_question(reader, clauses, *clause)) {
      return {"That sounds like a question.", true};
    }
  }
  if (!fits) return {"I am not sure what you want done. Tell me plainly, please."};
  return {};
}

Restraint restraint_of_told(const Reader& reader, const std::vector<Clause>& clauses) {
  constexpr std::string_view asking_back =
      "did was were has have who whom when why how what which where is are does do";
  for (const Clause& clause : clauses) {
    if (is_one_of(reader.words()[clause.first], asking_back)) {
      return {"That sounds like a question. Tell me plainly what to do, and I will."};
    }
    if (clause.kind == ClauseKind::condition || has_word(reader, clause, reporting)) {
      return {"I do what is plainly asked for now, by yourself."};
    }
  }
  return {"You told me something, but did not plainly ask me to do it.", true};
}

}  // namespace piggy
