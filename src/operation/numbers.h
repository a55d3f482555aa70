#pragma once

// The refusals of the v3 wire with their numbers (piggy-api-v3, section 6.4), one function each
// where more than one module says it.

#include "base/error.h"

namespace piggy {

inline std::unexpected<Error> refuse(ErrorCode code, int number, std::string message) {
  return fail(Error{.code = code, .message = std::move(message), .number = number});
}
inline auto shop_not_found() { return refuse(ErrorCode::not_found, 1008, "Shop not found."); }
inline auto contact_not_found() {
  return refuse(ErrorCode::not_found, 55031, "Contact not found.");
}
inline auto contact_exists() {
  return refuse(ErrorCode::conflict, 60005, "Contact already exists.");
}
inline auto identifier_not_found() {
  return refuse(ErrorCode::not_found, 60003, "Contact identifier not found.");
}
inline auto identifier_inactive() {
  return refuse(ErrorCode::conflict, 60004, "Contact identifier inactive.");
}
inline auto attribute_exists() {
  return refuse(ErrorCode::conflict, 60009, "Attribute already exists.");
}
inline auto model_not_found() { return refuse(ErrorCode::not_found, 60013, "Model not found."); }

}  // namespace piggy
