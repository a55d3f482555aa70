#include "chat/restraint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace piggy {
namespace {

constexpr std::array past = {
    "did you",      "did we",           "did i",        "did he",    "did she",    "did they",
    "did anyone",   "have you already", "has anyone",   "have we",   "i gave",     "we gave",
    "you gave",     "he gave",          "she gave",     "they gave", "was given",  "were given",
    "been given",   "got given",        "yesterday",    "last week", "last month", "days ago",
    "already made", "already gave",     "already sent", "i made",    "we made",    "i merged",
    "we merged",    "i sent",           "we sent",      "lose"};
constexpr std::array intended = {"was going to", "were going to", "was about to", "were about to"};
constexpr std::array denied = {
    "don't",     "dont",           "don’t",           "do not",      "does not", "not sure",
    "never",     "nevermind",      "won't",           "shouldn't",   "mustn't",  "should not",
    "must not",  "no need",        "refrain",         "avoid",       "forget",   "undo",
    "revert",    "instead of",     "rather than",     "no longer",   "stop",     "hold off",
    "wait with", "against",        "wrong to",        "would be",    "wouldn't", "changed my mind",
    "but no",    "second thought", "second thoughts", "cancel that", "leave it", "ignore that",
    "disregard", "kidding",        "joking",          "do nothing",  "not now",  "not yet",
    "not today", "unless"};
constexpr std::array supposed = {"know whether",
                                 "know if",
                                 "know who",
                                 "what if",
                                 "what would",
                                 "what happens",
                                 "would happen",
                                 "if i",
                                 "suppose",
                                 "imagine",
                                 "hypothetically",
                                 "in theory",
                                 "should i",
                                 "should we",
                                 "shall i",
                                 "shall we",
                                 "would it",
                                 "would he",
                                 "would she",
                                 "would they",
                                 "are you able",
                                 "is it ok",
                                 "is it okay",
                                 "is it a",
                                 "how do",
                                 "how does",
                                 "how can",
                                 "how would",
                                 "how could",
                                 "how to",
                                 "why",
                                 "explain",
                                 "thought about",
                                 "thinking about",
                                 "thinking of",
                                 "thought of",
                                 "wonder",
                                 "wondering",
                                 "might",
                                 "maybe",
                                 "perhaps",
                                 "recommend",
                                 "pros and cons",
                                 "good idea",
                                 "whether to",
                                 "whether we",
                                 "whether i",
                                 "when should",
                                 "who should",
                                 "be undone",
                                 "would have",
                                 "i'd have",
                                 "had been"};
// The tools know no calendar: what is for another day, or for every day, cannot be done now.
constexpr std::array not_now = {
    "tomorrow",   "next week",  "next month", "every day", "every week", "every month", "each week",
    "each month", "as soon as", "once he",    "once she",  "once they",  "later today"};
constexpr std::array told = {"wrote", "said", "says", "writes", "asked me", "asks me", "claims"};
constexpr std::array requests = {"can you", "could you", "would you", "will you",
                                 "can u",   "could u",   "please",    "pls",
                                 "plz",     "can i",     "could i",   "may i",
                                 "can we",  "could we",  "create it", "is it possible to get"};

bool says_any(const Reader& reader, const auto& phrases) {
  return std::ranges::any_of(phrases, [&](std::string_view phrase) { return reader.says(phrase); });
}

// "If he comes back, …" is for later; "create it if needed" and "if we don't have it" are for now.
bool is_conditional(const Reader& reader) {
  const std::vector<Word>& words = reader.words();
  for (std::size_t at = 0; at < words.size(); at++) {
    if (words[at].kind == WordKind::quoted || !words[at].is("if")) continue;
    constexpr std::array now = {"needed", "not",     "necessary", "possible", "we",   "you",
                                "it",     "missing", "so",        "that",     "there"};
    if (at + 1 == words.size() || std::ranges::find(now, words[at + 1].lower) == now.end()) {
      return true;
    }
  }
  return false;
}

// "CARD-2 was blocked", "he merged them": it is told how things are, and nothing is asked for.
bool only_reports(const Reader& reader) {
  constexpr std::array reporting = {"was",     "were",    "is",      "are",         "had",
                                    "has",     "already", "blocked", "deactivated", "activated",
                                    "claimed", "merged",  "made",    "created",     "sent",
                                    "renamed", "changed", "added",   "updated",     "received"};
  constexpr std::array wishing = {"should", "must",  "need", "needs", "want", "wants",
                                  "like",   "could", "be",   "is to", "have", "make sure"};
  constexpr std::array doing = {"give",  "add",    "make",     "create", "merge",  "claim",
                                "block", "set",    "register", "send",   "assign", "turn",
                                "link",  "change", "update",   "put",    "find",   "combine",
                                "keep",  "record", "rename",   "fold",   "join",   "deactivate"};
  bool does = std::ranges::any_of(doing, [&](std::string_view verb) {
    return reader.begins(verb) || reader.says(fmt::format("and {}", verb));
  });
  return says_any(reader, reporting) && !says_any(reader, wishing) && !does &&
         !says_any(reader, requests);
}

bool is_denied(const Reader& reader) {
  return std::ranges::any_of(denied, [&](std::string_view phrase) {
    // "… and create it if we don't have it" denies nothing.
    return reader.says(phrase) && !reader.says(fmt::format("if we {}", phrase)) &&
           !reader.says(fmt::format("if you {}", phrase));
  });
}

}  // namespace

bool reads(std::string_view tool) {
  return tool == "get_contact_credit_balance" || tool == "list_forms" || tool == "list_perks" ||
         tool == "find_voucher_by_code";
}

bool is_background(const Reader& reader) {
  return !says_any(reader, told) && !says_any(reader, supposed) &&
         (says_any(reader, past) || says_any(reader, intended) || is_denied(reader));
}

std::string why_not(const Reader& reader, const Meaning& meaning) {
  if (reads(meaning.tool)) {
    bool left = reader.says("don't") || reader.says("do not") || reader.says("never");
    return left ? "As you wish: I did nothing." : "";
  }
  if (is_denied(reader)) return "That sounds like something to leave undone, so I did.";
  if (says_any(reader, supposed) || says_any(reader, intended) || is_conditional(reader)) {
    return "I do what is plainly asked for now; that sounds like a question.";
  }
  if (says_any(reader, not_now)) return "I can only do things now, and once.";
  bool asks_back = reader.begins("did") || reader.begins("was") || reader.begins("were") ||
                   reader.begins("has") || (reader.begins("have") && !reader.begins("have a"));
  if (says_any(reader, past) || asks_back || reader.words()[0].is("who") ||
      reader.words()[0].is("when")) {
    return "That is about what has happened; I can only do things now.";
  }
  if (only_reports(reader)) return "That tells me how things are. Tell me plainly what to do.";
  if (says_any(reader, told)) {
    return "I do what you ask for yourself, not what others were quoted with.";
  }
  // A question is a request when it asks somebody to do something.
  if (reader.whole_question() && !says_any(reader, requests) && !reader.begins("could")) {
    return "That sounds like a question. Tell me plainly what to do, and I will.";
  }
  return {};
}

}  // namespace piggy
