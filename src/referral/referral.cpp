#include "referral/referral.h"

#include <fmt/format.h>

#include <algorithm>

#include "database/conditions.h"
#include "event/event.h"

namespace piggy {
namespace {

constexpr std::string_view columns =
    "id, uuid, referring_contact_id, referred_contact_id, status, transactions, created_at, "
    "ended_at";

constexpr AppendTable referral_table = {
    "referral",
    "account_id bigint, id bigint, uuid bytea, referring_contact_id bigint, "
    "referred_contact_id bigint, status text, transactions bigint, created_at bigint"};

constexpr std::string_view select_any_pending = R"sql(
  SELECT id FROM referral WHERE account_id = $1 AND status = 'pending' LIMIT 1
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE referral SET status = $3, transactions = $4, ended_at = $5
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_between = R"sql(
  DELETE FROM referral
  WHERE account_id = $1 AND referred_contact_id = $2 AND referring_contact_id = $3
)sql";

constexpr std::string_view delete_pending_of = R"sql(
  DELETE FROM referral
  WHERE account_id = $1 AND referred_contact_id = $2 AND status = 'pending'
)sql";

constexpr std::string_view delete_second = R"sql(
  DELETE FROM referral
  WHERE account_id = $1 AND referred_contact_id = $2 AND EXISTS (
    SELECT 1 FROM referral WHERE account_id = $1 AND referred_contact_id = $3)
)sql";

constexpr std::string_view move_referred = R"sql(
  UPDATE referral SET referred_contact_id = $3 WHERE account_id = $1 AND referred_contact_id = $2
)sql";

constexpr std::string_view move_referring = R"sql(
  UPDATE referral SET referring_contact_id = $3 WHERE account_id = $1 AND referring_contact_id = $2
)sql";

constexpr std::string_view delete_pending_with = R"sql(
  DELETE FROM referral
  WHERE account_id = $1 AND status = 'pending'
    AND (referred_contact_id = $2 OR referring_contact_id = $2)
)sql";

constexpr std::string_view select_told = R"sql(
  SELECT uuid, id FROM referral
  WHERE account_id = $1 AND status = 'completed'
    AND (referred_contact_id = $2 OR referring_contact_id = $2)
)sql";

struct ToldRow {
  Uuid uuid = {};
  std::int64_t id = 0;
};

Conditions conditions_of(const ReferralFilter& filter) {
  Conditions where;
  if (filter.referring_contact_id) {
    where.add("AND referring_contact_id =", *filter.referring_contact_id);
  }
  if (filter.referred_contact_id) {
    where.add("AND referred_contact_id =", *filter.referred_contact_id);
  }
  if (filter.status) where.add("AND status =", *filter.status);
  return where;
}

}  // namespace

Result<std::vector<ReferralRow>> referrals_on(Transaction& transaction,
                                              const ReferralFilter& filter, Page& page) {
  page.total = TRY(count_referrals(transaction, filter));
  Conditions where = conditions_of(filter);
  where.add("ORDER BY id DESC LIMIT", page.limit);
  where.add("OFFSET", page.offset());
  return transaction.all<ReferralRow>(
      fmt::format("SELECT {} FROM referral WHERE account_id = $1{}", columns, where.text()),
      where.parameters());
}

Result<std::int64_t> count_referrals(Transaction& transaction, const ReferralFilter& filter) {
  Conditions where = conditions_of(filter);
  std::string count = "SELECT count(*) FROM referral WHERE account_id = $1" + where.text();
  return TRY(transaction.all<std::int64_t>(count, where.parameters())).front();
}

Result<std::optional<ReferralRow>> pending_referral_of(Transaction& transaction,
                                                       const ContactRow& referred) {
  static const std::string select = fmt::format(
      "SELECT {} FROM referral WHERE account_id = $1 AND referred_contact_id = $2 AND "
      "status = 'pending'",
      columns);
  return transaction.first<ReferralRow>(select, {referred.id});
}

Result<bool> any_is_pending(Transaction& transaction) {
  return TRY(transaction.first<std::int64_t>(select_any_pending)).has_value();
}

Result<std::optional<ReferralRow>> begin_referral(Transaction& transaction,
                                                  const ContactRow& referring,
                                                  const ContactRow& referred) {
  if (TRY(count_referrals(transaction, {.referred_contact_id = referred.id})) > 0) {
    return std::nullopt;
  }
  ReferralRow row{.id = transaction.next_id(),
                  .uuid = transaction.next_uuid(),
                  .referring_contact_id = referring.id,
                  .referred_contact_id = referred.id,
                  .created_at = transaction.now()};
  TRY(transaction.append(referral_table,
                         {row.id, row.uuid, row.referring_contact_id, row.referred_contact_id,
                          row.status, row.transactions, row.created_at}));
  return row;
}

Result<> update_referral(Transaction& transaction, const ReferralRow& row) {
  TRY(transaction.run(update_row, {row.id, row.status, row.transactions, row.ended_at}));
  return {};
}

Result<Referral> shown(Transaction& transaction, const ReferralRow& row) {
  return Referral{
      .uuid = row.uuid,
      .referring_contact = reference_to(TRY(contact_by_id(transaction, row.referring_contact_id))),
      .referred_contact = reference_to(TRY(contact_by_id(transaction, row.referred_contact_id))),
      .status = row.status};
}

Result<> move_referrals(Transaction& transaction, const ContactRow& source,
                        const ContactRow& destination) {
  TRY(transaction.run(delete_between, {source.id, destination.id}));
  TRY(transaction.run(delete_between, {destination.id, source.id}));
  // Ids grow with time: the older of the two was known before the other one came.
  TRY(transaction.run(delete_pending_of, {std::max(source.id, destination.id)}));
  TRY(transaction.run(delete_second, {source.id, destination.id}));
  TRY(transaction.run(move_referred, {source.id, destination.id}));
  TRY(transaction.run(move_referring, {source.id, destination.id}));
  return {};
}

Result<> forget_referrals(Transaction& transaction, const ContactRow& contact) {
  TRY(transaction.run(delete_pending_with, {contact.id}));
  for (const ToldRow& told : TRY(transaction.all<ToldRow>(select_told, {contact.id}))) {
    TRY(forget_subject(transaction, told.uuid, told.id));
  }
  return {};
}

void Referral::describe(Fields<Referral>& field) {
  field("uuid", &Referral::uuid, "The referral.");
  field("referring_contact", &Referral::referring_contact, "Who brought the other one.");
  field("referred_contact", &Referral::referred_contact, "Who was brought.");
  field("status", &Referral::status,
        "pending until the newcomer has done what the shop asks for; failed when the other one had "
        "brought as many as count.");
}

}  // namespace piggy
