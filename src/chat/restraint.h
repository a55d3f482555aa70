#pragma once

// What the interpreter leaves undone, though it has recognised a tool.

#include <string>
#include <string_view>

#include "chat/interpreter.h"
#include "chat/reader.h"

namespace piggy {

// Whether a tool only reads, so that a misunderstanding does no harm.
bool reads(std::string_view tool);

// Why what was recognised must not be done: it is denied, supposed, asked about, told of the past,
// or said by others. "" when it may be.
std::string why_not(const Reader& reader, const Meaning& meaning);

// Whether something is told of the past, intended or denied, behind which a request may follow.
bool is_background(const Reader& reader);

}  // namespace piggy
