#pragma once

// What goes into a statement: a value for $1, $2, ... Text and bytes are borrowed for the call.

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/time.h"
#include "base/uuid.h"
#include "shape/json.h"
#include "shape/shape.h"

namespace piggy {

using Hash = std::array<std::uint8_t, 32>;

struct Bytes {
  std::string_view data;
};

// Bytes of any length that a row has read.
struct Blob {
  std::string data = {};

  bool operator==(const Blob&) const = default;
};

class Parameter {
 public:
  using Data =
      std::variant<std::monostate, std::int64_t, double, std::string_view, Bytes, std::string>;

  Parameter(std::nullopt_t) {}
  template <std::integral T>
  Parameter(T number) : data_(static_cast<std::int64_t>(number)) {}
  Parameter(double number) : data_(number) {}
  Parameter(std::string_view text) : data_(text) {}
  Parameter(const std::string& text) : data_(std::string_view(text)) {}
  Parameter(const char* text) : data_(std::string_view(text)) {}
  Parameter(Bytes bytes) : data_(bytes) {}
  Parameter(const Blob& blob) : data_(Bytes{blob.data}) {}
  Parameter(Time time) : data_(time.microseconds) {}
  Parameter(const Uuid& uuid)
      : data_(Bytes{{reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()}}) {}
  Parameter(const Hash& hash)
      : data_(Bytes{{reinterpret_cast<const char*>(hash.data()), hash.size()}}) {}
  Parameter(const Value& value) : data_(to_json(value)) {}  // Stored as JSON text.
  template <class E>
    requires std::is_enum_v<E>
  Parameter(E choice) : data_(word_of(choice)) {}  // Stored as its word.
  template <class T>
  Parameter(const std::optional<T>& optional) {
    if (optional) *this = Parameter(*optional);
  }

  const Data& data() const { return data_; }
  // Text, borrowed or owned, or nullptr-like empty for other kinds.
  std::string_view text() const {
    if (const auto* owned = std::get_if<std::string>(&data_)) return *owned;
    if (const auto* borrowed = std::get_if<std::string_view>(&data_)) return *borrowed;
    return {};
  }

 private:
  Data data_;
};

}  // namespace piggy
