#include "segment/refresh.h"

#include "base/log.h"

#include <map>

#include "voucher/voucher.h"

// A refresh reads all contacts, on readers, and compares them with the members there are: nobody
// waits for that. Only what differs is written. What was read may be old by then:
// so each lot first looks at what happened since, and at those contacts once more. Events tell of
// all changes, and ids of events grow with commits, so that nothing can lie between the two.

namespace piggy {
namespace {

constexpr std::size_t changes_per_lot = 2'000;
constexpr int tries_max = 3;  // When its conditions are changed while a segment is refreshed.
// Time moves contacts in and out of "within 7 days" all the time. The other segments are looked at
// for what no event tells of.
constexpr std::int64_t refresh_interval_of_time = 15 * 60 * microseconds_per_second;
constexpr std::int64_t refresh_interval = microseconds_per_day;

constexpr std::string_view refresh_kind = "refresh_segment";
constexpr std::string_view clear_kind = "clear_segment";

constexpr std::string_view select_events_since = R"sql(
  SELECT account_id, id, type, subject, payload, created_at FROM event
  WHERE account_id = $1 AND id > $2 ORDER BY id
)sql";

constexpr std::string_view select_member_ids = R"sql(
  SELECT contact_id FROM segment_member WHERE account_id = $1 AND segment_id = $2
  ORDER BY contact_id
)sql";

// What a reader found.
struct Difference {
  std::vector<SegmentChange> changes = {};  // By contact.
  std::int64_t size = 0;
  std::int64_t seen = 0;  // The newest event that had happened by then.
  SegmentRow row = {};
};

auto by_hand() {
  return fail(ErrorCode::conflict,
              "The members of this segment are set by hand: there is nothing to refresh.");
}

Result<Condition> conditions_of(Transaction& transaction, const SegmentRow& row) {
  ConditionNames names = TRY(condition_names(transaction, row.id));
  return read_conditions(transaction, names, *row.conditions);
}

std::vector<SegmentChange> difference(const std::vector<std::int64_t>& before,
                                      const std::vector<std::int64_t>& after) {
  std::vector<SegmentChange> changes;
  auto was = before.begin();
  auto is = after.begin();
  while (was != before.end() || is != after.end()) {
    if (was == before.end() || (is != after.end() && *is < *was)) {
      changes.push_back({.contact_id = *is++, .entered = true});
    } else if (is == after.end() || *was < *is) {
      changes.push_back({.contact_id = *was++, .entered = false});
    } else {
      was++;
      is++;
    }
  }
  return changes;
}

Result<Difference> find_difference(Database& database, std::int64_t account_id,
                                   const Uuid& segment) {
  Difference found;
  Condition condition;
  Time now;
  TRY(database.read(account_id, [&](Transaction& transaction) -> Result<> {
    found.row = TRY(segment_of(transaction, segment));
    if (found.row.by_hand()) return by_hand();
    condition = TRY(conditions_of(transaction, found.row));
    now = transaction.now();
    return {};
  }));
  FoundContacts after = TRY(find_contacts(database, account_id, condition, now));
  found.seen = after.seen;
  found.size = std::ssize(after.ids);
  TRY(database.read(account_id, [&](Transaction& transaction) -> Result<> {
    auto before = TRY(transaction.all<std::int64_t>(select_member_ids, {found.row.id}));
    found.changes = difference(before, after.ids);
    return {};
  }));
  return found;
}

// Whether the contact must come or go, as things are now.
Result<std::optional<SegmentChange>> change_of(Transaction& transaction, const SegmentRow& row,
                                               const ContactQuery& query, std::int64_t contact_id) {
  bool holds = TRY(query.holds(transaction, contact_id));
  bool is = TRY(is_member(transaction, row.id, contact_id));
  if (holds == is) return std::nullopt;
  return SegmentChange{.contact_id = contact_id, .entered = holds};
}

class Refresh {
 public:
  Refresh(Database& database, std::int64_t account_id, Difference& found)
      : database_(database), account_id_(account_id), found_(found) {}

  // Nothing when its conditions were changed meanwhile.
  Result<std::optional<RefreshCounts>> write() {
    std::span<const SegmentChange> rest = found_.changes;
    while (!rest.empty()) {
      auto lot = rest.first(std::min(rest.size(), changes_per_lot));
      if (!TRY(write_lot(lot))) return std::nullopt;
      rest = rest.subspan(lot.size());
    }
    if (!TRY(finish())) return std::nullopt;
    return counts_;
  }

 private:
  Result<bool> write_lot(std::span<const SegmentChange> lot) {
    bool current = false;
    std::vector<SegmentChange> made;
    std::set<std::int64_t> touched;
    std::int64_t seen = 0;
    TRY(database_.write(account_id_, [&](Transaction& transaction) -> Result<> {
      SegmentRow row = TRY(segment_by_id(transaction, found_.row.id));
      current = row.version == found_.row.version;
      if (!current) return {};
      touched = touched_;
      TRY(note_touched(transaction, touched));
      made = TRY(
          apply_changes(transaction, row, TRY(looked_at_again(transaction, row, lot, touched))));
      seen = transaction.next_id();  // What it told itself needs no look.
      return {};
    }));
    if (!current) return false;
    touched_ = std::move(touched);
    found_.seen = seen;
    for (const SegmentChange& change : made) (change.entered ? counts_.entered : counts_.left)++;
    return true;
  }

  Result<> note_touched(Transaction& transaction, std::set<std::int64_t>& touched) const {
    auto events = TRY(transaction.all<EventRow>(select_events_since, {found_.seen}));
    for (const EventRow& event : events) {
      auto contact_id = TRY(contact_of_event(transaction, event));
      if (contact_id) touched.insert(*contact_id);
    }
    return {};
  }

  Result<std::vector<SegmentChange>> looked_at_again(Transaction& transaction,
                                                     const SegmentRow& row,
                                                     std::span<const SegmentChange> lot,
                                                     const std::set<std::int64_t>& touched) const {
    std::vector<SegmentChange> changes;
    std::optional<ContactQuery> query;
    for (const SegmentChange& change : lot) {
      if (!touched.contains(change.contact_id)) {
        changes.push_back(change);
        continue;
      }
      if (!query) {
        Condition condition = TRY(conditions_of(transaction, row));
        query.emplace(condition, dialect_of(database_), transaction.now());
      }
      auto now = TRY(change_of(transaction, row, *query, change.contact_id));
      if (now) changes.push_back(*now);
    }
    return changes;
  }

  Result<bool> finish();

  Database& database_;
  std::int64_t account_id_;
  Difference& found_;
  std::set<std::int64_t> touched_ = {};
  RefreshCounts counts_ = {};
};

Result<> add_refresh_job(Transaction& transaction, SegmentRow& row, Time at) {
  TRY(note_refresh_at(transaction, row, at));
  TRY(add_job(transaction, refresh_kind,
              Value::object({{"segment", to_string(row.uuid)}, {"at", at.microseconds}}), at));
  return {};
}

// Those whose conditions ask for it have heard nothing of who was in it from its beginning.
Result<> refresh_dependents(Transaction& transaction, const SegmentRow& row) {
  for (SegmentRow& other : TRY(all_segments(transaction))) {
    if (other.by_hand()) continue;
    if (!segments_named_in(*other.conditions).contains(to_string(row.uuid))) continue;
    TRY(ask_for_refresh(transaction, other));
  }
  return {};
}

Result<bool> Refresh::finish() {
  bool current = false;
  TRY(database_.write(account_id_, [&](Transaction& transaction) -> Result<> {
    SegmentRow row = TRY(segment_by_id(transaction, found_.row.id));
    current = row.version == found_.row.version;
    if (!current) return {};
    bool first = !row.refreshed_at;
    row.refreshed_at = transaction.now();
    bool moves = moves_with_time(TRY(conditions_of(transaction, row)));
    Time next = transaction.now() + (moves ? refresh_interval_of_time : refresh_interval);
    TRY(add_refresh_job(transaction, row, next));
    if (first) TRY(refresh_dependents(transaction, row));
    counts_.snapshot = TRY(take_snapshot(transaction, row));
    counts_.size = row.size;
    return {};
  }));
  return current;
}

// A job is the newest that was asked for, or nothing to do.
Result<bool> still_due(Database& database, const JobRow& job) {
  bool due = false;
  TRY(database.read(job.account_id, [&](Transaction& transaction) -> Result<> {
    auto uuid = parse_uuid(job.payload.text_of("segment"));
    auto row = segment_of(transaction, uuid.value_or(Uuid{}));
    if (!row && row.error().code != ErrorCode::not_found) return std::unexpected(row.error());
    const Value* at = job.payload.find("at");
    due = row && !row->by_hand() && row->refresh_at && at && at->integer() &&
          row->refresh_at->microseconds == *at->integer();
    return {};
  }));
  return due;
}

Result<> clear_job(Call& call, const JobRow& job) {
  const Value* id = job.payload.find("segment_id");
  if (!id || !id->integer()) return {};
  if (!TRY(clear_segment(call.transaction, *id->integer()))) return {};
  TRY(add_job(call.transaction, clear_kind, job.payload));
  return {};
}

}  // namespace

Result<RefreshCounts> refresh_segment(Database& database, std::int64_t account_id,
                                      const Uuid& segment) {
  for (int i = 0; i < tries_max; i++) {
    Difference found = TRY(find_difference(database, account_id, segment));
    auto counts = TRY(Refresh(database, account_id, found).write());
    if (counts) return *counts;
  }
  return fail({.code = ErrorCode::in_progress,
               .message = "The conditions of this segment are being changed. Try again.",
               .retry_after_seconds = 1});
}

Result<RefreshCounts> count_refresh(Database& database, std::int64_t account_id,
                                    const Uuid& segment) {
  Difference found = TRY(find_difference(database, account_id, segment));
  RefreshCounts counts{.size = found.size};
  for (const SegmentChange& change : found.changes) {
    (change.entered ? counts.entered : counts.left)++;
  }
  return counts;
}

Result<> ask_for_refresh(Transaction& transaction, SegmentRow& row) {
  return add_refresh_job(transaction, row, transaction.now());
}

Result<> ask_for_clearing(Transaction& transaction, const SegmentRow& row) {
  TRY(add_job(transaction, clear_kind, Value::object({{"segment_id", row.id}})));
  return {};
}

void add_segment_jobs(Scheduler& scheduler, Database& database) {
  scheduler.handle_outside(refresh_kind, [&database](const JobRow& job) -> Result<> {
    if (!TRY(still_due(database, job))) return {};
    auto uuid = parse_uuid(job.payload.text_of("segment"));
    auto done = refresh_segment(database, job.account_id, *uuid);
    if (!done && done.error().code != ErrorCode::not_found) return std::unexpected(done.error());
    return {};  // Deleted meanwhile.
  });
  scheduler.handle(clear_kind, clear_job);
}

Result<std::optional<std::int64_t>> contact_of_event(Transaction& transaction,
                                                     const EventRow& event) {
  if (event.type.starts_with("voucher_")) {
    auto voucher = voucher_of(transaction, event.subject);
    if (voucher) return voucher->contact_id;
    if (voucher.error().code == ErrorCode::not_found) return std::nullopt;
    return std::unexpected(voucher.error());
  }
  auto uuid = contact_in(event);
  if (!uuid) return std::nullopt;
  auto row = contact_of(transaction, *uuid);
  if (row) return row->id;
  if (row.error().code == ErrorCode::not_found) return std::nullopt;
  return std::unexpected(row.error());
}

Result<> follow_segments(Dialect dialect, Transaction& transaction, EventRefs events) {
  std::vector<SegmentRow> segments = TRY(all_segments(transaction));
  std::erase_if(segments, [](const SegmentRow& row) { return row.by_hand(); });
  if (segments.empty()) return {};
  std::vector<std::optional<std::int64_t>> contacts;
  for (const EventRow& event : events) {
    contacts.push_back(TRY(contact_of_event(transaction, event)));
  }
  ConditionNames names = TRY(condition_names(transaction));
  for (SegmentRow& row : segments) {
    auto condition = read_conditions(transaction, names, *row.conditions);
    if (!condition) {  // What they name was taken away; whoever changes them next is told.
      spdlog::warn("segment {} is not followed: {}", to_string(row.uuid),
                   condition.error().message);
      continue;
    }
    std::set<std::int64_t> touched;
    for (std::size_t i = 0; i < events.size(); i++) {
      if (contacts[i] && can_change(*condition, events[i])) touched.insert(*contacts[i]);
    }
    if (touched.empty()) continue;
    ContactQuery query(*condition, dialect, transaction.now());
    std::vector<SegmentChange> changes;
    for (std::int64_t contact_id : touched) {
      auto change = TRY(change_of(transaction, row, query, contact_id));
      if (change) changes.push_back(*change);
    }
    if (!changes.empty()) TRY(apply_changes(transaction, row, changes));
  }
  return {};
}

}  // namespace piggy
