#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "shape/json.h"

// Whatever is taken for JSON is written and read again as the same, and its canonical form is
// stable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto value = piggy::parse_json(text);
  if (!value) return 0;
  auto again = piggy::parse_json(piggy::to_json(*value));
  ASSERT(again.has_value());
  ASSERT(*again == *value);
  ASSERT(piggy::canonical_json(*again) == piggy::canonical_json(*value));
  return 0;
}
