#include "connection/connection.h"

#include <fmt/format.h>

#include "operation/tool_name.h"

namespace piggy {
namespace {

constexpr std::string_view columns =
    "id, uuid, connector, name, handle, base_url, whose, secret_uuid, state, problem, settings, "
    "expires_at, last_used_at, revoked_at, rotated_at, created_by, created_at, sign_in, "
    "refresh_uuid, access_until, permissions";

constexpr std::string_view insert_connection = R"sql(
  INSERT INTO connection (account_id, id, uuid, connector, name, handle, base_url, whose,
                          secret_uuid, state, problem, settings, expires_at, created_by, created_at,
                          sign_in, refresh_uuid, access_until, permissions)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE connection SET name = $3, base_url = $4, whose = $5, secret_uuid = $6, state = $7,
                        problem = $8, settings = $9, expires_at = $10, last_used_at = $11,
                        revoked_at = $12, rotated_at = $13, sign_in = $14, refresh_uuid = $15,
                        access_until = $16, permissions = $17
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view secret_name = "connection key";
constexpr std::string_view refresh_name = "connection refresh token";
constexpr std::int64_t refreshed_before = 60 * microseconds_per_second;

std::string select_where(std::string_view condition) {
  return fmt::format("SELECT {} FROM connection WHERE account_id = $1 AND {} ORDER BY id", columns,
                     condition);
}

std::unexpected<Error> no_connection() {
  return fail(ErrorCode::not_found, "There is no such connection.");
}

}  // namespace

Permissions permissions_of(const Value& kept) {
  if (!kept.items()) return std::nullopt;
  std::vector<std::string> names;
  for (const Value& name : *kept.items()) names.push_back(*name.text());
  return names;
}

Result<> must_be_permitted(const ConnectionRow& row, const Operation& operation) {
  if (permits(permissions_of(row.permissions), operation.info.name)) return {};
  return fail({.code = ErrorCode::forbidden,
               .message = fmt::format("The connection {} may not be used for {}: its permissions "
                                      "leave it out.",
                                      row.name, operation.info.title),
               .number = 403});
}

Value kept_permissions(const Permissions& permissions) {
  if (!permissions) return nullptr;
  return Value::List(permissions->begin(), permissions->end());
}

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
  TRY(transaction.run(
      insert_connection,
      {row.id, row.uuid, row.connector, row.name, row.handle, row.base_url, row.whose,
       row.secret_uuid, row.state, row.problem, row.settings, row.expires_at, row.created_by,
       row.created_at, row.sign_in, row.refresh_uuid, row.access_until, row.permissions}));
  return {};
}

Result<> update_connection(Transaction& transaction, const ConnectionRow& row) {
  TRY(transaction.run(update_row, {row.id, row.name, row.base_url, row.whose, row.secret_uuid,
                                   row.state, row.problem, row.settings, row.expires_at,
                                   row.last_used_at, row.revoked_at, row.rotated_at, row.sign_in,
                                   row.refresh_uuid, row.access_until, row.permissions}));
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
  TRY(must_be_permitted(*row, *operation));
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
    Permissions permissions = permissions_of(row.permissions);
    for (const Operation* operation : connector->tools()) {
      if (!permits(permissions, operation->info.name)) continue;
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
  Reach reach{.base_url = row.base_url, .signed_in = row.signed_in(), .settings = row.settings};
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

Result<> Connections::keep_sign_in(Transaction& transaction, ConnectionRow& row,
                                   const OAuthSignIn& sign_in, const Authorized& authorized,
                                   std::string_view client_secret) const {
  TRY(keep_key(transaction, row, authorized.access));
  row.sign_in = TRY(parse_json(to_json(sign_in)));
  row.access_until = authorized.until;
  SecretBytes refresh = SecretBytes::copy_of(
      to_json(RefreshSecret{.refresh_token = std::string(authorized.refresh.view()),
                            .client_secret = std::string(client_secret)}));
  if (row.refresh_uuid) return vault_->replace(transaction, *row.refresh_uuid, refresh);
  row.refresh_uuid = TRY(vault_->put(transaction, refresh_name, refresh));
  return {};
}

Result<> Connections::erase_sign_in(Transaction& transaction, ConnectionRow& row) const {
  row.sign_in = nullptr;
  row.access_until.reset();
  if (!row.refresh_uuid) return {};
  TRY(vault_->erase(transaction, *row.refresh_uuid));
  row.refresh_uuid.reset();
  return {};
}

Result<RefreshSecret> Connections::refresh_secret(Transaction& transaction,
                                                  const ConnectionRow& row) const {
  if (!row.refresh_uuid) return RefreshSecret{};
  return secret<RefreshSecret>(transaction, *row.refresh_uuid);
}

bool Connections::is_stale(const ConnectionRow& row, Time now) {
  return row.refresh_uuid && row.access_until && *row.access_until <= now + refreshed_before;
}

std::shared_ptr<std::mutex> Connections::turn_of(const Uuid& connection) {
  std::lock_guard lock(mutex_);
  std::erase_if(turns_, [](const auto& turn) { return turn.second.expired(); });
  auto& known = turns_[connection];
  std::shared_ptr<std::mutex> turn = known.lock();
  if (!turn) known = turn = std::make_shared<std::mutex>();
  return turn;
}

Result<Reach> Connections::refreshed(Database& database, std::int64_t account_id, const Uuid& uuid,
                                     const Reach& stale) {
  std::shared_ptr<std::mutex> turn = turn_of(uuid);
  std::lock_guard one_at_a_time(*turn);
  ConnectionRow row;
  Reach reach;
  RefreshSecret known;
  TRY(database.read(account_id, [&](Transaction& transaction) -> Result<> {
    row = TRY(connection_by_uuid(transaction, uuid));
    reach = TRY(this->reach(transaction, row));
    known = TRY(refresh_secret(transaction, row));
    return {};
  }));
  if (reach.key.view() != stale.key.view()) return reach;
  OAuthSignIn sign_in = TRY(read<OAuthSignIn>(row.sign_in, Reading::strict));
  Result<Authorized> authorized =
      known.refresh_token.empty()
          ? fail(ErrorCode::unauthenticated, "The sign-in has ended, and cannot be renewed.")
          : oauth_->refresh(sign_in, known.client_secret, known.refresh_token);
  bool refused = !authorized && authorized.error().code == ErrorCode::unauthenticated;
  if (!authorized && !refused) return std::unexpected(std::move(authorized.error()));
  TRY(database.write(account_id, [&](Transaction& transaction) -> Result<> {
    row = TRY(connection_by_uuid(transaction, uuid));
    TRY(this->reach(transaction, row));  // Somebody may have revoked it.
    if (authorized) {
      TRY(keep_sign_in(transaction, row, sign_in, *authorized, known.client_secret));
    } else {
      row.state = ConnectionState::reconnect;
      row.problem = authorized.error().message;
    }
    return update_connection(transaction, row);
  }));
  if (refused) {
    return fail(ErrorCode::conflict, fmt::format("{} Somebody must connect {} again.",
                                                 authorized.error().message, row.name));
  }
  reach.key = std::move(authorized->access);
  return reach;
}

Result<Reach> Connections::fresh(Database& database, std::int64_t account_id,
                                 const ConnectionRow& row, Reach reach) {
  if (!is_stale(row, database.clock().now())) return reach;
  return refreshed(database, account_id, row.uuid, reach);
}

Result<> Connections::erase_key(Transaction& transaction, ConnectionRow& row) const {
  TRY(erase_sign_in(transaction, row));
  if (!row.secret_uuid) return {};
  TRY(vault_->erase(transaction, *row.secret_uuid));
  row.secret_uuid.reset();
  return {};
}

}  // namespace piggy
