#include "connection/establish.h"

#include <fmt/format.h>

#include <algorithm>

#include "operation/tool_name.h"
#include "schedule/job.h"

namespace piggy {
namespace {

constexpr std::size_t handle_bytes_max = 20;
constexpr std::int64_t rotation_days = 30;
// What is not used for long is forgotten at the other side; ours keeps it for 30 days.
constexpr std::int64_t refresh_days = 7;
constexpr std::int64_t rotation_pause = 60 * 60 * microseconds_per_second;  // At least.

// The first of slack, slack2, slack3, … that is free.
Result<std::string> free_handle(Transaction& transaction, const Connections& connections,
                                std::string_view wish) {
  for (int number = 1;; number++) {
    std::string handle = number == 1 ? std::string(wish) : fmt::format("{}{}", wish, number);
    if (!wrong_with_handle(connections, handle).empty()) continue;
    if (!TRY(connection_by_handle(transaction, handle))) return handle;
  }
}

}  // namespace

ConnectionView shown(const Connections& connections, const ConnectionRow& row, Time now) {
  ConnectionView view{.uuid = row.uuid,
                      .connector = row.connector,
                      .name = row.name,
                      .handle = row.handle,
                      .state = state_of(row, now),
                      .whose = row.whose,
                      .base_url = row.base_url,
                      .signed_in = row.signed_in(),
                      .problem = row.problem,
                      .expires_at = row.expires_at,
                      .last_used_at = row.last_used_at,
                      .rotated_at = row.rotated_at,
                      .revoked_at = row.revoked_at,
                      .created_at = row.created_at};
  const Connector* connector = connections.connector(row.connector);
  if (!connector || row.state == ConnectionState::revoked) return view;
  Permissions permissions = permissions_of(row.permissions);
  for (const Operation* tool : connector->tools()) {
    if (!permits(permissions, tool->info.name)) continue;
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

std::vector<FieldError> wrong_with_permissions(const Connector& connector,
                                               const Permissions& permissions) {
  std::vector<FieldError> problems;
  if (!permissions) return problems;
  for (std::size_t at = 0; at < permissions->size(); at++) {
    const std::string& name = (*permissions)[at];
    if (connector.find(name)) continue;
    problems.push_back({fmt::format("/permissions/{}", at),
                        fmt::format("{} has no tool {}.", connector.info().title, name)});
  }
  return problems;
}

Result<ConnectionRow> new_connection(const Connections& connections, Call& call,
                                     const NewConnection& wanted, const Whose& whose) {
  Connector* connector = TRY(connector_named(connections, wanted.connector));
  Transaction& transaction = call.transaction;
  if (wanted.handle && TRY(connection_by_handle(transaction, *wanted.handle))) {
    return fail_field("/handle", "Another connection has, or had, this handle.");
  }
  std::string_view wish = wanted.handle ? std::string_view(*wanted.handle) : connector->info().name;
  ConnectionRow row{.id = transaction.next_id(),
                    .uuid = transaction.next_uuid(),
                    .connector = wanted.connector,
                    .handle = TRY(free_handle(transaction, connections, wish)),
                    .base_url = wanted.base_url,
                    .expires_at = wanted.expires_at,
                    .created_by = call.caller.person_id,
                    .created_at = call.now(),
                    .permissions = kept_permissions(wanted.permissions)};
  take_over(row, whose);
  row.name =
      wanted.name.value_or(row.whose.empty() ? std::string(connector->info().title) : row.whose);
  return row;
}

Result<> must_be_same_account(const ConnectionRow& row, const Whose& whose) {
  if (whose.settings.text_of("account") == row.settings.text_of("account")) return {};
  return fail(ErrorCode::conflict,
              fmt::format("This opens the account of {}, the connection is to that of {}. Make a "
                          "connection of its own for it.",
                          whose.name, row.whose));
}

void take_over(ConnectionRow& row, const Whose& whose) {
  row.whose = whose.name;
  row.settings = whose.settings;
  if (whose.key_expires_at) row.expires_at = whose.key_expires_at;
  row.state = ConnectionState::connected;
  row.problem.clear();
}

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
  if (found.row.state == ConnectionState::connected && !preparation.dry_run) {
    found.reach = TRY(connections.fresh(preparation.database, preparation.caller.account_id,
                                        found.row, std::move(found.reach)));
  }
  return found;
}

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

Result<> plan_rotation(const Connections& connections, Transaction& transaction,
                       const ConnectionRow& row, std::optional<Time> wanted) {
  const Connector* connector = connections.connector(row.connector);
  Reach reach{.base_url = row.base_url, .settings = row.settings};
  if (!connector || !(row.signed_in() || connector->rotates(reach))) return {};
  Time now = transaction.now();
  Time due = now + (row.signed_in() ? refresh_days : rotation_days) * microseconds_per_day;
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

}  // namespace piggy
