#pragma once

// What the interpreter leaves undone, though it has understood a tool.

#include <string>
#include <string_view>
#include <vector>

#include "chat/clauses.h"
#include "chat/reader.h"

namespace piggy {

// Why something is not done; nothing holds it back while `why` is empty.
struct Restraint {
  std::string why = {};
  bool offers = false;  // It may be meant, so that it is worth asking.
};

// Whether a tool only reads, so that a misunderstanding does no harm.
bool reads(std::string_view tool);

bool is_denied(const std::vector<Clause>& clauses);

// What holds a tool back that clauses ask for: others deny it, put it off, leave open how much, or
// say that somebody else is quoted.
Restraint restraint_of(const Reader& reader, const std::vector<Clause>& clauses,
                       std::string_view tool);

// The same for a tool that no clause asks for.
Restraint restraint_of_told(const Reader& reader, const std::vector<Clause>& clauses);

}  // namespace piggy
