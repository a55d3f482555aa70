#include "database/postgres_session.h"

#include <endian.h>
#include <fmt/format.h>
#include <libpq-fe.h>

#include <cctype>
#include <cstring>

#include "base/assert.h"

namespace piggy {
namespace {

// From PostgreSQL's catalogue (pg_type.dat); these never change.
constexpr Oid type_bool = 16;
constexpr Oid type_bytea = 17;
constexpr Oid type_name = 19;
constexpr Oid type_int8 = 20;
constexpr Oid type_int2 = 21;
constexpr Oid type_int4 = 23;
constexpr Oid type_text = 25;
constexpr Oid type_float8 = 701;
constexpr Oid type_unknown = 705;
constexpr Oid type_varchar = 1043;
constexpr Oid type_void = 2278;

constexpr int binary = 1;

template <class T>
T read_number(const char* bytes) {
  T number;
  std::memcpy(&number, bytes, sizeof number);
  if constexpr (sizeof(T) == 8) return static_cast<T>(be64toh(static_cast<std::uint64_t>(number)));
  if constexpr (sizeof(T) == 4) return static_cast<T>(be32toh(static_cast<std::uint32_t>(number)));
  if constexpr (sizeof(T) == 2) return static_cast<T>(be16toh(static_cast<std::uint16_t>(number)));
}

double read_double(const char* bytes) {
  std::uint64_t bits = read_number<std::uint64_t>(bytes);
  double number;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

[[noreturn]] void wrong_type(Oid type, int column) {
  fmt::print(stderr, "piggy: column {} has the type {} of PostgreSQL: add a CAST\n", column, type);
  assertion_failed("every statement is right");
}

class PostgresRow final : public Row {
 public:
  PostgresRow(PGresult* result, int row) : result_(result), row_(row) {}

  int columns() const override { return PQnfields(result_); }
  bool is_null(int column) const override { return PQgetisnull(result_, row_, column); }

  std::int64_t integer(int column) const override {
    if (is_null(column)) return 0;
    const char* bytes = PQgetvalue(result_, row_, column);
    switch (Oid type = PQftype(result_, column)) {
      case type_int8:
        return read_number<std::int64_t>(bytes);
      case type_int4:
        return read_number<std::int32_t>(bytes);
      case type_int2:
        return read_number<std::int16_t>(bytes);
      case type_bool:
        return bytes[0];
      case type_float8:
        return static_cast<std::int64_t>(read_double(bytes));
      default:
        wrong_type(type, column);
    }
  }

  double number(int column) const override {
    if (PQftype(result_, column) != type_float8) return static_cast<double>(integer(column));
    return is_null(column) ? 0 : read_double(PQgetvalue(result_, row_, column));
  }

  std::string_view text(int column) const override {
    switch (Oid type = PQftype(result_, column)) {
      case type_text:
      case type_varchar:
      case type_name:
      case type_unknown:
      case type_bytea:
      case type_void:
        return raw(column);
      default:
        wrong_type(type, column);
    }
  }

  std::string_view bytes(int column) const override { return text(column); }

 private:
  std::string_view raw(int column) const {
    return {PQgetvalue(result_, row_, column),
            static_cast<std::size_t>(PQgetlength(result_, row_, column))};
  }

  PGresult* result_;
  int row_;
};

Error cannot_now(std::string_view why) {
  while (why.ends_with('\n')) why.remove_suffix(1);
  return {.code = ErrorCode::unavailable,
          .message = fmt::format("The store cannot take this now: {}.", why),
          .retry_after_seconds = 1};
}

// What a caller may meet; everything else is a bug in the statement.
std::optional<Error> error_of(std::string_view state, const char* message) {
  auto is = [&](auto... prefixes) { return (state.starts_with(prefixes) || ...); };
  if (state == "23505")
    return Error{.code = ErrorCode::conflict, .message = "This exists already."};
  if (is("54")) return Error{.code = ErrorCode::invalid, .message = "This is too long."};
  if (is("22021")) {
    return Error{.code = ErrorCode::invalid, .message = "Text must be UTF-8, without zero bytes."};
  }
  // Connection, resources, shutdown, cancelled, broken disk, standby, serialization, deadlock,
  // lock.
  if (is("08", "53", "57", "58", "25006", "25P03", "40001", "40P01", "55P03")) {
    return cannot_now(message ? message : state);
  }
  return std::nullopt;
}

// The type that a value wants; 0 for NULL, which fits anywhere.
Oid type_of(const Parameter& parameter) {
  const auto& data = parameter.data();
  if (std::holds_alternative<std::monostate>(data)) return 0;
  if (std::holds_alternative<std::int64_t>(data)) return type_int8;
  if (std::holds_alternative<double>(data)) return type_float8;
  if (std::holds_alternative<Bytes>(data)) return type_bytea;
  return type_text;
}

bool fits(const Parameter& parameter, Oid type) {
  Oid wanted = type_of(parameter);
  if (wanted == 0 || wanted == type) return true;
  if (wanted == type_int8 && type == type_float8) return true;
  if (wanted == type_int8 && type == type_int4) {
    std::int64_t number = std::get<std::int64_t>(parameter.data());
    return number == static_cast<std::int32_t>(number);
  }
  return wanted == type_text && (type == type_varchar || type == type_name);
}

bool begins_with_select(std::string_view sql) {
  std::size_t start = sql.find_first_not_of(" \n\t");
  if (start == std::string_view::npos) return false;
  std::string_view word = sql.substr(start, 6);
  for (std::size_t i = 0; i < 6; i++) {
    if (i >= word.size() || std::toupper(word[i]) != "SELECT"[i]) return false;
  }
  return true;
}

}  // namespace

void append_int32(std::string& out, std::int32_t number) {
  std::uint32_t wire = htobe32(static_cast<std::uint32_t>(number));
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

void append_int64(std::string& out, std::int64_t number) {
  std::uint64_t wire = htobe64(static_cast<std::uint64_t>(number));
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

void append_double(std::string& out, double number) {
  std::int64_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  append_int64(out, bits);
}

struct PostgresSession::Answer {
  std::optional<Error> error = {};
  std::unique_ptr<PGresult, decltype(&PQclear)> last{nullptr, &PQclear};
  std::int64_t changed = 0;
};

Result<std::unique_ptr<PostgresSession>> PostgresSession::connect(const std::string& url,
                                                                  const std::string& settings) {
  // What stands after them, in the URL, wins.
  const char* keywords[] = {"connect_timeout", "application_name", "client_encoding", "dbname",
                            nullptr};
  const char* values[] = {"5", "piggy", "UTF8", url.c_str(), nullptr};
  PGconn* connection = PQconnectdbParams(keywords, values, 1);
  std::unique_ptr<PostgresSession> session(new PostgresSession(connection));
  if (!connection || !session->connected()) return fail(session->lost());
  PQsetNoticeProcessor(connection, [](void*, const char*) {}, nullptr);
  ASSERT(PQenterPipelineMode(connection) == 1);
  TRY(session->run_script(settings));
  return session;
}

PostgresSession::~PostgresSession() { PQfinish(connection_); }

bool PostgresSession::connected() const { return PQstatus(connection_) == CONNECTION_OK; }

PostgresSession::Statement& PostgresSession::statement(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  auto made = statements_.try_emplace(std::string(sql)).first;
  made->second.sql = made->first;
  made->second.only_reads = begins_with_select(sql);
  return made->second;
}

void PostgresSession::forget_statements() {
  (void)finish();  // No answer may be for one of them.
  statements_.clear();
  send_control("DEALLOCATE ALL");
  (void)finish();  // Or it would be part of the next transaction.
}

Result<> PostgresSession::send(Statement& statement, std::span<const Parameter> parameters,
                               Expected expected) {
  bool fitting = statement.prepared && statement.types.size() == parameters.size();
  for (std::size_t i = 0; fitting && i < parameters.size(); i++) {
    fitting = fits(parameters[i], statement.types[i]);
  }
  if (!fitting) TRY(prepare(statement, parameters));

  values_.clear();
  lengths_.clear();
  numbers_.clear();
  numbers_.reserve(parameters.size() * 8);  // The values point into it.
  for (std::size_t i = 0; i < parameters.size(); i++) {
    const auto& data = parameters[i].data();
    std::size_t start = numbers_.size();
    if (const auto* integer = std::get_if<std::int64_t>(&data)) {
      if (statement.types[i] == type_float8) {
        append_double(numbers_, static_cast<double>(*integer));
      } else if (statement.types[i] == type_int4) {
        append_int32(numbers_, static_cast<std::int32_t>(*integer));
      } else {
        append_int64(numbers_, *integer);
      }
    } else if (const auto* number = std::get_if<double>(&data)) {
      append_double(numbers_, *number);
    }
    if (numbers_.size() > start) {
      values_.push_back(numbers_.data() + start);
      lengths_.push_back(static_cast<int>(numbers_.size() - start));
    } else if (std::holds_alternative<std::monostate>(data)) {
      values_.push_back(nullptr);
      lengths_.push_back(0);
    } else {
      const auto* bytes = std::get_if<Bytes>(&data);
      std::string_view text = bytes ? bytes->data : parameters[i].text();
      values_.push_back(text.data() ? text.data() : "");
      lengths_.push_back(static_cast<int>(text.size()));
    }
  }
  send_prepared(statement, expected);
  return {};
}

Result<std::shared_ptr<PostgresSession::Rows>> PostgresSession::send_for_later(
    Statement& statement, std::span<const Parameter> parameters) {
  TRY(send(statement, parameters, {}));
  sent_.back().rows = std::make_shared<Rows>();
  return sent_.back().rows;
}

PostgresSession::Rows::~Rows() { PQclear(result_); }

void PostgresSession::Rows::give(const RowSink& sink) const {
  for (int row = 0; row < PQntuples(result_); row++) sink(PostgresRow(result_, row));
}

Result<> PostgresSession::send_encoded(Statement& statement,
                                       std::span<const std::string_view> values,
                                       Expected expected) {
  if (!statement.prepared) {
    statement.types.assign(values.size(), 0);
    send_prepare(statement, false);
  }
  values_.clear();
  lengths_.clear();
  for (std::string_view value : values) {
    values_.push_back(value.data());
    lengths_.push_back(static_cast<int>(value.size()));
  }
  send_prepared(statement, expected);
  return {};
}

void PostgresSession::send_prepared(Statement& statement, Expected expected) {
  formats_.assign(values_.size(), binary);
  PQsendQueryPrepared(connection_, statement.name.c_str(), static_cast<int>(values_.size()),
                      values_.data(), lengths_.data(), formats_.data(), binary);
  sent_.push_back({.sql = statement.sql, .expected = expected});
}

void PostgresSession::send_control(std::string_view sql) {
  PQsendQueryParams(connection_, sql.data(), 0, nullptr, nullptr, nullptr, nullptr, binary);
  sent_.push_back({.sql = sql});
}

void PostgresSession::push() {
  PQpipelineSync(connection_);
  sent_.push_back({.sql = "sync", .is_sync = true});
}

Result<> PostgresSession::prepare(Statement& statement, std::span<const Parameter> parameters) {
  std::vector<Oid> types;
  bool knows_all = true;
  for (std::size_t i = 0; i < parameters.size(); i++) {
    Oid type = type_of(parameters[i]);
    if (!type && statement.types.size() == parameters.size()) type = statement.types[i];
    if (!type) knows_all = false;
    types.push_back(type);
  }
  if (statement.prepared) {  // With other types; a rare thing, so its round trip does not matter.
    std::string text = "DEALLOCATE " + statement.name;
    PQsendQueryParams(connection_, text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, binary);
    sent_.push_back({.sql = "DEALLOCATE"});
    statement.prepared = false;
  }
  statement.types = std::move(types);
  if (!knows_all) return prepare_with_nulls(statement);
  send_prepare(statement, false);
  return {};
}

// Lets PostgreSQL say of which type a NULL is. Where it cannot (`$2 IS NULL` alone), any will do.
// A failed attempt must not spoil the transaction.
Result<> PostgresSession::prepare_with_nulls(Statement& statement) {
  TRY(finish());
  bool inside = PQtransactionStatus(connection_) == PQTRANS_INTRANS;
  for (;;) {
    if (inside) send_control("SAVEPOINT types");
    send_prepare(statement, true);
    PQsendDescribePrepared(connection_, statement.name.c_str());
    sent_.push_back({.sql = statement.sql, .prepares = &statement, .describes = true});
    if (inside) send_control("RELEASE types");
    Result<std::int64_t> told = finish();
    if (told) return {};
    if (!connected()) return fail(std::move(told).error());
    if (inside) {
      send_control("ROLLBACK TO types");
      send_control("RELEASE types");
    }
    // "could not determine data type of parameter $2", in whatever language.
    std::size_t dollar = told.error().message.find('$');
    if (told.error().code != ErrorCode::internal || dollar == std::string::npos) break;
    std::size_t number = std::strtoul(told.error().message.c_str() + dollar + 1, nullptr, 10);
    if (number < 1 || number > statement.types.size() || statement.types[number - 1]) break;
    statement.types[number - 1] = type_text;
  }
  for (Oid& type : statement.types) type = type ? type : type_text;
  send_prepare(statement, false);
  return {};
}

void PostgresSession::send_prepare(Statement& statement, bool may_fail) {
  statement.name = fmt::format("s{}", ++names_made_);
  statement.prepared = true;
  PQsendPrepare(connection_, statement.name.c_str(), std::string(statement.sql).c_str(),
                static_cast<int>(statement.types.size()), statement.types.data());
  sent_.push_back(
      {.sql = statement.sql, .expected = {.may_fail = may_fail}, .prepares = &statement});
}

Result<std::int64_t> PostgresSession::finish(const RowSink* sink) {
  if (!connected()) return fail(lost());
  if (!sent_.empty() && !sent_.back().is_sync) push();
  Answer answer;
  while (!sent_.empty()) {
    Sent item = sent_.front();
    sent_.pop_front();
    take(item, answer);
    if (!connected()) return fail(lost());
  }
  if (answer.error) return fail(*std::move(answer.error));
  PGresult* result = answer.last.get();
  if (sink && result && PQresultStatus(result) == PGRES_TUPLES_OK) {
    for (int row = 0; row < PQntuples(result); row++) (*sink)(PostgresRow(result, row));
  }
  return answer.changed;
}

void PostgresSession::take(const Sent& item, Answer& answer) {
  if (item.is_sync) {
    PGresult* result = PQgetResult(connection_);
    ASSERT(!connected() || PQresultStatus(result) == PGRES_PIPELINE_SYNC);
    PQclear(result);
    return;
  }
  while (PGresult* result = PQgetResult(connection_)) {
    check(item, result, answer);
    if (item.rows && PQresultStatus(result) == PGRES_TUPLES_OK) {
      item.rows->result_ = result;
    } else {
      answer.last.reset(result);
    }
  }
}

void PostgresSession::check(const Sent& item, PGresult* result, Answer& answer) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:  // A script of nothing but a comment.
      break;
    case PGRES_PIPELINE_ABORTED:  // Something before it has failed.
      if (item.prepares) item.prepares->prepared = false;
      return;
    default: {
      if (item.prepares) item.prepares->prepared = false;
      const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
      const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
      failed_tag_ = item.expected.tag;
      if (!connected() || !state) {
        answer.error = cannot_now(PQerrorMessage(connection_));
        return;
      }
      answer.error = error_of(state, message);
      if (!answer.error && item.expected.may_fail) answer.error = Error{.message = message};
      if (answer.error) return;
      fmt::print(stderr, "piggy: {} {} in: {}\n", state, message, item.sql);
      assertion_failed("every statement is right");
    }
  }
  if (item.describes) {
    for (std::size_t i = 0; i < item.prepares->types.size(); i++) {
      item.prepares->types[i] = PQparamtype(result, static_cast<int>(i));
    }
  }
  const char* changed = PQcmdTuples(result);
  answer.changed = *changed ? std::atoll(changed) : 0;
  ASSERT(item.expected.changed < 0 || item.expected.changed == answer.changed);
}

Error PostgresSession::lost() {
  sent_.clear();
  std::string_view why = connection_ ? PQerrorMessage(connection_) : "out of memory";
  return cannot_now(why.empty() ? "the connection is lost" : why);
}

Result<> PostgresSession::run_script(const std::string& sql) {
  TRY(finish());
  ASSERT(PQexitPipelineMode(connection_) == 1);
  PGresult* result = PQexec(connection_, sql.c_str());
  Answer answer;
  // A script of comments alone is none, and no error.
  if (PQresultStatus(result) != PGRES_EMPTY_QUERY) check({.sql = sql}, result, answer);
  PQclear(result);
  if (!connected()) return fail(lost());
  ASSERT(PQenterPipelineMode(connection_) == 1);
  if (answer.error) return fail(*std::move(answer.error));
  return {};
}

}  // namespace piggy
