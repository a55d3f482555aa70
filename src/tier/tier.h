#pragma once

// Tiers, and where each contact stands: what it received in all, when, and which tier that makes.

#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

struct TierRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::optional<std::string> description = {};
  std::int64_t position = 0;
  std::optional<Value> media = {};
  std::int64_t credits_required =
      0;                  // Total credits received from which a contact is in this tier.
  double multiplier = 1;  // What earning rules are multiplied by.
};

// Lowest first.
Result<std::vector<TierRow>> all_tiers(Transaction& transaction);

// A contact's standing. Kept with the balances: see HotTable.
struct MemberRow {
  std::int64_t id = 0;  // The contact.
  std::int64_t previous_balance = 0;
  std::int64_t transactions = 0;
  std::int64_t received = 0;
  Time first_at = {};  // 0: no transaction yet.
  Time last_at = {};
  std::int64_t tier_id = 0;  // 0: none.
  std::int64_t last_shop_id = 0;
};

Result<> open_member(Transaction& transaction, std::int64_t contact_id);
// Null for an unknown contact. See Transaction::hot.
Result<MemberRow*> member_of(Transaction& transaction, std::int64_t contact_id);
// The standing of all contacts whose ids lie between the two, both included, by id. Sees what is
// committed: for reading transactions.
Result<std::vector<MemberRow>> members_between(Transaction& transaction, std::int64_t first,
                                               std::int64_t last);
// Where each of them has earned.
struct MemberShop {
  std::int64_t contact_id = 0;
  std::int64_t shop_id = 0;
};
Result<std::vector<MemberShop>> shops_between(Transaction& transaction, std::int64_t first,
                                              std::int64_t last);
// The shops the contact has earned at, by id.
Result<std::vector<std::int64_t>> shops_of_member(Transaction& transaction,
                                                  std::int64_t contact_id);
Result<> note_shop(Transaction& transaction, MemberRow& member, std::int64_t shop_id);

// Notes one more transaction of `credits` and moves the contact to the tier its total makes.
// Reversals (negative credits) take from the total as well. Returns true when the tier changed.
Result<bool> note_transaction(Transaction& transaction, MemberRow& member, std::int64_t credits,
                              std::int64_t balance_before, std::int64_t shop_id);
// The same for who has the tiers at hand; they must be `all_tiers` of now.
Result<bool> note_transaction(Transaction& transaction, MemberRow& member, std::int64_t credits,
                              std::int64_t balance_before, std::int64_t shop_id,
                              const std::vector<TierRow>& tiers);

// Joins the standing of two contacts that become one, and picks the tier anew.
Result<> merge_members(Transaction& transaction, std::int64_t source, std::int64_t destination);

// As the wire shows it (piggy-api-v3, section 9.5). All null for a contact without a tier on /tier.
struct Tier {
  Uuid uuid = {};
  std::string name = {};
  std::optional<std::string> description = {};
  std::int64_t position = 0;
  Value media = {};

  static void describe(Fields<Tier>& field) {
    field("uuid", &Tier::uuid, "The tier.");
    field("name", &Tier::name, "Its name.");
    field("description", &Tier::description, "What it stands for.");
    field("position", &Tier::position, "Its place, the lowest tier first.");
    field("media", &Tier::media, "A picture, as {type, value}.");
  }
};
Tier shown(const TierRow& row);

}  // namespace piggy
