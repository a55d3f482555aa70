#pragma once

// What a model writes about numbers is checked: every figure in its text must be one of the data.

#include <string_view>

#include "base/error.h"
#include "shape/value.h"

namespace piggy {

// `invalid`, with the figures that are nowhere in the data. A figure may be rounded, a fraction may
// be told in per cent, and digits that stand in a text of the data (a date, a name) may be
// repeated.
Result<> figures_are_in(std::string_view text, const Value& data);

}  // namespace piggy
