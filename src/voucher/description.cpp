// What the fields of the voucher operations mean.

#include "voucher/operations.h"
#include "voucher/redemption_operations.h"

namespace piggy {

void Voucher::describe(Fields<Voucher>& field) {
  field("uuid", &Voucher::uuid, "The voucher.");
  field("code", &Voucher::code, "What the customer shows or types.");
  field("status", &Voucher::status, "What it is at this moment; ACTIVE can be redeemed.");
  field("name", &Voucher::name, "The name of its promotion.");
  field("description", &Voucher::description, "The description of its promotion.");
  field("expiration_date", &Voucher::expiration_date, "From when it is no longer good.");
  field("activation_date", &Voucher::activation_date, "From when it is good.");
  field("redeemed_at", &Voucher::redeemed_at, "When it was redeemed last.");
  field("is_redeemed", &Voucher::is_redeemed, "Whether no redemption is left.");
  field("redemptions_remaining", &Voucher::redemptions_remaining,
        "How often it can still be redeemed.");
  field("times_redeemed", &Voucher::times_redeemed, "How often it has been redeemed.");
  field("total_redemptions_allowed", &Voucher::total_redemptions_allowed,
        "How often it can be redeemed in all.");
  field("attributes", &Voucher::attributes, "Custom attributes by name.");
  field("contact", &Voucher::contact, "Whose it is; null for whoever has the code.");
  field("promotion", &Voucher::promotion, "What it was given out for.");
  field("voucher_redemption", &Voucher::voucher_redemption,
        "The redemption that this call made, if it made one.");
}

void ListVouchers::Input::describe(Fields<Input>& field) {
  field("promotion_uuid", &Input::promotion_uuid, "Only of this promotion.");
  field("contact_uuid", &Input::contact_uuid, "Only of this contact.");
  field("status", &Input::status, "Only in this state.");
  field("batch_uuid", &Input::batch_uuid, "Only of this batch.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 0, .max = 500});
}

void ListVouchers::Output::describe(Fields<Output>& field) {
  field("vouchers", &Output::vouchers, "The vouchers, oldest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void FindVoucherByCode::Input::describe(Fields<Input>& field) {
  field("code", &Input::code, "The code, exactly as it is written.", {.min = 1, .max = 100});
}

void CreateVoucher::Input::describe(Fields<Input>& field) {
  field("promotion_uuid", &Input::promotion_uuid, "What the voucher is for.");
  field("code", &Input::code, "A code of your choice; a random one when not given.",
        {.min = 1, .max = 100});
  field("contact_uuid", &Input::contact_uuid, "Whose it is; whoever has the code when not given.");
  field("activation_date", &Input::activation_date, "From when it is good; at once by default.");
  field("expiration_date", &Input::expiration_date,
        "From when it is no longer good; by the promotion's rule when not given.");
  field("total_redemptions_allowed", &Input::total_redemptions_allowed,
        "How often it can be redeemed; by the promotion's rule when not given.",
        {.min = 1, .max = 1'000'000});
  field("custom_attributes", &Input::custom_attributes, "Attributes of the voucher by name.");
}

void VoucherBatch::describe(Fields<VoucherBatch>& field) {
  field("uuid", &VoucherBatch::uuid, "The batch, for get_voucher_batch.");
  field("type", &VoucherBatch::type, "What it makes.");
  field("quantity", &VoucherBatch::quantity, "How many vouchers it makes.");
  field("status", &VoucherBatch::status, "How far it is.");
  field("created_at", &VoucherBatch::created_at, "When, as the account's own clock shows it.");
}

void CreateVouchersBatch::Input::describe(Fields<Input>& field) {
  field("promotion_uuid", &Input::promotion_uuid, "What the vouchers are for.");
  field("quantity", &Input::quantity, "How many to make.", {.min = 1, .max = batch_quantity_max});
  field("contact_uuid", &Input::contact_uuid,
        "Whose they are, all of them; whoever has a code when not given.");
  field("activation_date", &Input::activation_date, "From when they are good; at once by default.");
  field("expiration_date", &Input::expiration_date,
        "From when they are no longer good; by the promotion's rule when not given.");
  field("custom_attributes", &Input::custom_attributes, "Attributes of each voucher by name.");
}

void UpdateVoucher::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The voucher.");
  field("status", &Input::status, "DEACTIVATED to switch it off, ACTIVE to switch it on again.");
  field("expiration_date", &Input::expiration_date, "From when it is no longer good.");
  field("custom_attributes", &Input::custom_attributes, "Attributes to set; others stay.");
}

void ValidateVoucher::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The voucher.");
  field("shop_uuid", &Input::shop_uuid, "Where; needed unless a register asks.");
  field("contact_uuid", &Input::contact_uuid, "For whom; needed when it has no contact.");
}

void ValidateVoucher::Output::describe(Fields<Output>& field) {
  field("valid", &Output::valid, "Always true; anything else is an error.");
}

void RedeemVoucher::Input::describe(Fields<Input>& field) {
  field("code", &Input::code, "The code, exactly as it is written.", {.min = 1, .max = 100});
  field("shop_uuid", &Input::shop_uuid, "Where.");
  field("contact_uuid", &Input::contact_uuid,
        "For whom; needed when the voucher has no contact, else it must be that one.");
  field("release_key", &Input::release_key, "The key of its lock, if it is locked.");
}

void RedeemVoucherTimes::Input::describe(Fields<Input>& field) {
  field("code", &Input::code, "The code, exactly as it is written.", {.min = 1, .max = 100});
  field("number_of_times", &Input::number_of_times, "How often.", {.min = 1, .max = 50});
  field("shop_uuid", &Input::shop_uuid, "Where; needed unless a register asks.");
  field("contact_uuid", &Input::contact_uuid,
        "For whom; needed when the voucher has no contact, else it must be that one.");
  field("release_key", &Input::release_key, "The key of its lock, if it is locked.");
}

void RedeemVoucherTimes::Output::describe(Fields<Output>& field) {
  field("voucher", &Output::voucher, "The voucher afterwards.");
  field("voucher_redemptions", &Output::voucher_redemptions, "The redemptions this call made.");
}

void ReverseVoucherRedemption::Input::describe(Fields<Input>& field) {
  field("voucher_redemption_uuid", &Input::voucher_redemption_uuid,
        "The redemption, from the answer of redeeming.");
}

void LockedVoucher::describe(Fields<LockedVoucher>& field) {
  field("uuid", &LockedVoucher::uuid, "The voucher.");
  field("status", &LockedVoucher::status, "What it is now.");
}

void VoucherLock::describe(Fields<VoucherLock>& field) {
  field("release_key", &VoucherLock::release_key, "Opens the lock, or redeems in spite of it.");
  field("locked_at", &VoucherLock::locked_at, "Since when it is locked.");
  field("unlocked_at", &VoucherLock::unlocked_at, "When it was opened.");
  field("system_release_at", &VoucherLock::system_release_at, "When it opens by itself.");
}

void LockOutput::describe(Fields<LockOutput>& field) {
  field("voucher", &LockOutput::voucher, "The voucher.");
  field("lock", &LockOutput::lock, "Its lock.");
}

void LockVoucher::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The voucher.");
}

void ReleaseVoucher::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The voucher.");
  field("release_key", &Input::release_key, "The key that locking answered.");
}

}  // namespace piggy
