#pragma once

#include "operation/operation.h"
#include "voucher/operations.h"
#include "voucher/redemption.h"

namespace piggy {

struct ValidateVoucher {
  static constexpr OperationInfo info = {
      .name = "validate_voucher",
      .title = "Validate Voucher",
      .about =
          "Says whether a voucher could be redeemed now, in this shop and by this contact; if "
          "not, the error is the one that redeeming would give. Changes nothing.",
      .verb = Verb::post,
      .path = "/vouchers/{uuid}/validate",
      .scope = "vouchers:read",
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    bool valid = true;
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct RedeemVoucher {
  static constexpr OperationInfo info = {
      .name = "redeem_voucher",
      .title = "Redeem Voucher",
      .about =
          "Redeems a voucher once, by its code, for a contact. Use it when the customer pays "
          "with the voucher. Refused when it is redeemed, expired, deactivated, not yet "
          "active or locked by someone else. The answer holds the redemption's uuid, with "
          "which reverse_voucher_redemption can take it back.",
      .verb = Verb::post,
      .path = "/vouchers/redeem",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string code = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<Uuid> release_key = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Voucher;
  static Result<Output> run(Call& call, const Input& input);
};

struct RedeemVoucherTimes {
  static constexpr OperationInfo info = {
      .name = "redeem_voucher_times",
      .title = "Redeem Voucher Several Times",
      .about =
          "Redeems a multi-use voucher several times at once, all of them or none. Each "
          "redemption can be taken back with reverse_voucher_redemption.",
      .verb = Verb::post,
      .path = "/vouchers/multi-redeem",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string code = {};
    std::int64_t number_of_times = 1;
    std::optional<Uuid> shop_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<Uuid> release_key = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Voucher voucher = {};
    std::vector<Redemption> voucher_redemptions = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ReverseVoucherRedemption {
  static constexpr OperationInfo info = {
      .name = "reverse_voucher_redemption",
      .title = "Reverse Voucher Redemption",
      .about =
          "Takes one redemption of a voucher back, so that it can be redeemed again. Needs "
          "the uuid of the redemption, not of the voucher. Credits or money given for it are "
          "not touched. A reversal cannot itself be reversed; redeem again instead.",
      .verb = Verb::post,
      .path = "/vouchers/{voucher_redemption_uuid}/reverse",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid voucher_redemption_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Voucher;
  static Result<Output> run(Call& call, const Input& input);
};

struct LockedVoucher {
  Uuid uuid = {};
  VoucherStatus status = VoucherStatus::LOCKED;
  static void describe(Fields<LockedVoucher>& field);
};

struct VoucherLock {
  Uuid release_key = {};
  Time locked_at = {};
  std::optional<Time> unlocked_at = {};
  std::optional<Time> system_release_at = {};
  static void describe(Fields<VoucherLock>& field);
};

struct LockOutput {
  LockedVoucher voucher = {};
  VoucherLock lock = {};
  static void describe(Fields<LockOutput>& field);
};

struct LockVoucher {
  static constexpr OperationInfo info = {
      .name = "lock_voucher",
      .title = "Lock Voucher",
      .about =
          "Holds a voucher for one checkout: nobody redeems it without the release key that "
          "the answer holds. It opens by itself after an hour.",
      .verb = Verb::post,
      .path = "/vouchers/{uuid}/lock",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = LockOutput;
  static Result<Output> run(Call& call, const Input& input);
};

struct ReleaseVoucher {
  static constexpr OperationInfo info = {
      .name = "release_voucher",
      .title = "Release Voucher",
      .about = "Opens a locked voucher with its release key, so that it can be redeemed again.",
      .verb = Verb::post,
      .path = "/vouchers/{uuid}/release",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    Uuid release_key = {};
    static void describe(Fields<Input>& field);
  };
  using Output = LockOutput;
  static Result<Output> run(Call& call, const Input& input);
};

void add_redemption_operations(Catalogue& catalogue);

}  // namespace piggy
