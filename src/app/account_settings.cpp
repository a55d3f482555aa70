#include "app/account_settings.h"

#include "access/operations.h"
#include "app/operations.h"
#include "tier/rule_stamp.h"

namespace piggy {
namespace {

constexpr std::string_view select_settings = R"sql(
  SELECT company, time_zone, currency FROM account WHERE id = $1
)sql";

constexpr std::string_view update_settings = R"sql(
  UPDATE account SET company = $2, time_zone = $3, currency = $4 WHERE id = $1
)sql";

}  // namespace

void AccountSettings::describe(Fields<AccountSettings>& field) {
  field("company", &AccountSettings::company, "The company's name.");
  field("time_zone", &AccountSettings::time_zone, "The IANA time zone of its days.");
  field("currency", &AccountSettings::currency, "What amounts are in, ISO 4217.");
}

Result<AccountSettings> GetAccountSettings::run(Call& call, const Input&) {
  return call.transaction.one<AccountSettings>(select_settings);
}

void UpdateAccountSettings::Input::describe(Fields<Input>& field) {
  field("company", &Input::company, "The company's name.", {.min = 1, .max = 200});
  field("time_zone", &Input::time_zone, "An IANA time zone, such as Europe/Amsterdam.",
        {.min = 1, .max = 64});
  field("currency", &Input::currency, "ISO 4217, such as EUR.", {.min = 3, .max = 3});
}

Result<AccountSettings> UpdateAccountSettings::run(Call& call, const Input& input) {
  TRY(person_or_owner(call));
  Transaction& transaction = call.transaction;
  AccountSettings settings = TRY(transaction.one<AccountSettings>(select_settings));
  if (input.time_zone) TRY(must_be_time_zone(*input.time_zone));
  if (input.currency) TRY(must_be_currency(*input.currency));
  auto change = [&](std::string& now, const std::optional<std::string>& next, const char* what) {
    if (!next || *next == now) return;
    call.changes(what, now, *next);
    now = *next;
  };
  change(settings.company, input.company, "company's name");
  change(settings.time_zone, input.time_zone, "time zone");
  change(settings.currency, input.currency, "currency");
  TRY(transaction.run(update_settings, {settings.company, settings.time_zone, settings.currency}));
  // What is known of the programme by heart knows the zone as well.
  TRY(stamp_rules(transaction));
  return settings;
}

}  // namespace piggy
