#pragma once

// A sentence as words, for the interpreter: numbers, addresses, uuids, codes, dates and quotations
// are one word each, whatever they are made of.

#include <string>
#include <string_view>
#include <vector>

namespace piggy {

enum class WordKind { plain, number, email, uuid, code, quoted, date };

struct Word {
  WordKind kind = WordKind::plain;
  std::string said = {};   // As it was written; of a quotation what is inside.
  std::string lower = {};  // The same in lower case.
  double number = 0;       // number: "1,000", "1.000", "24.95", "fifty" as well.
  std::string date = {};   // date: 2026-12-31.
  char pause = 0;          // The comma, dash, arrow (>) or end that follows; 0 for none.
  bool used = false;       // The reader has found a place for it.
  bool weighed = false;    // The request stands or falls with its being understood.

  bool is(std::string_view word) const { return lower == word; }
};

std::vector<Word> words_in(std::string_view text);

}  // namespace piggy
