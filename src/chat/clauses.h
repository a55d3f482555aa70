#pragma once

// What a message is made of, and which part of it asks for something to be done now.
//
// A clause is a request by how it begins: "give …", "please …", "can you …", "I want you to …".
// Nothing that is said elsewhere makes one of what is told, denied or only supposed.

#include <vector>

#include "chat/reader.h"

namespace piggy {

enum class ClauseKind {
  filler,     // "hey Nina", "thank you", "if possible".
  request,    // "please give …", "could you give …": a deed is asked for.
  wish,       // "I need 30 vouchers", "CARD-2 should be blocked": a thing is asked for.
  fragment,   // "30 vouchers", "shop Utrecht": there is no verb in it that we know.
  detail,     // "its name is Tea pot": more of what is asked for.
  told,       // "we usually …", "she lost her card": whatever else has a verb.
  condition,  // "when he is back", "before you merge them".
  denial,     // "don't …", "not a chance", "never mind", "but ask me first".
};

struct Clause {
  ClauseKind kind = ClauseKind::told;
  std::size_t first = 0;  // The first of its words, and one past the last.
  std::size_t last = 0;
  std::size_t verb = 0;      // Behind greetings and the like; of a request what says what to do.
  bool polite = false;       // Asks in the form of a question.
  std::size_t sentence = 0;  // Clauses of one sentence have the same.

  bool asks() const { return kind == ClauseKind::request || kind == ClauseKind::wish; }
};

std::vector<Clause> clauses_in(const Reader& reader);

}  // namespace piggy
