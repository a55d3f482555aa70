#include "connection/operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "operation/tool_name.h"

namespace piggy {
namespace {

constexpr std::string_view built_in = "Built-in engine";
constexpr std::size_t handle_bytes_max = 20;
constexpr std::int64_t rotation_days = 30;
constexpr std::int64_t rotation_pause = 60 * 60 * microseconds_per_second;  // At least.

ConnectionView shown(const Connections& connections, const ConnectionRow& row, Time now) {
  ConnectionView view{.uuid = row.uuid,
                      .connector = row.connector,
                      .name = row.name,
                      .handle = row.handle,
                      .state = state_of(row, now),
                      .whose = row.whose,
                      .base_url = row.base_url,
                      .problem = row.problem,
                      .expires_at = row.expires_at,
                      .last_used_at = row.last_used_at,
                      .rotated_at = row.rotated_at,
                      .revoked_at = row.revoked_at,
                      .created_at = row.created_at};
  const Connector* connector = connections.connector(row.connector);
  if (!connector || row.state == ConnectionState::revoked) return view;
  for (const Operation* tool : connector->tools()) {
    view.tools.push_back(tool_key(row.handle, tool->info.name));
  }
  return view;
}

Result<Connector*> connector_named(const Connections& connections, const std::string& name) {
  if (Connector* found = connections.connector(name)) return found;
  std::string names;
  for (const auto& connector : connections.connectors()) {
    names += (names.empty() ? "" : ", ") + std::string(connector->info().name);
  }
  return fail_field("/connector",
                    fmt::format("There is no connector {}. There are: {}.", name, names));
}

// A tool of it must be told from every operation there is, by its name alone.
std::string wrong_with_handle(const Connections& connections, std::string_view handle) {
  bool plain = !handle.empty() && handle.size() <= handle_bytes_max && handle[0] >= 'a' &&
               handle[0] <= 'z' && std::ranges::all_of(handle, [](char c) {
                 return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
               });
  if (!plain) {
    return "A handle is a lower-case letter and at most 19 more of a to z and 0 to 9.";
  }
  std::string begin = std::string(handle) + '_';
  bool taken = begin == tool_prefix ||
               std::ranges::any_of(connections.catalogue().all(), [&](const auto& operation) {
                 return operation->info.name.starts_with(begin);
               });
  return taken ? fmt::format("{} is the beginning of this engine's own tools.", handle) : "";
}

// The first of slack, slack2, slack3, … that is free.
Result<std::string> free_handle(Transaction& transaction, const Connections& connections,
                                std::string_view wish) {
  for (int number = 1;; number++) {
    std::string handle = number == 1 ? std::string(wish) : fmt::format("{}{}", wish, number);
    if (!wrong_with_handle(connections, handle).empty()) continue;
    if (!TRY(connection_by_handle(transaction, handle))) return handle;
  }
}

Reach reach_of(const Connector& connector, const CreateConnection::Input& input) {
  Reach reach{.base_url = input.base_url.value_or(std::string(connector.info().base_url))};
  if (input.key) reach.key = SecretBytes::copy_of(*input.key);
  return reach;
}

void take_over(ConnectionRow& row, const Whose& whose) {
  row.whose = whose.name;
  row.settings = whose.settings;
  if (whose.key_expires_at) row.expires_at = whose.key_expires_at;
  row.state = ConnectionState::connected;
  row.problem.clear();
}

struct Found {
  ConnectionRow row = {};
  Reach reach = {};
  Connector* connector = nullptr;
};

// The connection that an operation is about, before its transaction. `again`: also one that must be
// made again.
Result<Found> find(Connections& connections, const Preparation& preparation, const Uuid& uuid,
                   bool again) {
  Found found;
  TRY(preparation.database.read(preparation.caller.account_id,
                                [&](Transaction& transaction) -> Result<> {
                                  found.row = TRY(connection_by_uuid(transaction, uuid));
                                  ConnectionRow row = found.row;
                                  if (again && row.state == ConnectionState::reconnect)
                                    row.state = ConnectionState::connected;
                                  found.reach = TRY(connections.reach(transaction, row));
                                  return {};
                                }));
  found.connector = connections.connector(found.row.connector);
  if (!found.connector) {
    return fail(ErrorCode::conflict,
                fmt::format("This program has no connector {}.", found.row.connector));
  }
  return found;
}

// As the transaction sees it: it may have been revoked since it was asked about.
Result<ConnectionRow> still_there(Call& call, const Uuid& uuid) {
  ConnectionRow row = TRY(connection_by_uuid(call.transaction, uuid));
  if (row.state == ConnectionState::revoked) {
    return fail(ErrorCode::conflict, fmt::format("The connection {} was revoked.", row.name));
  }
  return row;
}

Result<ConnectionView> kept(const Connections& connections, Call& call, const ConnectionRow& row) {
  TRY(update_connection(call.transaction, row));
  return shown(connections, row, call.now());
}

// The next change of a key that can be changed: when the other side wants it, a week before the key
// ends, or after a month. It is a job, and is done by the operation that people use.
Result<> plan_rotation(const Connections& connections, Transaction& transaction,
                       const ConnectionRow& row, std::optional<Time> wanted) {
  const Connector* connector = connections.connector(row.connector);
  Reach reach{.base_url = row.base_url, .settings = row.settings};
  if (!connector || !connector->rotates(reach)) return {};
  Time now = transaction.now();
  Time due = now + rotation_days * microseconds_per_day;
  if (wanted) due = std::min(due, *wanted);
  if (row.expires_at) {
    due = std::min(due, Time{row.expires_at->microseconds - expiring_days * microseconds_per_day});
  }
  due = std::max(due, now + rotation_pause);
  TRY(add_job(transaction, rotate_connection_kind,
              Value::object({{"connection", to_string(row.uuid)},
                             {"rotated_at", row.rotated_at.value_or(Time{}).microseconds}}),
              due));
  return {};
}

}  // namespace

Result<> rotate_when_due(const JobRow& job, Database& database, const RotateNow& rotate) {
  auto uuid = parse_uuid(job.payload.text_of("connection"));
  const Value* planned = job.payload.find("rotated_at");
  ASSERT(uuid && planned && planned->integer());
  bool due = false;
  TRY(database.read(job.account_id, [&](Transaction& transaction) -> Result<> {
    auto row = connection_by_uuid(transaction, *uuid);
    // Changed meanwhile, by somebody or for good: that has plans of its own.
    due = row && row->state == ConnectionState::connected &&
          row->rotated_at.value_or(Time{}).microseconds == *planned->integer();
    return {};
  }));
  if (!due) return {};
  Result<> rotated = rotate(job.account_id, *uuid);
  // What cannot be done will not be possible in a minute either.
  if (!rotated && rotated.error().code == ErrorCode::unavailable) return rotated;
  return {};
}

void ConnectionView::describe(Fields<ConnectionView>& field) {
  field("uuid", &ConnectionView::uuid, "The connection; none of the built-in engine.");
  field("connector", &ConnectionView::connector, "What it connects to.");
  field("name", &ConnectionView::name, "Its name.");
  field("handle", &ConnectionView::handle, "What the names of its tools begin with.");
  field("state", &ConnectionView::state,
        "connected; expiring: its key ends within a week; reconnect: the other side refused the "
        "key; revoked.");
  field("whose", &ConnectionView::whose, "The account there.", {.untrusted = true});
  field("base_url", &ConnectionView::base_url, "Where it is.");
  field("problem", &ConnectionView::problem, "Why it must be connected again.",
        {.untrusted = true});
  field("tools", &ConnectionView::tools, "The tools that it brings.");
  field("expires_at", &ConnectionView::expires_at, "When its key ends, where that is known.");
  field("last_used_at", &ConnectionView::last_used_at, "When it was last called.");
  field("rotated_at", &ConnectionView::rotated_at, "When its key was last changed.");
  field("revoked_at", &ConnectionView::revoked_at, "When it was ended.");
  field("created_at", &ConnectionView::created_at, "When it was made.");
}

void ListConnectors::ConnectorTool::describe(Fields<ConnectorTool>& field) {
  field("name", &ConnectorTool::name, "Its name, after a handle and an underscore.");
  field("title", &ConnectorTool::title, "Its name for people.");
  field("about", &ConnectorTool::about, "What it does.");
  field("effect", &ConnectorTool::effect, "read, write or destructive.");
}

void ListConnectors::Item::describe(Fields<Item>& field) {
  field("connector", &Item::connector, "Its name.");
  field("title", &Item::title, "Its name for people.");
  field("about", &Item::about, "What it is.");
  field("key", &Item::key, "What must be given to sign in; empty when nothing is needed.");
  field("base_url", &Item::base_url, "Where it is, unless said otherwise.");
  field("tools", &Item::tools, "What a connection brings.");
}

Result<ListConnectors::Output> ListConnectors::run(Connections& connections, Call&, const Input&) {
  Output output;
  for (const auto& connector : connections.connectors()) {
    const ConnectorInfo& info = connector->info();
    Item item{.connector = std::string(info.name),
              .title = std::string(info.title),
              .about = std::string(info.about),
              .key = std::string(info.key),
              .base_url = std::string(info.base_url)};
    for (const Operation* tool : connector->tools()) {
      item.tools.push_back({.name = std::string(tool->info.name),
                            .title = std::string(tool->info.title),
                            .about = std::string(tool->info.about),
                            .effect = std::string(word_of(tool->info.effect))});
    }
    output.connectors.push_back(std::move(item));
  }
  return output;
}

void CreateConnection::Input::describe(Fields<Input>& field) {
  field("connector", &Input::connector, "What to connect to: see list_connectors.", {.max = 50});
  field("name", &Input::name, "Its name; left out, whose account it opens.",
        {.min = 1, .max = 100});
  field("handle", &Input::handle,
        "What the names of its tools shall begin with; left out, the connector's name.",
        {.min = 1, .max = 20});
  field("base_url", &Input::base_url, "Where it is; left out, where the connector usually is.",
        {.max = 2'000});
  field("key", &Input::key, "What signs in there: an API key, a bot token, a signing secret.",
        {.min = 1, .max = 4'096, .format = Format::secret});
  field("expires_at", &Input::expires_at, "When the key ends, if you know it.");
}

Result<Learned> CreateConnection::prepare(Connections& connections, const Preparation&,
                                          const Input& input) {
  std::vector<FieldError> problems;
  auto note = [&](const Result<>& result) {
    if (!result) std::ranges::copy(result.error().fields, std::back_inserter(problems));
  };
  if (input.handle) {
    std::string wrong = wrong_with_handle(connections, *input.handle);
    if (!wrong.empty()) problems.push_back({"/handle", std::move(wrong)});
  }
  Reach reach;
  auto connector = connector_named(connections, input.connector);
  if (connector) {
    const ConnectorInfo& info = (*connector)->info();
    reach = reach_of(**connector, input);
    bool key_missing = !info.key.empty() && !input.key;
    note(key_missing ? fail_field("/key", fmt::format("{} needs its {}.", info.title, info.key))
                     : (*connector)->may_be(reach));
  } else {
    note(fail(connector.error()));
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  Learned learned;
  learned.whose = TRY((*connector)->check(reach));
  return learned;
}

Result<ConnectionView> CreateConnection::run(Connections& connections, Call& call,
                                             const Input& input, const Learned& learned) {
  Connector* connector = TRY(connector_named(connections, input.connector));
  Transaction& transaction = call.transaction;
  if (input.handle && TRY(connection_by_handle(transaction, *input.handle))) {
    return fail_field("/handle", "Another connection has, or had, this handle.");
  }
  std::string_view wish = input.handle ? std::string_view(*input.handle) : connector->info().name;
  ConnectionRow row{.id = transaction.next_id(),
                    .uuid = transaction.next_uuid(),
                    .connector = input.connector,
                    .handle = TRY(free_handle(transaction, connections, wish)),
                    .expires_at = input.expires_at,
                    .created_by = call.caller.person_id,
                    .created_at = call.now()};
  Reach reach = reach_of(*connector, input);
  row.base_url = reach.base_url;
  take_over(row, *learned.whose);
  row.name =
      input.name.value_or(row.whose.empty() ? std::string(connector->info().title) : row.whose);
  TRY(connections.keep_key(transaction, row, reach.key));
  TRY(add_connection(transaction, row));
  TRY(plan_rotation(connections, transaction, row, learned.whose->rotate_at));
  call.changes("connection " + row.name, nullptr, "made");
  return shown(connections, row, call.now());
}

Result<ListConnections::Output> ListConnections::run(Connections& connections, Call& call,
                                                     const Input&) {
  Output output;
  ConnectionView engine{.connector = "piggy",
                        .name = std::string(built_in),
                        .handle = "piggy",
                        .whose = call.caller.company};
  for (const auto& operation : connections.catalogue().all()) {
    if (operation->info.tool) engine.tools.push_back(tool_name(operation->info.name));
  }
  output.connections.push_back(std::move(engine));
  for (const ConnectionRow& row : TRY(piggy::connections(call.transaction))) {
    output.connections.push_back(shown(connections, row, call.now()));
  }
  return output;
}

Result<Learned> CheckConnection::prepare(Connections& connections, const Preparation& preparation,
                                         const Input& input) {
  Found found = TRY(find(connections, preparation, input.connection_uuid, true));
  Learned learned;
  auto whose = found.connector->check(found.reach);
  if (whose) {
    learned.whose = *std::move(whose);
  } else if (whose.error().code == ErrorCode::unauthenticated) {
    learned.refused = std::move(whose.error());
  } else {
    return std::unexpected(std::move(whose.error()));
  }
  return learned;
}

Result<ConnectionView> CheckConnection::run(Connections& connections, Call& call,
                                            const Input& input, const Learned& learned) {
  ConnectionRow row = TRY(still_there(call, input.connection_uuid));
  if (learned.whose) take_over(row, *learned.whose);
  if (learned.refused) {
    row.state = ConnectionState::reconnect;
    row.problem = learned.refused->message;
  }
  return kept(connections, call, row);
}

void ReplaceConnectionKey::Input::describe(Fields<Input>& field) {
  field("connection_uuid", &Input::connection_uuid, "The connection.");
  field("key", &Input::key, "The new key.", {.min = 1, .max = 4'096, .format = Format::secret});
  field("expires_at", &Input::expires_at, "When the key ends, if you know it.");
}

Result<Learned> ReplaceConnectionKey::prepare(Connections& connections,
                                              const Preparation& preparation, const Input& input) {
  Found found = TRY(find(connections, preparation, input.connection_uuid, true));
  found.reach.key = SecretBytes::copy_of(input.key);
  TRY(found.connector->may_be(found.reach));
  Learned learned;
  learned.whose = TRY(found.connector->check(found.reach));
  // The key of another account would give every persona that account's tools.
  if (learned.whose->settings.text_of("account") != found.row.settings.text_of("account")) {
    return fail(ErrorCode::conflict,
                fmt::format("This key opens the account of {}, the connection is to that of {}. "
                            "Make a connection of its own for it.",
                            learned.whose->name, found.row.whose));
  }
  return learned;
}

Result<ConnectionView> ReplaceConnectionKey::run(Connections& connections, Call& call,
                                                 const Input& input, const Learned& learned) {
  ConnectionRow row = TRY(still_there(call, input.connection_uuid));
  row.expires_at = input.expires_at;
  take_over(row, *learned.whose);
  row.rotated_at = call.now();
  TRY(connections.keep_key(call.transaction, row, SecretBytes::copy_of(input.key)));
  TRY(plan_rotation(connections, call.transaction, row, learned.whose->rotate_at));
  call.changes("key of connection " + row.name, nullptr, "replaced");
  return kept(connections, call, row);
}

Result<Learned> RotateConnectionKey::prepare(Connections& connections,
                                             const Preparation& preparation, const Input& input) {
  Found found = TRY(find(connections, preparation, input.connection_uuid, false));
  Learned learned;
  if (preparation.dry_run) return learned;
  learned.key = TRY(found.connector->rotate(found.reach));
  return learned;
}

Result<ConnectionView> RotateConnectionKey::run(Connections& connections, Call& call,
                                                const Input& input, const Learned& learned) {
  ConnectionRow row = TRY(still_there(call, input.connection_uuid));
  row.rotated_at = call.now();
  row.expires_at = learned.key.expires_at;
  TRY(connections.keep_key(call.transaction, row, learned.key.key));
  TRY(plan_rotation(connections, call.transaction, row, learned.key.rotate_at));
  call.changes("key of connection " + row.name, nullptr, "rotated");
  return kept(connections, call, row);
}

Result<Learned> RevokeConnection::prepare(Connections& connections, const Preparation& preparation,
                                          const Input& input) {
  Learned learned;
  auto found = find(connections, preparation, input.connection_uuid, true);
  if (!found && found.error().code == ErrorCode::not_found) return std::unexpected(found.error());
  // It ends here whatever becomes of it there.
  if (!found || preparation.dry_run) return learned;
  learned.told = found->connector->revoke(found->reach).value_or(false);
  return learned;
}

Result<ConnectionView> RevokeConnection::run(Connections& connections, Call& call,
                                             const Input& input, const Learned& learned) {
  ConnectionRow row = TRY(connection_by_uuid(call.transaction, input.connection_uuid));
  if (row.state == ConnectionState::revoked) return shown(connections, row, call.now());
  row.state = ConnectionState::revoked;
  row.revoked_at = call.now();
  row.problem = learned.told ? "" : "The other side was not told: end the key there, too.";
  TRY(connections.erase_key(call.transaction, row));
  call.changes("connection " + row.name, "connected", "revoked");
  return kept(connections, call, row);
}

void add_connection_operations(Catalogue& catalogue, Connections& connections) {
  catalogue.add<ListConnectors>(connections);
  catalogue.add<CreateConnection>(connections);
  catalogue.add<ListConnections>(connections);
  catalogue.add<CheckConnection>(connections);
  catalogue.add<ReplaceConnectionKey>(connections);
  catalogue.add<RotateConnectionKey>(connections);
  catalogue.add<RevokeConnection>(connections);
}

}  // namespace piggy
