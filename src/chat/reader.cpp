#include "chat/reader.h"

#include <algorithm>
#include <array>

#include "shape/read.h"

namespace piggy {
namespace {

// Words that are nobody's name.
constexpr std::array common = {"a",
                               "about",
                               "account",
                               "active",
                               "add",
                               "address",
                               "all",
                               "amount",
                               "an",
                               "and",
                               "anonymous",
                               "any",
                               "are",
                               "as",
                               "ask",
                               "at",
                               "award",
                               "balance",
                               "be",
                               "bonus",
                               "bought",
                               "by",
                               "called",
                               "can",
                               "card",
                               "cards",
                               "check",
                               "claim",
                               "client",
                               "code",
                               "codes",
                               "combine",
                               "contact",
                               "contacts",
                               "could",
                               "coupon",
                               "coupons",
                               "create",
                               "credit",
                               "credits",
                               "customer",
                               "customers",
                               "deduct",
                               "do",
                               "does",
                               "each",
                               "email",
                               "e-mail",
                               "euro",
                               "euros",
                               "extra",
                               "find",
                               "fetch",
                               "for",
                               "from",
                               "get",
                               "give",
                               "go",
                               "goodwill",
                               "grant",
                               "has",
                               "have",
                               "he",
                               "hello",
                               "her",
                               "hey",
                               "hi",
                               "him",
                               "his",
                               "hold",
                               "how",
                               "i",
                               "i'd",
                               "i'll",
                               "id",
                               "identifier",
                               "in",
                               "into",
                               "is",
                               "it",
                               "just",
                               "join",
                               "keep",
                               "kindly",
                               "left",
                               "let",
                               "let's",
                               "like",
                               "link",
                               "login",
                               "look",
                               "lookup",
                               "loyalty",
                               "mail",
                               "make",
                               "many",
                               "me",
                               "member",
                               "merge",
                               "much",
                               "my",
                               "name",
                               "named",
                               "need",
                               "new",
                               "now",
                               "number",
                               "of",
                               "off",
                               "ok",
                               "on",
                               "one",
                               "or",
                               "order",
                               "our",
                               "out",
                               "over",
                               "paid",
                               "please",
                               "pls",
                               "plz",
                               "point",
                               "points",
                               "profile",
                               "promotion",
                               "pts",
                               "purchase",
                               "put",
                               "record",
                               "records",
                               "remaining",
                               "remove",
                               "reward",
                               "right",
                               "same",
                               "see",
                               "send",
                               "she",
                               "shop",
                               "show",
                               "sign-in",
                               "so",
                               "some",
                               "spent",
                               "status",
                               "store",
                               "take",
                               "tell",
                               "thanks",
                               "thank",
                               "that",
                               "the",
                               "their",
                               "them",
                               "then",
                               "there",
                               "they",
                               "this",
                               "to",
                               "token",
                               "total",
                               "under",
                               "up",
                               "us",
                               "user",
                               "using",
                               "valid",
                               "value",
                               "verify",
                               "verification",
                               "voucher",
                               "vouchers",
                               "want",
                               "was",
                               "we",
                               "what",
                               "what's",
                               "whats",
                               "who",
                               "with",
                               "worth",
                               "would",
                               "you",
                               "your",
                               "standing",
                               "currently",
                               "current",
                               "hand",
                               "book",
                               "auth",
                               "authentication",
                               "portal",
                               "access",
                               "string",
                               "sale",
                               "batch",
                               "confirmation",
                               "another",
                               "again",
                               "resend",
                               "top",
                               "credited",
                               "person",
                               "people",
                               "buyer",
                               "shopper",
                               "lady",
                               "guy",
                               "gift",
                               "present",
                               "both",
                               "together",
                               "duplicate",
                               "duplicates",
                               "belongs",
                               "belong",
                               "assign",
                               "attach",
                               "convert",
                               "turn",
                               "register",
                               "real",
                               "behind"};

constexpr std::string_view spaces = " \t\r\n.,;:!?\"'";

std::vector<std::string> words_of(std::string_view phrase) {
  std::vector<std::string> words;
  for (const Word& word : words_in(phrase)) words.push_back(word.lower);
  return words;
}

// One letter too many, too few, wrong, or two in the wrong order, in a word of five letters or
// more.
bool is_slip(std::string_view said, std::string_view meant) {
  if (said.ends_with('s') && said.substr(0, said.size() - 1) == meant) return false;  // Its plural.
  if (meant.size() < 5 || said.size() + 1 < meant.size() || said.size() > meant.size() + 1) {
    return false;
  }
  std::size_t head = 0;
  while (head < said.size() && head < meant.size() && said[head] == meant[head]) head++;
  if (head == 0) return false;
  std::string_view a = said.substr(head), b = meant.substr(head);
  if (a.size() == b.size()) {
    if (a.substr(1) == b.substr(1)) return true;
    return a.size() >= 2 && a[0] == b[1] && a[1] == b[0] && a.substr(2) == b.substr(2);
  }
  return a.size() > b.size() ? a.substr(1) == b : a == b.substr(1);
}

bool is_common(const Word& word) { return std::ranges::find(common, word.lower) != common.end(); }

}  // namespace

Reader::Reader(std::string_view text) : text_(text), words_(words_in(text)) {
  std::size_t from = text.find_first_not_of(spaces);
  if (from == std::string_view::npos) return;
  whole_ = text.substr(from, text.find_last_not_of(spaces) - from + 1);
}

void Reader::forget() {
  for (Word& word : words_) word.used = false;
}

bool Reader::any(std::initializer_list<std::string_view> vocabulary) const {
  return std::ranges::any_of(words_, [&](const Word& word) {
    if (word.kind == WordKind::quoted) return false;
    return std::ranges::any_of(vocabulary, [&](std::string_view known) {
      return word.lower == known || (word.kind == WordKind::plain && is_slip(word.lower, known));
    });
  });
}

bool Reader::matches(std::size_t at, std::string_view phrase) const {
  for (std::size_t i = at; !phrase.empty(); i++) {
    std::string_view next = phrase.substr(0, phrase.find(' '));
    phrase.remove_prefix(std::min(phrase.size(), next.size() + 1));
    if (i >= words_.size() || words_[i].kind == WordKind::quoted || words_[i].lower != next) {
      return false;
    }
  }
  return true;
}

bool Reader::says(std::string_view phrase) const { return says_beside(phrase, {}); }

bool Reader::says_beside(std::string_view phrase, std::string_view name) const {
  std::vector<std::string> named = words_of(name);
  for (std::size_t at = 0; at < words_.size(); at++) {
    if (std::ranges::find(named, words_[at].lower) != named.end()) continue;
    if (matches(at, phrase)) return true;
  }
  return false;
}

const Word* Reader::peek(WordKind kind) const {
  auto found = std::ranges::find_if(
      words_, [&](const Word& word) { return word.kind == kind && !word.used; });
  return found == words_.end() ? nullptr : &*found;
}

std::optional<Word> Reader::take(WordKind kind) {
  const Word* found = peek(kind);
  if (!found) return std::nullopt;
  words_[static_cast<std::size_t>(found - words_.data())].used = true;
  return *found;
}

std::optional<Word> Reader::number_near(std::initializer_list<std::string_view> vocabulary) {
  auto is_free_number = [&](std::size_t at) {
    return at < words_.size() && words_[at].kind == WordKind::number && !words_[at].used;
  };
  for (std::size_t distance = 1; distance <= 3; distance++) {
    for (std::size_t at = 0; at < words_.size(); at++) {
      if (std::ranges::find(vocabulary, words_[at].lower) == vocabulary.end()) continue;
      for (std::size_t place : {at - distance, at + distance}) {
        if (!is_free_number(place)) continue;
        words_[place].used = true;
        return words_[place];
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> Reader::text_after(std::initializer_list<std::string_view> markers,
                                              std::initializer_list<std::string_view> stops) {
  for (std::string_view marker : markers) {
    for (std::size_t at = 0; at < words_.size(); at++) {
      if (!matches(at, marker)) continue;
      std::size_t first = at + 1 + static_cast<std::size_t>(std::ranges::count(marker, ' '));
      while (first < words_.size() &&
             (words_[first].is("to") || words_[first].is("is") || words_[first].is("as") ||
              words_[first].is("the") || words_[first].is("name") || words_[first].is("it") ||
              words_[first].is("a") || words_[first].is("named") || words_[first].is("called"))) {
        first++;
      }
      if (first >= words_.size()) continue;
      Word& word = words_[first];
      if (word.used) continue;
      if (word.kind == WordKind::quoted || word.kind == WordKind::code) {
        word.used = true;
        return word.said;
      }
      if (word.kind != WordKind::plain) continue;
      std::string text;
      for (std::size_t i = first; i < words_.size() && words_[i].kind == WordKind::plain; i++) {
        if (std::ranges::find(stops, words_[i].lower) != stops.end()) break;
        if (words_[i].is("please") || words_[i].is("thanks")) break;
        if (!text.empty()) text += ' ';
        text += words_[i].said;
        words_[i].used = true;
      }
      if (!text.empty()) return text;
    }
  }
  return std::nullopt;
}

std::optional<std::string> Reader::date_after(std::initializer_list<std::string_view> markers) {
  for (std::size_t at = 0; at < words_.size(); at++) {
    if (std::ranges::find(markers, words_[at].lower) == markers.end()) continue;
    for (std::size_t i = at + 1; i < words_.size() && i <= at + 3; i++) {
      if (words_[i].kind != WordKind::date || words_[i].used) continue;
      words_[i].used = true;
      return words_[i].date;
    }
  }
  return std::nullopt;
}

std::vector<Named> Reader::best(const std::vector<Named>& named) const {
  std::vector<Named> found;
  std::size_t most = 0;
  for (const Named& one : named) {
    std::vector<std::string> wanted = words_of(one.name);
    std::size_t shared = 0;
    for (const std::string& word : wanted) {
      shared += static_cast<std::size_t>(std::ranges::any_of(words_, [&](const Word& said) {
        if (said.kind != WordKind::quoted) return said.lower == word;
        std::vector<std::string> inside = words_of(said.said);
        return std::ranges::find(inside, word) != inside.end();
      }));
    }
    if (shared == 0 || shared < most) continue;
    if (shared > most) found.clear();
    most = shared;
    found.push_back(one);
  }
  return found;
}

bool Reader::may_be_name(std::size_t at) const {
  if (at >= words_.size() || words_[at].used) return false;
  if (words_[at].kind == WordKind::quoted) return true;
  return words_[at].kind == WordKind::plain && !is_common(words_[at]);
}

std::optional<std::string> Reader::word_after(std::initializer_list<std::string_view> markers) {
  constexpr std::array skipped = {"it", "called", "named",    "name",    "the", "a",
                                  "is", "for",    "contacts", "contact", "to"};
  for (std::string_view marker : markers) {
    for (std::size_t at = 0; at < words_.size(); at++) {
      if (words_[at].kind == WordKind::quoted ||
          !(words_[at].is(marker) || is_slip(words_[at].lower, marker))) {
        continue;
      }
      std::size_t next = at + 1;
      bool skip = marker == "called" || marker == "named" || marker == "name";
      while (skip && next < words_.size() &&
             std::ranges::find(skipped, words_[next].lower) != skipped.end()) {
        next++;
      }
      if (next >= words_.size() || words_[next].used) continue;
      Word& word = words_[next];
      if (word.kind == WordKind::plain && is_common(word) && word.kind != WordKind::quoted)
        continue;
      if (word.kind != WordKind::plain && word.kind != WordKind::quoted &&
          word.kind != WordKind::code) {
        continue;
      }
      word.used = true;
      return word.said;
    }
  }
  return std::nullopt;
}

std::vector<std::string> Reader::list_after(std::initializer_list<std::string_view> markers) {
  std::vector<std::string> list;
  for (std::size_t at = 0; at < words_.size() && list.empty(); at++) {
    if (std::ranges::find(markers, words_[at].lower) == markers.end()) continue;
    for (std::size_t i = at + 1; i < words_.size(); i++) {
      if (words_[i].is("and") || words_[i].is("or") || words_[i].is("are")) continue;
      words_[i].used = true;
      list.push_back(words_[i].said);
    }
  }
  return list;
}

}  // namespace piggy
