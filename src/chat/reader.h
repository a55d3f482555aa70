#pragma once

// Reads a sentence for the interpreter: which words are in it, and what stands beside them. What
// has been taken is not taken again.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat/interpreter.h"
#include "chat/words.h"

namespace piggy {

// Whether this is (but for a slip of the finger) the word that is meant.
bool is_word(const Word& word, std::string_view meant);

class Reader {
 public:
  explicit Reader(std::string_view text);

  bool empty() const { return words_.empty(); }
  // The text without what stands around it.
  const std::string& whole() const { return whole_; }
  void forget();  // As if nothing had been taken.

  // How many words there are.
  std::size_t size() const { return words_.size(); }
  const std::vector<Word>& words() const { return words_; }
  void use_at(std::size_t at) { words_[at].used = true; }
  void weigh(std::size_t at) { words_[at].weighed = true; }
  // Whether one of these words is said; of long ones, also with a slip of the finger.
  bool any(std::initializer_list<std::string_view> vocabulary) const;
  // Whether these words follow each other.
  bool says(std::string_view phrase) const;
  // The same at this place.
  bool says_at(std::size_t at, std::string_view phrase) const;
  // The same as says(), not counting the words of `name`.
  bool says_beside(std::string_view phrase, std::string_view name) const;
  // Whether the word at this place is one of a name.
  bool is_name_of(std::size_t at, const std::vector<Named>& named) const;
  bool contains(std::string_view sign) const { return text_.find(sign) != std::string::npos; }

  // The first of a kind that is not taken.
  const Word* peek(WordKind kind) const;
  std::optional<Word> take(WordKind kind);
  // The number right before one of these words, or one or two words before it, or right after it.
  std::optional<Word> number_near(std::initializer_list<std::string_view> vocabulary);
  // The one word that follows one of these.
  std::optional<std::string> word_after(std::initializer_list<std::string_view> markers);
  // All words from one of these on, but for "and".
  std::vector<std::string> list_after(std::initializer_list<std::string_view> markers);
  // "cooking, sports, reading as options": the words before this, from "with" or "of" on.
  std::vector<std::string> list_before(std::initializer_list<std::string_view> phrases);
  // A word such as boot_size, which can only be a name.
  std::optional<std::string> underscored();
  // What follows one of these words, up to one of the stops: a quotation, a code, or plain words.
  std::optional<std::string> text_after(std::initializer_list<std::string_view> markers,
                                        std::initializer_list<std::string_view> stops = {
                                            "and", "for", "with", "to", "of", "on"});
  // The first date that follows one of these words within two words, as a moment.
  std::optional<std::string> date_after(std::initializer_list<std::string_view> markers);

  // Those whose names share the most words with the text; none when none does.
  std::vector<Named> best(const std::vector<Named>& named) const;
  // Whether the word at this place may be (part of) somebody's name: a quotation, or a plain word
  // that says nothing else.
  bool may_be_name(std::size_t at) const;

  // Carries out what is corrected, "50, no wait, 60"; false when it is not clear what is meant.
  bool mend();
  // Forgets what something else is said in place of: "at Amsterdam, not Utrecht".
  void drop_contrast(const std::vector<Named>& named);
  // Forgets these words; the longer pause of those around stays.
  void leave_out(std::size_t first, std::size_t last);
  // Makes one clause of what is on both sides of a pause.
  void join_at(std::size_t at) { words_[at].pause = 0; }
  // Forgets the words that are not to be kept.
  void keep(const std::vector<bool>& kept);

 private:
  // The first and one past the last word of "no, wait", "sorry, I mean" and the like.
  std::optional<std::pair<std::size_t, std::size_t>> correction() const;
  // Behind "make that" and the like, where a value follows; else `at`.
  std::size_t made_into(std::size_t at) const;
  // Whether a thing of the kind of this value was said before `at`.
  bool said_before(std::size_t at, std::size_t value) const;
  void drop(std::size_t first, std::size_t last);

  std::string text_;
  std::string whole_;
  std::vector<Word> words_;
};

}  // namespace piggy
