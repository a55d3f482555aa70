#include "loyalty/programme_operations.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

LoyaltyProgram shown(const Configuration& configuration, const ProgrammeRow& programme) {
  LoyaltyProgram shown{.id = programme.id,
                       .name = programme.name,
                       .max_amount = programme.max_amount,
                       .custom_credit_name = programme.custom_credit_name};
  if (auto unit = unit_of(configuration, std::nullopt)) {
    shown.unit =
        UnitInProgramme{.name = (*unit)->name, .label = (*unit)->label, .prefix = (*unit)->prefix};
  }
  return shown;
}

std::string first_character(std::string_view utf8) {
  std::size_t end = 1;
  while (end < utf8.size() && !begins_letter(utf8[end])) end++;
  return std::string(utf8.substr(0, end));
}

// This answer alone has the form 2023-11-06T14:39:24.000000Z (piggy-api-v3, section 8.1).
std::string with_microseconds(Time time) {
  std::string text = to_atom(time);
  text.resize(text.size() - std::string_view("+00:00").size());
  return fmt::format("{}.{:06}Z", text, time.microseconds % microseconds_per_second);
}

}  // namespace

Result<LoyaltyProgram> GetLoyaltyProgram::run(Configurations& configurations, Call& call,
                                              const Input&) {
  auto configuration = TRY(configurations.of(call.transaction));
  return shown(*configuration, configuration->programme);
}

Result<LoyaltyProgram> UpdateLoyaltyProgram::run(Configurations& configurations, Call& call,
                                                 const Input& input) {
  auto configuration = TRY(configurations.of(call.transaction));
  const ProgrammeRow& before = configuration->programme;
  ProgrammeRow programme = before;
  if (input.name) programme.name = *input.name;
  if (input.max_amount) programme.max_amount = *input.max_amount;
  if (input.custom_credit_name) programme.custom_credit_name = *input.custom_credit_name;
  if (input.allows_negative) programme.allows_negative = *input.allows_negative;
  TRY(update_programme(call.transaction, programme));
  if (programme.name != before.name)
    call.changes("loyalty program name", before.name, programme.name);
  if (programme.max_amount != before.max_amount)
    call.changes("loyalty program max_amount", before.max_amount, programme.max_amount);
  if (programme.custom_credit_name != before.custom_credit_name) {
    call.changes("loyalty program custom_credit_name", before.custom_credit_name,
                 programme.custom_credit_name);
  }
  if (programme.allows_negative != before.allows_negative) {
    call.changes("loyalty program allows_negative", before.allows_negative,
                 programme.allows_negative);
  }
  return shown(*configuration, programme);
}

Result<ListUnits::Output> ListUnits::run(Configurations& configurations, Call& call, const Input&) {
  Output output;
  auto configuration = TRY(configurations.of(call.transaction));
  for (const UnitRow& unit : configuration->units) {
    output.units.push_back({.name = unit.name,
                            .label = unit.label,
                            .prefix = unit.prefix,
                            .is_default = unit.is_default});
  }
  return output;
}

Result<CreateUnit::Output> CreateUnit::run(Configurations& configurations, Call& call,
                                           const Input& input) {
  auto configuration = TRY(configurations.of(call.transaction));
  if (unit_of(*configuration, input.name))
    return refuse(ErrorCode::conflict, 55045, "Unit already exists.");
  UnitRow unit =
      TRY(add_unit(call.transaction, {.name = input.name,
                                      .label = input.label,
                                      .prefix = input.prefix.value_or(first_character(input.name)),
                                      .is_default = input.is_default.value_or(false)}));
  call.changes("unit " + unit.name, nullptr, "created");
  if (unit.is_default) {
    auto before = unit_of(*configuration, std::nullopt);
    call.changes("default unit", before ? Value((*before)->name) : Value(), unit.name);
  }
  return Output{.loyalty_program_id = configuration->programme.id,
                .name = unit.name,
                .label = unit.label,
                .is_default = unit.is_default,
                .prefix = unit.prefix,
                .updated_at = with_microseconds(call.now()),
                .created_at = with_microseconds(call.now()),
                .id = unit.id};
}

}  // namespace piggy
