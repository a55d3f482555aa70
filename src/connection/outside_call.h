#pragma once

// Calls of a connection's tools that are under way.
//
// What is done elsewhere cannot commit together with what is written here. So a call is written
// down, priced and counted in one transaction, sent, and put on record in another. Whoever finds
// the row after a crash goes on: what was certainly not sent is sent; what may have been is sent
// again only to those who recognise it by its key.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

struct OutsideCallRow {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t connection_id = 0;
  std::string tool = {};  // Tool::key.
  std::int64_t persona_id = 0;
  std::int64_t person_id = 0;
  std::int64_t token_id = 0;
  Door door = Door::mcp;
  std::optional<Uuid> conversation_uuid = {};
  std::optional<Uuid> approval_uuid = {};
  std::string prompt = {};
  Value arguments = {};
  std::string idempotency_key = {};  // As the caller gave it.
  std::optional<Uuid> key_digest = {};
  std::optional<Uuid> fingerprint = {};
  bool dry_run = false;
  std::int64_t price = 0;   // Taken already; given back if it fails.
  std::int64_t points = 0;  // Counted already.
  bool sent = false;        // Perhaps: noted before it is sent.
  Time created_at = {};
};

// Gives it its id, uuid and time.
Result<> begin_outside_call(Transaction& transaction, OutsideCallRow& row);
// Those of all accounts, the oldest first. Above all tenants.
Result<std::vector<OutsideCallRow>> outside_calls(Transaction& transaction);
// False when it is ended.
Result<bool> note_sent(Transaction& transaction, const OutsideCallRow& row);
// False when somebody else has ended it.
Result<bool> end_outside_call(Transaction& transaction, const OutsideCallRow& row);
// Whether a call with this key is under way.
Result<bool> is_under_way(Transaction& transaction, const Uuid& key_digest);

}  // namespace piggy
