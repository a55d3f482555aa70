// Feeds any bytes to everything that reads a body. The first line is taken for the content type, so
// that the fuzzer finds boundaries by itself. What was read must be storable as JSON, and what
// stands in it must be within the limits.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "http/form.h"
#include "shape/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace piggy;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::size_t line = bytes.find('\n');
  std::string_view type = bytes.substr(0, line);
  std::string_view body = line == bytes.npos ? std::string_view() : bytes.substr(line + 1);

  for (const Result<Value>& value :
       {http::parse_body(type, body), http::parse_form(bytes), http::parse_multipart(body, type)}) {
    if (!value) continue;
    auto again = parse_json(to_json(*value));
    // A form's depth and JSON's have limits of their own, and JSON's is the larger one.
    ASSERT(again && *again == *value);
  }
  if (auto decoded = http::percent_decode(bytes, true)) ASSERT(decoded->size() <= size);
  return 0;
}
