#include "reward/code.h"

#include "base/utf8.h"

namespace piggy {
namespace {

constexpr std::string_view insert_code = R"sql(
  INSERT INTO reward_code (account_id, id, uuid, reward_id, code, added_at)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
)sql";

constexpr std::string_view update_stock = R"sql(
  UPDATE reward SET stock = (
    SELECT count(*) FROM reward_code
    WHERE account_id = $1 AND reward_id = $2 AND reception_id IS NULL)
  WHERE account_id = $1 AND id = $2 RETURNING stock
)sql";

// One statement, so that nobody can have chosen a code that another one then gets.
constexpr std::string_view update_given = R"sql(
  UPDATE reward_code SET reception_id = $3, given_at = $4
  WHERE account_id = $1 AND reception_id IS NULL AND id = (
    SELECT min(id) FROM reward_code
    WHERE account_id = $1 AND reward_id = $2 AND reception_id IS NULL)
)sql";

constexpr std::string_view select_of_reception = R"sql(
  SELECT code FROM reward_code WHERE account_id = $1 AND reception_id = $2
)sql";

constexpr std::string_view delete_left = R"sql(
  DELETE FROM reward_code WHERE account_id = $1 AND reward_id = $2 AND reception_id IS NULL
)sql";
constexpr std::string_view delete_one = R"sql(
  DELETE FROM reward_code
  WHERE account_id = $1 AND reward_id = $2 AND reception_id IS NULL AND uuid = $3
)sql";

constexpr std::string_view dots = "\u2022\u2022\u2022\u2022";
constexpr std::size_t letters_shown = 3;
constexpr std::size_t letters_to_show_some = 9;

}  // namespace

Result<bool> add_reward_code(Transaction& transaction, const RewardRow& reward,
                             std::string_view code) {
  std::int64_t added =
      TRY(transaction.run(insert_code, {transaction.next_id(), transaction.next_uuid(), reward.id,
                                        code, transaction.now()}));
  return added == 1;
}

Result<std::int64_t> count_reward_codes(Transaction& transaction, const RewardRow& reward) {
  return transaction.one<std::int64_t>(update_stock, {reward.id});
}

Result<bool> give_reward_code(Transaction& transaction, std::int64_t reward_id,
                              std::int64_t reception_id) {
  std::int64_t given =
      TRY(transaction.run(update_given, {reward_id, reception_id, transaction.now()}));
  return given == 1;
}

Result<std::optional<std::string>> code_of_reception(Transaction& transaction,
                                                     std::int64_t reception_id) {
  return transaction.first<std::string>(select_of_reception, {reception_id});
}

Result<std::vector<RewardCodeRow>> reward_codes_on(Transaction& transaction,
                                                   const RewardRow& reward,
                                                   const std::optional<bool>& given, Page& page) {
  std::string from = "FROM reward_code WHERE account_id = $1 AND reward_id = $2";
  if (given) from += *given ? " AND reception_id IS NOT NULL" : " AND reception_id IS NULL";
  page.total = TRY(transaction.one<std::int64_t>("SELECT count(*) " + from, {reward.id}));
  return transaction.all<RewardCodeRow>("SELECT id, uuid, code, reception_id, added_at, given_at " +
                                            from + " ORDER BY id LIMIT $3 OFFSET $4",
                                        {reward.id, page.limit, page.offset()});
}

Result<std::int64_t> remove_reward_codes(Transaction& transaction, const RewardRow& reward,
                                         const std::optional<Uuid>& code) {
  if (code) return transaction.run(delete_one, {reward.id, *code});
  return transaction.run(delete_left, {reward.id});
}

std::string masked_code(std::string_view code) {
  std::string masked(dots);
  if (letters_in(code) < letters_to_show_some) return masked;
  std::size_t at = code.size();
  for (std::size_t shown = 0; shown < letters_shown;) {
    if (begins_letter(code[--at])) shown++;
  }
  return masked + std::string(code.substr(at));
}

bool may_read_codes(const Caller& caller) {
  return caller.persona_id == 0 && caller.may(reward_codes_scope);
}

}  // namespace piggy
