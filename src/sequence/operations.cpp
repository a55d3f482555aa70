#include "sequence/operations.h"

#include <fmt/format.h>

#include "campaign/send.h"
#include "lead/score.h"

namespace piggy {
namespace {

Result<Sequence> shown(Transaction& transaction, const SequenceRow& row, SequencePlan plan) {
  return Sequence{
      .uuid = row.uuid,
      .name = row.name,
      .description = row.description,
      .state = row.state,
      .subscription_type_uuid = TRY(purpose_of(transaction, row.subscription_type_id)).uuid,
      .min_score = row.min_score,
      .max_score = row.max_score,
      .version = row.version,
      .steps = std::move(plan.steps),
      .hours = std::move(plan.hours),
      .time_zone_attribute = plan.time_zone_attribute,
      .stop_on_purchase = plan.stop_on_purchase,
      .created_at = row.created_at,
      .updated_at = row.updated_at};
}

Result<Enrollment> shown(Transaction& transaction, const EnrollmentRow& row, const Uuid& sequence) {
  Enrollment enrollment{.uuid = row.uuid,
                        .sequence_uuid = sequence,
                        .contact = reference_to(TRY(contact_by_id(transaction, row.contact_id))),
                        .entry = row.entry,
                        .state = row.state,
                        .steps_had = row.steps_had(),
                        .reason = row.reason,
                        .stop_reason = row.stop_reason,
                        .enrolled_at = row.enrolled_at,
                        .ended_at = row.ended_at};
  if (row.is_open()) enrollment.next_at = row.due_at;
  return enrollment;
}

// All that is wrong with a sequence, its plan included.
Result<> check(Transaction& transaction, const SequenceRow& row, SequencePlan& plan) {
  auto problems = TRY(accept_plan(transaction, plan));
  auto named = TRY(sequence_by_name(transaction, row.name));
  if (named && named->id != row.id) {
    problems.push_back({"/name", "Another sequence has this name."});
  }
  if (row.min_score && row.max_score && *row.max_score < *row.min_score) {
    problems.push_back({"/max_score", "The highest score is below the lowest one."});
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  return {};
}

Result<Sequence> set_state(Call& call, const Uuid& uuid, SequenceState state) {
  SequenceRow row = TRY(sequence_of(call.transaction, uuid));
  SequencePlan plan = TRY(plan_of(call.transaction, row));
  if (row.state != state) {
    call.changes("state of the sequence " + row.name, word_of(row.state), word_of(state));
    row.state = state;
    TRY(update_sequence(call.transaction, row, plan));
    if (state == SequenceState::active) TRY(plan_again(call.transaction, row));
  }
  return shown(call.transaction, row, std::move(plan));
}

bool fits(const SequenceRow& row, std::int64_t score) {
  return score >= row.min_score.value_or(0) && score <= row.max_score.value_or(100);
}

}  // namespace

Result<CreateSequence::Output> CreateSequence::run(Call& call, const Input& input) {
  SequenceRow row{.name = input.name,
                  .description = input.description.value_or(""),
                  .subscription_type_id =
                      TRY(subscription_type_of(call.transaction, input.subscription_type_uuid)).id,
                  .min_score = input.min_score,
                  .max_score = input.max_score};
  SequencePlan plan{.steps = input.steps,
                    .hours = input.hours,
                    .time_zone_attribute = input.time_zone_attribute.value_or("time_zone"),
                    .stop_on_purchase = input.stop_on_purchase.value_or(true)};
  TRY(check(call.transaction, row, plan));
  TRY(make_sequence(call.transaction, row, plan));
  call.changes("sequence " + row.name, nullptr, "created");
  return shown(call.transaction, row, std::move(plan));
}

Result<UpdateSequence::Output> UpdateSequence::run(Call& call, const Input& input) {
  SequenceRow row = TRY(sequence_of(call.transaction, input.sequence_uuid));
  SequencePlan plan = TRY(plan_of(call.transaction, row));
  if (input.hours && input.any_hour.value_or(false)) {
    return fail_field("/any_hour", "Mails go out at any hour, or within hours: not both.");
  }
  std::int64_t version = row.version;
  if (input.name) row.name = *input.name;
  if (input.description) row.description = *input.description;
  if (input.subscription_type_uuid) {
    row.subscription_type_id =
        TRY(subscription_type_of(call.transaction, *input.subscription_type_uuid)).id;
  }
  if (input.min_score) row.min_score = input.min_score;
  if (input.max_score) row.max_score = input.max_score;
  if (input.steps) plan.steps = *input.steps;
  if (input.hours) plan.hours = input.hours;
  if (input.any_hour.value_or(false)) plan.hours.reset();
  if (input.time_zone_attribute) plan.time_zone_attribute = *input.time_zone_attribute;
  if (input.stop_on_purchase) plan.stop_on_purchase = *input.stop_on_purchase;
  TRY(check(call.transaction, row, plan));
  TRY(update_sequence(call.transaction, row, plan));
  if (row.version != version) {
    call.changes("version of the sequence " + row.name, version, row.version);
    TRY(plan_again(call.transaction, row));
  }
  return shown(call.transaction, row, std::move(plan));
}

Result<GetSequence::Output> GetSequence::run(Call& call, const Input& input) {
  SequenceRow row = TRY(sequence_of(call.transaction, input.sequence_uuid));
  Output output{.sequence = TRY(shown(call.transaction, row, TRY(plan_of(call.transaction, row))))};
  for (EnrollmentCount& count : TRY(count_enrollments(call.transaction, row.id))) {
    output.enrollments.push_back(
        {.state = count.state, .stop_reason = count.stop_reason, .count = count.count});
  }
  return output;
}

Result<ListSequences::Output> ListSequences::run(Call& call, const Input& input) {
  Output output{.page = page_of(input.page, input.limit, 30)};
  for (const SequenceRow& row : TRY(sequences_on(call.transaction, input.state, output.page))) {
    SequencePlan plan = TRY(plan_of(call.transaction, row));
    output.sequences.push_back(
        {.uuid = row.uuid,
         .name = row.name,
         .description = row.description,
         .state = row.state,
         .purpose = TRY(purpose_of(call.transaction, row.subscription_type_id)).name,
         .min_score = row.min_score,
         .max_score = row.max_score,
         .steps = static_cast<std::int64_t>(plan.steps.size())});
  }
  return output;
}

Result<PauseSequence::Output> PauseSequence::run(Call& call, const Input& input) {
  return set_state(call, input.sequence_uuid, SequenceState::paused);
}

Result<ResumeSequence::Output> ResumeSequence::run(Call& call, const Input& input) {
  return set_state(call, input.sequence_uuid, SequenceState::active);
}

Result<EnrollInSequence::Output> EnrollInSequence::run(Call& call, const Input& input) {
  SequenceRow sequence = TRY(sequence_of(call.transaction, input.sequence_uuid));
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  const std::string& zone = call.caller.time_zone;
  Enrolled enrolled = TRY(enroll(
      call.transaction, sequence,
      {.contact = contact, .entry = input.entry.value_or(1), .reason = input.reason.value_or("")},
      zone));
  Scorer scorer = TRY(Scorer::of(call.transaction));
  std::int64_t score = TRY(scorer.score(call.transaction, contact.id, call.now())).score;
  Output output{.enrollment = TRY(shown(call.transaction, enrolled.row, sequence.uuid)),
                .was_enrolled = enrolled.was_there,
                .first_send_at = enrolled.row.first_send_at,
                .planned = TRY(planned_sends(call.transaction, sequence, enrolled.row, zone)),
                .score = score,
                .score_fits = fits(sequence, score)};
  if (enrolled.was_there) return output;
  call.changes(fmt::format("{} in the sequence {}", contact.email, sequence.name), nullptr,
               "enrolled");
  for (const PlannedSend& send : output.planned) {
    call.changes(fmt::format("mail of step {} to {}", send.step, contact.email), nullptr,
                 "planned for " + to_atom(send.send_at));
  }
  return output;
}

Result<LeaveSequence::Output> LeaveSequence::run(Call& call, const Input& input) {
  SequenceRow sequence = TRY(sequence_of(call.transaction, input.sequence_uuid));
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  Output output;
  for (EnrollmentRow& row : TRY(open_enrollments_of(call.transaction, contact.id))) {
    bool meant = row.sequence_id == sequence.id && row.entry == input.entry.value_or(row.entry);
    if (!meant) continue;
    TRY(stop_enrollment(call.transaction, sequence, row, "left"));
    output.left++;
  }
  if (output.left > 0) {
    call.changes(fmt::format("{} in the sequence {}", contact.email, sequence.name), "enrolled",
                 "left");
  }
  return output;
}

Result<ListEnrollments::Output> ListEnrollments::run(Call& call, const Input& input) {
  Output output{.page = page_of(input.page, input.limit, 30)};
  EnrollmentFilter filter{.state = input.state};
  if (input.sequence_uuid) {
    filter.sequence_id = TRY(sequence_of(call.transaction, *input.sequence_uuid)).id;
  }
  if (input.contact_uuid) {
    filter.contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  }
  for (const EnrollmentRow& row : TRY(enrollments_on(call.transaction, filter, output.page))) {
    Uuid sequence = TRY(sequence_by_id(call.transaction, row.sequence_id)).uuid;
    output.enrollments.push_back(TRY(shown(call.transaction, row, sequence)));
  }
  return output;
}

void add_sequence_operations(Catalogue& catalogue) {
  catalogue.add<CreateSequence>();
  catalogue.add<UpdateSequence>();
  catalogue.add<GetSequence>();
  catalogue.add<ListSequences>();
  catalogue.add<PauseSequence>();
  catalogue.add<ResumeSequence>();
  catalogue.add<EnrollInSequence>();
  catalogue.add<LeaveSequence>();
  catalogue.add<ListEnrollments>();
}

}  // namespace piggy
