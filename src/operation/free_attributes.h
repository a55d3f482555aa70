#pragma once

// Attributes of any names, which a client keeps with something that is its own: the
// custom_attributes of vouchers and of gift cards' transactions (piggy-api-v3, section 4).

#include <optional>

#include "base/error.h"
#include "shape/json.h"

namespace piggy {

// An object; nothing, null and an empty list are an empty one, as forms and PHP write it. 1003 when
// it is something else or, as JSON, longer than 4096 bytes.
Result<Value> free_attributes(const std::optional<Value>& given);

}  // namespace piggy
