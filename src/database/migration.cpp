#include "database/migration.h"

#include <fmt/format.h>

#include <iterator>

namespace piggy {
namespace {

constexpr char engine[] = {
#embed "../../migration/001_engine.sql"
};

constexpr std::string_view migrations[] = {{engine, sizeof engine}};

// Statements end with a semicolon at the end of a line; no file holds one inside of them.
Result<> run_all(Connection& connection, std::string_view sql) {
  while (!sql.empty()) {
    std::size_t end = sql.find(";\n");
    std::string_view statement = sql.substr(0, end);
    sql = end == std::string_view::npos ? std::string_view() : sql.substr(end + 2);
    if (statement.find_first_not_of(" \n") == std::string_view::npos) continue;
    TRY(connection.run(statement, {}, nullptr));
  }
  return {};
}

std::string without_comments(std::string_view sql) {
  std::string text;
  while (!sql.empty()) {
    std::string_view line = sql.substr(0, sql.find('\n'));
    sql.remove_prefix(std::min(sql.size(), line.size() + 1));
    text.append(line.substr(0, line.find("--")));
    text += '\n';
  }
  return text;
}

}  // namespace

int schema_version() { return static_cast<int>(std::size(migrations)); }

Result<> bring_up_to_date(Store& store, Connection& connection) {
  TRY(connection.begin(true));
  TRY(connection.run("CREATE TABLE IF NOT EXISTS migration (version bigint NOT NULL)", {},
                     nullptr));
  std::int64_t version = 0;
  RowSink sink = [&](const Row& row) { version = row.integer(0); };
  TRY(connection.run("SELECT coalesce(max(version), 0) FROM migration", {}, &sink));
  TRY(connection.commit());
  if (version > schema_version()) {
    return fail(ErrorCode::conflict,
                fmt::format("This database was made by a newer version of piggy (schema {}, this "
                            "program knows {}).",
                            version, schema_version()));
  }
  for (std::int64_t next = version; next < schema_version(); next++) {
    TRY(connection.begin(true));
    std::string sql = store.translate(without_comments(migrations[next]));
    Result<> done = run_all(connection, sql);
    Parameter number(next + 1);
    if (done) {
      auto noted =
          connection.run("INSERT INTO migration (version) VALUES ($1)", {&number, 1}, nullptr);
      if (!noted) done = fail(noted.error());
    }
    if (!done) {
      connection.rollback();
      return done;
    }
    TRY(connection.commit());
  }
  return {};
}

}  // namespace piggy
