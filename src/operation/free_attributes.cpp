#include "operation/free_attributes.h"

#include <fmt/format.h>

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::size_t bytes_max = 4096;  // A batch stores them with every voucher.

}  // namespace

Result<Value> free_attributes(const std::optional<Value>& given) {
  if (!given || given->is_null()) return Value::object();
  if (given->items() && given->items()->empty()) return Value::object();
  if (!given->members()) {
    return fail_field("/custom_attributes", "The custom_attributes field must be an object.");
  }
  if (to_json(*given).size() > bytes_max) {
    return fail_field(
        "/custom_attributes",
        fmt::format("The custom_attributes field may not be greater than {} bytes.", bytes_max));
  }
  return *given;
}

}  // namespace piggy
