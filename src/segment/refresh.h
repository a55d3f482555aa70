#pragma once

// How segments with conditions keep their members: all contacts are looked at now and then, and one
// contact when something happened to it.

#include <chrono>

#include "event/follow.h"
#include "schedule/job.h"
#include "segment/query.h"
#include "segment/segment.h"

namespace piggy {

struct RefreshCounts {
  std::int64_t size = 0;  // Afterwards.
  std::int64_t entered = 0;
  std::int64_t left = 0;
  std::optional<SegmentSnapshot> snapshot = {};
};

// Looks at all contacts of the account, on this thread, and writes what changed in lots, between
// which others write. Takes seconds; never call it from inside a transaction. Whoever happens to
// change meanwhile is looked at again.
Result<RefreshCounts> refresh_segment(Database& database, std::int64_t account_id,
                                      const Uuid& segment);
// What it would do; changes nothing.
Result<RefreshCounts> count_refresh(Database& database, std::int64_t account_id,
                                    const Uuid& segment);

// All contacts are looked at as soon as a worker comes to it.
Result<> ask_for_refresh(Transaction& transaction, SegmentRow& row);
// What is left of a deleted segment goes in parts.
Result<> ask_for_clearing(Transaction& transaction, const SegmentRow& row);
// The database is borrowed and outlives the scheduler.
void add_segment_jobs(Scheduler& scheduler, Database& database);

// Looks again at those contacts that the events are about, for the segments that ask for what they
// tell.
Result<> follow_segments(Dialect dialect, Transaction& transaction, EventRefs events);

// Whoever it is about, if it is about a contact that is still there.
Result<std::optional<std::int64_t>> contact_of_event(Transaction& transaction,
                                                     const EventRow& event);

}  // namespace piggy
