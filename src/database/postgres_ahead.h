#pragma once

// What the operations of a batch were put off for: questions on their way and answers that have
// arrived (Connection::put_off).
//
// An answer holds as long as nothing is written to a table that its question names. After that it
// is stale: whoever asks again waits for a new one, so that no operation is put off twice for the
// same.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "database/parameter.h"
#include "database/postgres_session.h"

namespace piggy {

// Whether the word stands in the statement, as a name and not as part of one.
bool names_word(std::string_view sql, std::string_view word);

class PostgresAhead {
 public:
  using Statement = PostgresSession::Statement;
  using Rows = PostgresSession::Rows;

  struct Answer {
    const Statement* statement = nullptr;
    std::shared_ptr<Rows> rows = {};
    // Of rows that this batch cannot have appended.
    bool settled = false;
    bool stale = false;
  };

  // Null when this was not asked yet.
  const Answer* find(const Statement& statement, std::span<const Parameter> parameters);
  // Right after `find` has returned null for the same.
  void add(const Statement& statement, std::shared_ptr<Rows> rows, bool settled);

  // Something was changed by this statement.
  void changed_by(std::string_view sql);
  // Rows were appended to the table.
  void appended_to(std::string_view table);

  void clear() { answers_.clear(); }

 private:
  std::unordered_map<std::string, Answer> answers_;
  std::string key_;  // Of the last `find`.
};

}  // namespace piggy
