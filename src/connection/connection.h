#pragma once

// An account's connections: rows, their keys in the vault, and the tools they bring.
//
// A connection's tools are called by its handle: `slack_send_message`, `outlet_list_perks`. A
// handle belongs to one connection for good, so that what is on record stays unambiguous. The
// operations of the built-in engine, which needs no connection, are `piggy_list_perks` over MCP and
// `list_perks` among ourselves.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connection/connector.h"
#include "database/database.h"
#include "shape/json.h"
#include "shape/read.h"
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
  // Where a person signed in: then the secret is an access token, and another one refreshes it.
  Value sign_in = {};  // An OAuthSignIn; null for one with a key.
  std::optional<Uuid> refresh_uuid = {};
  std::optional<Time> access_until = {};
  Value permissions = {};  // A list of names, or null: see Permissions.

  bool signed_in() const { return !sign_in.is_null(); }
};

Permissions permissions_of(const Value& kept);
// `forbidden` when the connection may not be used for it.
Result<> must_be_permitted(const ConnectionRow& row, const Operation& operation);
Value kept_permissions(const Permissions& permissions);

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

// What keeps a sign-in alive; in the vault, as one secret.
struct RefreshSecret {
  std::string refresh_token = {};
  std::string client_secret = {};
  static void describe(Fields<RefreshSecret>& field) {
    field("refresh_token", &RefreshSecret::refresh_token, "The refresh token.");
    field("client_secret", &RefreshSecret::client_secret, "The client's own secret.");
  }
};

// Knows the connectors, and where the built-in operations are. Any thread.
class Connections {
 public:
  // All are borrowed, and filled before the first call.
  Connections(const Catalogue& catalogue, const std::unique_ptr<Vault>& vault)
      : catalogue_(catalogue), vault_(vault) {}

  void add(std::unique_ptr<Connector> connector) { connectors_.push_back(std::move(connector)); }
  // Before the first sign-in.
  void sign_in_by(std::unique_ptr<OAuthClient> client) { oauth_ = std::move(client); }
  OAuthClient& oauth() const { return *oauth_; }
  const std::vector<std::unique_ptr<Connector>>& connectors() const { return connectors_; }
  // Null for an unknown one.
  Connector* connector(std::string_view name) const;
  const Catalogue& catalogue() const { return catalogue_; }

  // The tool of that name, in either form. `not_found` for one there is not, or not any more;
  // `forbidden` for one that its connection may not be used for.
  Result<Tool> tool(Transaction& transaction, std::string_view name) const;
  // All that may be used: of the built-in engine, then of each connection that is not revoked.
  Result<std::vector<Tool>> tools(Transaction& transaction) const;
  // The operation of a grant; null when it is gone.
  const Operation* operation(std::string_view connector, std::string_view name) const;

  // With its key, taken out of the vault. `conflict` when it is revoked or must be made again.
  Result<Reach> reach(Transaction& transaction, const ConnectionRow& row) const;
  // Whether its access token ends within the minute, so that it is refreshed before it is used.
  static bool is_stale(const ConnectionRow& row, Time now);
  // With another access token than the one of `stale`, from the other side, or from who was faster:
  // of many at once one asks, and the others wait. Blocks. `conflict` when the other side refuses
  // to go on; the connection must then be made again, and says so from now on.
  Result<Reach> refreshed(Database& database, std::int64_t account_id, const Uuid& uuid,
                          const Reach& stale);
  // The reach of that row, refreshed where its access token is about to end. Blocks then.
  Result<Reach> fresh(Database& database, std::int64_t account_id, const ConnectionRow& row,
                      Reach reach);
  // Puts a key into the vault for a connection, in the place of the one it has.
  Result<> keep_key(Transaction& transaction, ConnectionRow& row, const SecretBytes& key) const;
  // The same for what a sign-in gave, and what goes with it.
  Result<> keep_sign_in(Transaction& transaction, ConnectionRow& row, const OAuthSignIn& sign_in,
                        const Authorized& authorized, std::string_view client_secret) const;
  // It goes on with a key, if at all.
  Result<> erase_sign_in(Transaction& transaction, ConnectionRow& row) const;
  Result<> erase_key(Transaction& transaction, ConnectionRow& row) const;
  // Its refresh token and what goes with it; empty where there is none.
  Result<RefreshSecret> refresh_secret(Transaction& transaction, const ConnectionRow& row) const;

  // Any secret that is a record.
  template <class T>
  Result<T> secret(Transaction& transaction, const Uuid& uuid) const {
    SecretBytes bytes = TRY(vault_->get(transaction, uuid));
    return read<T>(TRY(parse_json(bytes.view())), Reading::strict);
  }
  Vault& vault() const { return *vault_; }

 private:
  std::shared_ptr<std::mutex> turn_of(const Uuid& connection);

  const Catalogue& catalogue_;
  const std::unique_ptr<Vault>& vault_;
  std::vector<std::unique_ptr<Connector>> connectors_;
  std::unique_ptr<OAuthClient> oauth_;
  std::mutex mutex_;
  std::map<Uuid, std::weak_ptr<std::mutex>> turns_;  // Of those that are being refreshed.
};

}  // namespace piggy
