#pragma once

// A reward reception: a contact has taken a reward, and paid its price in credits at once. One of a
// pre-redeemable reward waits to be collected in the shop, until it expires if there is a date.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "operation/page.h"
#include "reward/reward.h"
#include "shop/shop.h"

namespace piggy {

struct RewardReceptionRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t reward_id = 0;
  std::int64_t contact_id = 0;
  std::int64_t shop_id = 0;
  std::string title = {};    // The reward's, when it was taken.
  std::int64_t credits = 0;  // Negative: what it cost.
  std::int64_t balance_after = 0;
  std::optional<std::int64_t> identifier_id = {};
  std::string channel = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> collected_at = {};
  std::optional<Time> reversed_at = {};
  Time created_at = {};
};

struct RewardClaim {
  const RewardRow& reward;
  const ContactRow& contact;
  const ShopRow& shop;
  std::optional<std::int64_t> identifier_id = {};
  std::string_view channel = "OAUTH_API";
};

// Takes the reward's credits from the contact and one from its stock; a digital reward gives one of
// its codes, which is this reception's for good. Refused: 1052 when it is inactive, 1019 when the
// contact has taken as many as one may, 1018 when none is left, 1017 when the contact has not
// enough credits.
Result<RewardReceptionRow> claim_reward(Transaction& transaction, const RewardClaim& claim);

// How many of a reward a contact has taken and not given back.
Result<std::int64_t> standing_claims(Transaction& transaction, std::int64_t reward_id,
                                     std::int64_t contact_id);

// 1003 at `/reward_reception_uuid` when there is none.
Result<RewardReceptionRow> reward_reception_of(Transaction& transaction, const Uuid& uuid);

// A bug if there is none.
Result<RewardReceptionRow> reward_reception_by_id(Transaction& transaction, std::int64_t id);

// Notes that it was taken back, and gives its piece of the stock back, but for a code. The credits
// are for whoever calls. Refused when it is reversed already.
Result<> note_reversed(Transaction& transaction, const RewardReceptionRow& reception);

// Handed over, or, without a moment, waiting again.
Result<> set_collected(Transaction& transaction, const RewardReceptionRow& reception,
                       std::optional<Time> at);

struct RewardReceptionFilter {
  std::optional<std::int64_t> contact_id = {};
  std::optional<std::int64_t> reward_id = {};
  std::optional<std::int64_t> shop_id = {};
  std::optional<Time> from = {};  // Included.
  std::optional<Time> until = {};
  bool waiting = false;  // Only what can still be collected.
  bool oldest_first = false;
};
// Newest first unless asked otherwise. Fills the total of `page`.
Result<std::vector<RewardReceptionRow>> reward_receptions_on(Transaction& transaction,
                                                             const RewardReceptionFilter& filter,
                                                             Page& page);

// A part of the same list.
Result<std::vector<RewardReceptionRow>> reward_receptions_from(Transaction& transaction,
                                                               const RewardReceptionFilter& filter,
                                                               std::int64_t offset,
                                                               std::int64_t limit);
Result<std::int64_t> count_reward_receptions(Transaction& transaction,
                                             const RewardReceptionFilter& filter);

// When two contacts become one.
Result<> move_reward_receptions(Transaction& transaction, const ContactRow& source,
                                const ContactRow& destination);

}  // namespace piggy
