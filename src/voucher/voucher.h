#pragma once

// A voucher: a code that is worth one redemption of its promotion, or a stated number of them.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "operation/page.h"
#include "voucher/promotion.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(VoucherStatus, ACTIVE, REDEEMED, EXPIRED, DEACTIVATED, INACTIVE, LOCKED)

struct VoucherRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string code = {};
  std::int64_t promotion_id = 0;
  std::optional<std::int64_t> contact_id = {};
  bool deactivated = false;
  std::optional<Time> activation_date = {};
  std::optional<Time> expiration_date = {};
  std::optional<Time> redeemed_at = {};  // Of the newest redemption that stands.
  std::int64_t times_redeemed = 0;
  std::int64_t total_redemptions_allowed = 1;
  Value attributes = Value::object();
  std::optional<Uuid> lock_key = {};
  std::optional<Time> locked_at = {};
  std::optional<Time> locked_until = {};
};

// What a voucher is at a moment. It is stored nowhere: dates pass and locks end without anybody
// writing it down.
VoucherStatus status_of(const VoucherRow& voucher, Time now);

// 80004 when there is none. Codes are found as they are written, in no other case.
Result<VoucherRow> voucher_of(Transaction& transaction, const Uuid& uuid);
Result<VoucherRow> voucher_by_id(Transaction& transaction, std::int64_t id);
Result<VoucherRow> voucher_by_code(Transaction& transaction, std::string_view code);

struct VoucherFilter {
  std::optional<std::int64_t> promotion_id = {};
  std::optional<std::int64_t> contact_id = {};
  std::optional<VoucherStatus> status = {};
  std::optional<std::int64_t> batch_id = {};
};
// Oldest first. Fills the total of `page`.
Result<std::vector<VoucherRow>> vouchers_on(Transaction& transaction, const VoucherFilter& filter,
                                            Page& page);

// How vouchers stand. Each is counted once; `open` are all that may yet be redeemed.
struct VoucherCounts {
  std::int64_t redeemed = 0;
  std::int64_t deactivated = 0;
  std::int64_t expired = 0;
  std::int64_t open = 0;
};
Result<VoucherCounts> count_of_batch(Transaction& transaction, std::int64_t batch_id);
Result<VoucherCounts> count_of_contact(Transaction& transaction, std::int64_t contact_id);

// From when a voucher that is good from `begin` on is good no longer, by the promotion's rule.
std::optional<Time> expiration_of(const PromotionRow& promotion, Time begin);

// What all vouchers of one making have in common.
struct VoucherPlan {
  const PromotionRow& promotion;
  std::optional<std::int64_t> contact_id = {};
  std::optional<std::int64_t> batch_id = {};
  std::optional<Time> activation_date = {};
  std::optional<Time> expiration_date = {};
  std::int64_t total_redemptions_allowed = 1;
  std::string attributes = "{}";  // JSON.
};

// Makes one, with its event. The code must be free, and the voucher counted (`count_vouchers`).
// Returns its uuid.
Result<Uuid> make_voucher(Transaction& transaction, const VoucherPlan& plan, std::string_view code);
// Counts and makes one for a contact, as the promotion has it, good from now on. The code must be
// free. False: the promotion gives out no more.
Result<bool> give_voucher(Transaction& transaction, const PromotionRow& promotion,
                          std::int64_t contact_id, std::string_view code,
                          std::string attributes = "{}");

// Codes that nobody can guess (45 bits of secure chance), all different, in order. That one of them
// is taken already is so unlikely that it is left to the index, which then refuses the voucher.
std::vector<std::string> new_codes(Random& random, std::size_t count);
// One that is free for certain.
Result<std::string> unused_code(Transaction& transaction);
Result<bool> code_is_used(Transaction& transaction, std::string_view code);

// What a shop may change of a voucher; all three are written.
struct VoucherChange {
  bool deactivated = false;
  std::optional<Time> expiration_date = {};
  const Value& attributes;
};
Result<> update_voucher(Transaction& transaction, std::int64_t id, const VoucherChange& change);

// For the event of a change to one voucher.
Result<> emit_voucher(Transaction& transaction, std::string_view type, const VoucherRow& voucher);

// When two contacts become one.
Result<> move_vouchers(Transaction& transaction, const ContactRow& source,
                       const ContactRow& destination);

}  // namespace piggy
