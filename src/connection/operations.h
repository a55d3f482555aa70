#pragma once

#include "connection/connection.h"
#include "operation/operation.h"
#include "schedule/job.h"

namespace piggy {

// A connection as it is shown. Of its key nothing is.
struct ConnectionView {
  std::optional<Uuid> uuid = {};  // None: the built-in engine.
  std::string connector = {};
  std::string name = {};
  std::string handle = {};
  ConnectionState state = ConnectionState::connected;
  std::string whose = {};
  std::string base_url = {};
  bool signed_in = false;
  std::string problem = {};
  std::vector<std::string> tools = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> last_used_at = {};
  std::optional<Time> rotated_at = {};
  std::optional<Time> revoked_at = {};
  std::optional<Time> created_at = {};
  static void describe(Fields<ConnectionView>& field);
};

// What was learned of the other side before the transaction.
struct Learned {
  std::optional<Whose> whose = {};
  std::optional<Error> refused = {};  // Kept as the connection's problem instead of being returned.
  NewKey key = {};
  bool told = false;
};

struct ListConnectors {
  static constexpr OperationInfo info = {
      .name = "list_connectors",
      .title = "List Connectors",
      .about =
          "Lists what personas can be connected to, what is needed to sign in there, and the "
          "tools that a connection brings.",
      .verb = Verb::get,
      .path = "/connectors",
      .scope = "connections:read",
      .surface = Surface::platform,
      .wire = {.data = "connectors"}};
  using Input = Empty;
  struct ConnectorTool {
    std::string name = {};
    std::string title = {};
    std::string about = {};
    std::string effect = {};
    static void describe(Fields<ConnectorTool>& field);
  };
  struct Item {
    std::string connector = {};
    std::string title = {};
    std::string about = {};
    std::string key = {};
    bool sign_in = false;
    std::string base_url = {};
    std::vector<ConnectorTool> tools = {};
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> connectors = {};
    static void describe(Fields<Output>& field) {
      field("connectors", &Output::connectors, "The connectors.");
    }
  };
  static Result<Output> run(Connections& connections, Call& call, const Input&);
};

struct CreateConnection {
  static constexpr OperationInfo info = {
      .name = "create_connection",
      .title = "Create Connection",
      .about =
          "Signs in to another service with a key, after asking it whether the key works and "
          "whose account it opens. The key is kept in the vault and never shown again. Its "
          "tools can then be granted to personas, under the connection's handle.",
      .verb = Verb::post,
      .path = "/connections",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    std::string connector = {};
    std::optional<std::string> name = {};
    std::optional<std::string> handle = {};
    std::optional<std::string> base_url = {};
    Permissions permissions = {};
    std::optional<std::string> key = {};
    std::optional<Time> expires_at = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ConnectionView;
  using Prepared = Learned;
  static Result<Prepared> prepare(Connections& connections, const Preparation& preparation,
                                  const Input& input);
  static Result<Output> run(Connections& connections, Call& call, const Input& input,
                            const Prepared& prepared);
};

struct ListConnections {
  static constexpr OperationInfo info = {
      .name = "list_connections",
      .title = "List Connections",
      .about =
          "Lists the connections and their state; the built-in engine, which needs none, is "
          "the first.",
      .verb = Verb::get,
      .path = "/connections",
      .scope = "connections:read",
      .surface = Surface::platform,
      .wire = {.data = "connections"}};
  using Input = Empty;
  struct Output {
    std::vector<ConnectionView> connections = {};
    static void describe(Fields<Output>& field) {
      field("connections", &Output::connections, "The connections, oldest first.");
    }
  };
  static Result<Output> run(Connections& connections, Call& call, const Input&);
};

// What says which connection is meant.
struct ConnectionInput {
  Uuid connection_uuid = {};
  static void describe(Fields<ConnectionInput>& field) {
    field("connection_uuid", &ConnectionInput::connection_uuid, "The connection.");
  }
};

struct CheckConnection {
  static constexpr OperationInfo info = {
      .name = "check_connection",
      .title = "Check Connection",
      .about =
          "Asks the other side whether the key still works and whose account it opens, and "
          "keeps what it says: a refused key means that somebody must connect again.",
      .verb = Verb::post,
      .path = "/connections/{connection_uuid}/check",
      .scope = "connections:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = ConnectionInput;
  using Output = ConnectionView;
  using Prepared = Learned;
  static Result<Prepared> prepare(Connections& connections, const Preparation& preparation,
                                  const Input& input);
  static Result<Output> run(Connections& connections, Call& call, const Input& input,
                            const Prepared& prepared);
};

struct ReplaceConnectionKey {
  static constexpr OperationInfo info = {
      .name = "replace_connection_key",
      .title = "Replace Connection Key",
      .about =
          "Puts another key in the place of a connection's, after asking the other side "
          "whether it works. This is also how a connection is made again whose key was "
          "refused: its grants stay.",
      .verb = Verb::put,
      .path = "/connections/{connection_uuid}/key",
      .scope = "connections:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid connection_uuid = {};
    std::string key = {};
    std::optional<Time> expires_at = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ConnectionView;
  using Prepared = Learned;
  static Result<Prepared> prepare(Connections& connections, const Preparation& preparation,
                                  const Input& input);
  static Result<Output> run(Connections& connections, Call& call, const Input& input,
                            const Prepared& prepared);
};

struct SetConnectionPermissions {
  static constexpr OperationInfo info = {
      .name = "set_connection_permissions",
      .title = "Set Connection Permissions",
      .about =
          "Says what a connection may be used for, from now on: every other tool of it is taken "
          "from every persona at once, and comes back with its grants when it is permitted again. "
          "What a sign-in did not ask for there cannot be added here: sign in again "
          "(start_connection) with more permissions.",
      .verb = Verb::put,
      .path = "/connections/{connection_uuid}/permissions",
      .scope = "connections:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid connection_uuid = {};
    Permissions permissions = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ConnectionView;
  static Result<Output> run(Connections& connections, Call& call, const Input& input);
};

struct RotateConnectionKey {
  static constexpr OperationInfo info = {
      .name = "rotate_connection_key",
      .title = "Rotate Connection Key",
      .about =
          "Has the other side give out a new key and uses it from then on; the old one goes on "
          "working there for a while, so that no call fails. Works with another Piggy like "
          "this one. Due rotations are done without being asked for.",
      .verb = Verb::post,
      .path = "/connections/{connection_uuid}/rotate",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  using Input = ConnectionInput;
  using Output = ConnectionView;
  using Prepared = Learned;
  static Result<Prepared> prepare(Connections& connections, const Preparation& preparation,
                                  const Input& input);
  static Result<Output> run(Connections& connections, Call& call, const Input& input,
                            const Prepared& prepared);
};

struct RevokeConnection {
  static constexpr OperationInfo info = {
      .name = "revoke_connection",
      .title = "Revoke Connection",
      .about =
          "Ends a connection for good: every persona loses its tools at once, the key is "
          "erased, and the other side is told where that is possible.",
      .verb = Verb::del,
      .path = "/connections/{connection_uuid}",
      .scope = "connections:write",
      .effect = Effect::destructive,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = ConnectionInput;
  using Output = ConnectionView;
  using Prepared = Learned;
  static Result<Prepared> prepare(Connections& connections, const Preparation& preparation,
                                  const Input& input);
  static Result<Output> run(Connections& connections, Call& call, const Input& input,
                            const Prepared& prepared);
};

// The kind of job that changes a connection's key when that is due.
inline constexpr std::string_view rotate_connection_kind = "rotate_connection_key";
// Does it, by the operation.
using RotateNow = std::function<Result<>(std::int64_t account_id, const Uuid& connection)>;
Result<> rotate_when_due(const JobRow& job, Database& database, const RotateNow& rotate);

// `connections` is borrowed and outlives the catalogue.
void add_connection_operations(Catalogue& catalogue, Connections& connections);

}  // namespace piggy
