#include "giftcard/giftcard.h"

#include <fmt/format.h>

#include "database/conditions.h"
#include "giftcard/numbers.h"

namespace piggy {
namespace {

constexpr AppendTable giftcard_table = {
    "giftcard",
    "account_id bigint, id bigint, uuid bytea, hash text, program_id bigint, contact_id bigint, "
    "type text, active bigint, expires_at bigint, balance bigint, loads bigint, newest bigint, "
    "created_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, hash, program_id, contact_id, type, active, expires_at, balance, loads, newest,
         created_at
  FROM giftcard WHERE account_id = $1{}
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE giftcard SET active = $3, contact_id = $4 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view move_rows = R"sql(
  UPDATE giftcard SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view forget_attributes = R"sql(
  UPDATE giftcard_transaction SET attributes = '{}'
  WHERE account_id = $1 AND giftcard_id IN (
    SELECT id FROM giftcard WHERE account_id = $1 AND contact_id = $2)
)sql";
constexpr std::string_view forget_contact = R"sql(
  UPDATE giftcard SET contact_id = NULL WHERE account_id = $1 AND contact_id = $2
)sql";

// Without the four that look like others when read aloud or typed.
constexpr std::string_view hash_alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::size_t hash_length = 12;

constexpr std::int64_t microseconds_of_day = 86'400 * microseconds_per_second;

template <class P>
Result<GiftcardRow> giftcard_where(Transaction& transaction, std::string_view condition,
                                   const P& parameter) {
  std::string sql = fmt::format(fmt::runtime(select_where), condition);
  auto card = TRY(transaction.first<GiftcardRow>(sql, {parameter}));
  if (!card) return giftcard_not_found();
  return *std::move(card);
}

}  // namespace

bool is_upgradeable(const GiftcardProgramRow& program, const GiftcardRow& card) {
  return program.reloadable || card.loads == 0;
}

Result<GiftcardRow> giftcard_of(Transaction& transaction, const Uuid& uuid) {
  return giftcard_where(transaction, " AND uuid = $2", uuid);
}

Result<GiftcardRow> giftcard_by_id(Transaction& transaction, std::int64_t id) {
  return giftcard_where(transaction, " AND id = $2", id);
}

Result<GiftcardRow> giftcard_by_hash(Transaction& transaction, std::string_view hash) {
  return giftcard_where(transaction, " AND hash = $2", hash);
}

Result<std::vector<GiftcardRow>> giftcards_on(Transaction& transaction,
                                              const GiftcardFilter& filter, Page& page) {
  Conditions where;
  if (filter.program_id) where.add("AND program_id =", *filter.program_id);
  if (filter.contact_id) where.add("AND contact_id =", *filter.contact_id);
  if (filter.hash) where.add("AND hash =", *filter.hash);
  std::string count = "SELECT count(*) FROM giftcard WHERE account_id = $1" + where.text();
  page.total = TRY(transaction.all<std::int64_t>(count, where.parameters())).front();
  where.add(filter.newest_first ? "ORDER BY id DESC LIMIT" : "ORDER BY id LIMIT", page.limit);
  where.add("OFFSET", page.offset());
  return transaction.all<GiftcardRow>(fmt::format(fmt::runtime(select_where), where.text()),
                                      where.parameters());
}

Result<GiftcardRow> make_giftcard(Transaction& transaction, const NewGiftcard& card) {
  Time now = transaction.now();
  GiftcardRow row = {.id = transaction.next_id(),
                     .uuid = transaction.next_uuid(),
                     .hash = transaction.random().text(hash_length, hash_alphabet),
                     .program_id = card.program.id,
                     .contact_id = card.contact_id,
                     .type = card.type,
                     .created_at = now};
  if (card.program.expiration_days) {
    row.expires_at = now + *card.program.expiration_days * microseconds_of_day;
  }
  TRY(transaction.append(giftcard_table,
                         {row.id, row.uuid, row.hash, row.program_id, row.contact_id, row.type,
                          row.active, row.expires_at, 0, 0, 0, row.created_at}));
  return row;
}

Result<> update_giftcard(Transaction& transaction, const GiftcardRow& card) {
  TRY(transaction.run(update_row, {card.id, card.active, card.contact_id}));
  return {};
}

Result<> move_giftcards(Transaction& transaction, const ContactRow& source,
                        const ContactRow& destination) {
  TRY(transaction.run(move_rows, {source.id, destination.id}));
  return {};
}

Result<> forget_giftcards(Transaction& transaction, const ContactRow& contact) {
  TRY(transaction.run(forget_attributes, {contact.id}));
  TRY(transaction.run(forget_contact, {contact.id}));
  return {};
}

}  // namespace piggy
