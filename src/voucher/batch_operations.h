#pragma once

// Batches that were asked for: which there are, how each stands, and the end of one.

#include "contact/contact.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "voucher/batch.h"

namespace piggy {

struct VoucherBatchStanding {
  Uuid uuid = {};
  Uuid promotion_uuid = {};
  std::string promotion = {};
  std::optional<ContactReference> contact = {};
  std::int64_t quantity = 0;
  std::int64_t made = 0;
  BackgroundStatus status = BackgroundStatus::PENDING;
  std::int64_t open = 0;
  std::int64_t redeemed = 0;
  std::int64_t expired = 0;
  std::int64_t deactivated = 0;
  std::optional<Time> activation_date = {};
  std::optional<Time> expiration_date = {};
  Time created_at = {};
  Time updated_at = {};

  static void describe(Fields<VoucherBatchStanding>& field);
};

struct GetVoucherBatch {
  static constexpr OperationInfo info = {
      .name = "get_voucher_batch",
      .title = "Get Voucher Batch",
      .about =
          "Shows how far a batch of vouchers is: PENDING, COMPLETED once all its vouchers exist, "
          "or FAILED, and then it has none; and how many of them were redeemed. Use it after "
          "create_vouchers_batch.",
      .verb = Verb::get,
      .path = "/voucher-batches/{uuid}",
      .scope = "vouchers:read",
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = VoucherBatchStanding;
  static Result<Output> run(Call& call, const Input& input);
};

struct ListVoucherBatches {
  static constexpr OperationInfo info = {
      .name = "list_voucher_batches",
      .title = "List Voucher Batches",
      .about =
          "Lists the batches of vouchers, newest first, of one promotion or one contact if asked: "
          "when each was made, and how many of its vouchers are open, redeemed, expired and "
          "deactivated. Its codes are listed by list_vouchers with batch_uuid.",
      .verb = Verb::get,
      .path = "/voucher-batches",
      .scope = "vouchers:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<Uuid> promotion_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<VoucherBatchStanding> batches = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct DeactivateVoucherBatch {
  static constexpr OperationInfo info = {
      .name = "deactivate_voucher_batch",
      .title = "Deactivate Voucher Batch",
      .about =
          "Deactivates all vouchers of a batch at once, so that no code of it can be redeemed. "
          "Refused when one of them was redeemed or is locked, unless only the rest is asked for; "
          "and while they are being made.",
      .verb = Verb::post,
      .path = "/voucher-batches/{uuid}/deactivate",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    Uuid uuid = {};
    std::optional<bool> rest = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid uuid = {};
    std::int64_t deactivated = 0;
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

void add_batch_operations(Catalogue& catalogue);

}  // namespace piggy
