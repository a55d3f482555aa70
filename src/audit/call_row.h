#pragma once

// A call as it is stored, and what its hash covers. For this module alone.

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/uuid.h"
#include "database/parameter.h"

namespace piggy {

// Its texts are borrowed.
struct CallRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  Time made_at = {};
  std::int64_t duration_us = 0;
  std::string_view door = {};
  std::string_view person = {};
  std::optional<Uuid> persona_uuid = {};
  std::string_view persona = {};
  std::int64_t token_id = 0;
  std::string_view operation = {};
  std::optional<Uuid> contact_uuid = {};
  std::int64_t previous_of_contact = 0;
  std::string_view outcome = {};
  std::int64_t price = 0;
  std::optional<Uuid> approval_uuid = {};
  std::optional<Uuid> conversation_uuid = {};
  std::string_view prompt = {};
  std::string_view arguments = {};
  std::string_view response = {};
  Hash hash = {};
};

// What the hash covers: all but the hash itself, after the hash of the call before it. Written into
// `bytes` from `start` on, which grows as needed; returns where it ends.
std::size_t write_hashed(const CallRow& row, const Hash& previous, std::string& bytes,
                         std::size_t start = 0);

// `bytes` is room to work in.
Hash hash_of(const CallRow& row, const Hash& previous, std::string& bytes);

}  // namespace piggy
