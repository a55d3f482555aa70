#include "database/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <variant>

#include "base/assert.h"
#include "database/columns.h"
#include "database/migration.h"

namespace piggy {
namespace {

constexpr int rows_per_page = 4'000;

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

// Takes `word` off the front.
bool eat(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text = trimmed(text.substr(word.size()));
  return true;
}

std::string eat_name(std::string_view& text) {
  std::size_t length = std::min(text.find_first_of(" (\n"), text.size());
  std::string name(text.substr(0, length));
  text = trimmed(text.substr(length));
  return name;
}

Table::Column column_in(std::string_view text) {
  std::string name = eat_name(text);
  std::string_view type = trimmed(text.substr(0, std::min(text.find(" NOT NULL"), text.size())));
  type = trimmed(type.substr(0, std::min(type.find(" DEFAULT"), type.size())));
  return {.name = std::move(name), .type = std::string(type)};
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  for (const TableColumn& column : columns_of(text)) names.emplace_back(column.name);
  return names;
}

// One column or key a line, as our migrations are written.
Table table_in(std::string_view text) {
  Table table{.name = eat_name(text)};
  ASSERT(text.starts_with("("));
  text = text.substr(1, text.rfind(')') - 1);
  while (!(text = trimmed(text)).empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size());
    if (line.ends_with(",")) line.remove_suffix(1);
    if (eat(line, "PRIMARY KEY (")) {
      table.key = names_in(line.substr(0, line.find(')')));
    } else {
      table.columns.push_back(column_in(line));
    }
  }
  ASSERT(!table.key.empty());
  return table;
}

Table& table_named(std::vector<Table>& tables, std::string_view name) {
  auto found = std::ranges::find(tables, name, &Table::name);
  ASSERT(found != tables.end());
  return *found;
}

void take_statement(std::string_view statement, std::vector<Table>& tables) {
  if (eat(statement, "CREATE TABLE ")) {
    tables.push_back(table_in(statement));
  } else if (eat(statement, "ALTER TABLE ")) {
    Table& table = table_named(tables, eat_name(statement));
    if (eat(statement, "DROP COLUMN ")) {
      std::erase_if(table.columns,
                    [&](const Table::Column& column) { return column.name == statement; });
      return;
    }
    ASSERT(eat(statement, "ADD COLUMN "));
    table.columns.push_back(column_in(statement));
  } else if (eat(statement, "INSERT INTO ")) {
    // The rows of a copy would meet those that the migrations have put there; there are none where
    // they only move what is there.
    bool counts = eat_name(statement) == counter_table;
    ASSERT(counts || statement.starts_with("SELECT "));
  } else {
    ASSERT(statement.empty() || statement.starts_with("CREATE INDEX ") ||
           statement.starts_with("CREATE UNIQUE INDEX ") || statement.starts_with("DROP INDEX ") ||
           statement.starts_with("UPDATE ") || statement.starts_with("DELETE FROM "));
  }
}

std::vector<Table> tables_in(std::string_view migrations) {
  std::vector<Table> tables;
  std::string sql = without_comments(migrations);
  for (std::string_view rest = sql; !rest.empty();) {
    std::size_t end = std::min(rest.find(";\n"), rest.size());
    take_statement(trimmed(rest.substr(0, end)), tables);
    rest.remove_prefix(std::min(rest.size(), end + 2));
  }
  return tables;
}

std::string columns_text_of(const Table& table) {
  std::vector<std::string> columns;
  for (const Table::Column& column : table.columns) {
    columns.push_back(fmt::format("{} {}", column.name, column.type));
  }
  return fmt::format("{}", fmt::join(columns, ", "));
}

// The key of the last row of a page, owned.
using KeyValue = std::variant<std::int64_t, std::string>;

struct KeyColumn {
  int index = 0;
  std::string type = {};
};

std::vector<KeyColumn> key_columns_of(const Table& table, const std::vector<std::string>& key) {
  std::vector<KeyColumn> columns;
  for (const std::string& name : key) {
    auto found = std::ranges::find(table.columns, name, &Table::Column::name);
    ASSERT(found != table.columns.end());
    columns.push_back(
        {.index = static_cast<int>(found - table.columns.begin()), .type = found->type});
  }
  return columns;
}

KeyValue key_value_in(const Row& row, const KeyColumn& column) {
  if (column.type == "bigint") return row.integer(column.index);
  ASSERT(column.type == "text" || column.type == "bytea");
  if (column.type == "text") return std::string(row.text(column.index));
  return std::string(row.bytes(column.index));
}

Parameter parameter_of(const KeyValue& value, const KeyColumn& column) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  std::string_view text = std::get<std::string>(value);
  return column.type == "text" ? Parameter(text) : Parameter(Bytes{text});
}

// $1 is the account if there is one; the last key that was seen comes after it.
std::string page_sql(const Table& table, const std::vector<std::string>& key, bool one_account,
                     bool first) {
  std::vector<std::string> columns;
  for (const Table::Column& column : table.columns) columns.push_back(column.name);
  std::vector<std::string> conditions;
  std::size_t used = one_account ? 1 : 0;
  if (one_account) conditions.push_back(fmt::format("{} = $1", table.owner()));
  if (!first) {
    std::vector<std::string> places;
    while (places.size() < key.size()) places.push_back(fmt::format("${}", ++used));
    conditions.push_back(fmt::format("({}) > ({})", fmt::join(key, ","), fmt::join(places, ",")));
  }
  return fmt::format("SELECT {} FROM {} {} {} ORDER BY {} LIMIT {}", fmt::join(columns, ","),
                     table.name, conditions.empty() ? "" : "WHERE", fmt::join(conditions, " AND "),
                     fmt::join(key, ","), rows_per_page);
}

}  // namespace

std::string_view Table::owner() const {
  if (name == "account") return "id";
  return has_column("account_id") ? "account_id" : "";
}

bool Table::has_column(std::string_view column) const {
  return std::ranges::find(columns, column, &Column::name) != columns.end();
}

const std::vector<Table>& tables() {
  static const std::vector<Table> all = [] {
    std::vector<Table> made = tables_in(all_migrations());
    for (Table& table : made) {
      table.columns_text = columns_text_of(table);
      ASSERT(table.name == counter_table || !table.owner().empty());
    }
    return made;
  }();
  return all;
}

Parameter value_in(const Row& row, int column, const Table& table) {
  const std::string& type = table.columns[static_cast<std::size_t>(column)].type;
  if (row.is_null(column)) return std::nullopt;
  if (type == "bigint") return row.integer(column);
  if (type == "double precision") return row.number(column);
  if (type == "text") return row.text(column);
  ASSERT(type == "bytea");
  return Bytes{row.bytes(column)};
}

TableReader::TableReader(const Store& store, Connection& connection) : connection_(connection) {
  for (Table& table : tables_in(store.translate(all_migrations()))) {
    keys_[table.name] = std::move(table.key);
  }
}

Result<> TableReader::read(const Table& table, std::optional<std::int64_t> account,
                           const EachRow& each_row, const EachPage& each_page) {
  const std::vector<std::string>& key = keys_.at(table.name);
  const std::vector<KeyColumn> key_columns = key_columns_of(table, key);
  std::vector<KeyValue> last;
  for (int rows = rows_per_page; rows == rows_per_page;) {
    std::vector<Parameter> parameters;
    if (account) parameters.emplace_back(*account);
    for (std::size_t i = 0; i < last.size(); i++) {
      parameters.push_back(parameter_of(last[i], key_columns[i]));
    }
    std::string sql = page_sql(table, key, account.has_value(), last.empty());
    rows = 0;
    Result<> taken;
    std::vector<KeyValue> newest;  // The statement still looks at those before.
    RowSink sink = [&](const Row& row) {
      if (taken) taken = each_row(row);
      if (++rows < rows_per_page) return;
      for (const KeyColumn& column : key_columns) newest.push_back(key_value_in(row, column));
    };
    TRY(connection_.run(sql, parameters, &sink));
    TRY(taken);
    last = std::move(newest);
    if (each_page) TRY(each_page());
  }
  return {};
}

}  // namespace piggy
