#pragma once

// The bytes of a file, piece by piece, unpacked on the way when its name ends in .xz. Memory does
// not grow with the file.

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace piggy {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // The next piece, valid until the next call; empty at the end. `invalid` when the file is damaged
  // or cut off.
  virtual Result<std::string_view> next() = 0;
};

// `not_found` when it cannot be opened.
Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& file);

}  // namespace piggy
