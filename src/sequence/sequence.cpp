#include "sequence/sequence.h"

#include <fmt/format.h>

#include "operation/numbers.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::string_view columns =
    "id, uuid, name, description, state, subscription_type_id, min_score, max_score, version, "
    "created_at, updated_at";

constexpr AppendTable sequence_table = {
    "sequence",
    "account_id bigint, id bigint, uuid bytea, name text, description text, state text, "
    "subscription_type_id bigint, min_score bigint, max_score bigint, version bigint, "
    "created_at bigint, updated_at bigint"};

constexpr AppendTable version_table = {
    "sequence_version",
    "account_id bigint, sequence_id bigint, version bigint, plan text, created_at bigint"};

constexpr std::string_view update_row = R"sql(
  UPDATE sequence SET name = $3, description = $4, state = $5, subscription_type_id = $6,
                      min_score = $7, max_score = $8, version = $9, updated_at = $10
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_plan = R"sql(
  SELECT plan FROM sequence_version WHERE account_id = $1 AND sequence_id = $2 AND version = $3
)sql";

Result<std::optional<SequenceRow>> find(Transaction& transaction, std::string_view column,
                                        Parameter value) {
  return transaction.first<SequenceRow>(
      fmt::format("SELECT {} FROM sequence WHERE account_id = $1 AND {} = $2", columns, column),
      {std::move(value)});
}

Result<SequenceRow> must_be(Result<std::optional<SequenceRow>> found) {
  auto row = TRY(std::move(found));
  if (!row) return model_not_found();
  return *std::move(row);
}

}  // namespace

Result<SequenceRow> sequence_of(Transaction& transaction, const Uuid& uuid) {
  return must_be(find(transaction, "uuid", uuid));
}

Result<SequenceRow> sequence_by_id(Transaction& transaction, std::int64_t id) {
  return must_be(find(transaction, "id", id));
}

Result<std::optional<SequenceRow>> sequence_by_name(Transaction& transaction,
                                                    std::string_view name) {
  return find(transaction, "name", name);
}

Result<std::vector<SequenceRow>> sequences_on(Transaction& transaction,
                                              std::optional<SequenceState> state, Page& page) {
  std::string from = "FROM sequence WHERE account_id = $1";
  std::vector<Parameter> parameters;
  if (state) {
    from += " AND state = $2";
    parameters.emplace_back(*state);
  }
  page.total = TRY(transaction.all<std::int64_t>("SELECT count(*) " + from, parameters)).front();
  from += fmt::format(" ORDER BY name, id LIMIT ${} OFFSET ${}", parameters.size() + 2,
                      parameters.size() + 3);
  parameters.emplace_back(page.limit);
  parameters.emplace_back(page.offset());
  return transaction.all<SequenceRow>(fmt::format("SELECT {} {}", columns, from), parameters);
}

Result<SequencePlan> plan_of(Transaction& transaction, const SequenceRow& sequence) {
  Value plan = TRY(transaction.one<Value>(select_plan, {sequence.id, sequence.version}));
  return read<SequencePlan>(plan, Reading::strict);
}

Result<> make_sequence(Transaction& transaction, SequenceRow& row, const SequencePlan& plan) {
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  row.created_at = row.updated_at = transaction.now();
  TRY(transaction.append(sequence_table, {row.id, row.uuid, row.name, row.description, row.state,
                                          row.subscription_type_id, row.min_score, row.max_score,
                                          row.version, row.created_at, row.updated_at}));
  return transaction.append(version_table, {row.id, row.version, to_json(plan), row.created_at});
}

Result<> update_sequence(Transaction& transaction, SequenceRow& row, const SequencePlan& plan) {
  row.updated_at = transaction.now();
  std::string text = to_json(plan);
  if (text != to_json(TRY(plan_of(transaction, row)))) {
    row.version++;
    TRY(transaction.append(version_table, {row.id, row.version, text, row.updated_at}));
  }
  TRY(transaction.run(update_row,
                      {row.id, row.name, row.description, row.state, row.subscription_type_id,
                       row.min_score, row.max_score, row.version, row.updated_at}));
  return {};
}

}  // namespace piggy
