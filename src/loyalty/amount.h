#pragma once

// Exact amounts. A value or a factor has six decimals and is kept as an integer of millionths; a
// product of three of them fits 128 bits. Nothing here rounds but where it says so.

#include <cmath>
#include <cstdint>
#include <string>

#include "shape/shape.h"

namespace piggy {

using Wide = __int128;

constexpr std::int64_t micros_per_one = 1'000'000;
constexpr double value_max = 1e9;  // Beyond it the sixth decimal of a double is not certain.

// The nearest millionth. A double that was read from a decimal of up to six places and stays within
// value_max is closer to that decimal's millionth than to any other, so 10.40 is 10'400'000.
inline std::int64_t micros_of(double value) { return std::llround(value * micros_per_one); }

BOOST_DEFINE_ENUM_CLASS(Rounding, down, nearest, up)

// `amount` in units of 1/`one`, to whole units. Halves go away from zero; down is towards zero.
constexpr Wide rounded(Wide amount, Wide one, Rounding rounding) {
  Wide sign = amount < 0 ? -1 : 1;
  Wide size = amount * sign;
  Wide whole = size / one;
  Wide rest = size % one;
  if (rounding == Rounding::up && rest > 0) whole++;
  if (rounding == Rounding::nearest && rest >= one - rest) whole++;
  return whole * sign;
}

// "10.4": an amount in units of 10^-decimals, without zeros at the end.
std::string decimal_text(Wide amount, int decimals);

}  // namespace piggy
