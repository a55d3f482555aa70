#include "audience/audience.h"

#include <fmt/format.h>

namespace piggy {
namespace {

constexpr std::string_view select_target = R"sql(
  SELECT id, uuid, segment_id, connection_id, list, subscription_type_id
  FROM audience_target WHERE account_id = $1 AND {}
)sql";

constexpr std::string_view insert_target = R"sql(
  INSERT INTO audience_target (account_id, id, uuid, segment_id, connection_id, list,
                               subscription_type_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

constexpr std::string_view update_purpose = R"sql(
  UPDATE audience_target SET subscription_type_id = $3 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_members = R"sql(
  SELECT contact_id, email FROM audience_member
  WHERE account_id = $1 AND target_id = $2 ORDER BY contact_id
)sql";

constexpr std::string_view count_members = R"sql(
  SELECT count(*) FROM audience_member WHERE account_id = $1 AND target_id = $2
)sql";

constexpr std::string_view upsert_member = R"sql(
  INSERT INTO audience_member (account_id, target_id, contact_id, email, pushed_at)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (account_id, target_id, contact_id)
  DO UPDATE SET email = excluded.email, pushed_at = excluded.pushed_at
)sql";

constexpr std::string_view delete_member = R"sql(
  DELETE FROM audience_member
  WHERE account_id = $1 AND target_id = $2 AND contact_id = $3 AND email = $4
)sql";

constexpr std::string_view push_columns =
    "p.id, p.uuid, p.target_id, p.state, p.step, p.confirmed, p.problem, p.tries, p.snapshot_at, "
    "p.segment_size, p.members_before, p.entering, p.leaving, p.entered, p.went, p.withheld, "
    "p.refused, p.members, p.target_count, p.sha256, p.created_by, p.created_at, p.updated_at, "
    "p.ended_at";

constexpr std::string_view insert_push = R"sql(
  INSERT INTO audience_push (account_id, id, uuid, target_id, state, step, confirmed, problem,
                             tries, segment_size, members_before, entering, leaving, entered, went,
                             withheld, refused, members, sha256, created_by, created_at,
                             updated_at)
  VALUES ($1, $2, $3, $4, $5, 0, $6, '', 0, $7, $8, 0, 0, 0, 0, 0, 0, $8, '', $9, $10, $10)
)sql";

constexpr std::string_view update_push = R"sql(
  UPDATE audience_push SET state = $4, step = step + 1, confirmed = $5, problem = $6, tries = $7,
         snapshot_at = $8, segment_size = $9, members_before = $10, entering = $11, leaving = $12,
         entered = $13, went = $14, withheld = $15, refused = $16, members = $17,
         target_count = $18, sha256 = $19, ended_at = $20, updated_at = $21
  WHERE account_id = $1 AND id = $2 AND step = $3
)sql";

constexpr std::string_view insert_item = R"sql(
  INSERT INTO audience_push_row (account_id, push_id, entering, contact_id, email, state, reason)
  VALUES ($1, $2, $3, $4, $5, 'pending', '')
)sql";

constexpr std::string_view select_items = R"sql(
  SELECT contact_id, email, reason FROM audience_push_row
  WHERE account_id = $1 AND push_id = $2 AND entering = $3 AND state = 'pending'
  ORDER BY contact_id LIMIT $4
)sql";

constexpr std::string_view delete_item = R"sql(
  DELETE FROM audience_push_row
  WHERE account_id = $1 AND push_id = $2 AND entering = $3 AND contact_id = $4
)sql";

constexpr std::string_view update_item = R"sql(
  UPDATE audience_push_row SET state = $5, reason = $6
  WHERE account_id = $1 AND push_id = $2 AND entering = $3 AND contact_id = $4
)sql";

constexpr std::string_view delete_items = R"sql(
  DELETE FROM audience_push_row WHERE account_id = $1 AND push_id = $2
)sql";

constexpr std::string_view delete_items_to_do = R"sql(
  DELETE FROM audience_push_row WHERE account_id = $1 AND push_id = $2 AND state = 'pending'
)sql";

constexpr std::string_view select_kept = R"sql(
  SELECT contact_id, email, reason FROM audience_push_row
  WHERE account_id = $1 AND push_id = $2 AND state = $3
  ORDER BY entering, contact_id LIMIT $4
)sql";

std::string pushes_where(std::string_view rest) {
  return fmt::format("SELECT {} FROM audience_push p {}", push_columns, rest);
}

Result<std::optional<AudienceTargetRow>> first_target(Transaction& transaction,
                                                      std::string_view where,
                                                      const std::vector<Parameter>& parameters) {
  auto rows = TRY(transaction.all<AudienceTargetRow>(
      fmt::format(fmt::runtime(select_target), where), parameters));
  if (rows.empty()) return std::optional<AudienceTargetRow>();
  return std::optional(std::move(rows.front()));
}

}  // namespace

Result<AudienceTargetRow> target_for(Transaction& transaction, const AudienceTargetRow& wanted) {
  auto found = TRY(first_target(transaction, "segment_id = $2 AND connection_id = $3 AND list = $4",
                                {wanted.segment_id, wanted.connection_id, wanted.list}));
  if (found) {
    found->subscription_type_id = wanted.subscription_type_id;
    TRY(transaction.run(update_purpose, {found->id, found->subscription_type_id}));
    return *std::move(found);
  }
  AudienceTargetRow row = wanted;
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  TRY(transaction.run(insert_target, {row.id, row.uuid, row.segment_id, row.connection_id, row.list,
                                      row.subscription_type_id, transaction.now()}));
  return row;
}

Result<AudienceTargetRow> target_by_id(Transaction& transaction, std::int64_t id) {
  auto found = TRY(first_target(transaction, "id = $2", {id}));
  ASSERT(found.has_value());
  return *std::move(found);
}

Result<std::optional<AudienceTargetRow>> target_by_uuid(Transaction& transaction,
                                                        const Uuid& uuid) {
  return first_target(transaction, "uuid = $2", {uuid});
}

Result<std::vector<AudienceMemberRow>> members_of(Transaction& transaction,
                                                  std::int64_t target_id) {
  return transaction.all<AudienceMemberRow>(select_members, {target_id});
}

Result<std::int64_t> member_count(Transaction& transaction, std::int64_t target_id) {
  return transaction.one<std::int64_t>(count_members, {target_id});
}

Result<> put_member(Transaction& transaction, std::int64_t target_id,
                    const AudienceMemberRow& member) {
  TRY(transaction.run(upsert_member,
                      {target_id, member.contact_id, member.email, transaction.now()}));
  return {};
}

Result<> drop_member(Transaction& transaction, std::int64_t target_id,
                     const AudienceMemberRow& member) {
  TRY(transaction.run(delete_member, {target_id, member.contact_id, member.email}));
  return {};
}

Result<AudiencePushRow> push_of(Transaction& transaction, const Uuid& uuid) {
  static const std::string select = pushes_where("WHERE p.account_id = $1 AND p.uuid = $2");
  auto row = TRY(transaction.first<AudiencePushRow>(select, {uuid}));
  if (!row) return fail(ErrorCode::not_found, "There is no such push.");
  return *std::move(row);
}

Result<std::optional<AudiencePushRow>> push_under_way(Transaction& transaction,
                                                      std::int64_t target_id) {
  static const std::string select = pushes_where(
      "WHERE p.account_id = $1 AND p.target_id = $2 AND p.state IN ('queued', 'held', 'pushing') "
      "ORDER BY p.id DESC LIMIT 1");
  return transaction.first<AudiencePushRow>(select, {target_id});
}

Result<std::vector<AudiencePushRow>> pushes_on(Transaction& transaction,
                                               std::optional<std::int64_t> segment_id, Page& page) {
  std::string where =
      "JOIN audience_target t ON t.account_id = p.account_id AND t.id = p.target_id "
      "WHERE p.account_id = $1";
  std::vector<Parameter> parameters;
  if (segment_id) {
    where += " AND t.segment_id = $2";
    parameters.emplace_back(*segment_id);
  }
  page.total = TRY(transaction.all<std::int64_t>("SELECT count(*) FROM audience_push p " + where,
                                                 parameters))
                   .front();
  where += fmt::format(" ORDER BY p.id DESC LIMIT {} OFFSET {}", page.limit, page.offset());
  return transaction.all<AudiencePushRow>(pushes_where(where), parameters);
}

Result<> add_push(Transaction& transaction, AudiencePushRow& row) {
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  row.created_at = row.updated_at = transaction.now();
  row.members = row.members_before;
  TRY(transaction.run(insert_push,
                      {row.id, row.uuid, row.target_id, row.state, row.confirmed, row.segment_size,
                       row.members_before, row.created_by, row.created_at}));
  return {};
}

Result<bool> advance(Transaction& transaction, AudiencePushRow& row) {
  row.updated_at = transaction.now();
  std::int64_t changed = TRY(transaction.run(
      update_push,
      {row.id,      row.step,         row.state,        row.confirmed,      row.problem,
       row.tries,   row.snapshot_at,  row.segment_size, row.members_before, row.entering,
       row.leaving, row.entered,      row.went,         row.withheld,       row.refused,
       row.members, row.target_count, row.sha256,       row.ended_at,       row.updated_at}));
  if (changed == 1) row.step++;
  return changed == 1;
}

Result<> add_item(Transaction& transaction, std::int64_t push_id, bool entering,
                  const AudiencePushItem& item) {
  TRY(transaction.run(insert_item, {push_id, entering, item.contact_id, item.email}));
  return {};
}

Result<std::vector<AudiencePushItem>> items_to_do(Transaction& transaction, std::int64_t push_id,
                                                  bool entering, std::int64_t limit) {
  return transaction.all<AudiencePushItem>(select_items, {push_id, entering, limit});
}

Result<> end_item(Transaction& transaction, std::int64_t push_id, bool entering,
                  std::int64_t contact_id) {
  TRY(transaction.run(delete_item, {push_id, entering, contact_id}));
  return {};
}

Result<> keep_item(Transaction& transaction, std::int64_t push_id, bool entering,
                   const AudiencePushItem& item, std::string_view state) {
  TRY(transaction.run(update_item, {push_id, entering, item.contact_id, state, item.reason}));
  return {};
}

Result<> clear_items(Transaction& transaction, std::int64_t push_id, bool all) {
  TRY(transaction.run(all ? delete_items : delete_items_to_do, {push_id}));
  return {};
}

Result<std::vector<AudiencePushItem>> kept_items(Transaction& transaction, std::int64_t push_id,
                                                 std::string_view state, std::int64_t limit) {
  return transaction.all<AudiencePushItem>(select_kept, {push_id, state, limit});
}

}  // namespace piggy
