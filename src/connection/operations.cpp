#include "connection/operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ranges>

#include "connection/establish.h"
#include "connection/sign_in_operations.h"
#include "operation/tool_name.h"

namespace piggy {
namespace {

constexpr std::string_view built_in = "Built-in engine";

Reach reach_of(const Connector& connector, const CreateConnection::Input& input) {
  Reach reach{.base_url = input.base_url.value_or(std::string(connector.info().base_url))};
  if (input.key) reach.key = SecretBytes::copy_of(*input.key);
  return reach;
}

// At the other side, which ends what it gave out for it.
Result<bool> end_sign_in(Connections& connections, const Preparation& preparation,
                         const ConnectionRow& row) {
  RefreshSecret secret;
  TRY(preparation.database.read(preparation.caller.account_id,
                                [&](Transaction& transaction) -> Result<> {
                                  secret = TRY(connections.refresh_secret(transaction, row));
                                  return {};
                                }));
  OAuthSignIn sign_in = TRY(read<OAuthSignIn>(row.sign_in, Reading::strict));
  if (!sign_in.server.revocation_endpoint) return false;
  return connections.oauth().revoke(sign_in, secret.client_secret, secret.refresh_token);
}

std::vector<std::string> split(std::string_view scopes) {
  std::vector<std::string> words;
  for (auto word : std::views::split(scopes, ',')) {
    for (auto one : std::views::split(std::string_view(word), ' ')) {
      if (!one.empty()) words.emplace_back(std::string_view(one));
    }
  }
  return words;
}

// A sign-in there that asked for less is no right to more.
Result<> must_be_asked_for(const Connector& connector, const ConnectionRow& row,
                           const Permissions& permissions) {
  OAuthSignIn sign_in = TRY(read<OAuthSignIn>(row.sign_in, Reading::strict));
  std::vector<std::string> asked = split(sign_in.scopes);
  for (const std::string& needed : split(TRY(connector.oauth(row.base_url, permissions)).scopes)) {
    if (std::ranges::find(asked, needed) != asked.end()) continue;
    return fail(ErrorCode::conflict,
                fmt::format("The sign-in at {} did not ask for so much. Sign in there again with "
                            "these permissions.",
                            row.name));
  }
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
  field("signed_in", &ConnectionView::signed_in,
        "Whether a person signed in there, instead of giving a key.");
  field("problem", &ConnectionView::problem, "Why it must be connected again.",
        {.untrusted = true});
  field("tools", &ConnectionView::tools, "The tools that it brings and may be used for.");
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
  field("sign_in", &Item::sign_in,
        "Whether a person can sign in there in the browser instead (start_connection).");
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
              .sign_in = info.oauth,
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
  describe_wanted(field);
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
    std::ranges::move(wrong_with_permissions(**connector, input.permissions),
                      std::back_inserter(problems));
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
  Reach reach = reach_of(*connector, input);
  ConnectionRow row = TRY(new_connection(connections, call,
                                         {.connector = input.connector,
                                          .name = input.name,
                                          .handle = input.handle,
                                          .base_url = reach.base_url,
                                          .permissions = input.permissions,
                                          .expires_at = input.expires_at},
                                         *learned.whose));
  TRY(connections.keep_key(call.transaction, row, reach.key));
  TRY(add_connection(call.transaction, row));
  TRY(plan_rotation(connections, call.transaction, row, learned.whose->rotate_at));
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
  bool refused = !whose && whose.error().code == ErrorCode::unauthenticated;
  if (refused && found.row.signed_in() && found.row.state == ConnectionState::connected) {
    // An access token may end before its time.
    found.reach = TRY(connections.refreshed(preparation.database, preparation.caller.account_id,
                                            found.row.uuid, found.reach));
    whose = found.connector->check(found.reach);
  }
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
  found.reach.signed_in = false;
  TRY(found.connector->may_be(found.reach));
  Learned learned;
  learned.whose = TRY(found.connector->check(found.reach));
  TRY(must_be_same_account(found.row, *learned.whose));
  return learned;
}

Result<ConnectionView> ReplaceConnectionKey::run(Connections& connections, Call& call,
                                                 const Input& input, const Learned& learned) {
  ConnectionRow row = TRY(still_there(call, input.connection_uuid));
  row.expires_at = input.expires_at;
  take_over(row, *learned.whose);
  row.rotated_at = call.now();
  TRY(connections.erase_sign_in(call.transaction, row));
  TRY(connections.keep_key(call.transaction, row, SecretBytes::copy_of(input.key)));
  TRY(plan_rotation(connections, call.transaction, row, learned.whose->rotate_at));
  call.changes("key of connection " + row.name, nullptr, "replaced");
  return kept(connections, call, row);
}

void SetConnectionPermissions::Input::describe(Fields<Input>& field) {
  field("connection_uuid", &Input::connection_uuid, "The connection.");
  describe_permissions(field);
}

Result<ConnectionView> SetConnectionPermissions::run(Connections& connections, Call& call,
                                                     const Input& input) {
  ConnectionRow row = TRY(still_there(call, input.connection_uuid));
  Connector* connector = TRY(connector_named(connections, row.connector));
  auto problems = wrong_with_permissions(*connector, input.permissions);
  if (!problems.empty()) return fail_fields(std::move(problems));
  if (row.signed_in()) TRY(must_be_asked_for(*connector, row, input.permissions));
  Permissions before = permissions_of(row.permissions);
  for (const Operation* tool : connector->tools()) {
    bool was = permits(before, tool->info.name), is = permits(input.permissions, tool->info.name);
    if (was == is) continue;
    call.changes(fmt::format("{} is permitted to connection {}", tool->info.title, row.name), was,
                 is);
  }
  row.permissions = kept_permissions(input.permissions);
  return kept(connections, call, row);
}

Result<Learned> RotateConnectionKey::prepare(Connections& connections,
                                             const Preparation& preparation, const Input& input) {
  Found found = TRY(find(connections, preparation, input.connection_uuid, false));
  Learned learned;
  if (preparation.dry_run) return learned;
  if (found.row.signed_in()) {
    // One that was about to end is a new one by now.
    if (Connections::is_stale(found.row, preparation.database.clock().now())) return learned;
    TRY(connections.refreshed(preparation.database, preparation.caller.account_id, found.row.uuid,
                              found.reach));
    return learned;
  }
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
  bool told =
      found->row.signed_in() && end_sign_in(connections, preparation, found->row).value_or(false);
  learned.told = told || found->connector->revoke(found->reach).value_or(false);
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
  add_sign_in_operations(catalogue, connections);
  catalogue.add<ListConnections>(connections);
  catalogue.add<CheckConnection>(connections);
  catalogue.add<ReplaceConnectionKey>(connections);
  catalogue.add<SetConnectionPermissions>(connections);
  catalogue.add<RotateConnectionKey>(connections);
  catalogue.add<RevokeConnection>(connections);
}

}  // namespace piggy
