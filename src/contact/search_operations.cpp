#include "contact/search_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "base/fold.h"
#include "base/lower_case.h"
#include "contact/contact_set.h"
#include "contact/contact_view.h"
#include "contact/search_words.h"
#include "operation/numbers.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::size_t shown_max = 20;

// Before the names are looked at: a contact that has a word need not have the whole name.
constexpr std::int64_t looked_at_max = 500;

constexpr std::string_view select_by_identifier = R"sql(
  SELECT c.id, c.uuid, c.email, c.is_anonymous, c.attributes
  FROM contact_identifier i JOIN contact c ON c.account_id = i.account_id AND c.id = i.contact_id
  WHERE i.account_id = $1 AND i.value = $2
)sql";

constexpr std::string_view select_oldest_first = R"sql(
  SELECT c.uuid, c.email, c.is_anonymous, c.attributes, c.created_at, l.balance, m.tier_id
  FROM contact c JOIN ledger_account l ON l.account_id = c.account_id AND l.id = c.id
                 JOIN member m ON m.account_id = c.account_id AND m.id = c.id
  WHERE c.account_id = $1 AND c.status <> 'DELETED' AND c.id > $2 ORDER BY c.id LIMIT $3
)sql";

constexpr std::string_view select_newest_first = R"sql(
  SELECT c.uuid, c.email, c.is_anonymous, c.attributes, c.created_at, l.balance, m.tier_id
  FROM contact c JOIN ledger_account l ON l.account_id = c.account_id AND l.id = c.id
                 JOIN member m ON m.account_id = c.account_id AND m.id = c.id
  WHERE c.account_id = $1 AND c.status <> 'DELETED' AND c.id < $2 ORDER BY c.id DESC LIMIT $3
)sql";

// Also of one that has been deleted since it was seen.
constexpr std::string_view select_id = "SELECT id FROM contact WHERE account_id = $1 AND uuid = $2";

struct BrowsedRow {
  Uuid uuid = {};
  std::string email = {};
  bool is_anonymous = false;
  Value attributes = {};
  Time created_at = {};
  std::int64_t balance = 0;
  std::int64_t tier_id = 0;
};

struct FoundRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string email = {};
  bool is_anonymous = false;
  Value attributes = {};
};

std::string name_of(const Value& attributes) {
  std::string_view first = attributes.text_of("firstname");
  std::string_view last = attributes.text_of("lastname");
  return fmt::format("{}{}{}", first, first.empty() || last.empty() ? "" : " ", last);
}

// Whether the words that are looked for stand in the name, in this order.
bool is_name(std::string_view wanted, const FoundRow& row) {
  auto padded = [](std::string_view text) {
    return fmt::format(" {} ", fmt::join(folded_words(text), " "));
  };
  return padded(name_of(row.attributes)).find(padded(wanted)) != std::string::npos;
}

Result<std::vector<FoundRow>> rows_of(Transaction& transaction, std::vector<std::int64_t> ids) {
  if (ids.empty()) return {};
  std::vector<Parameter> parameters(ids.begin(), ids.end());
  std::string places = padded_places(2, parameters);
  auto rows = TRY(transaction.all<FoundRow>(
      fmt::format("SELECT id, uuid, email, is_anonymous, attributes FROM contact "
                  "WHERE account_id = $1 AND id IN ({})",
                  places),
      parameters));
  // In the order in which they were found.
  std::ranges::sort(rows, {}, [&](const FoundRow& row) { return std::ranges::find(ids, row.id); });
  return rows;
}

// The words are whole ones, and stand in the name as they are given; or it is an address.
Result<std::vector<FoundRow>> found_by_name(Transaction& transaction, std::string_view text) {
  std::vector<std::string> words = asked_words(text);
  if (words.empty()) return {};
  const std::string& rarest = *std::ranges::max_element(words, {}, &std::string::size);
  auto ids = TRY(contacts_with_word(transaction, rarest, looked_at_max));
  std::vector<FoundRow> found;
  for (FoundRow& row : TRY(rows_of(transaction, std::move(ids)))) {
    if (row.email == lower_case(text) || is_name(text, row)) found.push_back(std::move(row));
  }
  return found;
}

// The words may be only begun.
Result<std::vector<FoundRow>> found_while_typing(Transaction& transaction, std::string_view text) {
  // A contact has a few words that begin alike, at most.
  auto found = TRY(contacts_that_begin(transaction, asked_words(text), 4 * shown_max));
  std::vector<std::int64_t> ids;
  for (std::int64_t id : found) {
    if (ids.size() < shown_max && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  }
  return rows_of(transaction, std::move(ids));
}

}  // namespace

Result<SearchContacts::Output> SearchContacts::run(Call& call, const Input& input) {
  auto rows = TRY(call.transaction.all<FoundRow>(select_by_identifier, {input.text}));
  auto found = input.beginnings.value_or(false)
                   ? TRY(found_while_typing(call.transaction, input.text))
                   : TRY(found_by_name(call.transaction, input.text));
  std::ranges::move(found, std::back_inserter(rows));
  Output output;
  for (const FoundRow& row : rows) {
    if (output.contacts.size() == shown_max) break;
    if (std::ranges::find(output.contacts, row.uuid, &Found::uuid) != output.contacts.end())
      continue;
    output.contacts.push_back({.uuid = row.uuid,
                               .email = row.email,
                               .name = name_of(row.attributes),
                               .is_anonymous = row.is_anonymous});
  }
  return output;
}

Result<BrowseContacts::Output> BrowseContacts::run(Call& call, const Input& input) {
  Transaction& transaction = call.transaction;
  bool oldest_first = input.oldest_first.value_or(false);
  std::int64_t after = oldest_first ? 0 : std::numeric_limits<std::int64_t>::max();
  if (input.after) {
    auto id = TRY(transaction.first<std::int64_t>(select_id, {*input.after}));
    if (!id) return contact_not_found();
    after = *id;
  }
  Output output{.total = TRY(count_contacts(transaction))};
  auto tiers = TRY(all_tiers(transaction));
  for (const BrowsedRow& row :
       TRY(transaction.all<BrowsedRow>(oldest_first ? select_oldest_first : select_newest_first,
                                       {after, input.limit.value_or(30)}))) {
    auto tier = std::ranges::find(tiers, row.tier_id, &TierRow::id);
    output.contacts.push_back({.uuid = row.uuid,
                               .email = row.email,
                               .name = name_of(row.attributes),
                               .is_anonymous = row.is_anonymous,
                               .credit_balance = row.balance,
                               .tier = tier == tiers.end() ? "" : tier->name,
                               .created_at = row.created_at});
  }
  return output;
}

}  // namespace piggy
