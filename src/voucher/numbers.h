#pragma once

// The refusals of promotions and vouchers (piggy-api-v3, section 6.4).

#include "operation/numbers.h"

namespace piggy {

inline auto promotion_not_found() {
  return refuse(ErrorCode::not_found, 80002, "Promotion not found.");
}
inline auto voucher_exists() {
  return refuse(ErrorCode::conflict, 80003, "Voucher already exists.");
}
inline auto voucher_not_found() {
  return refuse(ErrorCode::not_found, 80004, "Voucher not found.");
}
inline auto voucher_redeemed() {  // The words are the vendor's; programs compare them.
  return refuse(ErrorCode::conflict, 80005, "Voucher code as already been redeemed.");
}
inline auto voucher_expired() { return refuse(ErrorCode::conflict, 80006, "Voucher has expired."); }
inline auto voucher_limit_reached() {
  return refuse(ErrorCode::conflict, 80008, "Voucher limit reached.");
}
inline auto voucher_deactivated() {
  return refuse(ErrorCode::conflict, 80012, "Voucher is deactivated.");
}
inline auto voucher_inactive() {
  return refuse(ErrorCode::conflict, 80014, "Voucher is inactive.");
}
inline auto voucher_locked() {
  return refuse(ErrorCode::conflict, 80017, "Voucher is already locked.");
}
inline auto voucher_exhausted() {
  return refuse(ErrorCode::conflict, 80019, "Voucher doesn't have enough redemptions left.");
}

}  // namespace piggy
