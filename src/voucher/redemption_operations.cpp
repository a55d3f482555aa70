#include "voucher/redemption_operations.h"

#include "shop/shop.h"
#include "voucher/numbers.h"

namespace piggy {
namespace {

// A register is in a shop, whatever the client says.
Result<std::optional<std::int64_t>> shop_id_of(Call& call, const std::optional<Uuid>& uuid) {
  if (call.caller.shop_id) return call.caller.shop_id;
  if (!uuid) return std::nullopt;
  return TRY(shop_of(call.transaction, *uuid)).id;
}

Result<std::optional<std::int64_t>> needed_shop_id_of(Call& call, const std::optional<Uuid>& uuid) {
  auto shop_id = TRY(shop_id_of(call, uuid));
  if (!shop_id) return fail_field("/shop_uuid", "The shop_uuid field is required.");
  return shop_id;
}

// Who redeems: a voucher of a contact serves that one alone, any other must be told for whom.
Result<std::int64_t> redeemer_of(Call& call, const VoucherRow& voucher,
                                 const std::optional<Uuid>& uuid) {
  if (!uuid && !voucher.contact_id) {
    return fail_field("/contact_uuid",
                      "The contact_uuid field is required for a voucher without a contact.");
  }
  if (!uuid) return *voucher.contact_id;
  ContactRow contact = TRY(contact_of(call.transaction, *uuid));
  if (voucher.contact_id && voucher.contact_id != contact.id) {
    return fail_field("/contact_uuid", "The contact_uuid field is not the voucher's contact.");
  }
  return contact.id;
}

void note_redemptions(Call& call, const VoucherRow& before, const VoucherRow& after) {
  call.changes("redemptions of voucher " + after.code, before.times_redeemed, after.times_redeemed);
  VoucherStatus was = status_of(before, call.now());
  VoucherStatus is = status_of(after, call.now());
  if (was != is) call.changes("status of voucher " + after.code, word_of(was), word_of(is));
}

}  // namespace

Result<ValidateVoucher::Output> ValidateVoucher::run(Call& call, const Input& input) {
  VoucherRow voucher = TRY(voucher_of(call.transaction, input.uuid));
  TRY(needed_shop_id_of(call, input.shop_uuid));
  TRY(may_redeem(voucher, call.now()));
  TRY(redeemer_of(call, voucher, input.contact_uuid));
  return Output{};
}

Result<RedeemVoucher::Output> RedeemVoucher::run(Call& call, const Input& input) {
  VoucherRow voucher = TRY(voucher_by_code(call.transaction, input.code));
  VoucherRow before = voucher;
  TRY(may_redeem(voucher, call.now(), input.release_key));
  std::int64_t contact_id = TRY(redeemer_of(call, voucher, input.contact_uuid));
  auto shop_id = TRY(shop_id_of(call, input.shop_uuid));
  auto redemptions =
      TRY(redeem(call.transaction, voucher, {.contact_id = contact_id, .shop_id = shop_id}));
  note_redemptions(call, before, voucher);
  Voucher output = TRY(shown(call.transaction, voucher));
  output.voucher_redemption = redemptions.front();
  return output;
}

Result<RedeemVoucherTimes::Output> RedeemVoucherTimes::run(Call& call, const Input& input) {
  VoucherRow voucher = TRY(voucher_by_code(call.transaction, input.code));
  VoucherRow before = voucher;
  auto shop_id = TRY(needed_shop_id_of(call, input.shop_uuid));
  TRY(may_redeem(voucher, call.now(), input.release_key));
  std::int64_t contact_id = TRY(redeemer_of(call, voucher, input.contact_uuid));
  auto redemptions =
      TRY(redeem(call.transaction, voucher,
                 {.contact_id = contact_id, .shop_id = shop_id, .times = input.number_of_times}));
  note_redemptions(call, before, voucher);
  return Output{.voucher = TRY(shown(call.transaction, voucher)),
                .voucher_redemptions = std::move(redemptions)};
}

Result<ReverseVoucherRedemption::Output> ReverseVoucherRedemption::run(Call& call,
                                                                       const Input& input) {
  VoucherRow voucher = TRY(reverse_redemption(call.transaction, input.voucher_redemption_uuid));
  VoucherRow before = voucher;
  before.times_redeemed++;
  note_redemptions(call, before, voucher);
  return shown(call.transaction, voucher);
}

Result<LockVoucher::Output> LockVoucher::run(Call& call, const Input& input) {
  VoucherRow voucher = TRY(voucher_of(call.transaction, input.uuid));
  TRY(may_redeem(voucher, call.now()));
  TRY(lock_voucher(call.transaction, voucher));
  call.changes("status of voucher " + voucher.code, "ACTIVE", "LOCKED");
  return LockOutput{.voucher = {.uuid = voucher.uuid, .status = VoucherStatus::LOCKED},
                    .lock = {.release_key = *voucher.lock_key,
                             .locked_at = *voucher.locked_at,
                             .system_release_at = voucher.locked_until}};
}

Result<ReleaseVoucher::Output> ReleaseVoucher::run(Call& call, const Input& input) {
  VoucherRow voucher = TRY(voucher_of(call.transaction, input.uuid));
  VoucherStatus status = status_of(voucher, call.now());
  if (status == VoucherStatus::REDEEMED) return voucher_redeemed();
  if (status == VoucherStatus::EXPIRED) return voucher_expired();
  if (status != VoucherStatus::LOCKED || voucher.lock_key != input.release_key) {
    return fail_field("/release_key", "The release_key field does not open this voucher.");
  }
  VoucherLock lock = {
      .release_key = input.release_key, .locked_at = *voucher.locked_at, .unlocked_at = call.now()};
  TRY(release_voucher(call.transaction, voucher));
  call.changes("status of voucher " + voucher.code, "LOCKED", "ACTIVE");
  return LockOutput{.voucher = {.uuid = voucher.uuid, .status = status_of(voucher, call.now())},
                    .lock = lock};
}

void add_redemption_operations(Catalogue& catalogue) {
  catalogue.add<ValidateVoucher>();
  catalogue.add<RedeemVoucher>();
  catalogue.add<RedeemVoucherTimes>();
  catalogue.add<ReverseVoucherRedemption>();
  catalogue.add<LockVoucher>();
  catalogue.add<ReleaseVoucher>();
}

}  // namespace piggy
