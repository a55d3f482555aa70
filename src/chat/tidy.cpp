#include "chat/tidy.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "chat/vocabulary.h"

namespace piggy {
namespace {

// These are never more than a courtesy.
constexpr std::array courtesies = {"many thanks in advance",
                                   "many thanks",
                                   "thanks in advance",
                                   "thanks a lot",
                                   "thanks a million",
                                   "thanks a bunch",
                                   "thanks so much",
                                   "thanks very much",
                                   "thanks again",
                                   "much appreciated",
                                   "much obliged",
                                   "would be appreciated",
                                   "no rush",
                                   "no hurry",
                                   "not urgent",
                                   "sorry to bother you",
                                   "sorry to bother",
                                   "sorry to disturb you",
                                   "sorry for the trouble",
                                   "have a nice day",
                                   "have a good day",
                                   "have a great day",
                                   "have a nice weekend",
                                   "have a good one",
                                   "just curious",
                                   "no expiry date",
                                   "no expiration date",
                                   "no end date",
                                   "without an expiry date",
                                   "without expiry date",
                                   "nothing else changes",
                                   "everything else stays",
                                   "the rest stays the same",
                                   "the rest stays as it is",
                                   "not to be a pain",
                                   "not to be pushy",
                                   "not to be rude",
                                   "be so kind and",
                                   "be so kind as to",
                                   "be so good as to",
                                   "the sooner the better",
                                   "at your convenience",
                                   "at your earliest convenience"};

// These are one only where nothing follows that they could belong to: "if you can", but not "if
// you can reach her".
constexpr std::array bounded = {"if you have a second",
                                "if you have a sec",
                                "if you have a minute",
                                "if you have a min",
                                "if you have a moment",
                                "if you have time",
                                "if you have a minute to spare",
                                "if you've a moment",
                                "if you've got a minute",
                                "if you've got a second",
                                "if you got a minute",
                                "when you have a second",
                                "when you have a sec",
                                "when you have a minute",
                                "when you have a min",
                                "when you have a moment",
                                "when you have time",
                                "when you've got a minute",
                                "when you've got a second",
                                "when you got a minute",
                                "whenever you have a minute",
                                "whenever you have a moment",
                                "whenever you have time",
                                "if you get a chance",
                                "when you get a chance",
                                "when you get the chance",
                                "whenever you get a chance",
                                "when you get a minute",
                                "when you get a moment",
                                "when you get to it",
                                "when you get round to it",
                                "if you can",
                                "when you can",
                                "whenever you can",
                                "as soon as you can",
                                "as soon as possible",
                                "if you could",
                                "if you would",
                                "if you will",
                                "if you like",
                                "if you please",
                                "if possible",
                                "if it possible",
                                "if at all possible",
                                "if that possible",
                                "if that ok",
                                "if that okay",
                                "if that all right",
                                "if it ok",
                                "if it okay",
                                "if you don't mind",
                                "if you do not mind",
                                "if you wouldn't mind",
                                "if it not too much trouble",
                                "if it no trouble",
                                "if i may",
                                "if i may ask",
                                "if i remember well",
                                "if i remember correctly",
                                "if i remember rightly",
                                "if i remember right",
                                "if i'm not mistaken",
                                "if i am not mistaken",
                                "if i'm right",
                                "unless i'm mistaken",
                                "unless i am mistaken",
                                "as far as i know",
                                "as you know",
                                "i hope you don't mind",
                                "i hope this finds you well",
                                "i hope you are well",
                                "that all"};

constexpr std::string_view closings = "regards wishes greetings thanks thx cheers ta best";

std::size_t words_in_phrase(std::string_view phrase) {
  return 1 + static_cast<std::size_t>(std::ranges::count(phrase, ' '));
}

// How many words long the courtesy is that begins here; 0 for none.
std::size_t courtesy(const Reader& reader, std::size_t at) {
  const std::vector<Word>& words = reader.words();
  std::size_t longest = 0;
  for (std::string_view phrase : courtesies) {
    if (reader.says_at(at, phrase)) longest = std::max(longest, words_in_phrase(phrase));
  }
  for (std::string_view phrase : bounded) {
    if (!reader.says_at(at, phrase)) continue;
    std::size_t end = at + words_in_phrase(phrase);
    bool alone = end == words.size() || words[end - 1].pause ||
                 is_one_of(words[end], "please pls plz kindly could can would will");
    if (alone && words[end - 1].pause != '?') longest = std::max(longest, end - at);
  }
  return longest;
}

// "I don't know if anybody asked you already, but please …".
std::size_t excuse(const Reader& reader, std::size_t at) {
  constexpr std::array opening = {"i don't know if", "i don't know whether", "i dont know if",
                                  "not sure if",     "i'm not sure if",      "no idea if"};
  const std::vector<Word>& words = reader.words();
  for (std::string_view phrase : opening) {
    if (!reader.says_at(at, phrase)) continue;
    std::size_t end = at;
    while (end < words.size() && !words[end].pause) {
      if (words[end].kind != WordKind::plain) return 0;
      end++;
    }
    // Whom it is asked of is spoken of, and not what is asked for.
    bool about_you = std::any_of(words.begin() + static_cast<std::ptrdiff_t>(at),
                                 words.begin() + static_cast<std::ptrdiff_t>(end),
                                 [](const Word& word) { return is_one_of(word, "you this"); });
    if (about_you && end + 1 < words.size() && words[end + 1].is("but")) return end + 2 - at;
  }
  return 0;
}

// "Kind regards, Nina": whoever signs at the end.
std::size_t signature(const Reader& reader, std::size_t at) {
  const std::vector<Word>& words = reader.words();
  const std::size_t first = at;
  if (at + 1 >= words.size() || at + 5 < words.size()) return 0;
  if (is_one_of(words[at], "kind best warm many") && !words[at].pause) at++;
  if (!is_one_of(words[at], closings) || !words[at].pause) return 0;
  for (std::size_t i = at + 1; i < words.size(); i++) {
    bool name = words[i].kind == WordKind::plain && std::isupper(words[i].said[0]) &&
                !is_plain(words[i]) && !is_one_of(words[i], fillers) && !is_imperative(words[i]) &&
                !is_one_of(words[i], subjects) && !is_one_of(words[i], telling);
    if (!name && !(i > at + 1 && is_one_of(words[i], "from at of the desk team shop"))) return 0;
  }
  return words.size() - first;
}

void drop_courtesies(Reader& reader) {
  for (std::size_t at = 0; at < reader.size();) {
    std::size_t size = std::max({courtesy(reader, at), excuse(reader, at), signature(reader, at)});
    if (size == 0 || size == reader.size()) {
      at++;
    } else {
      reader.leave_out(at, at + size);
    }
  }
}

// "Name: boot_size", "customer: ann@example.com"; but not "customer: block my card".
void join_labels(Reader& reader) {
  constexpr std::string_view labels =
      "name type label options option choices choice description status source company category "
      "identifier id sku promotion promo campaign quantity qty amount number card shop store "
      "location branch credits points people guests persons pax size date expiry expires "
      "expiration "
      "value from until starts ends party";
  constexpr std::string_view whom = "contact customer client member email e-mail mail address";
  const std::vector<Word>& words = reader.words();
  for (std::size_t at = 0; at + 1 < words.size(); at++) {
    if (words[at].pause != ':' || words[at].kind != WordKind::plain) continue;
    const Word& next = words[at + 1];
    bool value = next.kind != WordKind::plain && next.kind != WordKind::quoted;
    bool deed = (is_imperative(next) && !is_plain(next)) || is_one_of(next, "new another");
    // "Status: booking 12 is done" is no status.
    bool free = !is_one_of(words[at], "status name description source company") || value ||
                next.kind == WordKind::quoted || !is_plain(next);
    if ((is_one_of(words[at], labels) && !deed && free) || (is_one_of(words[at], whom) && value)) {
      reader.join_at(at);
    }
  }
}

// "When it is not there yet, create it", "otherwise create it".
std::optional<std::size_t> end_of_alternative(const Reader& reader, std::size_t at) {
  constexpr std::string_view idle =
      "if when in case otherwise and or else should it its that they there one is isn't not n't "
      "yet already exist exists does doesn't doesnt don't dont do we have has known list "
      "missing then please pls just found can't cant cannot find you unknown new still no";
  constexpr std::string_view missing =
      "otherwise else not n't isn't doesn't doesnt don't dont missing can't cant cannot unknown "
      "new "
      "no";
  const std::vector<Word>& words = reader.words();
  bool absent = is_one_of(words[at], missing) || words[at].is("or");
  for (std::size_t end = at + 1; end < words.size() && end < at + 14; end++) {
    absent = absent || is_one_of(words[end], missing);
    bool creates = is_one_of(words[end], "create add make register") && end + 1 < words.size() &&
                   is_one_of(words[end + 1], "it one");
    bool denied = is_one_of(words[end - 1], "don't dont not never cannot can't cant");
    if (creates) return absent && !denied ? std::optional(end + 2) : std::nullopt;
    if (!is_one_of(words[end], idle)) break;
  }
  return std::nullopt;
}

void drop_alternatives(Reader& reader) {
  const std::vector<Word>& words = reader.words();
  bool product = reader.any({"product", "products", "sku", "article", "item"}) ||
                 std::ranges::any_of(words, [](const Word& word) {
                   return word.kind == WordKind::code && word.said.starts_with("SKU");
                 });
  if (!product) return;
  for (std::size_t at = 1; at < words.size(); at++) {
    if (!is_one_of(words[at], "if when in otherwise or should")) continue;
    auto end = end_of_alternative(reader, at);
    if (!end) continue;
    // "Is there a product SKU-8? If not, create it": the request stands there.
    bool asked = words[at - 1].pause == '?';
    reader.leave_out(at, asked ? *end - 2 : *end);
    // "Check if product SKU-1 is there already, …".
    for (std::size_t i = 1; i < at && i < words.size(); i++) {
      if (!is_one_of(words[i], "if whether")) continue;
      if (!is_one_of(words[i - 1], "check see look lookup")) continue;
      reader.leave_out(i, i + 1);
      std::size_t last = i;
      while (last < words.size() && !words[last].pause) last++;
      std::size_t idle = last + 1;
      while (idle > i + 1 && idle <= words.size() &&
             is_one_of(words[idle - 1], "is there already exists exist known yet")) {
        idle--;
      }
      if (idle < last + 1) reader.leave_out(idle, std::min(last + 1, words.size()));
      break;
    }
    return;
  }
}

// "… vouchers that expire on 31 December", "… it. Go."
void drop_idle(Reader& reader) {
  const std::vector<Word>& words = reader.words();
  for (std::size_t at = 1; at + 1 < words.size(); at++) {
    bool relative = is_one_of(words[at], "that which") &&
                    is_one_of(words[at + 1], "expire expires stay stays remain remains");
    bool all_of_them = words[at - 1].pause && reader.says_at(at, "all of them");
    if (relative) reader.leave_out(at, at + 1);
    if (all_of_them) reader.leave_out(at, at + 3);
  }
  std::size_t last = words.size();
  if (last > 1 && words[last - 1].is("go") && words[last - 2].pause) {
    reader.leave_out(last - 1, last);
  }
}

// "Don't cancel this one, cancel that one", "don't merge anything, just give …": what is not to be
// done is something else.
void drop_denied(Reader& reader) {
  const std::vector<Word>& words = reader.words();
  auto is_value = [](const Word& word) {
    return word.kind != WordKind::plain && word.kind != WordKind::quoted;
  };
  for (std::size_t at = 0; at + 3 < words.size(); at++) {
    if (at > 0 && !words[at - 1].pause) continue;
    std::size_t please = is_one_of(words[at], "please pls") ? at + 1 : at;
    std::size_t verb = reader.says_at(please, "do not")               ? please + 2
                       : is_one_of(words[please], "don't dont don’t") ? please + 1
                                                                      : 0;
    if (verb == 0 || verb >= words.size()) continue;
    std::size_t end = verb;
    while (end < words.size() && !words[end].pause) end++;
    if (end + 1 >= words.size() || !std::string_view(",;->:").contains(words[end].pause)) continue;
    std::size_t next = end + 1;
    while (next + 1 < words.size() && is_one_of(words[next], "just only but instead please pls")) {
      next++;
    }
    bool other = next > end + 1;  // "…, just give …".
    const Word* denied = nullptr;
    bool anything = false;
    for (std::size_t i = verb; i <= end; i++) {
      if (is_value(words[i])) denied = &words[i];
      anything = anything || is_one_of(words[i], "anything anyone anybody any");
    }
    bool same = words[next].is(words[verb].lower) && denied &&
                std::any_of(words.begin() + static_cast<std::ptrdiff_t>(next), words.end(),
                            [&](const Word& word) {
                              return word.kind == denied->kind && word.lower != denied->lower;
                            });
    bool another = other && !denied && anything && is_imperative(words[next]) &&
                   !words[next].is(words[verb].lower);
    if (same || another) {
      reader.leave_out(at, end + 1);
      return;
    }
  }
}

}  // namespace

void tidy(Reader& reader) {
  drop_courtesies(reader);
  join_labels(reader);
  drop_alternatives(reader);
  drop_idle(reader);
  drop_denied(reader);
}

}  // namespace piggy
