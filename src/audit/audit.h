#pragma once

// The record of every call: append only, hash-chained for each account.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(CallOutcome, done, refused, rehearsed, waiting, replayed)

// Everything is borrowed.
struct CallRecord {
  const Caller& caller;
  std::optional<Uuid> persona_uuid = {};
  std::string_view persona = {};
  Door door = Door::rest;
  std::string_view operation = {};
  CallOutcome outcome = CallOutcome::done;
  std::int64_t duration_us = 0;
  std::int64_t price = 0;  // In plan credits, as charged.
  std::optional<Uuid> contact_uuid = {};
  std::optional<Uuid> approval_uuid = {};
  std::optional<Uuid> conversation_uuid = {};
  std::string_view prompt = {};
  std::string_view arguments = {};  // JSON, without secrets.
  std::string_view response = {};   // JSON, without secrets: the answer, or the error.
};

// Adds the row to the account of the transaction. Returns its id.
Result<std::int64_t> record_call(Transaction& transaction, const CallRecord& record);

// The newest call about a contact, 0 for none; each names the one before it. In a reading
// transaction.
Result<std::int64_t> newest_call_about(Transaction& transaction, const Uuid& contact);
// The row of `audit_contact` that a contact has.
std::int64_t audit_contact_id(std::int64_t account, const Uuid& contact);

// As it was recorded; "" when there is no such row.
Result<std::string> response_of_call(Transaction& transaction, std::int64_t id);

struct AuditFigures {
  std::int64_t calls = 0;
  std::vector<std::string> problems = {};  // In plain words: the first row that does not fit.
};

// Re-derives the chains of all accounts from their rows, by account, on several threads;
// `transaction` is a reading one above all accounts.
Result<std::map<std::int64_t, AuditFigures>> verify_audit(Database& database,
                                                          Transaction& transaction);

// The same value without what its shape calls secret. What no field of a record takes is shown as
// being there, not with its value: it may be a secret under a wrong name.
Value without_secrets(const Shape& shape, Value value);

// Whether there is anything to leave out.
bool holds_a_secret(const Shape& shape);

// The contact that a call is about: its `contact_uuid`, its answer's, or the contact in its answer.
std::optional<Uuid> contact_in(const Value& arguments, const Shape& output, const void* answer);

}  // namespace piggy
