#include "campaign/suppression.h"

#include <sodium.h>

#include <unordered_map>

#include "base/lower_case.h"
#include "contact/contact_set.h"

namespace piggy {
namespace {

constexpr AppendTable suppression_table = {
    "suppression",
    "account_id bigint, id bigint, hash bytea, address text, reason text, note text, "
    "created_at bigint"};

constexpr std::string_view select_by_hash = R"sql(
  SELECT id, address, reason, note, created_at FROM suppression WHERE account_id = $1 AND hash = $2
)sql";

constexpr std::string_view delete_by_hash = R"sql(
  DELETE FROM suppression WHERE account_id = $1 AND hash = $2
)sql";

constexpr std::string_view select_page = R"sql(
  SELECT id, address, reason, note, created_at FROM suppression
  WHERE account_id = $1 AND ($2 = '' OR reason = $2) ORDER BY id DESC LIMIT $3 OFFSET $4
)sql";

constexpr std::string_view count_all = R"sql(
  SELECT count(*) FROM suppression WHERE account_id = $1 AND ($2 = '' OR reason = $2)
)sql";

struct HashAndReason {
  Hash hash = {};
  std::string reason = {};
};

std::string_view bytes_of(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace

Hash suppression_hash(std::int64_t account_id, std::string_view address) {
  std::string text = std::to_string(account_id) + " " + lower_case(address);
  Hash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  return hash;
}

Result<std::optional<SuppressionRow>> suppression_of(Transaction& transaction,
                                                     std::string_view address) {
  return transaction.first<SuppressionRow>(select_by_hash,
                                           {suppression_hash(transaction.account(), address)});
}

Result<std::vector<std::string>> suppressed_for(Transaction& transaction,
                                                const std::vector<std::string_view>& addresses) {
  std::vector<std::string> reasons(addresses.size());
  if (addresses.empty()) return reasons;
  std::unordered_map<std::string_view, std::size_t> places;
  std::vector<Hash> hashes;
  for (std::string_view address : addresses) {
    hashes.push_back(suppression_hash(transaction.account(), address));
  }
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < hashes.size(); i++) {
    places.emplace(bytes_of(hashes[i]), i);
    parameters.emplace_back(hashes[i]);
  }
  std::string sql = "SELECT hash, reason FROM suppression WHERE account_id = $1 AND hash IN (" +
                    padded_places(2, parameters) + ")";
  for (const HashAndReason& row : TRY(transaction.all<HashAndReason>(sql, parameters))) {
    reasons[places.at(bytes_of(row.hash))] = row.reason;
  }
  return reasons;
}

Result<bool> suppress(Transaction& transaction, std::string_view address, SuppressionReason reason,
                      std::string_view note) {
  if (TRY(suppression_of(transaction, address))) return false;
  bool known = reason != SuppressionReason::erased;
  TRY(transaction.append(
      suppression_table,
      {transaction.next_id(), suppression_hash(transaction.account(), address),
       known ? lower_case(address) : std::string(), reason, note, transaction.now()}));
  return true;
}

Result<bool> unsuppress(Transaction& transaction, std::string_view address) {
  return TRY(transaction.run(delete_by_hash, {suppression_hash(transaction.account(), address)})) >
         0;
}

Result<std::vector<SuppressionRow>> suppressions_on(Transaction& transaction,
                                                    std::optional<SuppressionReason> reason,
                                                    Page& page) {
  std::string word(reason ? word_of(*reason) : std::string_view());
  page.total = TRY(transaction.one<std::int64_t>(count_all, {word}));
  return transaction.all<SuppressionRow>(select_page, {word, page.limit, page.offset()});
}

}  // namespace piggy
