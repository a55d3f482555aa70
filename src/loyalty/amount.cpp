#include "loyalty/amount.h"

#include <algorithm>

namespace piggy {

std::string decimal_text(Wide amount, int decimals) {
  bool negative = amount < 0;
  Wide size = negative ? -amount : amount;
  std::string text;  // Backwards.
  for (int place = 0; place < decimals || size > 0 || place == decimals; place++) {
    if (place == decimals && !text.empty()) text += '.';
    int digit = static_cast<int>(size % 10);
    size /= 10;
    if (place < decimals && text.empty() && digit == 0) continue;
    text += static_cast<char>('0' + digit);
  }
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace piggy
