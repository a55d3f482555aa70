#pragma once

// The refusals of gift cards (piggy-api-v3, section 6.4).

#include "operation/numbers.h"

namespace piggy {

inline auto giftcard_program_not_found() {
  return refuse(ErrorCode::not_found, 1100, "Giftcard Program not found.");
}
inline auto giftcard_reloadable() {
  return refuse(ErrorCode::conflict, 1114,
                "Only non re-incrementable giftcards can be used in the OAuth Clients API.");
}
inline auto giftcard_not_found() {
  return refuse(ErrorCode::not_found, 5001, "Giftcard not found.");
}
inline auto giftcard_expired() {
  return refuse(ErrorCode::conflict, 5002,
                "Het bedrag op de kaart is verlopen. | This giftcard has expired.");
}
inline auto giftcard_insufficient() {
  return refuse(ErrorCode::conflict, 5003,
                "Het bedrag op de kaart is niet toereikend. | Insufficient amount on giftcard.");
}
inline auto giftcard_not_upgradeable() {
  return refuse(
      ErrorCode::conflict, 5006,
      "Deze giftcard kan niet opgewaardeerd worden. | This giftcard cannot be incremented.");
}
inline auto giftcard_limit_reached() {
  return refuse(ErrorCode::conflict, 5008,
                "Maximale limiet op kaart bereikt. | Max amount will be exceeded.");
}
inline auto giftcard_transaction_not_found() {
  return refuse(ErrorCode::not_found, 5010, "Giftcard transaction not found.");
}
inline auto giftcard_not_valid() {
  return refuse(ErrorCode::conflict, 7010, "That giftcard is not valid.");
}
inline auto giftcard_physical() {
  return refuse(ErrorCode::conflict, 55021,
                "Only Digital giftcards can by created using the public API.");
}
inline auto giftcard_transaction_not_last() {
  return refuse(ErrorCode::conflict, 55025, "This is not the giftcards last transaction.");
}

}  // namespace piggy
