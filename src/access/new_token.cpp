#include "access/new_token.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace piggy {
namespace {

constexpr std::string_view select_shop = R"sql(
  SELECT id FROM shop WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view select_first_shop = R"sql(
  SELECT id FROM shop WHERE account_id = $1 ORDER BY id LIMIT 1
)sql";

}  // namespace

Result<Time> expiry(std::string_view text, Time now) {
  if (auto time = parse_time(text)) {
    if (*time <= now) return fail_field("/expires", "The expires must lie in the future.");
    return *time;
  }
  std::int64_t amount = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  std::int64_t seconds = unit == "d"   ? 86'400
                         : unit == "h" ? 3'600
                         : unit == "m" ? 60
                         : unit == "s" ? 1
                                       : 0;
  if (error != std::errc() || seconds == 0 || amount <= 0 || amount > 36'500) {
    return fail_field("/expires", "The expires must be like 90d, 12h, 30m, or a date.");
  }
  return now + amount * seconds * microseconds_per_second;
}

Result<std::int64_t> shop_of_register(Transaction& transaction, std::int64_t account,
                                      const std::optional<Uuid>& shop) {
  Transaction tenant = transaction.of(account);
  auto id = shop ? TRY(tenant.first<std::int64_t>(select_shop, {*shop}))
                 : TRY(tenant.first<std::int64_t>(select_first_shop));
  if (!id) return fail_field("/shop_uuid", "A register token needs a shop of the account.");
  return *id;
}

Result<> check_scopes(const Catalogue& catalogue, const std::vector<std::string>& scopes) {
  std::set<std::string, std::less<>> known = {"*"};
  for (const auto& operation : catalogue.all()) {
    std::string_view scope = operation->info.scope;
    if (scope.empty()) continue;
    known.emplace(scope);
    known.insert(fmt::format("{}:*", scope.substr(0, scope.find(':'))));
  }
  std::vector<FieldError> problems;
  for (std::size_t i = 0; i < scopes.size(); i++) {
    if (known.contains(scopes[i])) continue;
    problems.push_back(
        {fmt::format("/scopes/{}", i),
         fmt::format("There is no scope {}. There are {}.", scopes[i], fmt::join(known, ", "))});
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  return {};
}

}  // namespace piggy
