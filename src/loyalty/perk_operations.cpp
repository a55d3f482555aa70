#include "loyalty/perk_operations.h"

#include <fmt/format.h>

#include "operation/numbers.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::string_view select_perks = R"sql(
  SELECT uuid, label, name, data_type, options FROM perk WHERE account_id = $1 ORDER BY id
)sql";
constexpr std::string_view select_perk = R"sql(
  SELECT uuid, label, name, data_type, options FROM perk WHERE account_id = $1 AND uuid = $2
)sql";
constexpr std::string_view select_by_label = R"sql(
  SELECT uuid FROM perk WHERE account_id = $1 AND label = $2
)sql";
constexpr std::string_view update_label = R"sql(
  UPDATE perk SET label = $3 WHERE account_id = $1 AND uuid = $2
)sql";
constexpr std::string_view delete_perk = "DELETE FROM perk WHERE account_id = $1 AND uuid = $2";

constexpr AppendTable perk_table = {
    "perk",
    "account_id bigint, id bigint, uuid bytea, label text, name text, data_type text, "
    "options text, created_at bigint"};

struct PerkRow {
  Uuid uuid = {};
  std::string label = {};
  std::string name = {};
  PerkType data_type = PerkType::boolean;
  Value options = {};
};

Perk shown(const PerkRow& row) {
  Perk perk{.uuid = row.uuid, .label = row.label, .name = row.name, .data_type = row.data_type};
  for (const Value& stored : *row.options.items()) {
    auto option = read<PerkOption>(stored, Reading::strict);
    ASSERT(option.has_value());
    perk.options.push_back(*std::move(option));
  }
  return perk;
}

Result<Perk> perk_of(Transaction& transaction, const Uuid& uuid) {
  auto row = TRY(transaction.first<PerkRow>(select_perk, {uuid}));
  if (!row) return refuse(ErrorCode::not_found, 110000, "Perk not found.");
  return shown(*row);
}

Result<> label_is_free(Transaction& transaction, const std::string& label, const Uuid& except) {
  auto taken = TRY(transaction.first<Uuid>(select_by_label, {label}));
  if (taken && *taken != except) return fail_field("/label", "The label has already been taken.");
  return {};
}

std::string text_of(const Value& value) {
  return value.text() ? *value.text() : value.is_null() ? "" : to_json(value);
}

Result<std::vector<PerkOption>> checked(const CreatePerk::Input& input) {
  std::vector<PerkOption> options;
  int defaults = 0;
  for (std::size_t i = 0; i < input.options.size(); i++) {
    const CreatePerk::Option& given = input.options[i];
    std::string path = fmt::format("/options/{}/value", i);
    PerkOption option{.label = given.label,
                      .value = text_of(given.value),
                      .is_default = given.is_default.value_or(false)};
    if (option.value.empty()) return fail_field(path, "The value field is required.");
    if (input.data_type == PerkType::boolean) {
      if (option.value == "1") option.value = "true";
      if (option.value == "0") option.value = "false";
      if (option.value != "true" && option.value != "false")
        return fail_field(path, "The value of a boolean perk must be true or false.");
    }
    for (const PerkOption& earlier : options) {
      if (earlier.value == option.value) return fail_field(path, "The value stands there twice.");
    }
    defaults += option.is_default;
    options.push_back(std::move(option));
  }
  if (defaults != 1)
    return fail_field("/options", "Exactly one of the options must be the default.");
  return options;
}

}  // namespace

Result<ListPerks::Output> ListPerks::run(Call& call, const Input&) {
  Output output;
  for (const PerkRow& row : TRY(call.transaction.all<PerkRow>(select_perks)))
    output.perks.push_back(shown(row));
  return output;
}

Result<Perk> CreatePerk::run(Call& call, const Input& input) {
  Perk perk{.uuid = call.transaction.next_uuid(),
            .label = input.label,
            .name = input.name,
            .data_type = input.data_type,
            .options = TRY(checked(input))};
  TRY(label_is_free(call.transaction, perk.label, {}));
  Value options = Value::list();
  for (const PerkOption& option : perk.options) options.push(TRY(parse_json(to_json(option))));
  TRY(call.transaction.append(perk_table, {call.transaction.next_id(), perk.uuid, perk.label,
                                           perk.name, perk.data_type, options, call.now()}));
  call.changes("perk " + perk.label, nullptr, "created");
  return perk;
}

Result<Perk> GetPerk::run(Call& call, const Input& input) {
  return perk_of(call.transaction, input.perk_uuid);
}

Result<Perk> UpdatePerk::run(Call& call, const Input& input) {
  Perk perk = TRY(perk_of(call.transaction, input.perk_uuid));
  TRY(label_is_free(call.transaction, input.label, perk.uuid));
  TRY(call.transaction.run(update_label, {perk.uuid, input.label}));
  call.changes("label of perk " + perk.name, perk.label, input.label);
  perk.label = input.label;
  return perk;
}

Result<Empty> DeletePerk::run(Call& call, const Input& input) {
  Perk perk = TRY(perk_of(call.transaction, input.perk_uuid));
  TRY(call.transaction.run(delete_perk, {perk.uuid}));
  call.changes("perk " + perk.label, "exists", "deleted");
  return Empty{};
}

}  // namespace piggy
