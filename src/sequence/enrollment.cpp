#include "sequence/enrollment.h"

#include <fmt/format.h>

#include <algorithm>

#include "activity/activity.h"
#include "campaign/mail_template.h"
#include "campaign/send.h"
#include "contact/contact_view.h"
#include "database/conditions.h"
#include "event/event.h"
#include "event/signal.h"
#include "operation/numbers.h"
#include "tier/tier.h"

namespace piggy {
namespace {

constexpr std::int64_t failures_max = 10;

constexpr std::string_view select_any_sequence =
    "SELECT id FROM sequence WHERE account_id = $1 LIMIT 1";

constexpr std::string_view columns =
    "id, uuid, sequence_id, contact_id, entry, state, had, due_at, first_send_at, last_step_at, "
    "reason, stop_reason, failures, enrolled_at, ended_at";

constexpr AppendTable enrollment_table = {
    "enrollment",
    "account_id bigint, id bigint, uuid bytea, sequence_id bigint, contact_id bigint, "
    "entry bigint, state text, had text, due_at bigint, first_send_at bigint, "
    "last_step_at bigint, reason text, stop_reason text, failures bigint, enrolled_at bigint, "
    "ended_at bigint"};

constexpr std::string_view update_row = R"sql(
  UPDATE enrollment SET state = $3, had = $4, due_at = $5, last_step_at = $6, stop_reason = $7,
                        failures = $8, ended_at = $9
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view count_rows = R"sql(
  SELECT state, stop_reason, count(*) FROM enrollment WHERE account_id = $1 AND sequence_id = $2
  GROUP BY state, stop_reason ORDER BY state, stop_reason
)sql";

constexpr std::string_view select_open_of_sequence = R"sql(
  SELECT {} FROM enrollment
  WHERE account_id = $1 AND sequence_id = $2 AND id > $3 AND state IN ('waiting', 'held')
  ORDER BY id LIMIT 50
)sql";
constexpr std::size_t enrollments_a_lot = 50;  // As the statement has it.

constexpr std::string_view select_open_of_contact = R"sql(
  SELECT {} FROM enrollment
  WHERE account_id = $1 AND contact_id = $2 AND state IN ('waiting', 'held') ORDER BY id
)sql";

constexpr std::string_view delete_twice = R"sql(
  DELETE FROM enrollment WHERE account_id = $1 AND contact_id = $2 AND EXISTS (
    SELECT 1 FROM enrollment other
    WHERE other.account_id = $1 AND other.contact_id = $3
      AND other.sequence_id = enrollment.sequence_id AND other.entry = enrollment.entry)
)sql";
constexpr std::string_view move_rows = R"sql(
  UPDATE enrollment SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";
constexpr std::string_view empty_rows = R"sql(
  UPDATE enrollment SET reason = '' WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view replan_kind = "plan_sequence_again";

std::string selecting(std::string_view sql) { return fmt::format(fmt::runtime(sql), columns); }

Result<> write_row(Transaction& transaction, const EnrollmentRow& row) {
  TRY(transaction.run(update_row, {row.id, row.state, row.had, row.due_at, row.last_step_at,
                                   row.stop_reason, row.failures, row.ended_at}));
  return {};
}

Result<> tell(Transaction& transaction, std::string_view type, const SequenceRow& sequence,
              const EnrollmentRow& row, const ContactRow& contact) {
  Value about = Value::object(
      {{"uuid", to_string(row.uuid)},
       {"sequence", Value::object({{"uuid", to_string(sequence.uuid)}, {"name", sequence.name}})},
       {"contact", Value::object({{"uuid", to_string(contact.uuid)}, {"email", contact.email}})},
       {"entry", row.entry},
       {"reason", row.reason},
       {"stop_reason", row.stop_reason.empty() ? Value() : Value(row.stop_reason)}});
  return emit(transaction, type, contact.uuid, Value::object({{"enrollment", std::move(about)}}));
}

// A place where the contact says so, or the account's.
Result<std::string> zone_for(Transaction& transaction, const SequencePlan& plan,
                             std::int64_t contact_id, std::string_view zone) {
  ContactRecord record = TRY(contact_record(transaction, contact_id));
  const Value* own = record.attributes.find(plan.time_zone_attribute);
  if (own && own->text() && is_time_zone(*own->text())) return *own->text();
  return std::string(zone);
}

// Why no mail may be sent to the contact, in the word of a stop; "" when it may.
Result<std::string> reason_against(Transaction& transaction, const SequenceRow& sequence,
                                   std::int64_t contact_id) {
  SubscriptionType purpose = TRY(purpose_of(transaction, sequence.subscription_type_id));
  auto recipients = TRY(mail_recipients(transaction, {contact_id}, purpose));
  std::string reason = recipients.empty() ? "deleted" : recipients.front().reason;
  if (reason == "not_subscribed") return "unsubscribed";
  if (reason == "hard_bounce" || reason == "soft_bounces") return "bounced";
  if (reason == "complaint") return "complained";
  return reason;
}

Result<bool> has_bought_since(Transaction& transaction, const EnrollmentRow& row) {
  MemberRow* member = TRY(member_of(transaction, row.contact_id));
  return member && member->last_at > row.enrolled_at;
}

std::string key_of(const SequenceRow& sequence, const SequenceStep& step, const ContactRow& contact,
                   std::int64_t entry) {
  return fmt::format("sequence:{}:{}:{}:{}", to_string(sequence.uuid), *step.name,
                     to_string(contact.uuid), entry);
}

// The moment of the step, not earlier than now.
Time moment_of(const SequencePlan& plan, const SequenceStep& step, Time since, Time now,
               std::string_view zone) {
  Time moment = send_time(plan, step, since, zone);
  if (moment > now) return moment;
  return plan.hours ? first_within(*plan.hours, zone, now) : now;
}

Result<> complete(Transaction& transaction, const SequenceRow& sequence, EnrollmentRow& row,
                  const ContactRow& contact) {
  row.state = EnrollmentState::completed;
  row.ended_at = transaction.now();
  TRY(write_row(transaction, row));
  return tell(transaction, "sequence_completed", sequence, row, contact);
}

// Waits for its next step, or is at the end.
Result<> wait_on(Transaction& transaction, const SequenceRow& sequence, const SequencePlan& plan,
                 EnrollmentRow& row, const ContactRow& contact, std::string_view zone) {
  const SequenceStep* next = step_after(plan, row.steps_had());
  if (!next) return complete(transaction, sequence, row, contact);
  row.state = EnrollmentState::waiting;
  row.due_at =
      moment_of(plan, *next, row.last_step_at.value_or(row.enrolled_at), transaction.now(), zone);
  return write_row(transaction, row);
}

// False when the mail may not be sent after all: then it was stopped.
Result<bool> send_step(Transaction& transaction, const SequenceRow& sequence, EnrollmentRow& row,
                       const SequenceStep& step, const ContactRow& contact) {
  std::string key = key_of(sequence, step, contact, row.entry);
  SequenceVariant variant = variant_for(step, key);
  MailTemplateRow mail = TRY(mail_template_of(transaction, variant.template_uuid));
  QueuedSend queued =
      TRY(queue_send(transaction, {.contact_id = contact.id,
                                   .template_id = mail.id,
                                   .subscription_type_id = sequence.subscription_type_id,
                                   .key = key,
                                   .source = sequence.uuid,
                                   .variant = variant.name}));
  if (queued.state == SendState::suppressed) {
    TRY(stop_enrollment(transaction, sequence, row, queued.reason));
    return false;
  }
  row.had.push(*step.name);
  row.last_step_at = transaction.now();
  row.failures = 0;
  return true;
}

}  // namespace

std::vector<std::string> EnrollmentRow::steps_had() const {
  std::vector<std::string> names;
  if (!had.items()) return names;
  for (const Value& name : *had.items()) {
    if (name.text()) names.push_back(*name.text());
  }
  return names;
}

Result<std::optional<EnrollmentRow>> enrollment_for(Transaction& transaction,
                                                    std::int64_t sequence_id,
                                                    std::int64_t contact_id, std::int64_t entry) {
  static const std::string select = selecting(
      "SELECT {} FROM enrollment WHERE account_id = $1 AND contact_id = $2 AND sequence_id = $3 "
      "AND entry = $4");
  return transaction.first<EnrollmentRow>(select, {contact_id, sequence_id, entry});
}

Result<std::vector<EnrollmentRow>> open_enrollments_of(Transaction& transaction,
                                                       std::int64_t contact_id) {
  static const std::string select = selecting(select_open_of_contact);
  return transaction.all<EnrollmentRow>(select, {contact_id});
}

Result<std::vector<EnrollmentRow>> enrollments_on(Transaction& transaction,
                                                  const EnrollmentFilter& filter, Page& page) {
  constexpr std::string_view from = "FROM enrollment WHERE account_id = $1";
  Conditions where;
  if (filter.sequence_id) where.add("AND sequence_id =", *filter.sequence_id);
  if (filter.contact_id) where.add("AND contact_id =", *filter.contact_id);
  if (filter.state) where.add("AND state =", *filter.state);
  page.total = TRY(transaction.all<std::int64_t>(
                       fmt::format("SELECT count(*) {}{}", from, where.text()), where.parameters()))
                   .front();
  where.add("ORDER BY id DESC LIMIT", page.limit);
  where.add("OFFSET", page.offset());
  return transaction.all<EnrollmentRow>(fmt::format("SELECT {} {}{}", columns, from, where.text()),
                                        where.parameters());
}

Result<std::vector<EnrollmentCount>> count_enrollments(Transaction& transaction,
                                                       std::int64_t sequence_id) {
  return transaction.all<EnrollmentCount>(count_rows, {sequence_id});
}

Result<Enrolled> enroll(Transaction& transaction, const SequenceRow& sequence,
                        const NewEnrollment& enrollment, std::string_view zone) {
  const ContactRow& contact = enrollment.contact;
  if (auto there = TRY(enrollment_for(transaction, sequence.id, contact.id, enrollment.entry))) {
    return Enrolled{.row = *std::move(there), .was_there = true};
  }
  std::string against = TRY(reason_against(transaction, sequence, contact.id));
  if (!against.empty()) {
    return fail(ErrorCode::conflict, fmt::format("Nothing may be sent to {} by this sequence: {}.",
                                                 contact.email, against));
  }
  SequencePlan plan = TRY(plan_of(transaction, sequence));
  std::string there = TRY(zone_for(transaction, plan, contact.id, zone));
  Time now = transaction.now();
  EnrollmentRow row{.id = transaction.next_id(),
                    .uuid = transaction.next_uuid(),
                    .sequence_id = sequence.id,
                    .contact_id = contact.id,
                    .entry = enrollment.entry,
                    .had = Value::list(),
                    .reason = enrollment.reason,
                    .enrolled_at = now};
  row.due_at = row.first_send_at = moment_of(plan, plan.steps.front(), now, now, there);
  TRY(transaction.append(enrollment_table,
                         {row.id, row.uuid, row.sequence_id, row.contact_id, row.entry, row.state,
                          row.had, row.due_at, row.first_send_at, row.last_step_at, row.reason,
                          row.stop_reason, row.failures, row.enrolled_at, row.ended_at}));
  TRY(tell(transaction, "sequence_enrolled", sequence, row, contact));
  enrollment_signal().give();
  return Enrolled{.row = std::move(row)};
}

Result<std::vector<PlannedSend>> planned_sends(Transaction& transaction,
                                               const SequenceRow& sequence,
                                               const EnrollmentRow& row, std::string_view zone) {
  std::vector<PlannedSend> planned;
  if (!row.is_open()) return planned;
  SequencePlan plan = TRY(plan_of(transaction, sequence));
  ContactRow contact = TRY(contact_by_id(transaction, row.contact_id));
  std::string there = TRY(zone_for(transaction, plan, contact.id, zone));
  std::vector<std::string> had = row.steps_had();
  Time since = row.last_step_at.value_or(row.enrolled_at), now = transaction.now();
  while (const SequenceStep* step = step_after(plan, had)) {
    SequenceVariant variant = variant_for(*step, key_of(sequence, *step, contact, row.entry));
    since = moment_of(plan, *step, since, now, there);
    planned.push_back({.step = *step->name,
                       .template_uuid = variant.template_uuid,
                       .variant = variant.name,
                       .send_at = since});
    had.push_back(*step->name);
  }
  return planned;
}

Result<> advance(Transaction& transaction, std::int64_t enrollment_id, std::string_view zone) {
  static const std::string select =
      selecting("SELECT {} FROM enrollment WHERE account_id = $1 AND id = $2");
  auto found = TRY(transaction.first<EnrollmentRow>(select, {enrollment_id}));
  Time now = transaction.now();
  bool due = found && found->state == EnrollmentState::waiting && found->due_at <= now;
  if (!due) return {};  // It was advanced, or stopped, in the meantime.
  EnrollmentRow& row = *found;
  SequenceRow sequence = TRY(sequence_by_id(transaction, row.sequence_id));
  if (sequence.state == SequenceState::paused) {
    row.state = EnrollmentState::held;
    return write_row(transaction, row);
  }
  SequencePlan plan = TRY(plan_of(transaction, sequence));
  std::string against = TRY(reason_against(transaction, sequence, row.contact_id));
  if (against.empty() && plan.stop_on_purchase && TRY(has_bought_since(transaction, row))) {
    against = "purchase";
  }
  if (!against.empty()) return stop_enrollment(transaction, sequence, row, against);
  ContactRow contact = TRY(contact_by_id(transaction, row.contact_id));
  std::string there = TRY(zone_for(transaction, plan, contact.id, zone));
  const SequenceStep* step = step_after(plan, row.steps_had());
  // It was edited since then, or everything was asleep until the hours were over.
  if (step &&
      moment_of(plan, *step, row.last_step_at.value_or(row.enrolled_at), now, there) > now) {
    return wait_on(transaction, sequence, plan, row, contact, there);
  }
  if (step && !TRY(send_step(transaction, sequence, row, *step, contact))) return {};
  return wait_on(transaction, sequence, plan, row, contact, there);
}

Result<> note_failure(Transaction& transaction, std::int64_t enrollment_id) {
  static const std::string select =
      selecting("SELECT {} FROM enrollment WHERE account_id = $1 AND id = $2");
  auto row = TRY(transaction.first<EnrollmentRow>(select, {enrollment_id}));
  if (!row || row->state != EnrollmentState::waiting) return {};
  row->failures++;
  if (row->failures >= failures_max) {
    SequenceRow sequence = TRY(sequence_by_id(transaction, row->sequence_id));
    return stop_enrollment(transaction, sequence, *row, "failed");
  }
  row->due_at = transaction.now() + (60 * microseconds_per_second << row->failures);
  return write_row(transaction, *row);
}

Result<> stop_enrollment(Transaction& transaction, const SequenceRow& sequence, EnrollmentRow& row,
                         std::string_view why) {
  ASSERT(row.is_open());
  TRY(cancel_sends(transaction, row.contact_id, sequence.uuid));
  row.state = EnrollmentState::stopped;
  row.stop_reason = why;
  row.ended_at = transaction.now();
  TRY(write_row(transaction, row));
  return tell(transaction, "sequence_stopped", sequence, row,
              TRY(contact_by_id(transaction, row.contact_id)));
}

namespace {

Result<> add_lot(Transaction& transaction, std::int64_t sequence_id, std::int64_t after) {
  TRY(add_job(transaction, replan_kind,
              Value::object({{"sequence", sequence_id}, {"after", after}})));
  return {};
}

std::int64_t number_in(const JobRow& job, std::string_view name) {
  const Value* number = job.payload.find(name);
  ASSERT(number && number->integer());
  return *number->integer();
}

Result<> plan_lot_again(Call& call, const JobRow& job) {
  static const std::string select = selecting(select_open_of_sequence);
  Transaction& transaction = call.transaction;
  std::int64_t sequence_id = number_in(job, "sequence");
  SequenceRow sequence = TRY(sequence_by_id(transaction, sequence_id));
  SequencePlan plan = TRY(plan_of(transaction, sequence));
  auto rows = TRY(transaction.all<EnrollmentRow>(select, {sequence_id, number_in(job, "after")}));
  for (EnrollmentRow& row : rows) {
    ContactRow contact = TRY(contact_by_id(transaction, row.contact_id));
    std::string zone = TRY(zone_for(transaction, plan, contact.id, call.caller.time_zone));
    TRY(wait_on(transaction, sequence, plan, row, contact, zone));
  }
  enrollment_signal().give();
  if (rows.size() < enrollments_a_lot) return {};
  return add_lot(transaction, sequence_id, rows.back().id);
}

bool is_purchase(const EventRow& event) {
  const Value* reception = event.payload.find("credit_reception");
  const Value* credits = reception ? reception->find("credits") : nullptr;
  return credits && credits->integer() && *credits->integer() > 0;
}

Result<> look_at(Transaction& transaction, const ContactRow& contact, const EventRow& event) {
  for (EnrollmentRow& row : TRY(open_enrollments_of(transaction, contact.id))) {
    SequenceRow sequence = TRY(sequence_by_id(transaction, row.sequence_id));
    std::string against = TRY(reason_against(transaction, sequence, contact.id));
    if (against.empty() && is_purchase(event) && event.created_at > row.enrolled_at &&
        TRY(plan_of(transaction, sequence)).stop_on_purchase) {
      against = "purchase";
    }
    if (!against.empty()) TRY(stop_enrollment(transaction, sequence, row, against));
  }
  return {};
}

Result<> follow(Transaction& transaction, EventRefs events) {
  if (!TRY(transaction.first<std::int64_t>(select_any_sequence))) return {};
  for (const EventRow& event : events) {
    auto uuid = contact_in(event);
    if (!uuid) continue;
    auto contact = contact_of(transaction, *uuid);
    if (!contact && contact.error().code == ErrorCode::not_found) continue;  // Gone since then.
    if (!contact) return std::unexpected(contact.error());
    TRY(look_at(transaction, *contact, event));
  }
  return {};
}

}  // namespace

Result<> plan_again(Transaction& transaction, const SequenceRow& sequence) {
  return add_lot(transaction, sequence.id, 0);
}

void add_sequence_jobs(Scheduler& scheduler) { scheduler.handle(replan_kind, plan_lot_again); }

void add_sequence_follower(Followers& followers) {
  followers.follow("sequences", follow,
                   {"contact_updated", activity_event, "credit_reception_created"});
}

Signal& enrollment_signal() {
  static Signal signal;
  return signal;
}

Result<> move_enrollments(Transaction& transaction, const ContactRow& source,
                          const ContactRow& destination) {
  TRY(transaction.run(delete_twice, {source.id, destination.id}));
  TRY(transaction.run(move_rows, {source.id, destination.id}));
  return {};
}

Result<> forget_enrollments(Transaction& transaction, const ContactRow& contact) {
  for (EnrollmentRow& row : TRY(open_enrollments_of(transaction, contact.id))) {
    SequenceRow sequence = TRY(sequence_by_id(transaction, row.sequence_id));
    TRY(stop_enrollment(transaction, sequence, row, "deleted"));
  }
  TRY(transaction.run(empty_rows, {contact.id}));
  return {};
}

}  // namespace piggy
