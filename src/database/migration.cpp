#include "database/migration.h"

#include <fmt/format.h>

#include <iterator>

namespace piggy {
namespace {

constexpr char engine[] = {
#embed "../../migration/001_engine.sql"
};

constexpr std::string_view migrations[] = {{engine, sizeof engine}};

}  // namespace

int schema_version() { return static_cast<int>(std::size(migrations)); }

Result<> bring_up_to_date(Store& store, Connection& connection) {
  TRY(connection.run_script(
      store.translate("CREATE TABLE IF NOT EXISTS migration (version bigint NOT NULL\n);\n")));
  std::int64_t version = 0;
  RowSink sink = [&](const Row& row) { version = row.integer(0); };
  TRY(connection.run("SELECT coalesce(max(version), 0) FROM migration", {}, &sink));
  if (version > schema_version()) {
    return fail(ErrorCode::conflict,
                fmt::format("This database was made by a newer version of piggy (schema {}, this "
                            "program knows {}).",
                            version, schema_version()));
  }
  for (std::int64_t next = version; next < schema_version(); next++) {
    TRY(connection.begin(true));
    Result<> done = connection.run_script(store.translate(migrations[next]));
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
