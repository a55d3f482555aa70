// Any bytes as a report: what comes out is within its bounds, and plain where it says so.

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "email/bounce.h"
#include "shape/read.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace piggy;
  auto bounces = read_bounces({reinterpret_cast<const char*>(data), size});
  if (!bounces) {
    ASSERT(bounces.error().code == ErrorCode::invalid);
    return 0;
  }
  ASSERT(bounces->size() <= 100);
  for (const Bounce& bounce : *bounces) {
    ASSERT(bounce.recipient.empty() || is_email(bounce.recipient));
    for (const std::string* text :
         {&bounce.recipient, &bounce.status, &bounce.action, &bounce.message_id, &bounce.words}) {
      ASSERT(text->size() <= 500);
      ASSERT(std::ranges::all_of(*text, [](char c) { return c >= ' ' && c <= '~'; }));
    }
  }
  return 0;
}
