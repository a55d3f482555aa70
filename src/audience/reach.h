#pragma once

// A target, and how it is reached.

#include "audience/audience.h"
#include "connection/audience_target.h"
#include "connection/connection.h"

namespace piggy {

struct AudienceReach {
  AudienceTargetRow target = {};
  ConnectionRow connection = {};
  AudienceConnector* connector = nullptr;
  Reach reach = {};
  std::optional<Error> problem = {};  // Why it cannot be reached now.

  // For good: nobody can be told anything there any more.
  bool gone() const { return connection.state == ConnectionState::revoked || !connector; }
};

// Null for a connector without lists.
AudienceConnector* audience_connector(const Connections& connections, std::string_view name);
Result<AudienceReach> reach_of(Transaction& transaction, const Connections& connections,
                               const AudienceTargetRow& target);
// Where the key was refused the connection says so from now on.
Result<> note_refused_key(Transaction& transaction, const AudienceReach& reach, const Error& error);

}  // namespace piggy
