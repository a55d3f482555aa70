#include "tier/active.h"

#include <array>
#include <chrono>
#include <unordered_map>

namespace piggy {
namespace {

constexpr std::int64_t accounts_apart = std::int64_t{1} << 24;
constexpr std::int64_t kinds_apart = std::int64_t{1} << 20;
constexpr std::array all_kinds = {PeriodKind::day, PeriodKind::week, PeriodKind::month};
// Within a quarter of an hour it is the same day everywhere.
constexpr std::int64_t same_everywhere = 900 * microseconds_per_second;

struct ActiveRow {
  std::int64_t id = 0;
  std::int64_t contacts = 0;
};

constexpr HotTable active_rows = {
    .select = "SELECT id, contacts FROM active_contacts WHERE account_id = $1 AND id = $2",
    .update = {.name = "active_contacts",
               .columns = "account_id bigint, id bigint, contacts bigint"}};

constexpr AppendTable active_table = {"active_contacts",
                                      "account_id bigint, id bigint, contacts bigint"};

constexpr std::string_view select_rows = R"sql(
  SELECT id, contacts FROM active_contacts WHERE account_id = $1 AND id >= $2 AND id <= $3
)sql";

constexpr std::string_view mark = "active contacts";
constexpr std::string_view select_mark = "SELECT value FROM counter WHERE name = $1";
constexpr std::string_view insert_mark = "INSERT INTO counter (name, value) VALUES ($1, 1)";
constexpr std::string_view select_accounts = "SELECT id, time_zone FROM account ORDER BY id";

struct AccountRow {
  std::int64_t id = 0;
  std::string time_zone = {};
};

std::int64_t id_of(std::int64_t account, PeriodKind kind, std::int64_t number) {
  return account * accounts_apart + static_cast<std::int64_t>(kind) * kinds_apart + number;
}

std::chrono::sys_days days_of(const Date& date) {
  return std::chrono::year(date.year) / std::chrono::month(date.month) / std::chrono::day(date.day);
}

Date date_of(std::chrono::sys_days days) {
  std::chrono::year_month_day day(days);
  return {.year = static_cast<int>(day.year()),
          .month = static_cast<unsigned>(day.month()),
          .day = static_cast<unsigned>(day.day())};
}

// The periods that a moment is in and an earlier one was not.
void each_new_period(std::string_view zone, Time before, Time now,
                     const std::function<void(PeriodKind, std::int64_t)>& sink) {
  if (before.microseconds / same_everywhere == now.microseconds / same_everywhere) return;
  Date today = local_date(now, zone);
  bool first = before == Time{};
  Date last = first ? Date{} : local_date(before, zone);
  for (PeriodKind kind : all_kinds) {
    std::int64_t number = period_of(kind, today);
    if (first || period_of(kind, last) != number) sink(kind, number);
  }
}

Result<> count_account(Transaction& tenant, const std::string& zone, const Receptions& receptions) {
  std::unordered_map<std::int64_t, Time> last;
  std::map<std::int64_t, std::int64_t> counts;
  TRY(receptions(tenant, [&](std::int64_t contact, Time at) {
    Time before = std::exchange(last[contact], at);
    each_new_period(zone, before, at, [&](PeriodKind kind, std::int64_t number) {
      counts[id_of(tenant.account(), kind, number)]++;
    });
  }));
  for (auto [id, contacts] : counts) TRY(tenant.append(active_table, {id, contacts}));
  return {};
}

}  // namespace

std::int64_t period_of(PeriodKind kind, const Date& date) {
  if (kind == PeriodKind::month) return date.year * 12 + static_cast<int>(date.month) - 1;
  std::int64_t day = days_of(date).time_since_epoch().count();
  return kind == PeriodKind::day ? day : (day + 3) / 7;  // 1970 began on a Thursday.
}

Date period_begin(PeriodKind kind, std::int64_t number) {
  if (kind == PeriodKind::month) {
    return {.year = static_cast<int>(number / 12),
            .month = static_cast<unsigned>(number % 12 + 1),
            .day = 1};
  }
  std::int64_t day = kind == PeriodKind::day ? number : number * 7 - 3;
  return date_of(std::chrono::sys_days(std::chrono::days(day)));
}

Result<> note_active(Transaction& transaction, std::string_view zone, Time before) {
  Result<> noted;
  each_new_period(zone, before, transaction.now(), [&](PeriodKind kind, std::int64_t number) {
    if (!noted) return;
    noted = [&]() -> Result<> {
      std::int64_t id = id_of(transaction.account(), kind, number);
      ActiveRow* row = TRY(transaction.hot<ActiveRow>(active_rows, id));
      if (row) {
        row->contacts++;
        return {};
      }
      return transaction.append(active_table, {id, 1});
    }();
  });
  return noted;
}

Result<std::map<std::int64_t, std::int64_t>> active_contacts(Transaction& transaction,
                                                             PeriodKind kind, std::int64_t first,
                                                             std::int64_t last) {
  std::int64_t account = transaction.account();
  std::map<std::int64_t, std::int64_t> counts;
  for (const ActiveRow& row : TRY(transaction.all<ActiveRow>(
           select_rows, {id_of(account, kind, first), id_of(account, kind, last)}))) {
    counts[row.id % kinds_apart] = row.contacts;
  }
  return counts;
}

Result<> count_active_once(Transaction& transaction, const Receptions& receptions) {
  if (TRY(transaction.first<std::int64_t>(select_mark, {mark}))) return {};
  for (const AccountRow& account : TRY(transaction.all<AccountRow>(select_accounts))) {
    Transaction tenant = transaction.of(account.id);
    TRY(count_account(tenant, account.time_zone, receptions));
  }
  TRY(transaction.run(insert_mark, {mark}));
  return {};
}

}  // namespace piggy
