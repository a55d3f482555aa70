#pragma once

// Segments: groups of contacts, by conditions or by hand, and who belonged to them when. See
// README.md.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "operation/page.h"

namespace piggy {

struct SegmentRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::string description = {};
  std::optional<Value> conditions = {};  // None: its members are set by hand.
  std::int64_t version = 1;              // Of the conditions.
  std::int64_t size = 0;
  Time snapshot_at = {};                  // Of the newest snapshot; changes come after it.
  std::optional<Time> refreshed_at = {};  // None: it has not been filled yet.
  std::optional<Time> refresh_at = {};    // When all contacts are looked at next.
  Time created_at = {};
  Time updated_at = {};

  bool by_hand() const { return !conditions; }
};

// Not found when there is none, or when it was deleted.
Result<SegmentRow> segment_of(Transaction& transaction, const Uuid& uuid);
Result<SegmentRow> segment_by_id(Transaction& transaction, std::int64_t id);
// Oldest first.
Result<std::vector<SegmentRow>> all_segments(Transaction& transaction);
Result<std::vector<SegmentRow>> segments_on(Transaction& transaction, Page& page);

// Every member as it stands, in the order of the contacts' ids. The function may use the
// transaction; members that it adds or takes away may be met or missed.
Result<> each_member(Transaction& transaction, std::int64_t segment_id,
                     const std::function<Result<>(std::int64_t contact_id)>& member);
Result<bool> is_member(Transaction& transaction, std::int64_t segment_id, std::int64_t contact_id);

struct MemberEntry {
  std::int64_t contact_id = 0;
  Time entered_at = {};
};
// Up to `limit` members whose ids are greater than `after`, by id; as they stand, or stood.
Result<std::vector<MemberEntry>> members_after(Transaction& transaction, std::int64_t segment_id,
                                               std::int64_t after, std::int64_t limit,
                                               std::optional<Time> as_of = {});
// A page of them; fills its total.
Result<std::vector<MemberEntry>> members_on(Transaction& transaction, const SegmentRow& row,
                                            Page& page, std::optional<Time> as_of);
Result<std::int64_t> size_as_of(Transaction& transaction, std::int64_t segment_id, Time as_of);

// A moment of a segment that can be come back to, by its uuid.
struct SegmentSnapshot {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t segment_id = 0;
  std::int64_t size = 0;
  Time taken_at = {};
};
Result<SegmentSnapshot> segment_snapshot_of(Transaction& transaction, const Uuid& uuid);
// Notes the moment, after which `row.snapshot_at` and the segment's stand.
Result<SegmentSnapshot> take_snapshot(Transaction& transaction, SegmentRow& row);

// One contact that came or went.
struct SegmentChange {
  std::int64_t contact_id = 0;
  bool entered = false;
};

// The events that tell of one; the subject is the contact, the payload
// {"segment": {uuid, name}, "contact": {uuid, email}}.
inline constexpr std::string_view segment_entered_event = "segment_entered";
inline constexpr std::string_view segment_left_event = "segment_left";

// Makes the changes that are ones, and returns those: whoever is in already does not enter. With
// them the segment's size, and events, but not for who is in it from its beginning. `row` is as
// this transaction sees it.
Result<std::vector<SegmentChange>> apply_changes(Transaction& transaction, SegmentRow& row,
                                                 const std::vector<SegmentChange>& changes);

struct NewSegment {
  std::string name = {};
  std::string description = {};
  std::optional<Value> conditions = {};
};
// Conflict when the name is taken. One by conditions is filled by the job that is added with it.
Result<SegmentRow> make_segment(Transaction& transaction, const NewSegment& segment);

// Writes the name, the description, and the conditions with their version.
Result<> update_segment(Transaction& transaction, SegmentRow& row);
// From now on there is no such segment; `clear_segment` removes what it leaves behind, a part at a
// time, and says whether there was any.
Result<> mark_deleted(Transaction& transaction, const SegmentRow& row);
Result<bool> clear_segment(Transaction& transaction, std::int64_t segment_id);
// All contacts have been looked at, and will be again.
Result<> note_refreshed(Transaction& transaction, SegmentRow& row, Time refresh_at);
Result<> note_refresh_at(Transaction& transaction, SegmentRow& row, Time refresh_at);

// When two contacts become one, and when one is forgotten.
Result<> move_segment_members(Transaction& transaction, const ContactRow& source,
                              const ContactRow& destination);
Result<> forget_segment_members(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
