#include "campaign/transport.h"

namespace piggy {

bool says_no_mailbox(std::string_view words) {
  for (std::string_view code : {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"}) {
    std::size_t at = words.find(code);
    if (at == std::string_view::npos) continue;
    char next = at + code.size() < words.size() ? words[at + code.size()] : ' ';
    bool longer = next >= '0' && next <= '9';
    if (!longer) return true;
  }
  return false;
}

}  // namespace piggy
