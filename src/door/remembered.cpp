#include "door/remembered.h"

#include <unordered_map>

namespace piggy {
namespace {

constexpr AppendTable answer_table = {
    "idempotency",
    "account_id bigint, id bigint, fingerprint bytea, answer text, created_at bigint"};
constexpr AppendTable list_table = {"idempotency_list", "account_id bigint, id bigint, key bytea"};

constexpr std::string_view select_list = "SELECT id, key FROM idempotency_list";
constexpr std::string_view select_answer = R"sql(
  SELECT fingerprint, answer FROM idempotency WHERE account_id = $1 AND id = $2
)sql";
constexpr std::string_view select_indexed = R"sql(
  SELECT i.fingerprint, i.answer
  FROM idempotency_key k JOIN idempotency i ON i.account_id = $1 AND i.id = k.answer_id
  WHERE k.account_id = $1 AND k.key = $2
)sql";

// Keys are digests, so their first byte parts them evenly. A key may be in the index: of an answer
// that has been forgotten since, or of a sweep that was cut short.
constexpr int sweep_steps = 32;
constexpr std::string_view sweep_step = R"sql(
  INSERT INTO idempotency_key (account_id, key, answer_id)
  SELECT account_id, key, id FROM idempotency_list
  WHERE id <= $1 AND key >= $2 AND key < $3 ORDER BY account_id, key
  ON CONFLICT (account_id, key) DO UPDATE SET answer_id = excluded.answer_id
)sql";
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

struct ListRow {
  std::int64_t id = 0;
  Uuid key = {};
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

// The least key of a step of the sweep; the last one ends above all keys.
Bytes boundary(int step, std::string& storage) {
  storage = step < sweep_steps ? std::string(1, static_cast<char>(step * (256 / sweep_steps)))
                               : std::string(17, '\xff');
  return Bytes{storage};
}

}  // namespace

// Everything here belongs to the writer's thread, but for `load`, which comes first.
struct RememberedAnswers::Inside : std::enable_shared_from_this<Inside> {
  Database& database;
  std::size_t list_max;
  std::unordered_map<Uuid, std::int64_t, KeyHash> list = {};
  std::int64_t newest = 0;  // The greatest id that was committed.
  bool sweeping = false;
  bool ended = false;

  Inside(Database& database, std::size_t list_max) : database(database), list_max(list_max) {}

  // A sweep that fails (the disk is full) is begun again with the next key.
  void sweep(int step, std::int64_t up_to) {
    sweeping = true;
    auto work = [step, up_to](Transaction& transaction) -> Result<> {
      std::string from;
      std::string to;
      if (step < sweep_steps) {
        TRY(transaction.run(sweep_step, {up_to, boundary(step, from), boundary(step + 1, to)}));
      } else {
        TRY(transaction.run(cut_list, {up_to}));
      }
      return {};
    };
    database.submit(0, work, [it = shared_from_this(), step, up_to](Result<> done) {
      it->sweeping = false;
      if (!done || it->ended) return;
      if (step < sweep_steps) return it->sweep(step + 1, up_to);
      std::erase_if(it->list, [&](const auto& entry) { return entry.second <= up_to; });
    });
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
    for (const ListRow& row : TRY(transaction.all<ListRow>(select_list))) {
      inside_->list.emplace(row.key, row.id);
      inside_->newest = std::max(inside_->newest, row.id);
    }
    return {};
  });
}

Result<std::optional<RememberedAnswers::Remembered>> RememberedAnswers::find(
    Transaction& transaction, const Uuid& key) const {
  auto listed = inside_->list.find(key);
  bool is_listed = listed != inside_->list.end();
  if (transaction.account() == 0) {  // Above all tenants: statements name the account themselves.
    return is_listed ? transaction.first<Remembered>(select_answer, {0, listed->second})
                     : transaction.first<Remembered>(select_indexed, {0, key});
  }
  if (is_listed) {
    return transaction.first_settled<Remembered>(select_answer, {listed->second});
  }
  return transaction.first_unlikely<Remembered>(select_indexed, {key});
}

Result<std::int64_t> RememberedAnswers::remember(Transaction& transaction, const Uuid& key,
                                                 const Remembered& remembered) {
  std::int64_t id = transaction.next_id();
  const auto& [fingerprint, answer] = remembered;
  if (transaction.account() == 0) {
    TRY(transaction.append(answer_table, {0, id, fingerprint, answer, transaction.now()}));
    TRY(transaction.append(list_table, {0, id, key}));
  } else {
    TRY(transaction.append(answer_table, {id, fingerprint, answer, transaction.now()}));
    TRY(transaction.append(list_table, {id, key}));
  }
  return id;
}

void RememberedAnswers::committed(const Uuid& key, std::int64_t id) {
  inside_->list[key] = id;
  inside_->newest = std::max(inside_->newest, id);
  if (inside_->list.size() >= inside_->list_max && !inside_->sweeping) {
    inside_->sweep(0, inside_->newest);
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
