#pragma once

// Personas and their grants, as the gate asks for them at every call.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(PersonaState, active, stopped)

// When a person must approve a call that is within its limits.
BOOST_DEFINE_ENUM_CLASS(Ask, destructive, always)

struct Limits {
  std::optional<std::int64_t> calls_per_minute = {};
  std::optional<std::int64_t> plan_credits_per_day = {};
  std::optional<std::int64_t> points_per_day = {};
  std::optional<std::int64_t> vouchers_per_call = {};
  std::optional<std::int64_t> contacts_per_call = {};
  static void describe(Fields<Limits>& field);
};

struct Grant {
  std::string tool = {};  // As Tool::key (connection/connection.h) has it.
  Ask ask = Ask::destructive;
  Limits limits = {};
  std::int64_t connection_id = 0;  // 0: the built-in engine.
  std::string connector = {};      // "" for the built-in engine.
  std::string operation = {};      // The tool without the connection's handle.
  std::string connection = {};     // The connection's name.

  std::string name() const;  // Tool::name.
};

struct Persona {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::string instructions = {};
  std::string model = {};
  PersonaState state = PersonaState::active;
  std::vector<Grant> grants = {};  // By tool.

  // Null when it is not granted.
  const Grant* grant(std::string_view tool) const;
  // Also what tells how granted work goes on (OperationInfo::followed_by).
  bool may_call(const Catalogue& catalogue, std::string_view tool) const;
};

// Knows the personas, from memory where it can. Any thread.
class Personas {
 public:
  // `not_found` when there is none in the account of the transaction.
  Result<std::shared_ptr<const Persona>> find(Transaction& transaction, std::int64_t id);
  // A persona or a grant was changed.
  void forget();

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;
  std::shared_mutex mutex_;
  std::map<Key, std::shared_ptr<const Persona>> known_;
  std::uint64_t forgotten_ = 0;  // How often; what was read before is not kept after.
};

// As they are stored.
struct PersonaRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::string instructions = {};
  std::string model = {};
  std::string avatar = {};
  PersonaState state = PersonaState::active;
  Time created_at = {};
  Time updated_at = {};
};
// All of the account, or one; the oldest first.
Result<std::vector<PersonaRow>> personas(Transaction& transaction, std::int64_t id = 0);
// Of all personas, or of one, by persona and tool; without those of connections that are revoked.
Result<std::vector<std::pair<std::int64_t, Grant>>> grants(Transaction& transaction,
                                                           std::int64_t persona_id = 0);

// `not_found` for an unknown one.
Result<std::int64_t> persona_id_of(Transaction& transaction, const Uuid& uuid);

}  // namespace piggy
