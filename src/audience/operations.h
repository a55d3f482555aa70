#pragma once

// The operations of audiences.

#include "audience/audience.h"
#include "audience/removal.h"
#include "connection/audience_target.h"
#include "connection/connection.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "schedule/job.h"

namespace piggy {

struct SegmentReference {
  Uuid uuid = {};
  std::string name = {};
  static void describe(Fields<SegmentReference>& field);
};

struct AudiencePush {
  Uuid uuid = {};
  BackgroundStatus status = BackgroundStatus::PENDING;
  AudiencePushState state = AudiencePushState::queued;
  std::string problem = {};
  std::optional<SegmentReference> segment = {};
  Uuid connection_uuid = {};
  std::string connection = {};
  std::string list = {};
  std::optional<std::int64_t> subscription_type_id = {};
  bool confirmed = false;
  std::optional<Time> snapshot_at = {};
  std::int64_t segment_size = 0;
  std::int64_t members_before = 0;
  std::int64_t entering = 0;
  std::int64_t leaving = 0;
  std::int64_t entered = 0;
  std::int64_t left = 0;
  std::int64_t withheld = 0;
  std::int64_t refused = 0;
  std::int64_t members = 0;
  std::optional<std::int64_t> target_count = {};
  std::string sha256 = {};
  Time created_at = {};
  Time updated_at = {};
  std::optional<Time> ended_at = {};

  static void describe(Fields<AudiencePush>& field);
};
Result<AudiencePush> shown(Transaction& transaction, const AudiencePushRow& row);

struct PushSegment {
  static constexpr OperationInfo info = {
      .name = "push_segment",
      .title = "Push Segment",
      .about =
          "Makes a list of a connected service (listmonk, Mailchimp, Klaviyo, CSV files) equal to "
          "a segment, in the background: whoever entered the segment since the last push is put "
          "on the list, whoever left it is taken off. Contacts without consent are never pushed. "
          "If more than 30 % of the list would change, or it would be empty, the push is held "
          "until somebody confirms it by confirm_audience_push. Use list_audiences of the "
          "connection for the list's id and get_audience_push for how it goes. What the service "
          "sends to the list meanwhile cannot be undone from here.",
      .verb = Verb::post,
      .path = "/audience-pushes",
      .scope = "audiences:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .tool = true,
      .followed_by = "get_audience_push",
      .wire = {.status = 201}};
  struct Input {
    Uuid segment_uuid = {};
    std::string connection = {};
    std::string list = {};
    std::optional<Uuid> subscription_type_uuid = {};
    std::optional<bool> confirmed = {};
    static void describe(Fields<Input>& field);
  };
  using Output = AudiencePush;
  static Amounts amounts(const Input&, const Output& output) {
    return {.contacts = output.segment_size};
  }
  static Result<Output> run(Connections& connections, Call& call, const Input& input);
};

struct AudiencePushInput {
  Uuid uuid = {};
  static void describe(Fields<AudiencePushInput>& field) {
    field("uuid", &AudiencePushInput::uuid, "The push.");
  }
};

struct GetAudiencePush {
  static constexpr OperationInfo info = {
      .name = "get_audience_push",
      .title = "Get Audience Push",
      .about =
          "Tells how a push of a segment goes or went: how many came and went, whom the service "
          "refused and why, who was left out for want of consent, how many the service itself "
          "counts on the list now, and a digest of the addresses. Changes nothing.",
      .verb = Verb::get,
      .path = "/audience-pushes/{uuid}",
      .scope = "audiences:read",
      .surface = Surface::platform,
      .tool = true};
  using Input = AudiencePushInput;
  struct Output {
    Uuid uuid = {};
    BackgroundStatus status = BackgroundStatus::PENDING;
    AudiencePush push = {};
    std::vector<AudienceRefusal> refusals = {};
    std::vector<AudienceRefusal> withheld = {};
    Time created_at = {};
    Time updated_at = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ListAudiencePushes {
  static constexpr OperationInfo info = {
      .name = "list_audience_pushes",
      .title = "List Audience Pushes",
      .about =
          "Lists pushes of segments to connected services, newest first; with a segment, only "
          "those of it. Changes nothing.",
      .verb = Verb::get,
      .path = "/audience-pushes",
      .scope = "audiences:read",
      .surface = Surface::platform,
      .tool = true,
      .wire = {.data = "pushes", .paging = Paging::a}};
  struct Input {
    std::optional<Uuid> segment_uuid = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<AudiencePush> pushes = {};
    Page page = {};
    static void describe(Fields<Output>& field) {
      field("pushes", &Output::pushes, "The pushes of this page.");
      field("page", &Output::page, "Which page it is.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ConfirmAudiencePush {
  static constexpr OperationInfo info = {
      .name = "confirm_audience_push",
      .title = "Confirm Audience Push",
      .about =
          "Lets a push go on that is held because it would change much of a list, as it was "
          "planned; whoever took back consent since is left out. For a person who has looked at "
          "its figures by get_audience_push. What the service sends then cannot be undone.",
      .verb = Verb::post,
      .path = "/audience-pushes/{uuid}/confirm",
      .scope = "audiences:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  using Input = AudiencePushInput;
  using Output = AudiencePush;
  static Result<Output> run(Call& call, const Input& input);
};

struct CancelAudiencePush {
  static constexpr OperationInfo info = {
      .name = "cancel_audience_push",
      .title = "Cancel Audience Push",
      .about =
          "Ends a push that is queued, held or under way. What was pushed until then stays on the "
          "list; another push_segment goes on from there.",
      .verb = Verb::post,
      .path = "/audience-pushes/{uuid}/cancel",
      .scope = "audiences:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  using Input = AudiencePushInput;
  using Output = AudiencePush;
  static Result<Output> run(Call& call, const Input& input);
};

// `connections` is borrowed and outlives the catalogue.
void add_audience_operations(Catalogue& catalogue, Connections& connections);
// Both are borrowed and outlive the scheduler.
void add_audience_jobs(Scheduler& scheduler, Database& database, Connections& connections);

}  // namespace piggy
