#include "audience/push.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "audience/removal.h"
#include "event/event.h"
#include "segment/segment.h"

namespace piggy {
namespace {

// Together a quarter of a day.
constexpr std::int64_t tries_max = 14;
constexpr std::int64_t pause_seconds_max = 3'600;
constexpr std::int64_t filling_pause_seconds = 2;
// Rows are written a few at a time, so that no other write waits for many of them.
constexpr std::size_t rows_at_once = 1'000;

// What one step works on, as it was read.
struct Step {
  std::int64_t account = 0;
  AudiencePushRow push = {};
  AudienceReach reach = {};
};

struct Plan {
  std::vector<AudiencePushItem> entering = {};
  std::vector<AudiencePushItem> leaving = {};
};

bool is_passing(ErrorCode code) {
  return code == ErrorCode::unavailable || code == ErrorCode::too_many ||
         code == ErrorCode::in_progress;
}

Result<> tell(Transaction& transaction, std::string_view event, const AudiencePushRow& push) {
  return emit(transaction, event, push.uuid,
              Value::object({{"audience_push", TRY(told(transaction, push))}}));
}

Result<> end_as(Transaction& transaction, AudiencePushRow& push, AudiencePushState state) {
  push.state = state;
  push.ended_at = transaction.now();
  if (!TRY(advance(transaction, push))) return {};
  TRY(clear_items(transaction, push.id, false));
  return tell(transaction,
              state == AudiencePushState::completed ? push_completed_event : push_failed_event,
              push);
}

// What came to nothing is tried again for a while, unless it would come to nothing again.
Result<> note_trouble(Database& database, const Step& step, const Error& error) {
  return database.write(step.account, [&](Transaction& transaction) -> Result<> {
    AudiencePushRow push = step.push;
    TRY(note_refused_key(transaction, step.reach, error));
    push.problem = error.message;
    push.tries++;
    if (!is_passing(error.code) || push.tries > tries_max) {
      return end_as(transaction, push, AudiencePushState::failed);
    }
    if (!TRY(advance(transaction, push))) return {};
    std::int64_t pause =
        std::min(std::max<std::int64_t>(1LL << std::min<std::int64_t>(push.tries - 1, 12),
                                        error.retry_after_seconds),
                 pause_seconds_max);
    return go_on(transaction, push, pause);
  });
}

// Who shall be on the list and may, by the segment as it stands in this view.
Result<std::vector<AudienceMemberRow>> wanted(Transaction& transaction, Step& step) {
  std::vector<AudienceMemberRow> wanted;
  AudiencePushRow& push = step.push;
  push.segment_size = 0;
  push.withheld = 0;
  TRY(each_member(transaction, step.reach.target.segment_id,
                  [&](std::int64_t contact_id) -> Result<> {
                    push.segment_size++;
                    auto contact = TRY(contact_to_tell(transaction, contact_id));
                    if (!contact) return {};
                    if (!TRY(why_withheld(transaction, step.reach.target, *contact)).empty()) {
                      push.withheld++;
                      return {};
                    }
                    wanted.push_back({.contact_id = contact_id, .email = contact->email});
                    return {};
                  }));
  std::ranges::sort(wanted, {}, &AudienceMemberRow::contact_id);
  return wanted;
}

// Whoever has another address now leaves under the old one and enters under the new one.
Plan difference(const std::vector<AudienceMemberRow>& there,
                const std::vector<AudienceMemberRow>& wanted) {
  Plan plan;
  auto have = there.begin();
  for (const AudienceMemberRow& want : wanted) {
    for (; have != there.end() && have->contact_id < want.contact_id; ++have) {
      plan.leaving.push_back({have->contact_id, have->email});
    }
    bool is_there = have != there.end() && have->contact_id == want.contact_id;
    bool same = is_there && have->email == want.email;
    if (is_there && !same) plan.leaving.push_back({have->contact_id, have->email});
    if (!same) plan.entering.push_back({want.contact_id, want.email});
    if (is_there) ++have;
  }
  for (; have != there.end(); ++have) plan.leaving.push_back({have->contact_id, have->email});
  return plan;
}

// Why a person should look at it first: "" when nobody need.
std::string why_held(const AudiencePushRow& push) {
  if (push.confirmed) return "";
  if (push.members_before + push.entering - push.leaving == 0) {
    return "The list would be empty.";
  }
  std::int64_t change = push.entering + push.leaving;
  if (push.members_before == 0 || change * 100 <= push.members_before * change_percent_max) {
    return "";
  }
  return fmt::format("{} would come and {} go on a list of {}, which is more than {} %.",
                     push.entering, push.leaving, push.members_before, change_percent_max);
}

Result<> write_rows(Database& database, const Step& step,
                    const std::vector<AudiencePushItem>& items, bool entering) {
  for (std::size_t begin = 0; begin < items.size(); begin += rows_at_once) {
    std::size_t end = std::min(items.size(), begin + rows_at_once);
    TRY(database.write(step.account, [&](Transaction& transaction) -> Result<> {
      for (std::size_t i = begin; i < end; i++) {
        TRY(add_item(transaction, step.push.id, entering, items[i]));
      }
      return {};
    }));
  }
  return {};
}

Result<> plan(Database& database, Step& step) {
  Plan plan;
  bool filled = true;
  AudiencePushRow& push = step.push;
  TRY(database.read(step.account, [&](Transaction& transaction) -> Result<> {
    SegmentRow segment = TRY(segment_by_id(transaction, step.reach.target.segment_id));
    filled = segment.by_hand() || segment.refreshed_at;
    if (!filled) return {};
    auto there = TRY(members_of(transaction, step.reach.target.id));
    push.snapshot_at = transaction.now();
    push.members_before = push.members = static_cast<std::int64_t>(there.size());
    plan = difference(there, TRY(wanted(transaction, step)));
    return {};
  }));
  if (!filled) {
    return note_trouble(database, step,
                        {.code = ErrorCode::in_progress,
                         .message = "The segment has not been filled yet.",
                         .retry_after_seconds = filling_pause_seconds});
  }
  push.entering = static_cast<std::int64_t>(plan.entering.size());
  push.leaving = static_cast<std::int64_t>(plan.leaving.size());
  // Somebody before us may have got as far as here and no further.
  TRY(database.write(step.account, [&](Transaction& transaction) {
    return clear_items(transaction, push.id, true);
  }));
  TRY(write_rows(database, step, plan.leaving, false));
  TRY(write_rows(database, step, plan.entering, true));
  return database.write(step.account, [&](Transaction& transaction) -> Result<> {
    AudiencePushRow next = push;
    next.problem = why_held(next);
    next.tries = 0;
    next.state = next.problem.empty() ? AudiencePushState::pushing : AudiencePushState::held;
    if (!TRY(advance(transaction, next))) return {};
    if (next.state == AudiencePushState::held) return tell(transaction, push_held_event, next);
    return go_on(transaction, next, 0);
  });
}

struct Chunk {
  bool entering = false;
  std::vector<AudiencePushItem> items = {};
  std::vector<AudienceMember> members = {};     // Of those that are asked for.
  std::vector<AudiencePushItem> withheld = {};  // Of those that may not enter any more.
};

// Those who leave go first. Consent is looked at again: much may have happened since the plan.
Result<Chunk> next_chunk(Transaction& transaction, const Step& step) {
  const AudienceConnector& connector = *step.reach.connector;
  Chunk chunk;
  chunk.items = TRY(items_to_do(transaction, step.push.id, false,
                                static_cast<std::int64_t>(connector.left_max())));
  if (!chunk.items.empty()) {
    for (const AudiencePushItem& item : chunk.items) chunk.members.push_back({.email = item.email});
    return chunk;
  }
  chunk.entering = true;
  chunk.items = TRY(items_to_do(transaction, step.push.id, true,
                                static_cast<std::int64_t>(connector.entered_max())));
  for (AudiencePushItem& item : chunk.items) {
    auto contact = TRY(contact_to_tell(transaction, item.contact_id));
    item.reason = !contact ? "The contact is gone."
                  : contact->email != item.email
                      ? "The contact has another address now."
                      : TRY(why_withheld(transaction, step.reach.target, *contact));
    if (item.reason.empty()) {
      chunk.members.push_back({.email = item.email, .id = to_string(contact->uuid)});
    } else {
      chunk.withheld.push_back(item);
    }
  }
  std::erase_if(chunk.items, [](const AudiencePushItem& item) { return !item.reason.empty(); });
  return chunk;
}

// It may have been sent, by us or by somebody before us who was lost: then it comes off again.
Result<> withhold(Transaction& transaction, const Step& step, AudiencePushRow& push,
                  const AudiencePushItem& item) {
  push.withheld++;
  TRY(queue_removal(transaction, step.reach.target.id, item.email));
  return keep_item(transaction, push.id, true, item, "withheld");
}

// One that was pushed: it may have said no, or been erased, while it was on its way.
Result<> note_entered(Transaction& transaction, const Step& step, AudiencePushRow& push,
                      AudiencePushItem item) {
  auto contact = TRY(contact_to_tell(transaction, item.contact_id));
  item.reason = contact && contact->email == item.email
                    ? TRY(why_withheld(transaction, step.reach.target, *contact))
                    : "The contact is gone.";
  if (!item.reason.empty()) return withhold(transaction, step, push, item);
  push.entered++;
  TRY(put_member(transaction, step.reach.target.id, {item.contact_id, item.email}));
  return end_item(transaction, push.id, true, item.contact_id);
}

Result<> note_chunk(Transaction& transaction, const Step& step, const Chunk& chunk,
                    const AudienceConnector::Refusals& refusals) {
  AudiencePushRow push = step.push;
  push.tries = 0;
  push.problem.clear();
  for (const AudiencePushItem& item : chunk.withheld) {
    TRY(withhold(transaction, step, push, item));
  }
  std::map<std::string_view, std::string_view> refused;
  for (const AudienceRefusal& refusal : refusals) refused[refusal.email] = refusal.reason;
  for (AudiencePushItem item : chunk.items) {
    if (auto found = refused.find(item.email); found != refused.end()) {
      push.refused++;
      item.reason = found->second;
      TRY(keep_item(transaction, push.id, chunk.entering, item, "refused"));
    } else if (chunk.entering) {
      TRY(note_entered(transaction, step, push, std::move(item)));
    } else {
      push.went++;
      TRY(drop_member(transaction, step.reach.target.id, {item.contact_id, item.email}));
      TRY(end_item(transaction, push.id, false, item.contact_id));
    }
  }
  push.members = TRY(member_count(transaction, step.reach.target.id));
  // Somebody else has written all of this; an error undoes what was written here.
  if (!TRY(advance(transaction, push))) return fail(ErrorCode::conflict, "This step was made.");
  return go_on(transaction, push, 0);
}

Result<> finish(Database& database, const Step& step) {
  auto count = step.reach.connector->count(step.reach.reach, step.reach.target.list);
  if (!count) return note_trouble(database, step, count.error());
  std::vector<AudienceMemberRow> members;
  TRY(database.read(step.account, [&](Transaction& transaction) -> Result<> {
    members = TRY(members_of(transaction, step.reach.target.id));
    return {};
  }));
  std::size_t size = members.size();
  std::string digest = digest_of_members(std::move(members));
  return database.write(step.account, [&](Transaction& transaction) -> Result<> {
    AudiencePushRow push = step.push;
    push.target_count = *count;
    push.members = static_cast<std::int64_t>(size);
    push.sha256 = digest;
    push.problem.clear();
    return end_as(transaction, push, AudiencePushState::completed);
  });
}

Result<> push_chunk(Database& database, Connections& connections, Step& step) {
  Chunk chunk;
  TRY(database.read(step.account, [&](Transaction& transaction) -> Result<> {
    chunk = TRY(next_chunk(transaction, step));
    return {};
  }));
  AudienceReach& reach = step.reach;
  auto fresh = connections.fresh(database, step.account, reach.connection, std::move(reach.reach));
  if (!fresh) return note_trouble(database, step, fresh.error());
  reach.reach = *std::move(fresh);
  if (chunk.items.empty() && chunk.withheld.empty()) return finish(database, step);
  AudienceConnector::Refusals refusals;
  if (!chunk.members.empty()) {
    std::span<const AudienceMember> all = chunk.members, none = all.first(0);
    auto pushed = reach.connector->push(
        reach.reach, reach.target.list, chunk.entering ? all : none, chunk.entering ? none : all,
        fmt::format("{}-{}", to_string(step.push.uuid), step.push.step));
    if (!pushed) return note_trouble(database, step, pushed.error());
    refusals = *std::move(pushed);
  }
  Result<> noted = database.write(step.account, [&](Transaction& transaction) {
    return note_chunk(transaction, step, chunk, refusals);
  });
  bool too_late = !noted && noted.error().code == ErrorCode::conflict;
  return too_late ? Result<>() : noted;
}

}  // namespace

Result<> go_on(Transaction& transaction, const AudiencePushRow& push, std::int64_t pause_seconds) {
  TRY(add_job(transaction, push_audience_kind,
              Value::object({{"push", to_string(push.uuid)}, {"step", push.step}}),
              transaction.now() + pause_seconds * microseconds_per_second));
  return {};
}

Result<> push_audience(const JobRow& job, Database& database, Connections& connections) {
  auto uuid = parse_uuid(job.payload.text_of("push"));
  const Value* number = job.payload.find("step");
  ASSERT(uuid && number && number->integer());
  Step step{.account = job.account_id};
  TRY(database.read(job.account_id, [&](Transaction& transaction) -> Result<> {
    step.push = TRY(push_of(transaction, *uuid));
    AudienceTargetRow target = TRY(target_by_id(transaction, step.push.target_id));
    step.reach = TRY(reach_of(transaction, connections, target));
    return {};
  }));
  bool due =
      step.push.step == *number->integer() && (step.push.state == AudiencePushState::queued ||
                                               step.push.state == AudiencePushState::pushing);
  if (!due) return {};
  if (step.reach.problem) return note_trouble(database, step, *step.reach.problem);
  if (!step.reach.connector) {
    return note_trouble(database, step,
                        {.code = ErrorCode::conflict, .message = "Its connector is gone."});
  }
  if (step.push.state == AudiencePushState::pushing) {
    return push_chunk(database, connections, step);
  }
  Result<> planned = plan(database, step);
  // The segment is gone.
  bool gone = !planned && planned.error().code == ErrorCode::not_found;
  return gone ? note_trouble(database, step, planned.error()) : planned;
}

std::string digest_of_members(std::vector<AudienceMemberRow> members) {
  std::ranges::sort(members, {}, &AudienceMemberRow::email);
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const AudienceMemberRow& member : members) {
    std::string line = member.email + "\n";
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(line.data()),
                              line.size());
  }
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state, digest);
  std::string text;
  for (unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace piggy
