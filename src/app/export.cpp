#include "app/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"
#include "base/time.h"
#include "base/uuid.h"
#include "database/migration.h"
#include "database/table.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::string_view select_account = "SELECT id FROM account WHERE name = $1";

struct Secret {
  std::string_view table;
  std::string_view column;
};

constexpr Secret secrets[] = {
    {"account", "secret"},
    {"token", "hash"},
    {"person", "password"},
    {"session", "hash"},
    {"verification", "code_hash"},
    {"pending_sign_in", "state"},
    {"auth_token_use", "nonce"},
    {"idempotency", "answer"},  // May hold a token that was shown
                                // once.
    {"job", "payload"},         // Mails that carry codes.
    {"vault_key", "wrapped"},
    {"vault_secret", "sealed"},
};

bool is_secret(const Table& table, std::string_view column) {
  return std::ranges::any_of(secrets, [&](const Secret& secret) {
    return secret.table == table.name && secret.column == column;
  });
}

// A column that was given another name would no longer stay behind.
void assert_secrets_are_there() {
  for (const Secret& secret : secrets) {
    ASSERT(std::ranges::any_of(tables(), [&](const Table& table) {
      return table.name == secret.table && table.has_column(secret.column);
    }));
  }
}

bool is_moment(std::string_view column) {
  return column.ends_with("_at") || column.ends_with("_date");
}

void append_moment(std::string& out, std::int64_t microseconds) {
  std::int64_t fraction = microseconds % microseconds_per_second;
  if (fraction < 0) fraction += microseconds_per_second;
  std::string atom = to_atom({microseconds - fraction});
  std::size_t offset = atom.rfind('+');
  ASSERT(offset != std::string::npos);
  atom.insert(offset, fmt::format(".{:06}", fraction));
  write_json_text(out, atom);
}

void append_bytes(std::string& out, std::string_view bytes) {
  Uuid uuid;
  out += '"';
  if (bytes.size() == uuid.bytes.size()) {
    std::memcpy(uuid.bytes.data(), bytes.data(), bytes.size());
    append(out, uuid);
  } else {
    for (unsigned char byte : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", byte);
  }
  out += '"';
}

void append_column(std::string& out, const Row& row, int index, const Table& table) {
  const Table::Column& column = table.columns[static_cast<std::size_t>(index)];
  if (row.is_null(index)) {
    out += "null";
  } else if (column.type == "text") {
    write_json_text(out, row.text(index));
  } else if (column.type == "bytea") {
    append_bytes(out, row.bytes(index));
  } else if (column.type == "double precision") {
    write_json(out, Value(row.number(index)));
  } else if (is_moment(column.name)) {
    append_moment(out, row.integer(index));
  } else {
    write_json(out, Value(row.integer(index)));
  }
}

void write_line(std::string& out, const Row& row, const Table& table) {
  out += "{\"table\":";
  write_json_text(out, table.name);
  out += ",\"row\":{";
  bool first = true;
  for (int i = 0; i < row.columns(); i++) {
    std::string_view column = table.columns[static_cast<std::size_t>(i)].name;
    if (is_secret(table, column)) continue;
    if (!first) out += ',';
    first = false;
    write_json_text(out, column);
    out += ':';
    append_column(out, row, i, table);
  }
  out += "}}\n";
}

Result<std::int64_t> account_named(Connection& reader, const std::string& name) {
  std::optional<std::int64_t> account;
  RowSink sink = [&](const Row& row) { account = row.integer(0); };
  Parameter parameter(name);
  TRY(reader.run(select_account, {&parameter, 1}, &sink));
  if (!account) return fail(ErrorCode::not_found, fmt::format("There is no account {}.", name));
  return *account;
}

}  // namespace

Result<> export_rows(Store& store, const std::string& account,
                     const std::function<Result<>(std::string_view)>& line) {
  assert_secrets_are_there();
  std::unique_ptr<Connection> reader = TRY(store.connect_reader());
  TRY(must_be_up_to_date(store, *reader));
  TRY(reader->begin(false));
  std::int64_t id = TRY(account_named(*reader, account));
  TableReader rows(store, *reader);
  std::string text;
  for (const Table& table : tables()) {
    if (table.owner().empty()) continue;
    TRY(rows.read(table, id, [&](const Row& row) {
      text.clear();
      write_line(text, row, table);
      return line(text);
    }));
  }
  return {};
}

}  // namespace piggy
