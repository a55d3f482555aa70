#include "audience/operations.h"

#include <fmt/format.h>

#include "audience/push.h"
#include "audience/reach.h"
#include "segment/segment.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::int64_t shown_refusals_max = 500;
constexpr std::int64_t page_limit = 30;
constexpr std::int64_t page_limit_max = 100;

BackgroundStatus status_of(AudiencePushState state) {
  switch (state) {
    case AudiencePushState::queued:
    case AudiencePushState::held:
      return BackgroundStatus::PENDING;
    case AudiencePushState::pushing:
      return BackgroundStatus::PROCESSING;
    case AudiencePushState::completed:
      return BackgroundStatus::COMPLETED;
    case AudiencePushState::failed:
    case AudiencePushState::cancelled:
      break;
  }
  return BackgroundStatus::FAILED;
}

// By its uuid or its handle.
Result<std::optional<ConnectionRow>> connection_called(Transaction& transaction,
                                                       const std::string& name) {
  auto uuid = parse_uuid(name);
  if (!uuid) return connection_by_handle(transaction, name);
  auto row = connection_by_uuid(transaction, *uuid);
  if (row) return std::optional(*std::move(row));
  if (row.error().code == ErrorCode::not_found) return std::optional<ConnectionRow>();
  return std::unexpected(std::move(row.error()));
}

// Where it goes; all that is wrong with that is told at once.
Result<AudienceTargetRow> wanted_target(Connections& connections, Call& call,
                                        const PushSegment::Input& input) {
  AudienceTargetRow target{.list = input.list};
  std::vector<FieldError> problems;
  auto connection = TRY(connection_called(call.transaction, input.connection));
  AudienceConnector* connector =
      connection ? audience_connector(connections, connection->connector) : nullptr;
  if (!connection || connection->state == ConnectionState::revoked) {
    problems.push_back({"/connection", "There is no such connection."});
  } else if (!connector) {
    problems.push_back({"/connection", fmt::format("{} has no lists.", connection->name)});
  } else {
    target.connection_id = connection->id;
    std::string wrong = connector->wrong_with_list(input.list);
    if (!wrong.empty()) problems.push_back({"/list", std::move(wrong)});
  }
  if (input.subscription_type_uuid) {
    auto type = subscription_type_of(call.transaction, *input.subscription_type_uuid);
    if (type) {
      target.subscription_type_id = type->id;
    } else if (type.error().code == ErrorCode::unavailable) {
      return std::unexpected(std::move(type.error()));
    } else {
      problems.push_back({"/subscription_type_uuid", "There is no such subscription type."});
    }
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  return target;
}

Result<std::vector<AudienceRefusal>> kept(Transaction& transaction, std::int64_t push_id,
                                          std::string_view state) {
  std::vector<AudienceRefusal> refusals;
  for (AudiencePushItem& item : TRY(kept_items(transaction, push_id, state, shown_refusals_max))) {
    refusals.push_back({.email = std::move(item.email), .reason = std::move(item.reason)});
  }
  return refusals;
}

}  // namespace

void SegmentReference::describe(Fields<SegmentReference>& field) {
  field("uuid", &SegmentReference::uuid, "The segment.");
  field("name", &SegmentReference::name, "Its name.");
}

void AudiencePush::describe(Fields<AudiencePush>& field) {
  field("uuid", &AudiencePush::uuid, "The push.");
  field("status", &AudiencePush::status, "How far it is; one that is held is PENDING.");
  field("state", &AudiencePush::state,
        "queued, held (waits for confirm_audience_push), pushing, completed, failed, cancelled.");
  field("problem", &AudiencePush::problem, "Why it is held, waits, or failed.",
        {.untrusted = true});
  field("segment", &AudiencePush::segment, "The segment; none when that was deleted.");
  field("connection_uuid", &AudiencePush::connection_uuid, "The connection.");
  field("connection", &AudiencePush::connection, "The connection's handle.");
  field("list", &AudiencePush::list, "The list there.");
  field("subscription_type_id", &AudiencePush::subscription_type_id, "What the list is for.");
  field("confirmed", &AudiencePush::confirmed,
        "Whether somebody let it change as much as it does.");
  field("snapshot_at", &AudiencePush::snapshot_at, "The moment at which the segment was read.");
  field("segment_size", &AudiencePush::segment_size, "How many belonged to the segment then.");
  field("members_before", &AudiencePush::members_before, "How many we had on the list before.");
  field("entering", &AudiencePush::entering, "How many were to be put on the list.");
  field("leaving", &AudiencePush::leaving, "How many were to be taken off it.");
  field("entered", &AudiencePush::entered, "How many were put on it.");
  field("left", &AudiencePush::left, "How many were taken off it.");
  field("withheld", &AudiencePush::withheld,
        "How many of the segment may not be told, or not now.");
  field("refused", &AudiencePush::refused, "How many the service refused.");
  field("members", &AudiencePush::members, "How many we have on the list.");
  field("target_count", &AudiencePush::target_count,
        "How many the service itself counts on the list, afterwards. Others may have put more.");
  field("sha256", &AudiencePush::sha256,
        "SHA-256 of the addresses that we have on the list, sorted, a line each.");
  field("created_at", &AudiencePush::created_at, "When it was asked for.");
  field("updated_at", &AudiencePush::updated_at, "When it last went on.");
  field("ended_at", &AudiencePush::ended_at, "When it ended.");
}

Result<AudiencePush> shown(Transaction& transaction, const AudiencePushRow& row) {
  AudienceTargetRow target = TRY(target_by_id(transaction, row.target_id));
  ConnectionRow connection = TRY(connection_by_id(transaction, target.connection_id));
  AudiencePush push{.uuid = row.uuid,
                    .status = status_of(row.state),
                    .state = row.state,
                    .problem = row.problem,
                    .connection_uuid = connection.uuid,
                    .connection = connection.handle,
                    .list = target.list,
                    .subscription_type_id = target.subscription_type_id,
                    .confirmed = row.confirmed,
                    .snapshot_at = row.snapshot_at,
                    .segment_size = row.segment_size,
                    .members_before = row.members_before,
                    .entering = row.entering,
                    .leaving = row.leaving,
                    .entered = row.entered,
                    .left = row.went,
                    .withheld = row.withheld,
                    .refused = row.refused,
                    .members = row.members,
                    .target_count = row.target_count,
                    .sha256 = row.sha256,
                    .created_at = row.created_at,
                    .updated_at = row.updated_at,
                    .ended_at = row.ended_at};
  auto segment = segment_by_id(transaction, target.segment_id);
  if (segment) {
    push.segment = SegmentReference{.uuid = segment->uuid, .name = segment->name};
  } else if (segment.error().code != ErrorCode::not_found) {
    return std::unexpected(std::move(segment.error()));
  }
  return push;
}

Result<Value> told(Transaction& transaction, const AudiencePushRow& push) {
  AudiencePush view = TRY(shown(transaction, push));
  return parse_json(to_json(view));
}

void PushSegment::Input::describe(Fields<Input>& field) {
  field("segment_uuid", &Input::segment_uuid, "The segment: see list_segments.");
  field("connection", &Input::connection, "The connection: its handle, or its uuid.",
        {.min = 1, .max = 100});
  field("list", &Input::list,
        "The list there: its id as list_audiences of the connection tells it.",
        {.min = 1, .max = 100});
  field("subscription_type_uuid", &Input::subscription_type_uuid,
        "What the list is for: only contacts subscribed to that are pushed. Left out, contacts "
        "who have unsubscribed from something and are subscribed to nothing are not.");
  field("confirmed", &Input::confirmed,
        "Whether it may change as much of the list as it does without being held.");
}

Result<PushSegment::Output> PushSegment::run(Connections& connections, Call& call,
                                             const Input& input) {
  Transaction& transaction = call.transaction;
  SegmentRow segment = TRY(segment_of(transaction, input.segment_uuid));
  AudienceTargetRow wanted = TRY(wanted_target(connections, call, input));
  wanted.segment_id = segment.id;
  AudienceTargetRow target = TRY(target_for(transaction, wanted));
  if (auto other = TRY(push_under_way(transaction, target.id))) {
    return fail(ErrorCode::conflict,
                fmt::format("A push to this list is {}: {}. Let it end, or cancel it.",
                            word_of(other->state), to_string(other->uuid)));
  }
  AudiencePushRow row{.target_id = target.id,
                      .confirmed = input.confirmed.value_or(false),
                      .segment_size = segment.size,
                      .members_before = TRY(member_count(transaction, target.id)),
                      .created_by = call.caller.person_id};
  TRY(add_push(transaction, row));
  TRY(go_on(transaction, row, 0));
  call.changes(fmt::format("list {} of {}", input.list, input.connection), row.members_before,
               segment.size);
  return shown(transaction, row);
}

void GetAudiencePush::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "The push.");
  field("status", &Output::status, "How far it is.");
  field("push", &Output::push, "The push.");
  field("refusals", &Output::refusals, "Whom the service refused, the first 500.");
  field("withheld", &Output::withheld,
        "Who was left out because something changed between plan and push, the first 500.");
  field("created_at", &Output::created_at, "When it was asked for.");
  field("updated_at", &Output::updated_at, "When it last went on.");
}

Result<GetAudiencePush::Output> GetAudiencePush::run(Call& call, const Input& input) {
  AudiencePushRow row = TRY(push_of(call.transaction, input.uuid));
  return Output{.uuid = row.uuid,
                .status = status_of(row.state),
                .push = TRY(shown(call.transaction, row)),
                .refusals = TRY(kept(call.transaction, row.id, "refused")),
                .withheld = TRY(kept(call.transaction, row.id, "withheld")),
                .created_at = row.created_at,
                .updated_at = row.updated_at};
}

void ListAudiencePushes::Input::describe(Fields<Input>& field) {
  field("segment_uuid", &Input::segment_uuid, "Only of this segment.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 1});
  field("limit", &Input::limit, "How many on a page.", {.min = 1, .max = page_limit_max});
}

Result<ListAudiencePushes::Output> ListAudiencePushes::run(Call& call, const Input& input) {
  Output output{.page = page_of(input.page, input.limit, page_limit)};
  std::optional<std::int64_t> segment;
  if (input.segment_uuid) segment = TRY(segment_of(call.transaction, *input.segment_uuid)).id;
  for (const AudiencePushRow& row : TRY(pushes_on(call.transaction, segment, output.page))) {
    output.pushes.push_back(TRY(shown(call.transaction, row)));
  }
  return output;
}

Result<ConfirmAudiencePush::Output> ConfirmAudiencePush::run(Call& call, const Input& input) {
  AudiencePushRow row = TRY(push_of(call.transaction, input.uuid));
  if (row.state != AudiencePushState::held) {
    return fail(ErrorCode::conflict, fmt::format("This push is {}, not held.", word_of(row.state)));
  }
  row.confirmed = true;
  row.state = AudiencePushState::pushing;
  row.problem.clear();
  bool made = TRY(advance(call.transaction, row));
  ASSERT(made);
  TRY(go_on(call.transaction, row, 0));
  call.changes("push " + to_string(row.uuid), "held", "pushing");
  return shown(call.transaction, row);
}

Result<CancelAudiencePush::Output> CancelAudiencePush::run(Call& call, const Input& input) {
  AudiencePushRow row = TRY(push_of(call.transaction, input.uuid));
  if (row.ended()) {
    return fail(ErrorCode::conflict, fmt::format("This push is {} already.", word_of(row.state)));
  }
  call.changes("push " + to_string(row.uuid), word_of(row.state), "cancelled");
  row.state = AudiencePushState::cancelled;
  row.ended_at = call.now();
  bool made = TRY(advance(call.transaction, row));
  ASSERT(made);
  TRY(clear_items(call.transaction, row.id, false));
  return shown(call.transaction, row);
}

void add_audience_operations(Catalogue& catalogue, Connections& connections) {
  catalogue.add<PushSegment>(connections);
  catalogue.add<GetAudiencePush>();
  catalogue.add<ListAudiencePushes>();
  catalogue.add<ConfirmAudiencePush>();
  catalogue.add<CancelAudiencePush>();
}

void add_audience_jobs(Scheduler& scheduler, Database& database, Connections& connections) {
  scheduler.handle_outside(push_audience_kind, [&](const JobRow& job) {
    return push_audience(job, database, connections);
  });
  scheduler.handle_outside(remove_from_audience_kind, [&](const JobRow& job) {
    return remove_from_audience(job, database, connections);
  });
}

}  // namespace piggy
