#pragma once

// The conditions of a segment as SQL: one condition over the contact `c`, which serves for all
// contacts and for one of them. What the account wrote is in parameters alone; the text is made of
// pieces that stand in query.cpp.

#include <string>
#include <variant>
#include <vector>

#include "database/database.h"
#include "segment/condition.h"

namespace piggy {

enum class Dialect { sqlite, postgres };
Dialect dialect_of(const Database& database);

class ContactQuery {
 public:
  // The conditions as they are at the moment `now`.
  ContactQuery(const Condition& condition, Dialect dialect, Time now);

  // Of the contacts whose ids lie between the two, the second included; by id.
  Result<std::vector<std::int64_t>> between(Transaction& transaction, std::int64_t after,
                                            std::int64_t until) const;
  Result<bool> holds(Transaction& transaction, std::int64_t contact_id) const;

 private:
  std::string text() const;
  std::vector<Parameter> parameters() const;

  Dialect dialect_;
  std::string joins_ = {};
  std::string where_ = {};
  std::vector<std::variant<std::int64_t, double, std::string, Uuid>> values_ = {};  // From $2 on.

  friend class QueryWriter;
};

// All contacts of an account who meet the conditions, by id. Several readers look for them side by
// side; what they see is at least as new as the event `seen`.
struct FoundContacts {
  std::vector<std::int64_t> ids = {};
  std::int64_t seen = 0;
};
Result<FoundContacts> find_contacts(Database& database, std::int64_t account_id,
                                    const Condition& condition, Time now);

}  // namespace piggy
