#include "audience/reach.h"

#include <fmt/format.h>

namespace piggy {

AudienceConnector* audience_connector(const Connections& connections, std::string_view name) {
  return dynamic_cast<AudienceConnector*>(connections.connector(name));
}

Result<AudienceReach> reach_of(Transaction& transaction, const Connections& connections,
                               const AudienceTargetRow& target) {
  AudienceReach found{.target = target};
  found.connection = TRY(connection_by_id(transaction, target.connection_id));
  found.connector = audience_connector(connections, found.connection.connector);
  Permissions permissions = permissions_of(found.connection.permissions);
  if (!permits(permissions, AddMembers::info.name) ||
      !permits(permissions, RemoveMembers::info.name)) {
    found.problem =
        Error{.code = ErrorCode::conflict,
              .message = fmt::format("The permissions of the connection {} leave out that "
                                     "its lists are changed.",
                                     found.connection.name)};
    return found;
  }
  auto reach = connections.reach(transaction, found.connection);
  if (reach) {
    found.reach = *std::move(reach);
  } else if (reach.error().code == ErrorCode::conflict) {
    found.problem = std::move(reach.error());
  } else {
    return std::unexpected(std::move(reach.error()));
  }
  return found;
}

Result<> note_refused_key(Transaction& transaction, const AudienceReach& reach,
                          const Error& error) {
  if (error.code != ErrorCode::unauthenticated) return {};
  ConnectionRow row = TRY(connection_by_id(transaction, reach.connection.id));
  if (row.state != ConnectionState::connected) return {};
  row.state = ConnectionState::reconnect;
  row.problem = error.message;
  return update_connection(transaction, row);
}

}  // namespace piggy
