#include "audience/removal.h"

#include <fmt/format.h>
#include "base/log.h"

#include <algorithm>

#include "audience/reach.h"
#include "campaign/suppression.h"

namespace piggy {
namespace {

constexpr std::int64_t pause_seconds_max = 300;

struct RemovalRow {
  std::int64_t id = 0;
  std::string email = {};
};

struct Membership {
  std::int64_t target_id = 0;
  std::string email = {};
};

constexpr std::string_view count_removals = R"sql(
  SELECT count(*) FROM audience_removal WHERE account_id = $1 AND target_id = $2
)sql";

constexpr std::string_view insert_removal = R"sql(
  INSERT INTO audience_removal (account_id, id, target_id, email, created_at)
  VALUES ($1, $2, $3, $4, $5)
)sql";

constexpr std::string_view select_removals = R"sql(
  SELECT id, email FROM audience_removal
  WHERE account_id = $1 AND target_id = $2 ORDER BY id LIMIT $3
)sql";

constexpr std::string_view delete_removals = R"sql(
  DELETE FROM audience_removal WHERE account_id = $1 AND target_id = $2 AND id <= $3
)sql";

constexpr std::string_view select_memberships = R"sql(
  SELECT target_id, email FROM audience_member WHERE account_id = $1 AND contact_id = $2
)sql";

// Of one that is under way nobody knows whether it has arrived.
constexpr std::string_view select_entering = R"sql(
  SELECT p.target_id, r.email FROM audience_push_row r
  JOIN audience_push p ON p.account_id = r.account_id AND p.id = r.push_id
  WHERE r.account_id = $1 AND r.contact_id = $2 AND r.entering = 1 AND r.state = 'pending'
    AND p.state = 'pushing'
)sql";

constexpr std::string_view delete_rows_of = R"sql(
  DELETE FROM audience_push_row WHERE account_id = $1 AND contact_id = $2
)sql";

Value job_of(const Uuid& target, std::int64_t tries) {
  return Value::object({{"target", to_string(target)}, {"tries", tries}});
}

// No such jobs for targets of a connection that is gone: nobody can be told any more.
Result<> give_up(Database& database, std::int64_t account, const AudienceTargetRow& target,
                 std::int64_t last) {
  spdlog::warn("addresses stay on a list of a connection that was revoked: target {}",
               to_string(target.uuid));
  return database.write(account, [&](Transaction& transaction) -> Result<> {
    TRY(transaction.run(delete_removals, {target.id, last}));
    return {};
  });
}

}  // namespace

Result<std::optional<ContactRow>> contact_to_tell(Transaction& transaction,
                                                  std::int64_t contact_id) {
  std::optional<ContactRow> none;
  auto row = contact_by_id(transaction, contact_id);
  if (!row && row.error().code != ErrorCode::not_found) return std::unexpected(row.error());
  if (!row) return none;
  // The other look leaves out those that are deleted but not yet erased.
  auto there = contact_of(transaction, row->uuid);
  if (!there && there.error().code != ErrorCode::not_found) return std::unexpected(there.error());
  if (!there) return none;
  return std::optional(*std::move(row));
}

Result<std::string> why_withheld(Transaction& transaction, const AudienceTargetRow& target,
                                 const ContactRow& contact) {
  if (contact.is_anonymous) return std::string("An anonymous contact has no address.");
  if (auto suppressed = TRY(suppression_of(transaction, contact.email))) {
    return fmt::format("The address is suppressed ({}).", word_of(suppressed->reason));
  }
  auto rows = TRY(subscriptions_between(transaction, contact.id, contact.id));
  auto types = TRY(subscription_types(transaction));
  auto shown = shown_subscriptions(types, rows, contact.id);
  if (target.subscription_type_id) {
    for (const Subscription& one : shown) {
      if (one.subscription_type.id != *target.subscription_type_id) continue;
      return one.is_subscribed ? std::string()
                               : fmt::format("Not subscribed to {}.", one.subscription_type.name);
    }
    return std::string("The purpose of the list is gone.");
  }
  bool said_no = std::ranges::any_of(rows, [](const SubscriptionRow& row) {
    return row.status == SubscriptionStatus::UNSUBSCRIBED;
  });
  bool says_yes = std::ranges::any_of(rows, [](const SubscriptionRow& row) {
    return row.status == SubscriptionStatus::SUBSCRIBED;
  });
  return said_no && !says_yes ? std::string("Unsubscribed.") : std::string();
}

Result<> queue_removal(Transaction& transaction, std::int64_t target_id, std::string_view email) {
  std::int64_t there = TRY(transaction.one<std::int64_t>(count_removals, {target_id}));
  TRY(transaction.run(insert_removal,
                      {transaction.next_id(), target_id, email, transaction.now()}));
  if (there > 0) return {};  // Its job is there, too.
  AudienceTargetRow target = TRY(target_by_id(transaction, target_id));
  TRY(add_job(transaction, remove_from_audience_kind, job_of(target.uuid, 0)));
  return {};
}

namespace {

Result<> follow(Transaction& transaction, EventRefs events) {
  for (const EventRow& event : events) {
    auto contact = contact_of(transaction, event.subject);
    if (!contact) {
      // Erasing has its own way to here.
      if (contact.error().code == ErrorCode::not_found) continue;
      return std::unexpected(contact.error());
    }
    for (const Membership& one :
         TRY(transaction.all<Membership>(select_memberships, {contact->id}))) {
      AudienceTargetRow target = TRY(target_by_id(transaction, one.target_id));
      bool stays =
          one.email == contact->email && TRY(why_withheld(transaction, target, *contact)).empty();
      if (stays) continue;
      TRY(queue_removal(transaction, one.target_id, one.email));
      TRY(drop_member(transaction, one.target_id, {contact->id, one.email}));
    }
  }
  return {};
}

}  // namespace

void add_audience_follower(Followers& followers) {
  followers.follow("audiences", follow, {"contact_updated"});
}

Result<> forget_audience_members(Transaction& transaction, const ContactRow& contact) {
  for (const Membership& one : TRY(transaction.all<Membership>(select_memberships, {contact.id}))) {
    TRY(queue_removal(transaction, one.target_id, one.email));
    TRY(drop_member(transaction, one.target_id, {contact.id, one.email}));
  }
  for (const Membership& one : TRY(transaction.all<Membership>(select_entering, {contact.id}))) {
    TRY(queue_removal(transaction, one.target_id, one.email));
  }
  TRY(transaction.run(delete_rows_of, {contact.id}));
  return {};
}

Result<> move_audience_members(Transaction& transaction, const ContactRow& source,
                               const ContactRow&) {
  return forget_audience_members(transaction, source);
}

Result<> remove_from_audience(const JobRow& job, Database& database, Connections& connections) {
  auto uuid = parse_uuid(job.payload.text_of("target"));
  const Value* tried = job.payload.find("tries");
  ASSERT(uuid && tried && tried->integer());
  AudienceReach reach;
  std::vector<RemovalRow> rows;
  TRY(database.read(job.account_id, [&](Transaction& transaction) -> Result<> {
    auto target = TRY(target_by_uuid(transaction, *uuid));
    ASSERT(target.has_value());
    reach = TRY(reach_of(transaction, connections, *target));
    auto limit = static_cast<std::int64_t>(reach.connector ? reach.connector->left_max() : 1);
    rows = TRY(transaction.all<RemovalRow>(select_removals, {target->id, limit}));
    return {};
  }));
  if (rows.empty()) return {};
  if (reach.gone()) return give_up(database, job.account_id, reach.target, rows.back().id);
  std::vector<AudienceMember> left;
  for (const RemovalRow& row : rows) left.push_back({.email = row.email});
  Result<> done = {};
  if (reach.problem) {
    done = fail(*reach.problem);
  } else {
    auto pushed = reach.connector->push(reach.reach, reach.target.list, {}, left,
                                        fmt::format("removal-{}", rows.back().id));
    if (!pushed) done = fail(pushed.error());
    // Whom the other side keeps has been asked for, and is not asked for again.
    for (const AudienceRefusal& refusal : pushed ? *pushed : AudienceConnector::Refusals()) {
      spdlog::warn("an address stays on a list: {}", refusal.reason);
    }
  }
  return database.write(job.account_id, [&](Transaction& transaction) -> Result<> {
    std::int64_t tries = done ? 0 : *tried->integer() + 1;
    if (done) TRY(transaction.run(delete_removals, {reach.target.id, rows.back().id}));
    if (!done) TRY(note_refused_key(transaction, reach, done.error()));
    std::int64_t more = TRY(transaction.one<std::int64_t>(count_removals, {reach.target.id}));
    if (more == 0) return {};
    // It is never given up: somebody said no.
    std::int64_t pause =
        done ? 0
             : std::min(std::max<std::int64_t>(1LL << std::min<std::int64_t>(tries, 9),
                                               done.error().retry_after_seconds),
                        pause_seconds_max);
    TRY(add_job(transaction, remove_from_audience_kind, job_of(*uuid, tries),
                transaction.now() + pause * microseconds_per_second));
    return {};
  });
}

}  // namespace piggy
