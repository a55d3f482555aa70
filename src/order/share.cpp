#include "order/share.h"

#include <algorithm>
#include <numeric>

#include "base/assert.h"
#include "loyalty/amount.h"

namespace piggy {

std::vector<std::int64_t> shares_of(std::int64_t credits,
                                    const std::vector<std::int64_t>& weights) {
  ASSERT(credits >= 0);
  std::vector<std::int64_t> shares(weights.size());
  if (credits == 0) return shares;
  Wide total = std::accumulate(weights.begin(), weights.end(), Wide(0));
  ASSERT(total > 0);
  std::vector<Wide> remainders(weights.size());
  std::int64_t left = credits;
  for (std::size_t i = 0; i < weights.size(); i++) {
    Wide exact = Wide(credits) * weights[i];
    shares[i] = static_cast<std::int64_t>(exact / total);
    remainders[i] = exact % total;
    left -= shares[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
  });
  ASSERT(left >= 0 && static_cast<std::size_t>(left) <= order.size());
  for (std::size_t i = 0; i < static_cast<std::size_t>(left); i++) shares[order[i]]++;
  return shares;
}

std::int64_t cancelled_credits(std::int64_t credits, std::int64_t quantity,
                               std::int64_t cancelled) {
  ASSERT(quantity > 0 && cancelled >= 0 && cancelled <= quantity);
  return static_cast<std::int64_t>(Wide(credits) * cancelled / quantity);
}

}  // namespace piggy
