// What the fields of this module's operations mean.

#include "sequence/operations.h"

namespace piggy {
namespace {

template <class Input>
void describe_page(Fields<Input>& field) {
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 100});
}

template <class Input>
void describe_scores(Fields<Input>& field) {
  field("min_score", &Input::min_score,
        "Meant for leads from this score on: a hint to whoever chooses, and no limit.",
        {.min = 0, .max = 100});
  field("max_score", &Input::max_score, "Meant for leads up to this score.",
        {.min = 0, .max = 100});
}

template <class Input>
void describe_rest_of_plan(Fields<Input>& field) {
  field("time_zone_attribute", &Input::time_zone_attribute,
        "The attribute of contacts that holds an IANA zone; time_zone when left out. Who has none "
        "is in the account's zone.",
        {.min = 1, .max = 64});
  field("stop_on_purchase", &Input::stop_on_purchase,
        "Whether it ends for who buys something; yes when left out.");
}

constexpr std::string_view about_steps = "What is sent, in order: 1 to 50.";
constexpr std::string_view about_hours =
    "When mails may go out, by the contact's wall; a step waits until then.";

}  // namespace

void Sequence::describe(Fields<Sequence>& field) {
  field("uuid", &Sequence::uuid, "The sequence.");
  field("name", &Sequence::name, "Its name.");
  field("description", &Sequence::description, "What it is for.");
  field("state", &Sequence::state, "active, or paused: then nothing of it is sent.");
  field("subscription_type_uuid", &Sequence::subscription_type_uuid,
        "What contacts must have subscribed to.");
  describe_scores(field);
  field("version", &Sequence::version, "The version of its steps and hours.");
  field("steps", &Sequence::steps, about_steps);
  field("hours", &Sequence::hours, about_hours);
  field("time_zone_attribute", &Sequence::time_zone_attribute,
        "The attribute of contacts that holds their zone.");
  field("stop_on_purchase", &Sequence::stop_on_purchase, "Whether it ends for who buys.");
  field("created_at", &Sequence::created_at, "When it was made.");
  field("updated_at", &Sequence::updated_at, "When it was last changed.");
}

void CreateSequence::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name, which no other sequence has.", {.min = 1, .max = 100});
  field("description", &Input::description, "What it is for and for whom: a persona chooses by it.",
        {.max = 1'000});
  field("subscription_type_uuid", &Input::subscription_type_uuid,
        "What contacts must have subscribed to in order to get it.");
  field("steps", &Input::steps, about_steps, {.min = 1, .max = 50});
  field("hours", &Input::hours, about_hours);
  describe_rest_of_plan(field);
  describe_scores(field);
}

void UpdateSequence::Input::describe(Fields<Input>& field) {
  field("sequence_uuid", &Input::sequence_uuid, "The sequence.");
  field("name", &Input::name, "Its name, which no other sequence has.", {.min = 1, .max = 100});
  field("description", &Input::description, "What it is for and for whom: a persona chooses by it.",
        {.max = 1'000});
  field("subscription_type_uuid", &Input::subscription_type_uuid,
        "What contacts must have subscribed to in order to get it.");
  field("steps", &Input::steps, about_steps, {.min = 1, .max = 50});
  field("hours", &Input::hours, about_hours);
  field("any_hour", &Input::any_hour, "true: mails go out at any hour; takes the hours away.");
  describe_rest_of_plan(field);
  describe_scores(field);
}

void EnrollmentNumber::describe(Fields<EnrollmentNumber>& field) {
  field("state", &EnrollmentNumber::state, "waiting, held, completed or stopped.");
  field("stop_reason", &EnrollmentNumber::stop_reason, "Why they were stopped.");
  field("count", &EnrollmentNumber::count, "How many.");
}

void GetSequence::Output::describe(Fields<Output>& field) {
  field("sequence", &Output::sequence, "The sequence.");
  field("enrollments", &Output::enrollments, "How many people are or were in it.");
}

void ListSequences::Input::describe(Fields<Input>& field) {
  field("state", &Input::state, "Only these.");
  describe_page(field);
}

void ListSequences::Item::describe(Fields<Item>& field) {
  field("uuid", &Item::uuid, "The sequence.");
  field("name", &Item::name, "Its name.");
  field("description", &Item::description, "What it is for and for whom.");
  field("state", &Item::state, "active or paused.");
  field("purpose", &Item::purpose, "The subscription that contacts must have.");
  describe_scores(field);
  field("steps", &Item::steps, "How many mails it has.");
}

void ListSequences::Output::describe(Fields<Output>& field) {
  field("sequences", &Output::sequences, "By name.");
  field("page", &Output::page, "Which part of the list this is.");
}

void Enrollment::describe(Fields<Enrollment>& field) {
  field("uuid", &Enrollment::uuid, "The enrolment.");
  field("sequence_uuid", &Enrollment::sequence_uuid, "The sequence.");
  field("contact", &Enrollment::contact, "Who is in it.");
  field("entry", &Enrollment::entry, "For the how-many-th time, from 1.");
  field("state", &Enrollment::state,
        "waiting for the next step, held by a pause, completed, or stopped.");
  field("steps_had", &Enrollment::steps_had, "The steps whose mail was queued, in order.");
  field("next_at", &Enrollment::next_at, "When the next step is; null at the end.");
  field("reason", &Enrollment::reason, "Why they were enrolled, in the words of who did.",
        {.untrusted = true});
  field("stop_reason", &Enrollment::stop_reason,
        "Why it was stopped: left, purchase, unsubscribed, bounced, complained, deleted …");
  field("enrolled_at", &Enrollment::enrolled_at, "When they were enrolled.");
  field("ended_at", &Enrollment::ended_at, "When it was completed or stopped.");
}

void PlannedSend::describe(Fields<PlannedSend>& field) {
  field("step", &PlannedSend::step, "The step.");
  field("template_uuid", &PlannedSend::template_uuid, "The mail template.");
  field("variant", &PlannedSend::variant, "The variant this contact gets; empty without any.");
  field("send_at", &PlannedSend::send_at, "When it goes out, as things are now.");
}

void EnrollInSequence::Input::describe(Fields<Input>& field) {
  field("sequence_uuid", &Input::sequence_uuid, "The sequence; see list_sequences.");
  field("contact_uuid", &Input::contact_uuid, "Who gets it.");
  field("entry", &Input::entry, "For the how-many-th time they go through it; 1 when left out.",
        {.min = 1, .max = 1'000'000});
  field("reason", &Input::reason, "Why this sequence was chosen, for the record.", {.max = 500});
}

void EnrollInSequence::Output::describe(Fields<Output>& field) {
  field("enrollment", &Output::enrollment, "The enrolment.");
  field("was_enrolled", &Output::was_enrolled,
        "true: this contact, sequence and entry were there before, and nothing was changed.");
  field("first_send_at", &Output::first_send_at, "When the first mail goes, or went, out.");
  field("planned", &Output::planned, "What is still to be sent, as things are now.");
  field("score", &Output::score, "The contact's lead score now.");
  field("score_fits", &Output::score_fits,
        "Whether that lies within what the sequence is meant for.");
}

void LeaveSequence::Input::describe(Fields<Input>& field) {
  field("sequence_uuid", &Input::sequence_uuid, "The sequence.");
  field("contact_uuid", &Input::contact_uuid, "Who leaves it.");
  field("entry", &Input::entry, "Only this entry.", {.min = 1, .max = 1'000'000});
}

void ListEnrollments::Input::describe(Fields<Input>& field) {
  field("sequence_uuid", &Input::sequence_uuid, "Only of this sequence.");
  field("contact_uuid", &Input::contact_uuid, "Only of this contact.");
  field("state", &Input::state, "Only in this state.");
  describe_page(field);
}

void ListEnrollments::Output::describe(Fields<Output>& field) {
  field("enrollments", &Output::enrollments, "The newest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

}  // namespace piggy
