#include "connection/connection.h"

#include <fmt/format.h>

#include "operation/tool_name.h"

namespace piggy {
namespace {

constexpr std::string_view columns =
    "id, uuid, connector, name, handle, base_url, whose, secret_uuid, state, problem, settings, "
    "expires_at, last_used_at, revoked_at, rotated_at, created_by, created_at";

constexpr std::string_view insert_connection = R"sql(
  INSERT INTO connection (account_id, id, uuid, connector, name, handle, base_url, whose,
                          secret_uuid, state, problem, settings, expires_at, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE connection SET name = $3, base_url = $4, whose = $5, secret_uuid = $6, state = $7,
                        problem = $8, settings = $9, expires_at = $10, last_used_at = $11,
                        revoked_at = $12, rotated_at = $13
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view secret_name = "connection key";

std::string select_where(std::string_view condition) {
  return fmt::format("SELECT {} FROM connection WHERE account_id = $1 AND {} ORDER BY id", columns,
                     condition);
}

std::unexpected<Error> no_connection() {
  return fail(ErrorCode::not_found, "There is no such connection.");
}

}  // namespace

ConnectionState state_of(const ConnectionRow& row, Time now) {
  bool ends = row.expires_at && *row.expires_at <= now + expiring_days * microseconds_per_day;
  return row.state == ConnectionState::connected && ends ? ConnectionState::expiring : row.state;
}

Result<std::vector<ConnectionRow>> connections(Transaction& transaction) {
  static const std::string select = select_where("id > 0");
  return transaction.all<ConnectionRow>(select);
}

Result<ConnectionRow> connection_by_uuid(Transaction& transaction, const Uuid& uuid) {
  static const std::string select = select_where("uuid = $2");
  auto row = TRY(transaction.first<ConnectionRow>(select, {uuid}));
  if (!row) return no_connection();
  return *std::move(row);
}

Result<ConnectionRow> connection_by_id(Transaction& transaction, std::int64_t id) {
  static const std::string select = select_where("id = $2");
  auto row = TRY(transaction.first<ConnectionRow>(select, {id}));
  if (!row) return no_connection();
  return *std::move(row);
}

Result<std::optional<ConnectionRow>> connection_by_handle(Transaction& transaction,
                                                          std::string_view handle) {
  static const std::string select = select_where("handle = $2");
  return transaction.first<ConnectionRow>(select, {handle});
}

Result<> add_connection(Transaction& transaction, const ConnectionRow& row) {
  TRY(transaction.run(insert_connection,
                      {row.id, row.uuid, row.connector, row.name, row.handle, row.base_url,
                       row.whose, row.secret_uuid, row.state, row.problem, row.settings,
                       row.expires_at, row.created_by, row.created_at}));
  return {};
}

Result<> update_connection(Transaction& transaction, const ConnectionRow& row) {
  TRY(transaction.run(update_row, {row.id, row.name, row.base_url, row.whose, row.secret_uuid,
                                   row.state, row.problem, row.settings, row.expires_at,
                                   row.last_used_at, row.revoked_at, row.rotated_at}));
  return {};
}

std::string tool_key(std::string_view handle, std::string_view operation) {
  return handle.empty() ? std::string(operation) : fmt::format("{}_{}", handle, operation);
}

std::string Tool::key() const { return tool_key(handle, operation->info.name); }

std::string Tool::name() const { return handle.empty() ? tool_name(key()) : key(); }

Connector* Connections::connector(std::string_view name) const {
  for (const auto& connector : connectors_) {
    if (connector->info().name == name) return connector.get();
  }
  return nullptr;
}

const Operation* Connections::operation(std::string_view connector, std::string_view name) const {
  if (connector.empty()) return catalogue_.find(name);
  const Connector* found = this->connector(connector);
  return found ? found->find(name) : nullptr;
}

Result<Tool> Connections::tool(Transaction& transaction, std::string_view name) const {
  std::string_view key = operation_name(name);
  if (const Operation* operation = catalogue_.find(key)) return Tool{.operation = operation};
  auto none = fail(ErrorCode::not_found, fmt::format("There is no tool {}.", name));
  std::size_t end = key.find('_');
  if (end == std::string_view::npos) return none;
  auto row = TRY(connection_by_handle(transaction, key.substr(0, end)));
  if (!row || row->state == ConnectionState::revoked) return none;
  const Operation* operation = this->operation(row->connector, key.substr(end + 1));
  if (!operation) return none;
  return Tool{.operation = operation,
              .connection_id = row->id,
              .handle = row->handle,
              .connection = row->name};
}

Result<std::vector<Tool>> Connections::tools(Transaction& transaction) const {
  std::vector<Tool> tools;
  for (const auto& operation : catalogue_.all()) {
    if (operation->info.tool) tools.push_back({.operation = operation.get()});
  }
  for (const ConnectionRow& row : TRY(connections(transaction))) {
    const Connector* connector = this->connector(row.connector);
    if (!connector || row.state == ConnectionState::revoked) continue;
    for (const Operation* operation : connector->tools()) {
      tools.push_back({.operation = operation,
                       .connection_id = row.id,
                       .handle = row.handle,
                       .connection = row.name});
    }
  }
  return tools;
}

Result<Reach> Connections::reach(Transaction& transaction, const ConnectionRow& row) const {
  if (row.state == ConnectionState::revoked) {
    return fail(ErrorCode::conflict, fmt::format("The connection {} was revoked.", row.name));
  }
  if (row.state == ConnectionState::reconnect) {
    return fail(ErrorCode::conflict,
                fmt::format("The connection {} must be made again: {}", row.name, row.problem));
  }
  Reach reach{.base_url = row.base_url, .settings = row.settings};
  if (row.secret_uuid) reach.key = TRY(vault_->get(transaction, *row.secret_uuid));
  return reach;
}

Result<> Connections::keep_key(Transaction& transaction, ConnectionRow& row,
                               const SecretBytes& key) const {
  if (key.empty()) return {};
  if (row.secret_uuid) return vault_->replace(transaction, *row.secret_uuid, key);
  row.secret_uuid = TRY(vault_->put(transaction, secret_name, key));
  return {};
}

Result<> Connections::erase_key(Transaction& transaction, ConnectionRow& row) const {
  if (!row.secret_uuid) return {};
  TRY(vault_->erase(transaction, *row.secret_uuid));
  row.secret_uuid.reset();
  return {};
}

}  // namespace piggy
