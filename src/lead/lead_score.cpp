#include "lead/lead_score.h"

#include <fmt/format.h>

#include <algorithm>

#include "activity/activity.h"
#include "event/event.h"
#include "schedule/recurrence.h"

namespace piggy {
namespace {

constexpr std::string_view columns =
    "id, score, fit, engagement, cell, temperature, version, scored_at";

constexpr std::string_view insert_score = R"sql(
  INSERT INTO lead_score (account_id, id, score, fit, engagement, cell, temperature, version,
                          scored_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql";

constexpr std::string_view update_score = R"sql(
  UPDATE lead_score SET score = $3, fit = $4, engagement = $5, cell = $6, temperature = $7,
                        version = $8, scored_at = $9
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_score = R"sql(
  DELETE FROM lead_score WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_contacts = R"sql(
  SELECT id FROM contact WHERE account_id = $1 AND id > $2 AND status <> 'DELETED'
  ORDER BY id LIMIT 50
)sql";
constexpr std::size_t contacts_a_lot = 50;  // As the statement has it.

constexpr std::string_view insert_walk = R"sql(
  INSERT INTO lead_walk (account_id, id, walk) VALUES ($1, $2, 1)
  ON CONFLICT DO NOTHING
)sql";
constexpr std::string_view update_walk = R"sql(
  UPDATE lead_walk SET walk = walk + 1 WHERE account_id = $1 AND id = $2
)sql";
constexpr std::string_view select_walk = R"sql(
  SELECT walk FROM lead_walk WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view walk_kind = "score_leads";
// When the shop sleeps, by its wall.
constexpr std::string_view walk_time = "04:00";

bool same(const LeadScoreRow& row, const LeadScore& score) {
  return row.score == score.score && row.fit_hundredths == score.fit_hundredths &&
         row.engagement_hundredths == score.engagement_hundredths && row.cell == score.cell &&
         row.temperature == score.temperature && row.version == score.version;
}

Value told(std::int64_t score, std::string_view cell, LeadTemperature temperature) {
  return Value::object({{"score", score}, {"cell", cell}, {"temperature", word_of(temperature)}});
}

Result<> tell(Transaction& transaction, const ContactRecord& contact, const LeadScoreRow& before,
              const LeadScore& now) {
  if (before.cell == now.cell && before.temperature == now.temperature) return {};
  Value about = told(now.score, now.cell, now.temperature);
  about.set("before", told(before.score, before.cell, before.temperature));
  return emit(transaction, lead_score_changed_event, contact.uuid,
              Value::object({{"contact", Value::object({{"uuid", to_string(contact.uuid)},
                                                        {"email", contact.email}})},
                             {"lead_score", std::move(about)}}));
}

Result<> score_again(Transaction& transaction, const Scorer& scorer, std::int64_t contact_id) {
  ContactRecord contact = TRY(contact_record(transaction, contact_id));
  LeadScore score = TRY(scorer.score(transaction, contact, transaction.now()));
  auto before = TRY(lead_score_of(transaction, contact_id));
  if (before && same(*before, score)) return {};
  TRY(transaction.run(before ? update_score : insert_score,
                      {contact_id, score.score, score.fit_hundredths, score.engagement_hundredths,
                       score.cell, score.temperature, score.version, score.at}));
  return tell(transaction, contact, before.value_or(LeadScoreRow{.cell = "C3"}), score);
}

Result<> add_walk(Transaction& transaction, std::int64_t walk, std::int64_t after,
                  std::optional<Time> when = {}) {
  TRY(add_job(transaction, walk_kind, Value::object({{"walk", walk}, {"after", after}}), when));
  return {};
}

std::int64_t number_in(const JobRow& job, std::string_view name) {
  const Value* number = job.payload.find(name);
  ASSERT(number && number->integer());
  return *number->integer();
}

Result<> walk_tomorrow(Call& call, std::int64_t walk) {
  Recurrence daily{.zone = call.caller.time_zone, .times = {std::string(walk_time)}};
  return add_walk(call.transaction, walk, 0, next_tick(daily, call.now()).at);
}

// One lot. A walk that another one has taken the place of ends.
Result<> walk_on(Call& call, const JobRow& job) {
  Transaction& transaction = call.transaction;
  std::int64_t walk = number_in(job, "walk");
  auto newest = TRY(transaction.first<std::int64_t>(select_walk, {transaction.account()}));
  if (newest != walk) return {};
  auto contacts = TRY(transaction.all<std::int64_t>(select_contacts, {number_in(job, "after")}));
  Scorer scorer = TRY(Scorer::of(transaction));
  for (std::int64_t contact : contacts) TRY(score_again(transaction, scorer, contact));
  if (contacts.size() < contacts_a_lot) return walk_tomorrow(call, walk);
  return add_walk(transaction, walk, contacts.back());
}

// The walk comes to nothing today; there is another day.
Result<> walk_given_up(Call& call, const JobRow& job) {
  return walk_tomorrow(call, number_in(job, "walk"));
}

Result<> follow(Transaction& transaction, EventRefs events) {
  std::vector<Uuid> contacts;
  for (const EventRow& event : events) {
    auto contact = contact_in(event);
    if (!contact || std::ranges::find(contacts, *contact) != contacts.end()) continue;
    contacts.push_back(*contact);
  }
  if (contacts.empty()) return {};
  std::int64_t made = TRY(transaction.run(insert_walk, {transaction.account()}));
  if (made == 1) TRY(add_walk(transaction, 1, 0));
  Scorer scorer = TRY(Scorer::of(transaction));
  for (const Uuid& uuid : contacts) {
    auto contact = contact_of(transaction, uuid);
    if (!contact && contact.error().code == ErrorCode::not_found) continue;  // Gone since then.
    if (!contact) return std::unexpected(contact.error());
    TRY(score_again(transaction, scorer, contact->id));
  }
  return {};
}

}  // namespace

Result<std::optional<LeadScoreRow>> lead_score_of(Transaction& transaction,
                                                  std::int64_t contact_id) {
  static const std::string select =
      fmt::format("SELECT {} FROM lead_score WHERE account_id = $1 AND id = $2", columns);
  return transaction.first<LeadScoreRow>(select, {contact_id});
}

Result<std::vector<LeadScoreRow>> lead_scores(Transaction& transaction,
                                              std::optional<LeadTemperature> temperature,
                                              Page& page) {
  std::string where = "FROM lead_score WHERE account_id = $1";
  std::vector<Parameter> parameters;
  if (temperature) {
    where += " AND temperature = $2";
    parameters.emplace_back(*temperature);
  }
  page.total = TRY(transaction.all<std::int64_t>("SELECT count(*) " + where, parameters)).front();
  where += fmt::format(" ORDER BY score DESC, id DESC LIMIT ${} OFFSET ${}", parameters.size() + 2,
                       parameters.size() + 3);
  parameters.emplace_back(page.limit);
  parameters.emplace_back(page.offset());
  return transaction.all<LeadScoreRow>(fmt::format("SELECT {} {}", columns, where), parameters);
}

Result<> start_lead_walk(Transaction& transaction) {
  std::int64_t account = transaction.account();
  if (TRY(transaction.run(insert_walk, {account})) == 0) {
    TRY(transaction.run(update_walk, {account}));
  }
  return add_walk(transaction, TRY(transaction.one<std::int64_t>(select_walk, {account})), 0);
}

void add_lead_follower(Followers& followers) {
  followers.follow("lead scores", follow,
                   {"contact_created", "contact_updated", "form_submission_completed",
                    activity_event, "credit_reception_created", "tier_reached"});
}

void add_lead_jobs(Scheduler& scheduler) { scheduler.handle(walk_kind, walk_on, walk_given_up); }

Result<> move_lead_scores(Transaction& transaction, const ContactRow& source, const ContactRow&) {
  TRY(transaction.run(delete_score, {source.id}));
  return {};
}

Result<> forget_lead_score(Transaction& transaction, const ContactRow& contact) {
  TRY(transaction.run(delete_score, {contact.id}));
  return {};
}

}  // namespace piggy
