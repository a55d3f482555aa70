#pragma once

// An account's connections: rows, their keys in the vault, and the tools they bring.
//
// A connection's tools are called by its handle: `slack_send_message`, `outlet_list_perks`. A
// handle belongs to one connection for good, so that what is on record stays unambiguous. The
// operations of the built-in engine, which needs no connection, are `piggy_list_perks` over MCP and
// `list_perks` among ourselves.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connection/connector.h"
#include "database/database.h"
#include "vault/vault.h"

namespace piggy {

// expiring: its key ends within `expiring_days`. reconnect: the other side refused the key.
// revoked: ended by somebody, for good.
BOOST_DEFINE_ENUM_CLASS(ConnectionState, connected, expiring, reconnect, revoked)

inline constexpr std::int64_t expiring_days = 7;

struct ConnectionRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string connector = {};
  std::string name = {};
  std::string handle = {};
  std::string base_url = {};
  std::string whose = {};
  std::optional<Uuid> secret_uuid = {};
  ConnectionState state = ConnectionState::connected;
  std::string problem = {};  // Why it must be connected again.
  Value settings = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> last_used_at = {};
  std::optional<Time> revoked_at = {};
  std::optional<Time> rotated_at = {};
  std::int64_t created_by = 0;
  Time created_at = {};
};

// As it is now: one whose key ends soon is expiring.
ConnectionState state_of(const ConnectionRow& row, Time now);

Result<std::vector<ConnectionRow>> connections(Transaction& transaction);
// `not_found` for an unknown one.
Result<ConnectionRow> connection_by_uuid(Transaction& transaction, const Uuid& uuid);
Result<ConnectionRow> connection_by_id(Transaction& transaction, std::int64_t id);
Result<std::optional<ConnectionRow>> connection_by_handle(Transaction& transaction,
                                                          std::string_view handle);
Result<> add_connection(Transaction& transaction, const ConnectionRow& row);
// Everything but what says which one it is.
Result<> update_connection(Transaction& transaction, const ConnectionRow& row);

// Something a persona can be granted and call.
struct Tool {
  const Operation* operation = nullptr;
  std::int64_t connection_id = 0;  // 0: the built-in engine.
  std::string handle = {};         // Of the connection; "" for the built-in engine.
  std::string connection = {};     // Its name, for people.

  // Its name among ourselves and on record: "list_perks", "slack_send_message".
  std::string key() const;
  // Its name over MCP: "piggy_list_perks", "slack_send_message".
  std::string name() const;
};
std::string tool_key(std::string_view handle, std::string_view operation);
// What giving a connection's tools away, and letting them act, is the right to.
inline constexpr std::string_view connection_scope = "connections:write";

// Knows the connectors, and where the built-in operations are. Any thread.
class Connections {
 public:
  // All are borrowed, and filled before the first call.
  Connections(const Catalogue& catalogue, const std::unique_ptr<Vault>& vault)
      : catalogue_(catalogue), vault_(vault) {}

  void add(std::unique_ptr<Connector> connector) { connectors_.push_back(std::move(connector)); }
  const std::vector<std::unique_ptr<Connector>>& connectors() const { return connectors_; }
  // Null for an unknown one.
  Connector* connector(std::string_view name) const;
  const Catalogue& catalogue() const { return catalogue_; }

  // The tool of that name, in either form. `not_found` for one there is not, or not any more.
  Result<Tool> tool(Transaction& transaction, std::string_view name) const;
  // All there are: of the built-in engine, then of each connection that is not revoked.
  Result<std::vector<Tool>> tools(Transaction& transaction) const;
  // The operation of a grant; null when it is gone.
  const Operation* operation(std::string_view connector, std::string_view name) const;

  // With its key, taken out of the vault. `conflict` when it is revoked or must be made again.
  Result<Reach> reach(Transaction& transaction, const ConnectionRow& row) const;
  // Puts a key into the vault for a connection, in the place of the one it has.
  Result<> keep_key(Transaction& transaction, ConnectionRow& row, const SecretBytes& key) const;
  Result<> erase_key(Transaction& transaction, ConnectionRow& row) const;

 private:
  const Catalogue& catalogue_;
  const std::unique_ptr<Vault>& vault_;
  std::vector<std::unique_ptr<Connector>> connectors_;
};

}  // namespace piggy
