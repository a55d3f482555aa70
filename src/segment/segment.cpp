#include "segment/segment.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "event/event.h"

// A stay is a row of segment_member while it lasts and a row of segment_past when it is over: what
// is asked for most, who is in it now, is one range of a small table. A stay that was over in the
// moment in which it began was none.

namespace piggy {
namespace {

constexpr std::int64_t members_per_page = 1'000;
// Contacts named in one statement. Fewer are filled up, so that there are few different statements.
constexpr std::size_t chunk_max = 500;
constexpr std::size_t chunk_small = 8;

constexpr std::string_view columns =
    "id, uuid, name, description, conditions, version, size, snapshot_at, refreshed_at, "
    "refresh_at, "
    "created_at, updated_at";

constexpr std::string_view select_where = R"sql(
  SELECT {} FROM segment WHERE account_id = $1 AND deleted_at IS NULL AND {}
)sql";

constexpr std::string_view count_segments =
    "SELECT count(*) FROM segment WHERE account_id = $1 AND deleted_at IS NULL";

constexpr std::string_view select_name =
    "SELECT id FROM segment WHERE account_id = $1 AND name = $2";

constexpr std::string_view insert_segment = R"sql(
  INSERT INTO segment (account_id, id, uuid, name, description, conditions, version, size, snapshot_at,
                       refreshed_at, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, 1, 0, 0, $7, $8, $8)
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE segment SET name = $3, description = $4, conditions = $5, version = $6, updated_at = $7
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_deleted = R"sql(
  UPDATE segment SET name = $3, description = '', conditions = NULL, deleted_at = $4
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_refreshed = R"sql(
  UPDATE segment SET refreshed_at = $3, refresh_at = $4 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_size = R"sql(
  UPDATE segment SET size = size + $3 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_snapshot_at = R"sql(
  UPDATE segment SET snapshot_at = $3 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_member = R"sql(
  SELECT contact_id FROM segment_member
  WHERE account_id = $1 AND segment_id = $2 AND contact_id = $3
)sql";

constexpr std::string_view select_members = R"sql(
  SELECT contact_id, entered_at FROM segment_member
  WHERE account_id = $1 AND segment_id = $2 AND contact_id > $3
  ORDER BY contact_id LIMIT $4 OFFSET $5
)sql";

// Two that became one may have stayed at the same time.
constexpr std::string_view select_members_as_of = R"sql(
  SELECT contact_id, MIN(entered_at) FROM (
    SELECT contact_id, entered_at FROM segment_member
    WHERE account_id = $1 AND segment_id = $2 AND contact_id > $3 AND entered_at <= $6
    UNION ALL
    SELECT contact_id, entered_at FROM segment_past
    WHERE account_id = $1 AND segment_id = $2 AND contact_id > $3 AND entered_at <= $6
      AND left_at > $6) stay
  GROUP BY contact_id ORDER BY contact_id LIMIT $4 OFFSET $5
)sql";

constexpr std::string_view count_as_of = R"sql(
  SELECT count(*) FROM (
    SELECT contact_id FROM segment_member
    WHERE account_id = $1 AND segment_id = $2 AND entered_at <= $3
    UNION
    SELECT contact_id FROM segment_past
    WHERE account_id = $1 AND segment_id = $2 AND entered_at <= $3 AND left_at > $3) stay
)sql";

// {} is the list of contacts. They come first, so that SQLite looks for each of them by its id and
// not among all of the account. A contact that is gone meanwhile does not enter.
constexpr std::string_view insert_members = R"sql(
  INSERT INTO segment_member (account_id, segment_id, contact_id, entered_at)
  SELECT c.account_id, $2, c.id, $3
  FROM (WITH listed(id) AS (VALUES {}) SELECT DISTINCT id FROM listed) k CROSS JOIN contact c
  WHERE c.account_id = $1 AND c.id = k.id AND c.status <> 'DELETED' ON CONFLICT DO NOTHING
  RETURNING contact_id
)sql";

constexpr std::string_view insert_past = R"sql(
  INSERT INTO segment_past (account_id, segment_id, contact_id, left_at, entered_at)
  SELECT account_id, segment_id, contact_id, $3, entered_at FROM segment_member
  WHERE account_id = $1 AND segment_id = $2 AND entered_at < $3 AND contact_id IN ({})
  ON CONFLICT DO NOTHING
)sql";

// $3 is named so that the contacts begin at the same place in all of them.
constexpr std::string_view delete_members = R"sql(
  DELETE FROM segment_member
  WHERE account_id = $1 AND segment_id = $2 AND entered_at <= $3 AND contact_id IN ({})
  RETURNING contact_id
)sql";

constexpr std::string_view select_contacts = R"sql(
  SELECT c.id, c.uuid, c.email
  FROM (WITH listed(id) AS (VALUES {}) SELECT DISTINCT id FROM listed) k CROSS JOIN contact c
  WHERE c.account_id = $1 AND c.id = k.id
)sql";

constexpr AppendTable snapshot_table = {
    "segment_snapshot",
    "account_id bigint, id bigint, uuid bytea, segment_id bigint, size bigint, taken_at bigint"};

constexpr std::string_view select_snapshot = R"sql(
  SELECT id, uuid, segment_id, size, taken_at FROM segment_snapshot
  WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view clear_rows[] = {
    R"sql(
  DELETE FROM segment_member WHERE account_id = $1 AND segment_id = $2 AND contact_id IN (
    SELECT contact_id FROM segment_member WHERE account_id = $1 AND segment_id = $2
    ORDER BY contact_id LIMIT 5000)
)sql",
    R"sql(
  DELETE FROM segment_past WHERE account_id = $1 AND segment_id = $2 AND contact_id IN (
    SELECT contact_id FROM segment_past WHERE account_id = $1 AND segment_id = $2
    ORDER BY contact_id LIMIT 5000)
)sql",
    "DELETE FROM segment_snapshot WHERE account_id = $1 AND segment_id = $2",
    "DELETE FROM segment WHERE account_id = $1 AND id = $2 AND deleted_at IS NOT NULL"};

// The stays of one contact in all segments: the keys begin with the segment, so each is looked up.
constexpr std::string_view select_stays = R"sql(
  SELECT s.id FROM segment s WHERE s.account_id = $1 AND EXISTS (
    SELECT 1 FROM segment_member m
    WHERE m.account_id = $1 AND m.segment_id = s.id AND m.contact_id = $2)
  ORDER BY s.id
)sql";

constexpr std::string_view move_past = R"sql(
  INSERT INTO segment_past (account_id, segment_id, contact_id, left_at, entered_at)
  SELECT account_id, segment_id, $3, left_at, entered_at FROM segment_past
  WHERE account_id = $1 AND contact_id = $2
    AND segment_id IN (SELECT id FROM segment WHERE account_id = $1)
  ON CONFLICT DO NOTHING
)sql";

constexpr std::string_view delete_past = R"sql(
  DELETE FROM segment_past WHERE account_id = $1 AND contact_id = $2
    AND segment_id IN (SELECT id FROM segment WHERE account_id = $1)
)sql";

constexpr std::string_view delete_member = R"sql(
  DELETE FROM segment_member WHERE account_id = $1 AND segment_id = $2 AND contact_id = $3
)sql";

Result<std::optional<SegmentRow>> segment_where(Transaction& transaction,
                                                std::string_view condition,
                                                std::initializer_list<Parameter> parameters) {
  std::string sql = fmt::format(fmt::runtime(select_where), columns, condition);
  return transaction.first<SegmentRow>(sql, parameters);
}

auto segment_not_found() { return fail(ErrorCode::not_found, "Segment not found."); }

// The contacts of one chunk as parameters; the last one fills it up.
struct Chunk {
  std::vector<std::int64_t> contacts = {};

  std::string list(std::size_t first) const {
    std::string text;
    for (std::size_t i = 0; i < size(); i++) text += fmt::format("{}${}", i ? "," : "", first + i);
    return text;
  }
  std::string rows(std::size_t first) const {
    std::string text;
    for (std::size_t i = 0; i < size(); i++) {
      text += fmt::format("{}(${})", i ? "," : "", first + i);
    }
    return text;
  }
  void add_to(std::vector<Parameter>& parameters) const {
    for (std::size_t i = 0; i < size(); i++) {
      parameters.emplace_back(contacts[std::min(i, contacts.size() - 1)]);
    }
  }
  std::size_t size() const { return contacts.size() <= chunk_small ? chunk_small : chunk_max; }
};

struct ContactName {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string email = {};
};

Result<> tell(Transaction& transaction, const SegmentRow& row, const Chunk& chunk, bool entered) {
  std::vector<Parameter> parameters;
  chunk.add_to(parameters);
  std::string sql = fmt::format(fmt::runtime(select_contacts), chunk.rows(2));
  Value about = Value::object({{"uuid", to_string(row.uuid)}, {"name", row.name}});
  for (const ContactName& contact : TRY(transaction.all<ContactName>(sql, parameters))) {
    Value who = Value::object({{"uuid", to_string(contact.uuid)}, {"email", contact.email}});
    TRY(emit(transaction, entered ? segment_entered_event : segment_left_event, contact.uuid,
             Value::object({{"segment", about}, {"contact", std::move(who)}})));
  }
  return {};
}

// Returns who really came or went.
Result<Chunk> change(Transaction& transaction, const SegmentRow& row, const Chunk& chunk,
                     bool entered, Time moment) {
  std::vector<Parameter> parameters = {row.id, moment};
  chunk.add_to(parameters);
  auto text = [&](std::string_view sql) { return fmt::format(fmt::runtime(sql), chunk.list(4)); };
  if (!entered) TRY(transaction.run(text(insert_past), parameters));
  std::string sql =
      entered ? fmt::format(fmt::runtime(insert_members), chunk.rows(4)) : text(delete_members);
  return Chunk{TRY(transaction.all<std::int64_t>(sql, parameters))};
}

}  // namespace

Result<SegmentRow> segment_of(Transaction& transaction, const Uuid& uuid) {
  auto row = TRY(segment_where(transaction, "uuid = $2", {uuid}));
  if (!row) return segment_not_found();
  return *std::move(row);
}

Result<SegmentRow> segment_by_id(Transaction& transaction, std::int64_t id) {
  auto row = TRY(segment_where(transaction, "id = $2", {id}));
  if (!row) return segment_not_found();
  return *std::move(row);
}

Result<std::vector<SegmentRow>> all_segments(Transaction& transaction) {
  std::string sql = fmt::format(fmt::runtime(select_where), columns, "id > 0 ORDER BY id");
  return transaction.all<SegmentRow>(sql);
}

Result<std::vector<SegmentRow>> segments_on(Transaction& transaction, Page& page) {
  page.total = TRY(transaction.one<std::int64_t>(count_segments));
  std::string sql =
      fmt::format(fmt::runtime(select_where), columns, "id > 0 ORDER BY id LIMIT $2 OFFSET $3");
  return transaction.all<SegmentRow>(sql, {page.limit, page.offset()});
}

Result<> each_member(Transaction& transaction, std::int64_t segment_id,
                     const std::function<Result<>(std::int64_t contact_id)>& member) {
  std::int64_t after = 0;
  for (;;) {
    auto entries = TRY(members_after(transaction, segment_id, after, members_per_page));
    for (const MemberEntry& entry : entries) TRY(member(entry.contact_id));
    if (std::ssize(entries) < members_per_page) return {};
    after = entries.back().contact_id;
  }
}

Result<bool> is_member(Transaction& transaction, std::int64_t segment_id, std::int64_t contact_id) {
  auto found = TRY(transaction.first<std::int64_t>(select_member, {segment_id, contact_id}));
  return found.has_value();
}

namespace {

struct MemberSpan {
  std::int64_t after = 0;
  std::int64_t limit = 0;
  std::int64_t offset = 0;
};

Result<std::vector<MemberEntry>> members_in(Transaction& transaction, std::int64_t segment_id,
                                            const MemberSpan& span, std::optional<Time> as_of) {
  if (as_of) {
    return transaction.all<MemberEntry>(select_members_as_of,
                                        {segment_id, span.after, span.limit, span.offset, *as_of});
  }
  return transaction.all<MemberEntry>(select_members,
                                      {segment_id, span.after, span.limit, span.offset});
}

}  // namespace

Result<std::vector<MemberEntry>> members_after(Transaction& transaction, std::int64_t segment_id,
                                               std::int64_t after, std::int64_t limit,
                                               std::optional<Time> as_of) {
  return members_in(transaction, segment_id, {.after = after, .limit = limit}, as_of);
}

Result<std::vector<MemberEntry>> members_on(Transaction& transaction, const SegmentRow& row,
                                            Page& page, std::optional<Time> as_of) {
  page.total = as_of ? TRY(size_as_of(transaction, row.id, *as_of)) : row.size;
  return members_in(transaction, row.id, {.limit = page.limit, .offset = page.offset()}, as_of);
}

Result<std::int64_t> size_as_of(Transaction& transaction, std::int64_t segment_id, Time as_of) {
  return transaction.one<std::int64_t>(count_as_of, {segment_id, as_of});
}

Result<SegmentSnapshot> segment_snapshot_of(Transaction& transaction, const Uuid& uuid) {
  auto snapshot = TRY(transaction.first<SegmentSnapshot>(select_snapshot, {uuid}));
  if (!snapshot) return fail(ErrorCode::not_found, "Snapshot not found.");
  return *snapshot;
}

Result<SegmentSnapshot> take_snapshot(Transaction& transaction, SegmentRow& row) {
  row.snapshot_at = std::max(transaction.now(), row.snapshot_at + 1);
  SegmentSnapshot snapshot{.id = transaction.next_id(),
                           .uuid = transaction.next_uuid(),
                           .segment_id = row.id,
                           .size = row.size,
                           .taken_at = row.snapshot_at};
  TRY(transaction.append(snapshot_table,
                         {snapshot.id, snapshot.uuid, row.id, snapshot.size, snapshot.taken_at}));
  TRY(transaction.run(update_snapshot_at, {row.id, row.snapshot_at}));
  return snapshot;
}

// All operations of a batch may have the same moment, so what comes after a snapshot comes a
// microsecond after it.
Result<std::vector<SegmentChange>> apply_changes(Transaction& transaction, SegmentRow& row,
                                                 const std::vector<SegmentChange>& changes) {
  Time moment = std::max(transaction.now(), row.snapshot_at + 1);
  std::vector<SegmentChange> made;
  std::int64_t grown = 0;
  for (bool entered : {true, false}) {
    Chunk chunk;
    auto finish = [&]() -> Result<> {
      if (chunk.contacts.empty()) return {};
      Chunk done = TRY(change(transaction, row, chunk, entered, moment));
      chunk.contacts.clear();
      if (done.contacts.empty()) return {};
      for (std::int64_t id : done.contacts) made.push_back({.contact_id = id, .entered = entered});
      grown += entered ? std::ssize(done.contacts) : -std::ssize(done.contacts);
      return row.refreshed_at ? tell(transaction, row, done, entered) : Result<>();
    };
    for (const SegmentChange& one : changes) {
      if (one.entered != entered) continue;
      chunk.contacts.push_back(one.contact_id);
      if (chunk.contacts.size() == chunk_max) TRY(finish());
    }
    TRY(finish());
  }
  if (grown) TRY(transaction.run(update_size, {row.id, grown}));
  row.size += grown;
  return made;
}

namespace {

Result<> check_name(Transaction& transaction, std::string_view name, std::int64_t id) {
  auto holder = TRY(transaction.first<std::int64_t>(select_name, {name}));
  if (!holder || *holder == id) return {};
  return fail_field("/name", "Another segment has this name.");
}

}  // namespace

Result<SegmentRow> make_segment(Transaction& transaction, const NewSegment& segment) {
  TRY(check_name(transaction, segment.name, 0));
  Time now = transaction.now();
  SegmentRow row{.id = transaction.next_id(),
                 .uuid = transaction.next_uuid(),
                 .name = segment.name,
                 .description = segment.description,
                 .conditions = segment.conditions,
                 .created_at = now,
                 .updated_at = now};
  if (row.by_hand()) row.refreshed_at = now;  // Nobody waits for its being filled.
  TRY(transaction.run(insert_segment, {row.id, row.uuid, row.name, row.description, row.conditions,
                                       row.refreshed_at, now}));
  return row;
}

Result<> update_segment(Transaction& transaction, SegmentRow& row) {
  TRY(check_name(transaction, row.name, row.id));
  row.updated_at = transaction.now();
  TRY(transaction.run(update_row, {row.id, row.name, row.description, row.conditions, row.version,
                                   row.updated_at}));
  return {};
}

// Its name is free for another one.
Result<> mark_deleted(Transaction& transaction, const SegmentRow& row) {
  TRY(transaction.run(update_deleted, {row.id, to_string(row.uuid), transaction.now()}));
  return {};
}

Result<bool> clear_segment(Transaction& transaction, std::int64_t segment_id) {
  for (std::string_view sql : clear_rows) {
    if (TRY(transaction.run(sql, {segment_id})) > 0) return true;
  }
  return false;
}

Result<> note_refreshed(Transaction& transaction, SegmentRow& row, Time refresh_at) {
  row.refreshed_at = transaction.now();
  return note_refresh_at(transaction, row, refresh_at);
}

Result<> note_refresh_at(Transaction& transaction, SegmentRow& row, Time refresh_at) {
  row.refresh_at = refresh_at;
  TRY(transaction.run(update_refreshed, {row.id, row.refreshed_at, refresh_at}));
  return {};
}

// In segments by hand the destination takes the source's place; in others its conditions decide,
// when the event that tells of the two is followed.
Result<> move_segment_members(Transaction& transaction, const ContactRow& source,
                              const ContactRow& destination) {
  for (std::int64_t id : TRY(transaction.all<std::int64_t>(select_stays, {source.id}))) {
    auto row = TRY(segment_where(transaction, "id = $2", {id}));
    if (!row) continue;  // Deleted, and about to be cleared.
    if (row->by_hand()) TRY(apply_changes(transaction, *row, {{destination.id, true}}));
    TRY(apply_changes(transaction, *row, {{source.id, false}}));
  }
  TRY(transaction.run(move_past, {source.id, destination.id}));
  TRY(transaction.run(delete_past, {source.id}));
  return {};
}

Result<> forget_segment_members(Transaction& transaction, const ContactRow& contact) {
  for (std::int64_t id : TRY(transaction.all<std::int64_t>(select_stays, {contact.id}))) {
    TRY(transaction.run(delete_member, {id, contact.id}));
    TRY(transaction.run(update_size, {id, -1}));
  }
  TRY(transaction.run(delete_past, {contact.id}));
  return {};
}

}  // namespace piggy
