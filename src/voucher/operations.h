#pragma once

// What can be done with vouchers. Redeeming and locking stand in redemption_operations.h,
// promotions in promotion_operations.h, batches that were made in batch_operations.h.

#include "operation/operation.h"
#include "operation/page.h"
#include "voucher/batch.h"
#include "voucher/promotion_operations.h"
#include "voucher/redemption.h"
#include "voucher/voucher.h"

namespace piggy {

struct Voucher {
  Uuid uuid = {};
  std::string code = {};
  VoucherStatus status = VoucherStatus::ACTIVE;
  std::string name = {};
  std::string description = {};
  std::optional<Time> expiration_date = {};
  std::optional<Time> activation_date = {};
  std::optional<Time> redeemed_at = {};
  bool is_redeemed = false;
  std::int64_t redemptions_remaining = 0;
  std::int64_t times_redeemed = 0;
  std::int64_t total_redemptions_allowed = 1;
  Value attributes = Value::object();
  std::optional<ContactReference> contact = {};
  Promotion promotion = {};
  std::optional<Redemption> voucher_redemption = {};

  static void describe(Fields<Voucher>& field);
};

Result<Voucher> shown(Transaction& transaction, const VoucherRow& voucher);
Result<std::vector<Voucher>> shown(Transaction& transaction,
                                   const std::vector<VoucherRow>& vouchers);

struct ListVouchers {
  static constexpr OperationInfo info = {
      .name = "list_vouchers",
      .title = "List Vouchers",
      .about =
          "Lists vouchers, oldest first, of one promotion, of one contact, of one batch or in one "
          "state if asked. To look up one code use find_voucher_by_code.",
      .verb = Verb::get,
      .path = "/vouchers",
      .scope = "vouchers:read",
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list, .data = "vouchers", .paging = Paging::b}};
  struct Input {
    std::optional<Uuid> promotion_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<VoucherStatus> status = {};
    std::optional<Uuid> batch_uuid = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Voucher> vouchers = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct FindVoucherByCode {
  static constexpr OperationInfo info = {
      .name = "find_voucher_by_code",
      .title = "Find Voucher By Code",
      .about =
          "Looks up one voucher by its exact code and shows its state, dates, contact and "
          "promotion. Use it to see whether a code is good before doing anything with it. "
          "Changes nothing, and redeems nothing.",
      .verb = Verb::get,
      .path = "/vouchers/find",
      .scope = "vouchers:read",
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string code = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Voucher;
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateVoucher {
  static constexpr OperationInfo info = {
      .name = "create_voucher",
      .title = "Create Voucher",
      .about =
          "Makes one voucher of a promotion, for one contact if given, with a code of your "
          "choice or a random one, and answers it. For many at once use "
          "create_vouchers_batch. A voucher cannot be deleted, but it can be deactivated.",
      .verb = Verb::post,
      .path = "/vouchers",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid promotion_uuid = {};
    std::optional<std::string> code = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<Time> activation_date = {};
    std::optional<Time> expiration_date = {};
    std::optional<std::int64_t> total_redemptions_allowed = {};
    std::optional<Value> custom_attributes = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Voucher;
  static Result<Output> run(Call& call, const Input& input);
};

struct VoucherBatch {
  Uuid uuid = {};
  std::string type = "vouchers";
  std::int64_t quantity = 0;
  BackgroundStatus status = BackgroundStatus::PENDING;
  std::string created_at = {};  // As the account's own clock shows it.

  static void describe(Fields<VoucherBatch>& field);
};

struct CreateVouchersBatch {
  static constexpr OperationInfo info = {
      .name = "create_vouchers_batch",
      .title = "Create Vouchers Batch",
      .about =
          "Makes 1 to 500 vouchers of one promotion, each with a random code, all for one "
          "contact if given. Answers at once with status PENDING; the codes are made in the "
          "background a moment later. Follow it with get_voucher_batch, then read the codes "
          "with list_vouchers. Use create_voucher for a single voucher or a code of your "
          "choice. The vouchers count against the promotion's limits and cannot be deleted, "
          "only deactivated.",
      .verb = Verb::post,
      .path = "/vouchers/batch",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .tool = true,
      .followed_by = "get_voucher_batch",
      .undone_by = "deactivate_voucher_batch",
      .wire = {.status = 201, .meta = Meta::list}};
  struct Input {
    Uuid promotion_uuid = {};
    std::int64_t quantity = 0;
    std::optional<Uuid> contact_uuid = {};
    std::optional<Time> activation_date = {};
    std::optional<Time> expiration_date = {};
    std::optional<Value> custom_attributes = {};
    static void describe(Fields<Input>& field);
  };
  using Output = VoucherBatch;
  static Amounts amounts(const Input& input, const Output&) { return {.vouchers = input.quantity}; }
  static Result<Output> run(Call& call, const Input& input);
};

// What the status of a voucher can be set to.
BOOST_DEFINE_ENUM_CLASS(VoucherSwitch, ACTIVE, DEACTIVATED)

struct UpdateVoucher {
  static constexpr OperationInfo info = {
      .name = "update_voucher",
      .title = "Update Voucher",
      .about =
          "Deactivates a voucher or activates it again, changes its expiration date (of an "
          "active or not yet active one), or sets its custom attributes. Code, promotion and "
          "contact stay as they are. Everything it does can be changed back.",
      .verb = Verb::put,
      .path = "/vouchers/{uuid}",
      .scope = "vouchers:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .tool = true,
      .path_alias = "/vouchers/update/{uuid}",
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    std::optional<VoucherSwitch> status = {};
    std::optional<Time> expiration_date = {};
    std::optional<Value> custom_attributes = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Voucher;
  static Result<Output> run(Call& call, const Input& input);
};

// All of this module, promotions, batches and redemptions included.
void add_voucher_operations(Catalogue& catalogue);

}  // namespace piggy
