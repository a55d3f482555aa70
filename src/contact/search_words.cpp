#include "contact/search_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/fold.h"
#include "base/utf8.h"

namespace piggy {
namespace {

constexpr std::size_t words_max = 24;       // Of one contact, and of one question.
constexpr std::size_t word_bytes_max = 96;  // Longer ones are found by their beginning.
constexpr std::int64_t looked_through_max = 10'000;
constexpr std::int64_t contacts_a_lot = 1'000;

constexpr AppendTable word_table = {"contact_word",
                                    "account_id bigint, contact_id bigint, word bytea"};

constexpr std::string_view select_words = R"sql(
  SELECT word FROM contact_word WHERE account_id = $1 AND contact_id = $2 ORDER BY word
)sql";

constexpr std::string_view delete_word = R"sql(
  DELETE FROM contact_word WHERE account_id = $1 AND contact_id = $2 AND word = $3
)sql";

constexpr std::string_view delete_words = R"sql(
  DELETE FROM contact_word WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view select_with_word = R"sql(
  SELECT contact_id FROM contact_word WHERE account_id = $1 AND word = $2
  ORDER BY contact_id LIMIT $3
)sql";

constexpr std::string_view select_contacts = R"sql(
  SELECT id, uuid, email, is_anonymous, attributes FROM contact
  WHERE account_id = $1 AND id > $2 AND status <> 'DELETED' ORDER BY id LIMIT $3
)sql";

struct Hit {
  Blob word = {};
  std::int64_t contact_id = 0;
};

struct Indexed {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string email = {};
  bool is_anonymous = false;
  Value attributes = {};
};

// The least bytes that no word with this beginning reaches. 0xff is in no UTF-8.
std::string end_of(std::string_view beginning) { return std::string(beginning) + '\xff'; }

void keep_each_once(std::vector<std::string>& words) {
  for (std::string& word : words) {
    word.resize(beginning_of(word, word_bytes_max).size());
  }
  std::ranges::sort(words);
  auto again = std::ranges::unique(words);
  words.erase(again.begin(), again.end());
}

}  // namespace

std::vector<std::string> search_words(const ContactRow& contact, const Value& attributes) {
  std::vector<std::string> words;
  auto add = [&](std::string_view text) {
    for (std::string& word : folded_words(text)) {
      if (words.size() < words_max) words.push_back(std::move(word));
    }
  };
  if (!contact.is_anonymous) words.push_back(folded(contact.email));
  add(attributes.text_of("firstname"));
  add(attributes.text_of("lastname"));
  if (!contact.is_anonymous) {
    add(std::string_view(contact.email).substr(0, contact.email.find('@')));
  }
  keep_each_once(words);
  return words;
}

Result<> add_search_words(Transaction& transaction, const ContactRow& contact) {
  for (const std::string& word : search_words(contact, Value::object())) {
    TRY(transaction.append(word_table, {contact.id, Bytes{word}}));
  }
  return {};
}

Result<> renew_search_words(Transaction& transaction, const ContactRow& contact,
                            const Value& attributes) {
  std::vector<std::string> wanted = search_words(contact, attributes);
  auto there = TRY(transaction.all<Blob>(select_words, {contact.id}));
  for (const Blob& word : there) {
    if (std::ranges::binary_search(wanted, word.data)) continue;
    TRY(transaction.run(delete_word, {contact.id, word}));
  }
  for (const std::string& word : wanted) {
    if (std::ranges::binary_search(there, word, {}, &Blob::data)) continue;
    TRY(transaction.append(word_table, {contact.id, Bytes{word}}));
  }
  return {};
}

Result<> remove_search_words(Transaction& transaction, std::int64_t contact_id) {
  TRY(transaction.run(delete_words, {contact_id}));
  return {};
}

std::vector<std::string> asked_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty() && words.size() < words_max) {
    std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    std::string_view token = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (token.find('@') != std::string_view::npos) {
      words.push_back(folded(token));
    } else {
      for (std::string& word : folded_words(token)) words.push_back(std::move(word));
    }
  }
  keep_each_once(words);
  if (words.size() > words_max) words.resize(words_max);
  return words;
}

Result<std::vector<std::int64_t>> contacts_that_begin(Transaction& transaction,
                                                      std::vector<std::string> words,
                                                      std::int64_t most) {
  if (words.empty()) return {};
  // The longest is the one that fewest are likely to have.
  std::ranges::stable_sort(words, std::ranges::greater(), &std::string::size);
  std::vector<std::string> ends;
  for (const std::string& word : words) ends.push_back(end_of(word));
  std::vector<Parameter> parameters = {Bytes{words[0]}, Bytes{ends[0]},
                                       words.size() > 1 ? looked_through_max : most, most};
  std::string sql =
      "SELECT w.word, w.contact_id FROM (SELECT word, contact_id FROM contact_word "
      "WHERE account_id = $1 AND word >= $2 AND word < $3 ORDER BY word, contact_id LIMIT $4) w";
  for (std::size_t i = 1; i < words.size(); i++) {
    std::size_t at = parameters.size() + 2;
    parameters.insert(parameters.end(), {Bytes{words[i]}, Bytes{ends[i]}});
    sql += fmt::format(
        " {} EXISTS (SELECT 1 FROM contact_word o WHERE o.account_id = $1 "
        "AND o.contact_id = w.contact_id AND o.word >= ${} AND o.word < ${})",
        i == 1 ? "WHERE" : "AND", at, at + 1);
  }
  // Not sorted by the store, which would go through all of them before it shows the first.
  sql += " LIMIT $5";
  auto hits = TRY(transaction.all<Hit>(sql, parameters));
  std::ranges::sort(hits, {},
                    [](const Hit& hit) { return std::tie(hit.word.data, hit.contact_id); });
  std::vector<std::int64_t> contacts;
  for (const Hit& hit : hits) contacts.push_back(hit.contact_id);
  return contacts;
}

Result<std::vector<std::int64_t>> contacts_with_word(Transaction& transaction,
                                                     std::string_view word, std::int64_t most) {
  std::string wanted(beginning_of(word, word_bytes_max));
  return transaction.all<std::int64_t>(select_with_word, {Bytes{wanted}, most});
}

Result<> index_contacts_job(Call& call, const JobRow& job) {
  const Value* after = job.payload.find("after");
  ASSERT(after && after->integer());
  auto contacts =
      TRY(call.transaction.all<Indexed>(select_contacts, {*after->integer(), contacts_a_lot}));
  for (const Indexed& one : contacts) {
    ContactRow contact{
        .id = one.id, .uuid = one.uuid, .email = one.email, .is_anonymous = one.is_anonymous};
    TRY(renew_search_words(call.transaction, contact, one.attributes));
  }
  if (static_cast<std::int64_t>(contacts.size()) < contacts_a_lot) return {};
  TRY(add_job(call.transaction, index_contacts_kind,
              Value::object({{"after", contacts.back().id}})));
  return {};
}

}  // namespace piggy
