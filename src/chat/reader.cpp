#include "chat/reader.h"

#include <algorithm>
#include <array>

#include "shape/read.h"

namespace piggy {
namespace {

// Words that are nobody's name.
constexpr std::string_view common =
    " a about access account active add address again all amount an and anonymous "
    "another any are as ask assign at attach auth authentication award balance batch "
    "be behind belong belongs bonus book both bought bring brought buyer by called can card cards "
    "check claim client code codes combine confirmation contact contacts convert "
    "could coupon coupons create credit credited credits current currently customer "
    "customers deduct do does duplicate duplicates e-mail each email euro euros extra "
    "fetch find for from get gift give given go goodwill grant guy hand has have he "
    "hello her hey hi him his hold how i i'd i'll id identifier in instead into is it "
    "join just keep kindly lady left let let's like link login look lookup loyalty "
    "mail make many me mean meant member merge message much must my name named need "
    "new no not now number of off ok on one or order our out over paid people person "
    "please pls plz point points portal present profile promotion pts purchase put "
    "print prints printed ready real record records register remaining remove resend reward right "
    "sale "
    "same scratch see send she shop shopper should show sign-in so some sorry spent "
    "standing status store string take tell text thank thanks that the their them "
    "then there they this to together token top total turn under up us user using "
    "valid value verification verify voucher vouchers wait want was we what what's "
    "whats who with worth would you your ";

constexpr std::string_view spaces = " \t\r\n.,;:!?\"'";

std::vector<std::string> words_of(std::string_view phrase) {
  std::vector<std::string> words;
  for (const Word& word : words_in(phrase)) words.push_back(word.lower);
  return words;
}

bool is_common(const Word& word) { return common.contains(" " + word.lower + " "); }

// A word of four letters is only known again with an inner letter missing or two letters changed
// about, and when it is no other word: "from" is no "form".
bool is_short_slip(const Word& word, std::string_view meant) {
  std::string_view said = word.lower;
  if (meant.size() != 4 || said.front() != meant.front()) return false;
  if (said.size() == 3) {
    return said == std::string{meant[0], meant[2], meant[3]} ||
           said == std::string{meant[0], meant[1], meant[3]};
  }
  return said == std::string{meant[0], meant[2], meant[1], meant[3]} ||
         said == std::string{meant[0], meant[1], meant[3], meant[2]};
}

// One letter too many, too few, wrong, or two in the wrong order, in a word of five letters or
// more.
bool is_slip(std::string_view said, std::string_view meant) {
  // "vouchers" is a plural, and "merged" has happened.
  if ((said.ends_with('s') || said.ends_with('d')) && said.substr(0, said.size() - 1) == meant) {
    return false;
  }
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

}  // namespace

bool is_word(const Word& word, std::string_view meant) {
  if (word.kind == WordKind::quoted) return false;
  if (word.lower == meant) return true;
  bool slip = is_slip(word.lower, meant) || is_short_slip(word, meant);
  return slip && word.kind == WordKind::plain && !is_common(word);  // The dearest question last.
}

Reader::Reader(std::string_view text) : text_(text), words_(words_in(text)) {
  std::size_t from = text.find_first_not_of(spaces);
  if (from == std::string_view::npos) return;
  whole_ = text.substr(from, text.find_last_not_of(spaces) - from + 1);
}

void Reader::drop(std::size_t first, std::size_t last) {
  words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(first),
               words_.begin() + static_cast<std::ptrdiff_t>(last));
}

void Reader::leave_out(std::size_t first, std::size_t last) {
  constexpr std::string_view pauses = ",->:;.!?";  // From short to long; a word may have none.
  if (first > 0) {
    Word& before = words_[first - 1];
    char pause = words_[last - 1].pause;
    if (pause && (!before.pause || pauses.find(pause) > pauses.find(before.pause))) {
      before.pause = pause;
    }
    // "Could you, if possible, …".
    constexpr std::string_view going_on = " you u i we to please pls and so ";
    if (before.pause == ',' && last < words_.size() &&
        going_on.contains(" " + before.lower + " ")) {
      before.pause = 0;
    }
  }
  drop(first, last);
}

namespace {

// What is one thing, whatever it is called: two of a kind can be told apart and exchanged.
bool is_value(const Word& word) {
  return word.kind != WordKind::plain && word.kind != WordKind::quoted;
}

}  // namespace

std::optional<std::pair<std::size_t, std::size_t>> Reader::correction() const {
  // Between pauses these take back what was said; the others do so anywhere.
  constexpr std::array apart = {"no", "sorry", "wait", "oops", "actually", "correction"};
  constexpr std::array anywhere = {"no wait", "wait no",      "i mean",
                                   "i meant", "scratch that", "or rather"};
  for (std::size_t at = 1; at < words_.size(); at++) {
    std::size_t end = at;
    for (bool more = true; more && end < words_.size();) {
      more = false;
      for (std::string_view phrase : anywhere) {
        if (!says_at(end, phrase)) continue;
        end += 2;
        more = true;
      }
      auto takes_back = [&](std::size_t place) {
        return place < words_.size() &&
               std::ranges::find(apart, words_[place].lower) != apart.end();
      };
      bool alone = end < words_.size() && (words_[end - 1].pause || end > at) &&
                   (words_[end].pause || end + 1 == words_.size() || end > at ||
                    is_value(words_[end + 1]) || takes_back(end + 1));
      if (!more && alone && takes_back(end)) {
        end++;
        more = true;
      }
    }
    // "Was he asked? No.": that is an answer.
    if (end > at && words_[at - 1].pause == '?' && words_[end - 1].pause == '.') continue;
    if (auto made = made_into(end); made > end && (end > at || said_before(at, made))) {
      return std::pair(at, made);
    }
    if (end > at) return std::pair(at, end);
  }
  return std::nullopt;
}

std::size_t Reader::made_into(std::size_t at) const {
  for (std::string_view phrase : {"make that", "that should be", "it should be", "make it"}) {
    if (says_at(at, phrase) && at + 2 < words_.size() && is_value(words_[at + 2])) return at + 2;
  }
  return at;
}

bool Reader::said_before(std::size_t at, std::size_t value) const {
  return !says_at(value - 2, "make it") && words_[at - 1].pause &&
         std::any_of(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(at),
                     [&](const Word& word) { return word.kind == words_[value].kind; });
}

bool Reader::mend() {
  while (auto taken_back = correction()) {
    auto [at, end] = *taken_back;
    std::optional<std::size_t> from;
    bool value = end < words_.size() && is_value(words_[end]);
    for (std::size_t back = at; back-- > 0 && end < words_.size() && !from;) {
      // Who corrects himself begins again at a word that he said, or gives a thing of the kind.
      if (value ? words_[back].kind == words_[end].kind : words_[back].is(words_[end].lower)) {
        from = back;
      }
    }
    if (!from) return false;
    if (!value) {
      // What else would be lost with it is not taken back.
      for (std::size_t lost = *from; lost < at; lost++) {
        bool again = end + 1 < words_.size() && words_[end + 1].kind == words_[lost].kind;
        if (is_value(words_[lost]) && !again) return false;
      }
    }
    if (value) {
      // "Give her 30 points in Utrecht. Sorry, make that 35.": 35 stands where 30 stood.
      bool alone = words_[end].pause || end + 1 == words_.size();
      char pause = words_[*from].pause;
      if (alone && at > *from + 1) {
        Word instead = words_[end];
        instead.pause = pause;
        words_[*from] = std::move(instead);
        leave_out(at, end + 1);
        continue;
      }
      drop(at, end);
      drop(*from, *from + 1);
    } else {
      drop(*from, end);
    }
  }
  // "50 or 60" and "between 50 and 60" are for people to decide.
  for (std::size_t at = 1; at + 1 < words_.size(); at++) {
    bool range = words_[at].is("and") && at >= 2 && words_[at - 2].is("between");
    if ((words_[at].is("or") || range) && is_value(words_[at - 1]) &&
        words_[at - 1].kind == words_[at + 1].kind) {
      return false;
    }
  }
  return true;
}

void Reader::drop_contrast(const std::vector<Named>& named) {
  // "Not Ann but Eve".
  for (std::size_t at = 0; at + 3 < words_.size(); at++) {
    std::size_t but = at + 1;
    while (but < words_.size() && !words_[but].is("but") && but < at + 4) but++;
    bool told_apart = but + 1 < words_.size() && words_[but].is("but") && but > at + 1 &&
                      words_[at].is("not") && is_value(words_[but - 1]) &&
                      words_[but + 1].kind == words_[but - 1].kind;
    if (told_apart) drop(at, but + 1);
  }
  for (std::size_t at = 1; at < words_.size(); at++) {
    std::size_t size = says_at(at, "instead of") || says_at(at, "rather than") ? 2
                       : says_at(at, "not") && words_[at - 1].pause            ? 1
                                                                               : 0;
    std::size_t end = at + size;
    while (size > 0 && end < words_.size() &&
           (words_[end].is("the") || words_[end].is("at") || words_[end].is("in"))) {
      end++;
    }
    std::size_t first = end;
    if (size > 0 && first < words_.size() && is_value(words_[first])) {
      // Only what another thing of the kind is said in place of: "8 people instead of 5".
      bool replaced = std::any_of(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(at),
                                  [&](const Word& w) { return w.kind == words_[first].kind; });
      if (replaced) end++;
    } else {
      while (size > 0 && end < words_.size() && is_name_of(end, named)) end++;
    }
    if (size > 0 && end > first) leave_out(at, end);
  }
}

void Reader::keep(const std::vector<bool>& kept) {
  std::size_t at = 0;
  std::erase_if(words_, [&](const Word&) { return !kept[at++]; });
}

void Reader::forget() {
  for (Word& word : words_) word.used = false;
}

bool Reader::any(std::initializer_list<std::string_view> vocabulary) const {
  return std::ranges::any_of(words_, [&](const Word& word) {
    return std::ranges::any_of(vocabulary,
                               [&](std::string_view known) { return is_word(word, known); });
  });
}

bool Reader::says_at(std::size_t at, std::string_view phrase) const {
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

bool Reader::is_name_of(std::size_t at, const std::vector<Named>& named) const {
  return std::ranges::any_of(named, [&](const Named& one) {
    auto name = words_of(one.name);
    return std::ranges::find(name, words_[at].lower) != name.end();
  });
}

bool Reader::says_beside(std::string_view phrase, std::string_view name) const {
  std::vector<std::string> named = words_of(name);
  for (std::size_t at = 0; at < words_.size(); at++) {
    if (std::ranges::find(named, words_[at].lower) != named.end()) continue;
    if (says_at(at, phrase)) return true;
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
      if (!says_at(at, marker)) continue;
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
  // "valid from … until …": a date belongs to the nearest word that points somewhere.
  constexpr std::array pointing = {"from", "since", "starting", "until", "till", "through"};
  for (std::size_t at = 0; at < words_.size(); at++) {
    if (words_[at].kind != WordKind::date || words_[at].used) continue;
    for (std::size_t back = 1; back <= 3 && back <= at; back++) {
      const Word& word = words_[at - back];
      if (std::ranges::find(markers, word.lower) != markers.end()) {
        words_[at].used = true;
        return words_[at].date;
      }
      if (std::ranges::find(pointing, word.lower) != pointing.end()) break;
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
      bool skip = marker == "call" || marker == "called" || marker == "named" || marker == "name";
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

std::optional<std::string> Reader::underscored() {
  for (Word& word : words_) {
    if (word.used || word.kind != WordKind::plain || !word.lower.contains('_')) continue;
    word.used = true;
    return word.said;
  }
  return std::nullopt;
}

std::vector<std::string> Reader::list_before(std::initializer_list<std::string_view> phrases) {
  for (std::size_t at = 1; at < words_.size(); at++) {
    if (std::ranges::none_of(phrases, [&](auto phrase) { return says_at(at, phrase); })) continue;
    std::size_t first = at;
    while (first > 0 && !words_[first - 1].is("with") && !words_[first - 1].is("of")) first--;
    if (first == 0) return {};
    std::vector<std::string> list;
    for (std::size_t i = first; i < at; i++) {
      if (words_[i].is("and") || words_[i].is("or")) continue;
      words_[i].used = true;
      list.push_back(words_[i].said);
    }
    return list;
  }
  return {};
}

std::vector<std::string> Reader::list_after(std::initializer_list<std::string_view> markers) {
  std::vector<std::string> list;
  for (std::size_t at = 0; at < words_.size() && list.empty(); at++) {
    if (std::ranges::find(markers, words_[at].lower) == markers.end()) continue;
    bool all = false;  // What stands behind "and" is the last of them.
    for (std::size_t i = at + 1; i < words_.size(); i++) {
      constexpr std::string_view going_on =
          " it its type label description which that as so because please thanks thx with for ";
      bool ended = i > at + 1 && words_[i - 1].pause;
      if (ended && (all || std::string_view(".;!?").contains(words_[i - 1].pause) ||
                    going_on.contains(" " + words_[i].lower + " "))) {
        break;
      }
      all = all || words_[i].is("and") || words_[i].is("or");
      if (words_[i].is("and") || words_[i].is("or") || words_[i].is("are")) continue;
      words_[i].used = true;
      list.push_back(words_[i].said);
    }
  }
  return list;
}

}  // namespace piggy
