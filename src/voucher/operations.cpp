#include "voucher/operations.h"

#include <fmt/format.h>

#include <unordered_map>

#include "operation/free_attributes.h"
#include "voucher/batch_operations.h"
#include "voucher/numbers.h"
#include "voucher/redemption_operations.h"

namespace piggy {
namespace {

struct Dates {
  std::optional<Time> activation = {};
  std::optional<Time> expiration = {};
};

// What was asked for, else by the promotion's rule.
Result<Dates> dates_of(Call& call, const PromotionRow& promotion, std::optional<Time> activation,
                       std::optional<Time> expiration) {
  Time begin = activation.value_or(call.now());
  if (!expiration) expiration = expiration_of(promotion, begin);
  if (activation && expiration && *expiration <= *activation) {
    return fail_field("/expiration_date",
                      "The expiration_date field must be a date after activation_date.");
  }
  return Dates{.activation = activation, .expiration = expiration};
}

Result<std::optional<std::int64_t>> contact_id_of(Call& call, const std::optional<Uuid>& uuid) {
  if (!uuid) return std::nullopt;
  return TRY(contact_of(call.transaction, *uuid)).id;
}

Result<> note_vouchers(Call& call, const PromotionRow& promotion, std::int64_t quantity) {
  if (!call.dry_run) return {};
  std::int64_t after = TRY(vouchers_of_promotion(call.transaction, promotion.id));
  call.changes("vouchers of promotion " + promotion.name, after - quantity, after);
  return {};
}

// What many vouchers have in common is read once.
class Showing {
 public:
  explicit Showing(Transaction& transaction) : transaction_(transaction) {}

  Result<> load() {
    of_promotions_ = TRY(promotion_attributes(transaction_));
    of_vouchers_ = TRY(custom_attributes(transaction_, AttributeEntity::voucher));
    return {};
  }

  Result<Voucher> voucher(const VoucherRow& row) {
    Voucher out = {.uuid = row.uuid,
                   .code = row.code,
                   .status = status_of(row, transaction_.now()),
                   .expiration_date = row.expiration_date,
                   .activation_date = row.activation_date,
                   .redeemed_at = row.redeemed_at,
                   .is_redeemed = row.times_redeemed >= row.total_redemptions_allowed,
                   .redemptions_remaining = row.total_redemptions_allowed - row.times_redeemed,
                   .times_redeemed = row.times_redeemed,
                   .total_redemptions_allowed = row.total_redemptions_allowed};
    if (!promotions_.contains(row.promotion_id)) {
      PromotionRow found = TRY(promotion_by_id(transaction_, row.promotion_id));
      promotions_[row.promotion_id] = shown(found, of_promotions_);
    }
    out.promotion = promotions_[row.promotion_id];
    out.name = out.promotion.name;
    out.description = out.promotion.description;
    out.attributes = out.promotion.attributes;
    for (const auto& attribute : of_vouchers_) out.attributes.set(attribute.name, nullptr);
    for (const Member& member : *row.attributes.members()) {
      out.attributes.set(member.name, member.value);
    }
    if (row.contact_id) out.contact = TRY(contact(*row.contact_id));
    return out;
  }

 private:
  Result<ContactReference> contact(std::int64_t id) {
    auto found = contacts_.find(id);
    if (found != contacts_.end()) return found->second;
    ContactReference reference = reference_to(TRY(contact_by_id(transaction_, id)));
    contacts_.emplace(id, reference);
    return reference;
  }

  Transaction& transaction_;
  std::vector<AttributeDefinition> of_promotions_;
  std::vector<AttributeDefinition> of_vouchers_;
  std::unordered_map<std::int64_t, Promotion> promotions_;
  std::unordered_map<std::int64_t, ContactReference> contacts_;
};

}  // namespace

Result<Voucher> shown(Transaction& transaction, const VoucherRow& voucher) {
  Showing showing(transaction);
  TRY(showing.load());
  return showing.voucher(voucher);
}

Result<std::vector<Voucher>> shown(Transaction& transaction,
                                   const std::vector<VoucherRow>& vouchers) {
  Showing showing(transaction);
  TRY(showing.load());
  std::vector<Voucher> all;
  for (const VoucherRow& voucher : vouchers) all.push_back(TRY(showing.voucher(voucher)));
  return all;
}

Result<ListVouchers::Output> ListVouchers::run(Call& call, const Input& input) {
  Output output = {.page = page_of(input.page, input.limit, 30)};
  VoucherFilter filter = {.status = input.status};
  if (input.promotion_uuid) {
    filter.promotion_id = TRY(promotion_of(call.transaction, *input.promotion_uuid)).id;
  }
  filter.contact_id = TRY(contact_id_of(call, input.contact_uuid));
  if (input.batch_uuid) filter.batch_id = TRY(batch_of(call.transaction, *input.batch_uuid)).id;
  auto rows = TRY(vouchers_on(call.transaction, filter, output.page));
  output.vouchers = TRY(shown(call.transaction, rows));
  return output;
}

Result<FindVoucherByCode::Output> FindVoucherByCode::run(Call& call, const Input& input) {
  VoucherRow row = TRY(voucher_by_code(call.transaction, input.code));
  return shown(call.transaction, row);
}

Result<CreateVoucher::Output> CreateVoucher::run(Call& call, const Input& input) {
  PromotionRow promotion = TRY(promotion_of(call.transaction, input.promotion_uuid));
  auto contact_id = TRY(contact_id_of(call, input.contact_uuid));
  Dates dates = TRY(dates_of(call, promotion, input.activation_date, input.expiration_date));
  Value attributes = TRY(free_attributes(input.custom_attributes));
  std::string code;
  if (!input.code) {
    code = TRY(unused_code(call.transaction));
  } else if (TRY(code_is_used(call.transaction, *input.code))) {
    return voucher_exists();
  } else {
    code = *input.code;
  }
  TRY(count_vouchers(call.transaction, promotion, contact_id, 1));
  VoucherPlan plan = {.promotion = promotion,
                      .contact_id = contact_id,
                      .activation_date = dates.activation,
                      .expiration_date = dates.expiration,
                      .total_redemptions_allowed = input.total_redemptions_allowed.value_or(
                          promotion.redemptions_per_voucher),
                      .attributes = to_json(attributes)};
  Uuid uuid = TRY(make_voucher(call.transaction, plan, code));
  call.changes("voucher " + code, nullptr, "created");
  TRY(note_vouchers(call, promotion, 1));
  return shown(call.transaction, TRY(voucher_of(call.transaction, uuid)));
}

Result<CreateVouchersBatch::Output> CreateVouchersBatch::run(Call& call, const Input& input) {
  PromotionRow promotion = TRY(promotion_of(call.transaction, input.promotion_uuid));
  auto contact_id = TRY(contact_id_of(call, input.contact_uuid));
  Dates dates = TRY(dates_of(call, promotion, input.activation_date, input.expiration_date));
  Value attributes = TRY(free_attributes(input.custom_attributes));
  TRY(count_vouchers(call.transaction, promotion, contact_id, input.quantity));
  VoucherPlan plan = {.promotion = promotion,
                      .contact_id = contact_id,
                      .activation_date = dates.activation,
                      .expiration_date = dates.expiration,
                      .attributes = to_json(attributes)};
  VoucherBatchRow batch = TRY(add_batch(call.transaction, plan, input.quantity));
  TRY(note_vouchers(call, promotion, input.quantity));
  return VoucherBatch{.uuid = batch.uuid,
                      .quantity = batch.quantity,
                      .status = batch.status,
                      .created_at = to_display(batch.created_at, call.caller.time_zone)};
}

namespace {

// A voucher that is switched must be able to come back as it was: one that is over is refused. A
// date is changed on vouchers that are active or will be.
Result<> may_update(const VoucherRow& row, const UpdateVoucher::Input& input, Time now) {
  VoucherStatus status = status_of(row, now);
  bool changes_date = input.expiration_date && input.expiration_date != row.expiration_date;
  if (!input.status && !changes_date) return {};
  bool stays = input.status == VoucherSwitch::ACTIVE && !changes_date;
  if (status == VoucherStatus::REDEEMED) return voucher_redeemed();
  if (status == VoucherStatus::EXPIRED) return voucher_expired();
  if (status == VoucherStatus::LOCKED && !stays) return voucher_locked();
  if (status == VoucherStatus::DEACTIVATED && changes_date &&
      input.status != VoucherSwitch::ACTIVE) {
    return voucher_deactivated();
  }
  Time begin = std::max(row.activation_date.value_or(now), now);
  if (changes_date && *input.expiration_date <= begin) {
    return fail_field("/expiration_date",
                      "The expiration_date field must be a date after now and activation_date.");
  }
  return {};
}

}  // namespace

Result<UpdateVoucher::Output> UpdateVoucher::run(Call& call, const Input& input) {
  VoucherRow row = TRY(voucher_of(call.transaction, input.uuid));
  TRY(may_update(row, input, call.now()));
  VoucherRow before = row;
  if (input.status) row.deactivated = input.status == VoucherSwitch::DEACTIVATED;
  if (input.expiration_date) row.expiration_date = input.expiration_date;
  Value given = TRY(free_attributes(input.custom_attributes));
  for (Member& member : *given.members()) row.attributes.set(member.name, member.value);
  TRY(free_attributes(row.attributes));  // Together they keep the bound as well.
  TRY(update_voucher(call.transaction, row.id,
                     {.deactivated = row.deactivated,
                      .expiration_date = row.expiration_date,
                      .attributes = row.attributes}));
  VoucherStatus was = status_of(before, call.now());
  VoucherStatus is = status_of(row, call.now());
  if (was != is) call.changes("status of voucher " + row.code, word_of(was), word_of(is));
  if (before.expiration_date != row.expiration_date) {
    call.changes("expiration date of voucher " + row.code,
                 before.expiration_date ? Value(to_atom(*before.expiration_date)) : Value(),
                 to_atom(*row.expiration_date));
  }
  if (before.attributes != row.attributes) {
    call.changes("attributes of voucher " + row.code, before.attributes, row.attributes);
  }
  TRY(emit_voucher(call.transaction, "voucher_updated", row));
  return shown(call.transaction, row);
}

void add_voucher_operations(Catalogue& catalogue) {
  add_promotion_operations(catalogue);
  catalogue.add<ListVouchers>();
  catalogue.add<FindVoucherByCode>();
  catalogue.add<CreateVoucher>();
  catalogue.add<CreateVouchersBatch>();
  add_batch_operations(catalogue);
  catalogue.add<UpdateVoucher>();
  add_redemption_operations(catalogue);
}

}  // namespace piggy
