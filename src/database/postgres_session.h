#pragma once

// One connection to PostgreSQL, by libpq in pipeline mode: what is sent waits until `finish`, goes
// out together, and the answers come back together. So BEGIN, SAVEPOINT and RELEASE ride along with
// the next statement and cost no round trip.
//
// Knows nothing of what the statements are for; that is postgres.cpp.

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "database/parameter.h"
#include "database/row.h"

struct pg_conn;
struct pg_result;

namespace piggy {

class PostgresSession {
 public:
  using TypeId = unsigned int;

  // Prepared at its first use and kept by its text.
  struct Statement {
    std::string_view sql;
    std::string name = {};
    std::vector<TypeId> types = {};
    bool prepared = false;
    bool only_reads = false;               // Begins with SELECT.
    std::vector<signed char> tables = {};  // For postgres.cpp: does it name the n-th table?
  };

  struct Expected {
    std::int64_t changed = -1;  // A bug if it changes another number of rows. -1: any.
    int tag = 0;                // Told by failed_tag() if this one fails.
    bool may_fail = false;      // What would be a bug is the error `internal`.
  };

  // `settings` are SET statements.
  static Result<std::unique_ptr<PostgresSession>> connect(const std::string& url,
                                                          const std::string& settings);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;

  bool connected() const;

  // Valid until forget_statements().
  Statement& statement(std::string_view sql);
  std::size_t statements() const { return statements_.size(); }
  // Only between transactions.
  void forget_statements();

  // Parameters get the types of their values. Of a NULL PostgreSQL says at the first use what it
  // should be, which costs one round trip.
  Result<> send(Statement& statement, std::span<const Parameter> parameters, Expected expected);
  // The same for rows that are looked at later: they arrive with any `finish`.
  class Rows {
   public:
    ~Rows();
    bool arrived() const { return result_ != nullptr; }
    void give(const RowSink& sink) const;

   private:
    friend class PostgresSession;
    pg_result* result_ = nullptr;
  };
  Result<std::shared_ptr<Rows>> send_for_later(Statement& statement,
                                               std::span<const Parameter> parameters);
  // Values in binary form, of types that the SQL itself says by casts.
  Result<> send_encoded(Statement& statement, std::span<const std::string_view> values,
                        Expected expected);
  // BEGIN and its like; the text must be a constant.
  void send_control(std::string_view sql);
  // Makes the server act on what was sent; the answers are read by the next `finish`.
  void push();

  // Reads all answers. Returns how many rows the last statement changed and gives its rows to
  // `sink`; fails with the error of the first that failed, none after which was run.
  Result<std::int64_t> finish(const RowSink* sink = nullptr);

  int failed_tag() const { return failed_tag_; }

  // Several statements without parameters at once.
  Result<> run_script(const std::string& sql);

 private:
  struct Sent {
    std::string_view sql;
    Expected expected = {};
    Statement* prepares = nullptr;
    bool is_sync = false;
    bool describes = false;
    std::shared_ptr<Rows> rows = {};
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Answer;

  explicit PostgresSession(pg_conn* connection) : connection_(connection) {}
  Result<> prepare(Statement& statement, std::span<const Parameter> parameters);
  Result<> prepare_with_nulls(Statement& statement);
  void send_prepare(Statement& statement, bool may_fail);
  void send_prepared(Statement& statement, Expected expected);
  void take(const Sent& item, Answer& answer);
  void check(const Sent& item, pg_result* result, Answer& answer);
  Error lost();

  pg_conn* connection_;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
  std::uint64_t names_made_ = 0;
  std::deque<Sent> sent_;
  int failed_tag_ = 0;

  // Room for the values of one statement.
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::string numbers_;
};

// Integers in the byte order of the wire.
void append_int32(std::string& out, std::int32_t number);
void append_int64(std::string& out, std::int64_t number);
void append_double(std::string& out, double number);

}  // namespace piggy
