// What the fields of the operations mean.

#include "segment/operations.h"

namespace piggy {

void Segment::describe(Fields<Segment>& field) {
  field("uuid", &Segment::uuid, "The segment.");
  field("name", &Segment::name, "Its name.", {.untrusted = true});
  field("description", &Segment::description, "What it is for.", {.untrusted = true});
  field("conditions", &Segment::conditions,
        "Who belongs to it, as a tree; null when its members are set by hand.");
  field("size", &Segment::size, "How many contacts are in it.");
  field("refreshed_at", &Segment::refreshed_at,
        "When all contacts were last looked at; null until it is filled for the first time.");
  field("refresh_at", &Segment::refresh_at, "When they will be next.");
  field("created_at", &Segment::created_at, "When it was made.");
  field("updated_at", &Segment::updated_at, "When it was last changed.");
}

void CreateSegment::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name, which no other segment has.", {.min = 1, .max = 200});
  field("description", &Input::description, "What it is for.", {.max = 2'000});
  field("conditions", &Input::conditions,
        "Who belongs to it: {\"all\": [...]}, {\"any\": [...]}, {\"not\": {...}} or {\"field\", "
        "\"is\", \"value\"}. Nothing: its members are set by hand.");
}

void UpdateSegment::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The segment.");
  field("name", &Input::name, "Its new name.", {.min = 1, .max = 200});
  field("description", &Input::description, "What it is for.", {.max = 2'000});
  field("conditions", &Input::conditions, "Who belongs to it from now on, as in create_segment.");
}

void SegmentInput::describe(Fields<SegmentInput>& field) {
  field("uuid", &SegmentInput::uuid, "The segment.");
}

void ListSegments::Input::describe(Fields<Input>& field) {
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void ListSegments::Output::describe(Fields<Output>& field) {
  field("segments", &Output::segments, "The segments, oldest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void PreviewSegment::Input::describe(Fields<Input>& field) {
  field("conditions", &Input::conditions, "Whom to look for, as in create_segment.");
}

void PreviewSegment::Output::describe(Fields<Output>& field) {
  field("count", &Output::count, "How many contacts meet the conditions.");
  field("sample", &Output::sample, "Ten of them, the oldest.");
}

void SegmentMember::describe(Fields<SegmentMember>& field) {
  field("contact", &SegmentMember::contact, "Who.");
  field("entered_at", &SegmentMember::entered_at, "Since when.");
}

void ListSegmentMembers::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The segment.");
  field("as_of", &Input::as_of, "Who was in it at this moment; now when not given.");
  field("snapshot_uuid", &Input::snapshot_uuid, "Who was in it at this snapshot.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void ListSegmentMembers::Output::describe(Fields<Output>& field) {
  field("members", &Output::members, "The members, the oldest contact first.");
  field("as_of", &Output::as_of, "The moment they are told of; null: now.");
  field("page", &Output::page, "Which part of the list this is.");
}

void RefreshSegment::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "The segment.");
  field("name", &Output::name, "Its name.", {.untrusted = true});
  field("size", &Output::size, "How many contacts are in it now.");
  field("entered", &Output::entered, "How many of them were not in it before.");
  field("left", &Output::left, "How many are in it no longer.");
  field("snapshot_uuid", &Output::snapshot_uuid,
        "The snapshot of this moment, for list_segment_members; null in a dry run.");
  field("refreshed_at", &Output::refreshed_at, "When all contacts were last looked at.");
}

void ExplainMembership::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The segment.");
  field("contact_uuid", &Input::contact_uuid, "The contact.");
}

void ExplainMembership::Line::describe(Fields<Line>& field) {
  field("path", &Line::path, "Where the condition stands in the tree, as a JSON Pointer.");
  field("condition", &Line::condition, "The condition.");
  field("holds", &Line::holds, "Whether it is true of the contact now.");
}

void ExplainMembership::Output::describe(Fields<Output>& field) {
  field("is_member", &Output::is_member, "Whether the contact is in the segment.");
  field("entered_at", &Output::entered_at, "Since when.");
  field("meets_conditions", &Output::meets_conditions,
        "Whether the contact meets the conditions now; null for a segment by hand.");
  field("conditions", &Output::conditions, "Each condition, in the order of the tree.");
}

void MembersInput::describe(Fields<MembersInput>& field) {
  field("uuid", &MembersInput::uuid, "The segment.");
  field("contact_uuids", &MembersInput::contact_uuids, "The contacts.", {.min = 1, .max = 1'000});
}

void MembersOutput::describe(Fields<MembersOutput>& field) {
  field("changed", &MembersOutput::changed, "How many of the contacts came or went.");
  field("size", &MembersOutput::size, "How many contacts are in it now.");
}

}  // namespace piggy
