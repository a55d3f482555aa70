#pragma once

// The words by which the interpreter tells a request from whatever else people write.

#include <string_view>

#include "chat/words.h"

namespace piggy {

// Whether a word is one of those in a list with spaces between.
bool is_one_of(const Word& word, std::string_view list);

// Whether some tool is asked for with this verb: "give", "merge", "simulate".
bool is_imperative(const Word& word);
// The same of "giving", "merging".
bool is_gerund(const Word& word);
// Whether this tool is asked for with this verb.
bool asks_for(const Word& verb, std::string_view tool);

// Whether people say a word in requests without changing what is asked for.
bool is_plain(const Word& word);
// Whether a word names a thing that a request may be about: "account", "points".
bool is_thing(const Word& word);
// Whether a word before a thing makes something else of it: "double", "fake", "wife".
bool distorts(const Word& word);
// Whether a word is as plain in a request, but makes a statement of a fragment: "be", "merged".
bool is_becoming(const Word& word);

// What begins a statement or a question: "she", "nobody", "it".
extern const std::string_view subjects;
// Verbs that tell: "is", "gave", "will".
extern const std::string_view telling;
// What others are quoted with: "said", "wrote".
extern const std::string_view reporting;
// What asks, with a pronoun behind, for whatever was told before: "do it", "arrange that".
extern const std::string_view pointing;
// What "for the …" says of another time with: "for the day he comes back".
extern const std::string_view until_then;
// What stands before a request and says nothing.
extern const std::string_view fillers;

}  // namespace piggy
