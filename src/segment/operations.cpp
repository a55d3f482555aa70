#include "segment/operations.h"

#include <fmt/format.h>

#include "segment/refresh.h"

namespace piggy {
namespace {

constexpr std::int64_t sample_size = 10;

Segment shown(const SegmentRow& row) {
  return {.uuid = row.uuid,
          .name = row.name,
          .description = row.description,
          .conditions = row.conditions,
          .size = row.size,
          .refreshed_at = row.refreshed_at,
          .refresh_at = row.refresh_at,
          .created_at = row.created_at,
          .updated_at = row.updated_at};
}

bool given(const std::optional<Value>& conditions) { return conditions && !conditions->is_null(); }

// All that is wrong with them is said at /conditions.
Result<Condition> check_conditions(Transaction& transaction, const Value& conditions,
                                   std::int64_t self = 0) {
  ConditionNames names = TRY(condition_names(transaction, self));
  return read_conditions(transaction, names, conditions, "/conditions");
}

auto not_by_hand() {
  return fail(ErrorCode::conflict,
              "The conditions of this segment decide who is in it. Change them instead.");
}

Result<MembersOutput> change_members(Call& call, const MembersInput& input, bool entered) {
  SegmentRow row = TRY(segment_of(call.transaction, input.uuid));
  if (!row.by_hand()) return not_by_hand();
  std::vector<SegmentChange> changes;
  std::vector<FieldError> unknown;
  for (std::size_t i = 0; i < input.contact_uuids.size(); i++) {
    auto contact = contact_of(call.transaction, input.contact_uuids[i]);
    if (contact) {
      changes.push_back({.contact_id = contact->id, .entered = entered});
    } else if (contact.error().code == ErrorCode::not_found) {
      unknown.push_back({fmt::format("/contact_uuids/{}", i), "Contact not found."});
    } else {
      return std::unexpected(contact.error());
    }
  }
  if (!unknown.empty()) return fail_fields(std::move(unknown));
  std::int64_t before = row.size;
  auto made = TRY(apply_changes(call.transaction, row, changes));
  call.changes("members of the segment " + row.name, before, row.size);
  return MembersOutput{.changed = std::ssize(made), .size = row.size};
}

}  // namespace

Result<CreateSegment::Output> CreateSegment::run(Call& call, const Input& input) {
  NewSegment segment{.name = input.name, .description = input.description.value_or("")};
  if (given(input.conditions)) {
    TRY(check_conditions(call.transaction, *input.conditions));
    segment.conditions = input.conditions;
  }
  SegmentRow row = TRY(make_segment(call.transaction, segment));
  if (!row.by_hand()) TRY(ask_for_refresh(call.transaction, row));
  call.changes("segment " + row.name, nullptr, "created");
  return shown(row);
}

Result<UpdateSegment::Output> UpdateSegment::run(Call& call, const Input& input) {
  SegmentRow row = TRY(segment_of(call.transaction, input.uuid));
  if (input.name && *input.name != row.name) {
    call.changes("name of the segment", row.name, *input.name);
    row.name = *input.name;
  }
  if (input.description && *input.description != row.description) {
    call.changes("description of the segment", row.description, *input.description);
    row.description = *input.description;
  }
  bool changed = false;
  if (given(input.conditions)) {
    if (row.by_hand()) {
      return fail_field("/conditions", "The members of this segment are set by hand.");
    }
    TRY(check_conditions(call.transaction, *input.conditions, row.id));
    changed = *row.conditions != *input.conditions;
    if (changed) {
      call.changes("conditions of the segment", *row.conditions, *input.conditions);
      row.conditions = input.conditions;
      row.version++;
    }
  }
  TRY(update_segment(call.transaction, row));
  if (changed) TRY(ask_for_refresh(call.transaction, row));
  return shown(row);
}

Result<DeleteSegment::Output> DeleteSegment::run(Call& call, const Input& input) {
  SegmentRow row = TRY(segment_of(call.transaction, input.uuid));
  for (const SegmentRow& other : TRY(all_segments(call.transaction))) {
    if (other.by_hand()) continue;
    if (!segments_named_in(*other.conditions).contains(to_string(row.uuid))) continue;
    return fail(ErrorCode::conflict,
                fmt::format("The segment {} asks for this one in its conditions.", other.name));
  }
  TRY(mark_deleted(call.transaction, row));
  TRY(ask_for_clearing(call.transaction, row));
  call.changes("segment " + row.name, row.size, "deleted");
  return shown(row);
}

Result<ListSegments::Output> ListSegments::run(Call& call, const Input& input) {
  Output output{.page = page_of(input.page, input.limit, 30)};
  for (const SegmentRow& row : TRY(segments_on(call.transaction, output.page))) {
    output.segments.push_back(shown(row));
  }
  return output;
}

Result<GetSegment::Output> GetSegment::run(Call& call, const Input& input) {
  return shown(TRY(segment_of(call.transaction, input.uuid)));
}

Result<PreviewSegment::Prepared> PreviewSegment::prepare(const Preparation& preparation,
                                                         const Input& input) {
  Output output;
  Database& database = preparation.database;
  Condition condition;
  Time now;
  std::int64_t account_id = preparation.caller.account_id;
  TRY(database.read(account_id, [&](Transaction& transaction) -> Result<> {
    condition = TRY(check_conditions(transaction, input.conditions));
    now = transaction.now();
    return {};
  }));
  FoundContacts found = TRY(find_contacts(database, account_id, condition, now));
  output.count = std::ssize(found.ids);
  if (std::ssize(found.ids) > sample_size) found.ids.resize(sample_size);
  TRY(database.read(account_id, [&](Transaction& transaction) -> Result<> {
    for (std::int64_t id : found.ids) {
      output.sample.push_back(reference_to(TRY(contact_by_id(transaction, id))));
    }
    return {};
  }));
  return output;
}

Result<PreviewSegment::Output> PreviewSegment::run(Call&, const Input&, const Prepared& prepared) {
  return prepared;
}

Result<ListSegmentMembers::Output> ListSegmentMembers::run(Call& call, const Input& input) {
  SegmentRow row = TRY(segment_of(call.transaction, input.uuid));
  Output output{.as_of = input.as_of, .page = page_of(input.page, input.limit, 30)};
  if (input.snapshot_uuid) {
    if (input.as_of) {
      return fail_field("/snapshot_uuid", "Give a time or a snapshot, not both.");
    }
    auto snapshot = TRY(segment_snapshot_of(call.transaction, *input.snapshot_uuid));
    if (snapshot.segment_id != row.id) {
      return fail_field("/snapshot_uuid", "This is a snapshot of another segment.");
    }
    output.as_of = snapshot.taken_at;
  }
  for (const MemberEntry& entry :
       TRY(members_on(call.transaction, row, output.page, output.as_of))) {
    ContactRow contact = TRY(contact_by_id(call.transaction, entry.contact_id));
    output.members.push_back({.contact = reference_to(contact), .entered_at = entry.entered_at});
  }
  return output;
}

Result<RefreshSegment::Prepared> RefreshSegment::prepare(const Preparation& preparation,
                                                         const Input& input) {
  Database& database = preparation.database;
  std::int64_t account_id = preparation.caller.account_id;
  RefreshCounts counts = preparation.dry_run
                             ? TRY(count_refresh(database, account_id, input.uuid))
                             : TRY(refresh_segment(database, account_id, input.uuid));
  Output output{
      .uuid = input.uuid, .size = counts.size, .entered = counts.entered, .left = counts.left};
  if (counts.snapshot) output.snapshot_uuid = counts.snapshot->uuid;
  return output;
}

Result<RefreshSegment::Output> RefreshSegment::run(Call& call, const Input& input,
                                                   const Prepared& prepared) {
  SegmentRow row = TRY(segment_of(call.transaction, input.uuid));
  Output output = prepared;
  output.name = row.name;
  output.refreshed_at = row.refreshed_at;
  call.changes("members of the segment " + row.name, output.size - output.entered + output.left,
               output.size);
  return output;
}

Result<ExplainMembership::Prepared> ExplainMembership::prepare(const Preparation& preparation,
                                                               const Input& input) {
  Output output;
  Database& database = preparation.database;
  Dialect dialect = dialect_of(database);
  TRY(database.read(preparation.caller.account_id, [&](Transaction& transaction) -> Result<> {
    SegmentRow row = TRY(segment_of(transaction, input.uuid));
    ContactRow contact = TRY(contact_of(transaction, input.contact_uuid));
    auto entries = TRY(members_after(transaction, row.id, contact.id - 1, 1));
    output.is_member = !entries.empty() && entries[0].contact_id == contact.id;
    if (output.is_member) output.entered_at = entries[0].entered_at;
    if (row.by_hand()) return {};
    Condition tree = TRY(check_conditions(transaction, *row.conditions, row.id));
    auto holds = [&](const Condition& condition) {
      return ContactQuery(condition, dialect, transaction.now()).holds(transaction, contact.id);
    };
    output.meets_conditions = TRY(holds(tree));
    std::vector<const Condition*> leaves;
    each_leaf(tree, [&](const Condition& leaf) { leaves.push_back(&leaf); });
    for (const Condition* leaf : leaves) {
      output.conditions.push_back(
          {.path = leaf->path, .condition = leaf->text, .holds = TRY(holds(*leaf))});
    }
    return {};
  }));
  return output;
}

Result<ExplainMembership::Output> ExplainMembership::run(Call&, const Input&,
                                                         const Prepared& prepared) {
  return prepared;
}

Result<MembersOutput> AddSegmentMembers::run(Call& call, const Input& input) {
  return change_members(call, input, true);
}

Amounts AddSegmentMembers::amounts(const Input&, const Output& output) {
  return {.contacts = output.changed};
}

Result<MembersOutput> RemoveSegmentMembers::run(Call& call, const Input& input) {
  return change_members(call, input, false);
}

void add_segment_operations(Catalogue& catalogue) {
  catalogue.add<PreviewSegment>();
  catalogue.add<CreateSegment>();
  catalogue.add<UpdateSegment>();
  catalogue.add<DeleteSegment>();
  catalogue.add<ListSegments>();
  catalogue.add<GetSegment>();
  catalogue.add<RefreshSegment>();
  catalogue.add<ListSegmentMembers>();
  catalogue.add<ExplainMembership>();
  catalogue.add<AddSegmentMembers>();
  catalogue.add<RemoveSegmentMembers>();
}

}  // namespace piggy
