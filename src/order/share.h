#pragma once

// Dividing credits so that nothing is lost and nothing is made.

#include <cstdint>
#include <vector>

namespace piggy {

// `credits` divided by the given weights (none negative, not all zero unless credits is 0): whole
// shares that add up to it exactly. What rounding leaves over goes to the largest remainders, the
// earlier one among equals.
std::vector<std::int64_t> shares_of(std::int64_t credits, const std::vector<std::int64_t>& weights);

// What is to be taken back in all once `cancelled` of `quantity` are cancelled: in proportion,
// rounded down, and everything in the end. Taking the differences step by step, a full cancellation
// takes exactly `credits` however many steps it has.
std::int64_t cancelled_credits(std::int64_t credits, std::int64_t quantity, std::int64_t cancelled);

}  // namespace piggy
