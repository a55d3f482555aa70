#pragma once

// The conditions of a segment as SQL: one condition over the contact `c`, which serves for all
// contacts, for one of them, for a count and for a sample. What the account wrote is in parameters
// alone; the text is made of pieces that stand in query.cpp.

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

  // By id.
  Result<std::vector<std::int64_t>> all(Transaction& transaction) const;
  Result<std::int64_t> count(Transaction& transaction) const;
  Result<bool> holds(Transaction& transaction, std::int64_t contact_id) const;
  // The first ones by id.
  Result<std::vector<ContactRow>> sample(Transaction& transaction, std::int64_t limit) const;

 private:
  std::string text(std::string_view columns) const;
  std::vector<Parameter> parameters() const;

  Dialect dialect_;
  std::string joins_ = {};
  std::string where_ = {};
  std::vector<std::variant<std::int64_t, double, std::string, Uuid>> values_ = {};  // From $2 on.

  friend class QueryWriter;
};

}  // namespace piggy
