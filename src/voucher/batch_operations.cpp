#include "voucher/batch_operations.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 30;

Result<VoucherBatchStanding> standing(Call& call, const VoucherBatchRow& batch) {
  PromotionRow promotion = TRY(promotion_by_id(call.transaction, batch.promotion_id));
  VoucherCounts counts = TRY(count_of_batch(call.transaction, batch.id));
  VoucherBatchStanding out = {.uuid = batch.uuid,
                              .promotion_uuid = promotion.uuid,
                              .promotion = promotion.name,
                              .quantity = batch.quantity,
                              .made = batch.made,
                              .status = batch.status,
                              .open = counts.open,
                              .redeemed = counts.redeemed,
                              .expired = counts.expired,
                              .deactivated = counts.deactivated,
                              .activation_date = batch.activation_date,
                              .expiration_date = batch.expiration_date,
                              .created_at = batch.created_at,
                              .updated_at = batch.updated_at};
  if (batch.contact_id) {
    out.contact = reference_to(TRY(contact_by_id(call.transaction, *batch.contact_id)));
  }
  return out;
}

}  // namespace

Result<VoucherBatchStanding> GetVoucherBatch::run(Call& call, const Input& input) {
  return standing(call, TRY(batch_of(call.transaction, input.uuid)));
}

Result<ListVoucherBatches::Output> ListVoucherBatches::run(Call& call, const Input& input) {
  BatchFilter filter;
  if (input.promotion_uuid) {
    filter.promotion_id = TRY(promotion_of(call.transaction, *input.promotion_uuid)).id;
  }
  if (input.contact_uuid) {
    filter.contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  }
  Output output = {.page = page_of(input.page, input.limit, limit_default)};
  for (const VoucherBatchRow& batch : TRY(batches_on(call.transaction, filter, output.page))) {
    output.batches.push_back(TRY(standing(call, batch)));
  }
  return output;
}

Result<DeactivateVoucherBatch::Output> DeactivateVoucherBatch::run(Call& call, const Input& input) {
  VoucherBatchRow batch = TRY(batch_of(call.transaction, input.uuid));
  std::int64_t deactivated = input.rest.value_or(false)
                                 ? TRY(deactivate_rest(call.transaction, batch))
                                 : TRY(deactivate_batch(call.transaction, batch));
  call.changes("active vouchers of the batch", deactivated, 0);
  return Output{.uuid = batch.uuid, .deactivated = deactivated};
}

void add_batch_operations(Catalogue& catalogue) {
  catalogue.add<GetVoucherBatch>();
  catalogue.add<ListVoucherBatches>();
  catalogue.add<DeactivateVoucherBatch>();
}

// Descriptions ------------------------------------------------------------------------------------

void VoucherBatchStanding::describe(Fields<VoucherBatchStanding>& field) {
  using One = VoucherBatchStanding;
  field("uuid", &One::uuid, "The batch.");
  field("promotion_uuid", &One::promotion_uuid, "What its vouchers are for.");
  field("promotion", &One::promotion, "The name of that promotion.");
  field("contact", &One::contact, "Whose its vouchers are; null for whoever has a code.");
  field("quantity", &One::quantity, "How many vouchers were asked for.");
  field("made", &One::made, "How many there are.");
  field("status", &One::status, "How far it is.");
  field("open", &One::open, "How many may yet be redeemed, locked ones included.");
  field("redeemed", &One::redeemed, "How many have no redemption left.");
  field("expired", &One::expired, "How many have expired.");
  field("deactivated", &One::deactivated, "How many are switched off.");
  field("activation_date", &One::activation_date, "From when they are good; null for at once.");
  field("expiration_date", &One::expiration_date,
        "From when they are no longer good, as it was asked for; null for never.");
  field("created_at", &One::created_at, "When it was asked for.");
  field("updated_at", &One::updated_at, "When its status last changed.");
}

void GetVoucherBatch::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The batch.");
}

void ListVoucherBatches::Input::describe(Fields<Input>& field) {
  field("promotion_uuid", &Input::promotion_uuid, "Only of this promotion.");
  field("contact_uuid", &Input::contact_uuid, "Only those whose vouchers are this contact's.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 100});
}

void ListVoucherBatches::Output::describe(Fields<Output>& field) {
  field("batches", &Output::batches, "The batches, newest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void DeactivateVoucherBatch::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The batch.");
  field("rest", &Input::rest,
        "true: only what may yet be redeemed and is not locked; the others stay as they are.");
}

void DeactivateVoucherBatch::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "The batch.");
  field("deactivated", &Output::deactivated, "How many vouchers are off now that were not before.");
}

}  // namespace piggy
