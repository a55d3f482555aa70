#pragma once

// Lists of other services that are kept equal to segments, and the pushes that make them so. See
// README.md.

#include <optional>
#include <string>
#include <vector>

#include "contact/subscription.h"
#include "database/database.h"
#include "operation/page.h"

namespace piggy {

struct AudienceTargetRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t segment_id = 0;
  std::int64_t connection_id = 0;
  std::string list = {};
  std::optional<std::int64_t> subscription_type_id = {};  // What the list is for.
};
// Made when there is none; the purpose is the one that is given now.
Result<AudienceTargetRow> target_for(Transaction& transaction, const AudienceTargetRow& wanted);
Result<AudienceTargetRow> target_by_id(Transaction& transaction, std::int64_t id);
// Nothing for an unknown one.
Result<std::optional<AudienceTargetRow>> target_by_uuid(Transaction& transaction, const Uuid& uuid);

struct AudienceMemberRow {
  std::int64_t contact_id = 0;
  std::string email = {};
};
// Whom we put there and did not take away since, in the order of the contacts' ids.
Result<std::vector<AudienceMemberRow>> members_of(Transaction& transaction, std::int64_t target_id);
Result<std::int64_t> member_count(Transaction& transaction, std::int64_t target_id);
Result<> put_member(Transaction& transaction, std::int64_t target_id,
                    const AudienceMemberRow& member);
// Only under this address: under another one somebody has been put there since.
Result<> drop_member(Transaction& transaction, std::int64_t target_id,
                     const AudienceMemberRow& member);

// queued: what it has to do is not known yet. held: waits for a person. failed and cancelled: what
// was pushed until then stays, and the next push goes on from there.
BOOST_DEFINE_ENUM_CLASS(AudiencePushState, queued, held, pushing, completed, failed, cancelled)

struct AudiencePushRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t target_id = 0;
  AudiencePushState state = AudiencePushState::queued;
  // How often it has gone on. Work is for one step, and is void when somebody else made that step.
  std::int64_t step = 0;
  bool confirmed = false;
  std::string problem = {};  // Why it is held, waits, or failed.
  std::int64_t tries = 0;    // Of this step, that came to nothing.
  std::optional<Time> snapshot_at = {};
  std::int64_t segment_size = 0;
  std::int64_t members_before = 0;
  std::int64_t entering = 0;
  std::int64_t leaving = 0;
  std::int64_t entered = 0;
  std::int64_t went = 0;
  std::int64_t withheld = 0;
  std::int64_t refused = 0;
  std::int64_t members = 0;  // Afterwards, as far as we know.
  std::optional<std::int64_t> target_count = {};
  std::string sha256 = {};
  std::int64_t created_by = 0;
  Time created_at = {};
  Time updated_at = {};
  std::optional<Time> ended_at = {};

  bool ended() const { return state >= AudiencePushState::completed; }
};

Result<AudiencePushRow> push_of(Transaction& transaction, const Uuid& uuid);
// The one to this target that has not ended.
Result<std::optional<AudiencePushRow>> push_under_way(Transaction& transaction,
                                                      std::int64_t target_id);
// Newest first; of one segment, or of all. Fills the total of `page`.
Result<std::vector<AudiencePushRow>> pushes_on(Transaction& transaction,
                                               std::optional<std::int64_t> segment_id, Page& page);
Result<> add_push(Transaction& transaction, AudiencePushRow& row);
// Writes all of it but what says which one it is, and makes the step. False, and nothing is
// written, when somebody else has made it.
Result<bool> advance(Transaction& transaction, AudiencePushRow& row);

struct AudiencePushItem {
  std::int64_t contact_id = 0;
  std::string email = {};
  std::string reason = {};
};
Result<> add_item(Transaction& transaction, std::int64_t push_id, bool entering,
                  const AudiencePushItem& item);
// The next ones that are to be done, by contact.
Result<std::vector<AudiencePushItem>> items_to_do(Transaction& transaction, std::int64_t push_id,
                                                  bool entering, std::int64_t limit);
Result<> end_item(Transaction& transaction, std::int64_t push_id, bool entering,
                  std::int64_t contact_id);
// It stays, to be shown, as `refused` or `withheld`.
Result<> keep_item(Transaction& transaction, std::int64_t push_id, bool entering,
                   const AudiencePushItem& item, std::string_view state);
// All of it, or only what is to be done.
Result<> clear_items(Transaction& transaction, std::int64_t push_id, bool all);
Result<std::vector<AudiencePushItem>> kept_items(Transaction& transaction, std::int64_t push_id,
                                                 std::string_view state, std::int64_t limit);

}  // namespace piggy
