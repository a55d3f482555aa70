// libFuzzer target: no input may crash the reader, and what it reads must be well formed.

#include <algorithm>
#include <cstdint>

#include "base/assert.h"
#include "order/csv.h"

namespace piggy {
namespace {

// Hands out the input in pieces of varying size, so that every state is met at a border.
class Pieces final : public ByteSource {
 public:
  explicit Pieces(std::string_view text) : text_(text) {}
  Result<std::string_view> next() override {
    std::size_t size = std::min<std::size_t>(text_.size(), 1 + calls_++ % 7);
    std::string_view piece = text_.substr(0, size);
    text_.remove_prefix(size);
    return piece;
  }

 private:
  std::string_view text_;
  std::size_t calls_ = 0;
};

}  // namespace
}  // namespace piggy

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  piggy::Pieces pieces({reinterpret_cast<const char*>(data), size});
  piggy::CsvReader reader(pieces);
  piggy::CsvRecord record;
  std::size_t columns = 0;
  std::int64_t line = 0;
  for (std::size_t calls = 0; calls <= size + 1; calls++) {
    auto found = reader.next(record);
    if (!found) continue;
    if (!*found) return 0;
    if (columns == 0) columns = record.fields.size();
    ASSERT(record.line > line);
    line = record.line;
  }
  ASSERT(!"the reader comes to an end");
  return 0;
}
