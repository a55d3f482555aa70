#pragma once

// Addresses that get nothing, whoever they belong to. They are kept by their hash, so that the
// address of somebody who was erased stays suppressed without being known.

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "operation/page.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(SuppressionReason, hard_bounce, complaint, manual, soft_bounces, erased)

struct SuppressionRow {
  std::int64_t id = 0;
  std::string address = {};  // Lower case; "" when it was erased.
  SuppressionReason reason = SuppressionReason::manual;
  std::string note = {};
  Time created_at = {};
};

// Of the address in lower case, different in each account.
Hash suppression_hash(std::int64_t account_id, std::string_view address);

Result<std::optional<SuppressionRow>> suppression_of(Transaction& transaction,
                                                     std::string_view address);
// Why each of these addresses (of at most `contacts_at_once` of them) gets nothing; "" when it may.
Result<std::vector<std::string>> suppressed_for(Transaction& transaction,
                                                const std::vector<std::string_view>& addresses);

// Whether it is new. A reason that is there already stays: the first one says why.
Result<bool> suppress(Transaction& transaction, std::string_view address, SuppressionReason reason,
                      std::string_view note);
// Whether there was one.
Result<bool> unsuppress(Transaction& transaction, std::string_view address);

// Newest first. Fills the total of `page`.
Result<std::vector<SuppressionRow>> suppressions_on(Transaction& transaction,
                                                    std::optional<SuppressionReason> reason,
                                                    Page& page);

}  // namespace piggy
