#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "segment/query.h"

// The contacts are cut into stretches by their ids, and each thread takes the next one that nobody
// has taken: ids are given to other things as well, so that no stretch says how many are in it.

namespace piggy {
namespace {

constexpr std::size_t stretches = 32;
constexpr std::size_t threads_max = 4;
constexpr int niceness = 5;  // Requests go first.

constexpr std::string_view select_newest_event =
    "SELECT coalesce(max(id), 0) FROM event WHERE $1 > 0";

// In SQLite over all accounts: the table is in the order of its ids, whosever they are.
constexpr std::string_view select_ends_sqlite =
    "SELECT (SELECT id FROM contact WHERE $1 > 0 ORDER BY id LIMIT 1), "
    "(SELECT id FROM contact ORDER BY id DESC LIMIT 1)";
constexpr std::string_view select_ends_postgres =
    "SELECT min(id), max(id) FROM contact WHERE account_id = $1";

struct Ends {
  std::optional<std::int64_t> first = {};
  std::optional<std::int64_t> last = {};
};

class Search {
 public:
  Search(Database& database, std::int64_t account_id, const Condition& condition, Time now)
      : database_(database),
        account_id_(account_id),
        query_(condition, dialect_of(database), now) {}

  Result<FoundContacts> run() {
    FoundContacts found;
    bool sqlite = dialect_of(database_) == Dialect::sqlite;
    TRY(database_.read(account_id_, [&](Transaction& transaction) -> Result<> {
      found.seen = TRY(transaction.one<std::int64_t>(select_newest_event));
      ends_ = TRY(transaction.one<Ends>(sqlite ? select_ends_sqlite : select_ends_postgres));
      return {};
    }));
    if (!ends_.first) return found;
    std::size_t count =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, threads_max);
    std::vector<Result<>> results(count);
    {
      std::vector<std::jthread> threads;
      for (Result<>& result : results) {
        threads.emplace_back([this, &result] {
          setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
          result = look();
        });
      }
    }
    for (Result<>& result : results) TRY(std::move(result));
    for (const auto& part : parts_) found.ids.insert(found.ids.end(), part.begin(), part.end());
    return found;
  }

 private:
  Result<> look() {
    return database_.read(account_id_, [&](Transaction& transaction) -> Result<> {
      for (std::size_t i = next_++; i < stretches; i = next_++) {
        parts_[i] = TRY(query_.between(transaction, end_of(i), end_of(i + 1)));
      }
      return {};
    });
  }

  // The id before the stretch.
  std::int64_t end_of(std::size_t stretch) const {
    std::int64_t width = *ends_.last - *ends_.first + 1;
    auto count = static_cast<std::int64_t>(stretches);
    return *ends_.first - 1 + width / count * static_cast<std::int64_t>(stretch) +
           (stretch == stretches ? width % count : 0);
  }

  Database& database_;
  std::int64_t account_id_;
  ContactQuery query_;
  Ends ends_ = {};
  std::atomic<std::size_t> next_ = 0;
  std::vector<std::vector<std::int64_t>> parts_ = std::vector<std::vector<std::int64_t>>(stretches);
};

}  // namespace

Result<FoundContacts> find_contacts(Database& database, std::int64_t account_id,
                                    const Condition& condition, Time now) {
  return Search(database, account_id, condition, now).run();
}

}  // namespace piggy
