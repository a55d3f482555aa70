#include "activity/activity.h"

#include "event/event.h"

namespace piggy {
namespace {

constexpr AppendTable activity_table = {
    "activity",
    "account_id bigint, id bigint, contact_id bigint, kind text, source bytea, detail text, "
    "created_at bigint"};

constexpr std::string_view select_activities = R"sql(
  SELECT id, contact_id, kind, source, detail, created_at FROM activity
  WHERE account_id = $1 AND contact_id = $2 AND created_at >= $3 AND created_at <= $4 AND id < $5
  ORDER BY id DESC LIMIT $6
)sql";

constexpr std::string_view move_rows = R"sql(
  UPDATE activity SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

// The line stays, for the numbers; what was said in it goes.
constexpr std::string_view empty_rows = R"sql(
  UPDATE activity SET detail = '' WHERE account_id = $1 AND contact_id = $2
)sql";

}  // namespace

Result<> record_activity(Transaction& transaction, const ContactRow& contact,
                         const NewActivity& activity) {
  TRY(transaction.append(activity_table, {transaction.next_id(), contact.id, word_of(activity.kind),
                                          activity.source, activity.detail, transaction.now()}));
  if (activity.kind == ActivityKind::mail_sent) return {};
  Value source = activity.source ? Value(to_string(*activity.source)) : Value(nullptr);
  return emit(transaction, activity_event, contact.uuid,
              Value::object({{"contact", Value::object({{"uuid", to_string(contact.uuid)},
                                                        {"email", contact.email}})},
                             {"activity", Value::object({{"kind", word_of(activity.kind)},
                                                         {"source", std::move(source)},
                                                         {"detail", activity.detail}})}}));
}

Result<std::vector<ActivityRow>> activities_of(Transaction& transaction, std::int64_t contact_id,
                                               const ActivitySpan& span) {
  return transaction.all<ActivityRow>(
      select_activities, {contact_id, span.since, span.until, span.before, span.limit});
}

Result<> move_activities(Transaction& transaction, const ContactRow& source,
                         const ContactRow& destination) {
  TRY(transaction.run(move_rows, {source.id, destination.id}));
  return {};
}

Result<> forget_activities(Transaction& transaction, const ContactRow& contact) {
  TRY(transaction.run(empty_rows, {contact.id}));
  return {};
}

}  // namespace piggy
