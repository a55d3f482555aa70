// The chains are checked in stretches, by several threads: each call holds its own hash, so that a
// stretch can be checked without what lies before it, but for the first call of each account in it.
// Those are checked in the end, when the stretches are put together in order; so what is found is
// what one thread would have found that goes from the first call to the last.
//
// For the same reason the hashes of a stretch need not be made one after the other: they are made
// many at a time, which is several times faster.
//
// All threads see the same calls, though each has a view of its own: ids only grow, so none that is
// made meanwhile is at or below the newest one of the view that we begin with.

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <thread>

#include "audit/audit.h"
#include "audit/call_row.h"
#include "audit/many_hashes.h"

namespace piggy {
namespace {

constexpr std::int64_t calls_per_stretch = 50'000;
constexpr std::int64_t stretches_max = 64;
constexpr unsigned threads_max = 8;
// Those who serve go first.
constexpr int niceness = 10;

// SQLite keeps the calls of all accounts together, in the order of their ids; PostgreSQL finds them
// by account and id. A part at a time, so that memory does not grow with history.
constexpr std::int64_t limit = 4'000;
constexpr std::size_t hashes_at_once = 128;
// Or fewer, where calls are large.
constexpr std::size_t hashed_bytes_at_once = 512 << 10;
const std::string select_calls =
    "SELECT account_id, id, uuid, made_at, duration_us, door, person, persona_uuid, persona, "
    "token_id, operation, contact_uuid, previous_of_contact, outcome, price, approval_uuid, "
    "conversation_uuid, prompt, arguments, response, hash FROM audit_call ";
const std::string select_of_all =
    select_calls + fmt::format("WHERE id > $1 AND id <= $2 ORDER BY id LIMIT {}", limit);
const std::string select_of_account =
    select_calls +
    fmt::format("WHERE account_id = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT {}", limit);
const std::string select_call = select_calls + "WHERE account_id = $1 AND id = $2";

constexpr std::string_view select_newest = "SELECT max(id) FROM audit_call";
constexpr std::string_view select_newest_of_account =
    "SELECT max(id) FROM audit_call WHERE account_id = $1";
constexpr std::string_view select_heads = R"sql(
  SELECT a.id, coalesce(h.calls, 0), coalesce(h.head, 0), h.head_hash
  FROM account a LEFT JOIN audit_head h ON h.account_id = a.id AND h.id = a.id ORDER BY a.id
)sql";

struct HeadRow {
  std::int64_t account = 0;
  std::int64_t calls = 0;
  std::int64_t head = 0;
  std::optional<Blob> head_hash = {};
};

constexpr int column_account = 0;

// False when it is of another size than what we write: whoever alters a row may also cut it.
template <class Fixed>
bool take(const Row& row, int column, Fixed& out) {
  std::string_view bytes = row.bytes(column);
  if (bytes.size() == sizeof out) std::memcpy(&out, bytes.data(), sizeof out);
  return bytes.size() == sizeof out;
}

// The account's column comes first, and is not hashed. False if a uuid or the hash is cut.
bool read_call(const Row& row, CallRow& call) {
  bool whole = true;
  boost::pfr::for_each_field(call, [&](auto& member, std::size_t index) {
    using Member = std::remove_reference_t<decltype(member)>;
    int column = static_cast<int>(index) + 1;
    if constexpr (std::is_same_v<Member, std::string_view>) {
      member = row.bytes(column);
    } else if constexpr (std::is_same_v<Member, Uuid> || std::is_same_v<Member, Hash>) {
      whole = take(row, column, member) && whole;
    } else if constexpr (std::is_same_v<Member, std::optional<Uuid>>) {
      if (take(row, column, member.emplace())) return;
      member.reset();
      whole = whole && row.is_null(column);
    } else {
      read_column(row, column, member);
    }
  });
  return whole;
}

std::string problem_with(std::int64_t id) {
  return fmt::format(
      "The call with the id {} is not what was recorded, or the one before it is gone.", id);
}

// What is wrong with a call, whose row is read for it; empty if it fits after `previous`.
Result<std::string> problem_of(Transaction& tenant, std::int64_t id, const Hash& previous) {
  std::string problem = problem_with(id);  // Also when it is not found by its id.
  TRY(tenant.each(select_call, {id}, [&](const Row& row) {
    CallRow call;
    if (!read_call(row, call)) return;
    std::string bytes;
    if (hash_of(call, previous, bytes) == call.hash) {
      problem.clear();
    } else {
      problem =
          fmt::format("Call {} of {} ({}) is not what was recorded, or the one before it is gone.",
                      to_string(call.uuid), to_atom(call.made_at), call.operation);
    }
  }));
  return problem;
}

// Ids after the first and up to the last; account 0: of all.
struct Stretch {
  std::int64_t account = 0;
  std::int64_t after = 0;
  std::int64_t until = 0;
};

struct Unfit {
  std::int64_t id = 0;
  Hash previous = {};
};

// The calls of an account in a stretch.
struct Links {
  std::int64_t first = 0;  // Not checked yet.
  std::int64_t last = 0;
  std::int64_t calls = 0;
  Hash last_hash = {};
  std::string problem = {};         // Of the first that does not fit, after `first`.
  std::optional<Unfit> unfit = {};  // That one, until its row is read to tell.
};

using LinksByAccount = std::map<std::int64_t, Links>;

// Calls whose hashes are still to be made, in the order in which they were read.
class Unchecked {
 public:
  bool full() const { return calls_.size() >= hashes_at_once || end_ >= hashed_bytes_at_once; }

  void add(const CallRow& call, const Hash& previous, Links& links) {
    std::size_t end = write_hashed(call, previous, bytes_, end_);
    calls_.push_back({.links = &links,
                      .id = call.id,
                      .previous = previous,
                      .hash = call.hash,
                      .start = end_,
                      .size = end - end_});
    end_ = end;
  }

  void check() {
    messages_.clear();
    for (const One& one : calls_) messages_.emplace_back(bytes_.data() + one.start, one.size);
    hashes_.resize(calls_.size());
    hash_many(messages_, hashes_);
    for (std::size_t i = 0; i < calls_.size(); i++) {
      const One& one = calls_[i];
      if (hashes_[i] == one.hash || one.links->unfit) continue;
      one.links->unfit = {.id = one.id, .previous = one.previous};
    }
    calls_.clear();
    end_ = 0;
  }

 private:
  struct One {
    Links* links = nullptr;
    std::int64_t id = 0;
    Hash previous = {};
    Hash hash = {};
    std::size_t start = 0;  // In `bytes_`.
    std::size_t size = 0;
  };

  std::vector<One> calls_;
  std::string bytes_;
  std::size_t end_ = 0;
  std::vector<std::string_view> messages_;
  std::vector<Hash> hashes_;
};

class Reader {
 public:
  Result<LinksByAccount> read(Transaction& transaction, Stretch stretch) {
    RowSink sink = [&](const Row& row) { take(row); };
    do {
      taken_ = 0;
      if (stretch.account) {
        TRY(transaction.each(select_of_account, {stretch.after, stretch.until}, sink));
      } else {
        TRY(transaction.each(select_of_all, {stretch.after, stretch.until}, sink));
      }
      stretch.after = newest_;
    } while (taken_ == limit);
    unchecked_.check();
    for (auto& [account, links] : found_) {
      if (!links.unfit) continue;
      Transaction tenant = transaction.of(account);
      links.problem = TRY(problem_of(tenant, links.unfit->id, links.unfit->previous));
      // The row may be another when it is looked for by its id: in a file that is broken.
      if (links.problem.empty()) links.problem = problem_with(links.unfit->id);
    }
    return std::move(found_);
  }

 private:
  void take(const Row& row) {
    taken_++;
    // A call that is cut fits nothing.
    if (!read_call(row, call_)) call_.hash = {};
    newest_ = call_.id;
    std::int64_t account = row.integer(column_account);
    if (!links_ || account != account_) links_ = &found_[account];
    account_ = account;
    if (links_->calls++ == 0) {
      links_->first = newest_;
    } else if (!links_->unfit) {
      unchecked_.add(call_, links_->last_hash, *links_);
      if (unchecked_.full()) unchecked_.check();
    }
    links_->last = newest_;
    links_->last_hash = call_.hash;
  }

  LinksByAccount found_;
  std::int64_t account_ = 0;
  Links* links_ = nullptr;  // Of that account.
  std::int64_t newest_ = 0;
  std::int64_t taken_ = 0;
  CallRow call_;
  Unchecked unchecked_;
};

class Verification {
 public:
  Verification(Database& database, Transaction& transaction)
      : database_(database), transaction_(transaction) {}

  Result<std::map<std::int64_t, AuditFigures>> run() {
    heads_ = TRY(transaction_.all<HeadRow>(select_heads));
    TRY(cut());
    TRY(read_all());
    std::map<std::int64_t, Links> whole;
    for (LinksByAccount& found : found_) {
      for (auto& [account, links] : found) TRY(join(account, whole[account], links));
    }
    std::map<std::int64_t, AuditFigures> figures;
    for (const HeadRow& head : heads_) figures[head.account] = judge(head, whole[head.account]);
    return figures;
  }

 private:
  Result<> cut() {
    if (database_.kind() == "sqlite") {
      std::int64_t calls = 0;
      for (const HeadRow& head : heads_) calls += head.calls;
      auto newest = TRY(transaction_.one<std::optional<std::int64_t>>(select_newest));
      cut(0, newest, calls);
      return {};
    }
    for (const HeadRow& head : heads_) {
      Transaction tenant = transaction_.of(head.account);
      auto newest = TRY(tenant.one<std::optional<std::int64_t>>(select_newest_of_account));
      cut(head.account, newest, head.calls);
    }
    return {};
  }

  void cut(std::int64_t account, std::optional<std::int64_t> newest, std::int64_t calls) {
    if (!newest) return;
    std::int64_t parts = std::clamp(calls / calls_per_stretch, std::int64_t{1}, stretches_max);
    std::int64_t width = std::max<std::int64_t>(*newest, 0) / parts;
    std::int64_t after = std::numeric_limits<std::int64_t>::min();
    for (std::int64_t part = 1; part < parts; part++) {
      stretches_.push_back({.account = account, .after = after, .until = width * part});
      after = width * part;
    }
    stretches_.push_back({.account = account, .after = after, .until = *newest});
  }

  Result<> read_all() {
    found_.resize(stretches_.size());
    std::vector<Result<>> ends(std::clamp(std::thread::hardware_concurrency(), 1u, threads_max));
    std::atomic<std::size_t> next = 0;
    {
      std::vector<std::jthread> threads;
      for (Result<>& end : ends) {
        threads.emplace_back([&] {
          setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
          for (std::size_t i; end && (i = next++) < stretches_.size();) end = read_one(i);
        });
      }
    }
    for (Result<>& end : ends) TRY(std::move(end));
    return {};
  }

  Result<> read_one(std::size_t index) {
    const Stretch& stretch = stretches_[index];
    return database_.read(stretch.account, [&](Transaction& transaction) -> Result<> {
      found_[index] = TRY(Reader().read(transaction, stretch));
      return {};
    });
  }

  // Adds what comes next to what was before, and looks at the call where they meet.
  Result<> join(std::int64_t account, Links& whole, Links& next) {
    if (whole.problem.empty()) {
      Transaction tenant = transaction_.of(account);
      std::string problem = TRY(problem_of(tenant, next.first, whole.last_hash));
      whole.problem = problem.empty() ? std::move(next.problem) : std::move(problem);
    }
    whole.calls += next.calls;
    whole.last = next.last;
    whole.last_hash = next.last_hash;
    return {};
  }

  static AuditFigures judge(const HeadRow& head, const Links& whole) {
    AuditFigures figures{.calls = whole.calls};
    std::string_view hash(reinterpret_cast<const char*>(whole.last_hash.data()),
                          whole.last_hash.size());
    bool same_hash = head.head_hash ? head.head_hash->data == hash : whole.calls == 0;
    if (!whole.problem.empty()) {
      figures.problems.push_back(whole.problem);
    } else if (head.calls != whole.calls || head.head != whole.last || !same_hash) {
      figures.problems.push_back(
          fmt::format("{} calls are on record where {} were made: the newest are gone or not ours.",
                      whole.calls, head.calls));
    }
    return figures;
  }

  Database& database_;
  Transaction& transaction_;
  std::vector<HeadRow> heads_;
  std::vector<Stretch> stretches_;
  std::vector<LinksByAccount> found_;  // By stretch.
};

}  // namespace

Result<std::map<std::int64_t, AuditFigures>> verify_audit(Database& database,
                                                          Transaction& transaction) {
  ASSERT(!transaction.writes() && transaction.account() == 0);
  return Verification(database, transaction).run();
}

}  // namespace piggy
