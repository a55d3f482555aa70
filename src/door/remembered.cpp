#include "door/remembered.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <unordered_map>

namespace piggy {
namespace {

constexpr AppendTable answer_table = {"idempotency",
                                      "account_id bigint, id bigint, fingerprint bytea, answer "
                                      "text, call_id bigint, created_at bigint"};
constexpr AppendTable list_table = {"idempotency_list", "account_id bigint, id bigint, key bytea"};

constexpr std::string_view select_list = "SELECT account_id, key, id FROM idempotency_list";
constexpr std::string_view select_answer = R"sql(
  SELECT fingerprint, answer, call_id FROM idempotency WHERE account_id = $1 AND id = $2
)sql";
constexpr std::string_view select_indexed = R"sql(
  SELECT i.fingerprint, i.answer, i.call_id
  FROM idempotency_key k JOIN idempotency i ON i.account_id = $1 AND i.id = k.answer_id
  WHERE k.account_id = $1 AND k.key = $2
)sql";

// Keys go to the index in its own order, a few at a time, so that each step writes few pages and
// keeps the writes beside it waiting for a moment only. A key may be there already: of an answer
// that has been forgotten since, or of a sweep that was cut short.
constexpr std::size_t keys_per_step = 64;
std::string index_keys(std::size_t count) {
  std::string sql = "INSERT INTO idempotency_key (account_id, key, answer_id) VALUES ";
  for (std::size_t i = 0; i < count; i++) {
    sql += fmt::format("{}(${}, ${}, ${})", i ? ", " : "", 3 * i + 1, 3 * i + 2, 3 * i + 3);
  }
  return sql + " ON CONFLICT (account_id, key) DO UPDATE SET answer_id = excluded.answer_id";
}
constexpr std::string_view cut_list = "DELETE FROM idempotency_list WHERE id <= $1";

// What is to be forgotten is looked up beside the writer, a part at a time.
constexpr int forgotten_at_once = 500;
constexpr std::string_view select_accounts = "SELECT id FROM account UNION ALL SELECT 0";
constexpr std::string_view select_oldest_answers = R"sql(
  SELECT id, created_at FROM idempotency ORDER BY id LIMIT $1
)sql";
constexpr std::string_view delete_answers = "DELETE FROM idempotency WHERE id <= $1";
constexpr std::string_view select_old_keys = R"sql(
  SELECT key FROM idempotency_key
  WHERE account_id = $1 AND key > $2 AND answer_id <= $3 ORDER BY key LIMIT $4
)sql";
constexpr std::string_view delete_key = R"sql(
  DELETE FROM idempotency_key WHERE account_id = $1 AND key = $2 AND answer_id <= $3
)sql";

struct Listed {
  std::int64_t account = 0;
  Uuid key = {};
  std::int64_t id = 0;
};

struct AnswerRow {
  std::int64_t id = 0;
  Time created_at = {};
};

struct KeyHash {
  std::size_t operator()(const Uuid& key) const {
    std::size_t hash;
    std::memcpy(&hash, key.bytes.data(), sizeof hash);
    return hash;
  }
};

// What is less than a whole step goes one by one, so that there are two statements and not many.
Result<> add_to_index(Transaction& transaction, std::span<const Listed> keys) {
  static const std::string many = index_keys(keys_per_step);
  static const std::string one = index_keys(1);
  std::size_t rows = keys.size() == keys_per_step ? keys_per_step : 1;
  for (std::size_t i = 0; i < keys.size(); i += rows) {
    std::vector<Parameter> parameters;
    for (const Listed& listed : keys.subspan(i, rows)) {
      parameters.insert(parameters.end(), {listed.account, listed.key, listed.id});
    }
    TRY(transaction.run(rows == 1 ? one : many, parameters));
  }
  return {};
}

}  // namespace

// Everything here belongs to the writer's thread, but for `load`, which comes first.
struct RememberedAnswers::Inside : std::enable_shared_from_this<Inside> {
  Database& database;
  std::size_t list_max;
  std::unordered_map<Uuid, Listed, KeyHash> list = {};
  std::int64_t newest = 0;  // The greatest id that was committed.
  bool sweeping = false;
  bool ended = false;
  std::vector<Listed> swept = {};  // What the sweep under way brings to the index, in its order.
  std::int64_t swept_from = 0;     // The least and the greatest id among them.
  std::int64_t swept_to = 0;

  Inside(Database& database, std::size_t list_max) : database(database), list_max(list_max) {}

  // All that was committed before this batch, whose ids are greater.
  void gather() {
    swept.clear();
    for (const auto& [key, listed] : list) swept.push_back(listed);
    std::ranges::sort(swept, {}, [](const Listed& one) { return std::tie(one.account, one.key); });
    auto ids = std::views::transform(swept, &Listed::id);
    std::tie(swept_from, swept_to) = std::pair(std::ranges::min(ids), newest);
  }

  // First all keys are brought to the index, then the list is cut, both in steps. A sweep that
  // fails (the disk is full) is begun again with the next key.
  void sweep(std::size_t step) {
    sweeping = true;
    auto work = [it = this, step](Transaction& transaction) -> Result<> {
      if (step == 0) it->gather();
      std::size_t first = step * keys_per_step;
      if (first < it->swept.size()) {
        std::span<const Listed> rest = std::span(it->swept).subspan(first);
        return add_to_index(transaction, rest.first(std::min(rest.size(), keys_per_step)));
      }
      TRY(transaction.run(cut_list, {it->cut_at(step)}));
      return {};
    };
    database.submit(0, work, [it = shared_from_this(), step](Result<> done) {
      it->sweeping = false;
      if (!done || it->ended) return;
      if (it->cut_at(step) < it->swept_to) return it->sweep(step + 1);
      for (const Listed& listed : it->swept) {
        auto found = it->list.find(listed.key);
        if (found->second.id <= it->swept_to) it->list.erase(found);
      }
      it->swept = {};
    });
  }

  // Up to which id the list is cut in this step. Ids are given out evenly enough.
  std::int64_t cut_at(std::size_t step) const {
    std::size_t steps = (swept.size() + keys_per_step - 1) / keys_per_step;
    if (step < steps) return 0;
    auto part = static_cast<std::int64_t>(step - steps + 1);
    return swept_from + (swept_to - swept_from) * part / static_cast<std::int64_t>(steps);
  }
};

RememberedAnswers::RememberedAnswers(Database& database, std::size_t list_max)
    : inside_(std::make_shared<Inside>(database, list_max)) {}

RememberedAnswers::~RememberedAnswers() {
  // Behind whatever the writer does for us now.
  (void)inside_->database.write(0, [it = inside_](Transaction&) -> Result<> {
    it->ended = true;
    return {};
  });
}

Result<> RememberedAnswers::load() {
  return inside_->database.read(0, [&](Transaction& transaction) -> Result<> {
    for (const Listed& listed : TRY(transaction.all<Listed>(select_list))) {
      inside_->list.emplace(listed.key, listed);
      inside_->newest = std::max(inside_->newest, listed.id);
    }
    return {};
  });
}

Result<std::optional<RememberedAnswers::Remembered>> RememberedAnswers::find(
    Transaction& transaction, const Uuid& key) const {
  auto listed = inside_->list.find(key);
  bool is_listed = listed != inside_->list.end();
  if (transaction.account() == 0) {  // Above all tenants: statements name the account themselves.
    return is_listed ? transaction.first<Remembered>(select_answer, {0, listed->second.id})
                     : transaction.first<Remembered>(select_indexed, {0, key});
  }
  if (is_listed) {
    return transaction.first_settled<Remembered>(select_answer, {listed->second.id});
  }
  return transaction.first_unlikely<Remembered>(select_indexed, {key});
}

Result<std::int64_t> RememberedAnswers::remember(Transaction& transaction, const Uuid& key,
                                                 const Remembered& remembered) {
  std::int64_t id = transaction.next_id();
  const auto& [fingerprint, answer, call_id] = remembered;
  if (transaction.account() == 0) {
    TRY(transaction.append(answer_table, {0, id, fingerprint, answer, call_id, transaction.now()}));
    TRY(transaction.append(list_table, {0, id, key}));
  } else {
    TRY(transaction.append(answer_table, {id, fingerprint, answer, call_id, transaction.now()}));
    TRY(transaction.append(list_table, {id, key}));
  }
  return id;
}

void RememberedAnswers::committed(std::int64_t account, const Uuid& key, std::int64_t id) {
  inside_->list[key] = {.account = account, .key = key, .id = id};
  inside_->newest = std::max(inside_->newest, id);
  if (inside_->list.size() >= inside_->list_max && !inside_->sweeping) {
    inside_->sweep(0);
  }
}

Result<std::int64_t> RememberedAnswers::forget_old() {
  Database& database = inside_->database;
  Time limit = database.clock().now() + -idempotency_days * microseconds_per_day;
  std::int64_t forgotten = 0;
  std::int64_t last = 0;
  for (;;) {
    std::vector<AnswerRow> oldest;
    TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
      oldest = TRY(transaction.all<AnswerRow>(select_oldest_answers, {forgotten_at_once}));
      return {};
    }));
    std::erase_if(oldest, [&](const AnswerRow& row) { return !(row.created_at < limit); });
    if (oldest.empty()) break;
    last = oldest.back().id;
    TRY(database.write(0, [&](Transaction& transaction) -> Result<> {
      forgotten += TRY(transaction.run(delete_answers, {last}));
      return {};
    }));
  }
  if (!last) return forgotten;
  std::vector<std::int64_t> accounts;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    accounts = TRY(transaction.all<std::int64_t>(select_accounts));
    return {};
  }));
  for (std::int64_t account : accounts) TRY(forget_keys(account, last));
  return forgotten;
}

Result<> RememberedAnswers::forget_keys(std::int64_t account, std::int64_t last) {
  Database& database = inside_->database;
  Uuid after;
  for (;;) {
    std::vector<Uuid> keys;
    TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
      keys = TRY(transaction.all<Uuid>(select_old_keys, {account, after, last, forgotten_at_once}));
      return {};
    }));
    if (keys.empty()) return {};
    after = keys.back();
    TRY(database.write(0, [&](Transaction& transaction) -> Result<> {
      for (const Uuid& key : keys) TRY(transaction.run(delete_key, {account, key, last}));
      return {};
    }));
  }
}

}  // namespace piggy
