#pragma once

// The operations of segments.

#include <optional>
#include <string>
#include <vector>

#include "contact/contact.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "segment/segment.h"

namespace piggy {

struct Segment {
  Uuid uuid = {};
  std::string name = {};
  std::string description = {};
  std::optional<Value> conditions = {};
  std::int64_t size = 0;
  std::optional<Time> refreshed_at = {};
  std::optional<Time> refresh_at = {};
  Time created_at = {};
  Time updated_at = {};

  static void describe(Fields<Segment>& field);
};

struct CreateSegment {
  static constexpr OperationInfo info = {
      .name = "create_segment",
      .title = "Create Segment",
      .about =
          "Makes a segment: a group of contacts, by conditions or by hand. Use preview_segment "
          "first to see who would be in it. Conditions are a tree of {\"all\": [...]}, {\"any\": "
          "[...]}, {\"not\": {...}} and leaves such as {\"field\": \"balance\", \"is\": "
          "\"at_least\", \"value\": 100}, {\"field\": \"attribute.city\", \"is\": \"equals\", "
          "\"value\": \"Utrecht\"}, {\"field\": \"created_at\", \"is\": \"within_days\", "
          "\"value\": 7} or {\"field\": \"activity\", \"kind\": \"mail_clicked\", \"days\": 7}; "
          "the manual's page on segments lists all fields. It is filled in the background, "
          "within seconds, and then kept up to date by itself. Without conditions it holds who "
          "is put in by add_segment_members. Sends nothing to anybody.",
      .verb = Verb::post,
      .path = "/segments",
      .scope = "segments:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    std::string name = {};
    std::optional<std::string> description = {};
    std::optional<Value> conditions = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Segment;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateSegment {
  static constexpr OperationInfo info = {
      .name = "update_segment",
      .title = "Update Segment",
      .about =
          "Changes the name, the description or the conditions of a segment; what is not given "
          "stays. With new conditions all contacts are looked at again in the background, and "
          "who enters or leaves is told by events. Conditions are written as in create_segment. "
          "A segment by hand cannot be given conditions, nor lose them. The conditions before are "
          "not kept, but a dry run shows them.",
      .verb = Verb::put,
      .path = "/segments/{uuid}",
      .scope = "segments:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid uuid = {};
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    std::optional<Value> conditions = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Segment;
  static Result<Output> run(Call& call, const Input& input);
};

struct SegmentInput {
  Uuid uuid = {};
  static void describe(Fields<SegmentInput>& field);
};

struct DeleteSegment {
  static constexpr OperationInfo info = {
      .name = "delete_segment",
      .title = "Delete Segment",
      .about =
          "Deletes a segment with its members and all that is known of who was in it when. This "
          "cannot be undone. Contacts stay as they are. Refused while the conditions of another "
          "segment ask for this one. Campaigns and pushes that name it find nobody any more.",
      .verb = Verb::del,
      .path = "/segments/{uuid}",
      .scope = "segments:write",
      .effect = Effect::destructive,
      .surface = Surface::platform};
  using Input = SegmentInput;
  using Output = Segment;
  static Result<Output> run(Call& call, const Input& input);
};

struct ListSegments {
  static constexpr OperationInfo info = {
      .name = "list_segments",
      .title = "List Segments",
      .about =
          "Lists the segments of the account with their conditions and sizes, oldest first. Use "
          "it to find the uuid of a segment by its name. Changes nothing.",
      .verb = Verb::get,
      .path = "/segments",
      .scope = "segments:read",
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Segment> segments = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetSegment {
  static constexpr OperationInfo info = {
      .name = "get_segment",
      .title = "Get Segment",
      .about =
          "Shows one segment: its conditions, how many contacts are in it, when all contacts were "
          "last looked at for it and when they will be next. Changes nothing.",
      .verb = Verb::get,
      .path = "/segments/{uuid}",
      .scope = "segments:read",
      .surface = Surface::platform};
  using Input = SegmentInput;
  using Output = Segment;
  static Result<Output> run(Call& call, const Input& input);
};

struct PreviewSegment {
  static constexpr OperationInfo info = {
      .name = "preview_segment",
      .title = "Preview Segment",
      .about =
          "Tells how many contacts meet some conditions now, and shows ten of them, without saving "
          "anything. Use it before create_segment or update_segment. Conditions are written as in "
          "create_segment; all that is wrong with them is named at once. Changes nothing.",
      .verb = Verb::post,
      .path = "/segments/preview",
      .scope = "segments:read",
      .surface = Surface::platform};
  struct Input {
    Value conditions = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::int64_t count = 0;
    std::vector<ContactReference> sample = {};
    static void describe(Fields<Output>& field);
  };
  using Prepared = Output;
  static Result<Prepared> prepare(const Preparation& preparation, const Input& input);
  static Result<Output> run(Call& call, const Input& input, const Prepared& prepared);
};

struct SegmentMember {
  ContactReference contact = {};
  Time entered_at = {};
  static void describe(Fields<SegmentMember>& field);
};

struct ListSegmentMembers {
  static constexpr OperationInfo info = {
      .name = "list_segment_members",
      .title = "List Segment Members",
      .about =
          "Lists who is in a segment and since when, a page at a time; or who was in it at a "
          "moment, given as a time or as the snapshot that refresh_segment returned. Changes "
          "nothing.",
      .verb = Verb::get,
      .path = "/segments/{uuid}/members",
      .scope = "segments:read",
      .surface = Surface::platform,
      .slow = true};
  struct Input {
    Uuid uuid = {};
    std::optional<Time> as_of = {};
    std::optional<Uuid> snapshot_uuid = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<SegmentMember> members = {};
    std::optional<Time> as_of = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct RefreshSegment {
  static constexpr OperationInfo info = {
      .name = "refresh_segment",
      .title = "Refresh Segment",
      .about =
          "Looks at all contacts now and brings a segment up to date with its conditions; returns "
          "its size, how many entered and left, and a snapshot to come back to. Segments follow "
          "what happens by themselves within a moment, and the passing of days every 15 minutes: "
          "use this when exact members matter, such as right before a campaign or a push. Takes "
          "seconds for a million contacts. A dry run counts and changes nothing.",
      .verb = Verb::post,
      .path = "/segments/{uuid}/refresh",
      .scope = "segments:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform,
      .tool = true};
  using Input = SegmentInput;
  struct Output {
    Uuid uuid = {};
    std::string name = {};
    std::int64_t size = 0;
    std::int64_t entered = 0;
    std::int64_t left = 0;
    std::optional<Uuid> snapshot_uuid = {};
    std::optional<Time> refreshed_at = {};
    static void describe(Fields<Output>& field);
  };
  using Prepared = Output;
  static Result<Prepared> prepare(const Preparation& preparation, const Input& input);
  static Result<Output> run(Call& call, const Input& input, const Prepared& prepared);
};

struct ExplainMembership {
  static constexpr OperationInfo info = {
      .name = "explain_membership",
      .title = "Explain Membership",
      .about =
          "Tells why a contact is or is not in a segment: each condition with whether it holds for "
          "the contact now. Changes nothing.",
      .verb = Verb::get,
      .path = "/segments/{uuid}/members/{contact_uuid}",
      .scope = "segments:read",
      .surface = Surface::platform};
  struct Input {
    Uuid uuid = {};
    Uuid contact_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Line {
    std::string path = {};
    Value condition = {};
    bool holds = false;
    static void describe(Fields<Line>& field);
  };
  struct Output {
    bool is_member = false;
    std::optional<Time> entered_at = {};
    std::optional<bool> meets_conditions = {};
    std::vector<Line> conditions = {};
    static void describe(Fields<Output>& field);
  };
  using Prepared = Output;
  static Result<Prepared> prepare(const Preparation& preparation, const Input& input);
  static Result<Output> run(Call& call, const Input& input, const Prepared& prepared);
};

struct MembersInput {
  Uuid uuid = {};
  std::vector<Uuid> contact_uuids = {};
  static void describe(Fields<MembersInput>& field);
};
struct MembersOutput {
  std::int64_t changed = 0;
  std::int64_t size = 0;
  static void describe(Fields<MembersOutput>& field);
};

struct AddSegmentMembers {
  static constexpr OperationInfo info = {
      .name = "add_segment_members",
      .title = "Add Segment Members",
      .about =
          "Puts contacts into a segment that is kept by hand. Who is in it already stays. Refused "
          "for segments with conditions: there the conditions decide. Undone by "
          "remove_segment_members.",
      .verb = Verb::post,
      .path = "/segments/{uuid}/members",
      .scope = "segments:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = MembersInput;
  using Output = MembersOutput;
  static Result<Output> run(Call& call, const Input& input);
  static Amounts amounts(const Input& input, const Output& output);
};

struct RemoveSegmentMembers {
  static constexpr OperationInfo info = {
      .name = "remove_segment_members",
      .title = "Remove Segment Members",
      .about =
          "Takes contacts out of a segment that is kept by hand; that they were in it stays known. "
          "Who is not in it is passed over. Refused for segments with conditions. Undone by "
          "add_segment_members.",
      .verb = Verb::post,
      .path = "/segments/{uuid}/members/remove",
      .scope = "segments:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = MembersInput;
  using Output = MembersOutput;
  static Result<Output> run(Call& call, const Input& input);
};

void add_segment_operations(Catalogue& catalogue);

}  // namespace piggy
