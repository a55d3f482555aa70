#pragma once

// All tables of the engine as the migrations make them, so that what works on every table (copying,
// exporting) cannot forget one, and all rows of one, whichever store holds it.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"

namespace piggy {

struct Table {
  struct Column {
    std::string name = {};
    std::string type = {};  // bigint, double precision, text or bytea.
  };
  std::string name = {};
  std::vector<Column> columns = {};
  std::vector<std::string> key = {};
  std::string columns_text = {};  // As AppendTable has them.

  AppendTable append_table() const { return {.name = name, .columns = columns_text}; }
  // The column that says whose a row is: "account_id", or "id" of the account itself. Empty for a
  // table of no account.
  std::string_view owner() const;
  bool has_column(std::string_view column) const;
};

// In the order of the migrations. Statements of a migration that could change a table in a way that
// this does not understand stop the program.
const std::vector<Table>& tables();

// What ids and names the database gives out next. Not of any account.
inline constexpr std::string_view counter_table = "counter";

// The value of a column, borrowed from the row.
Parameter value_in(const Row& row, int column, const Table& table);

class TableReader {
 public:
  // Both are borrowed. Reads within the transaction that the connection is in.
  TableReader(const Store& store, Connection& connection);

  using EachRow = std::function<Result<>(const Row&)>;  // The columns of the table, in order.
  using EachPage = std::function<Result<>()>;

  // All rows, or those of one account, in the order in which the store keeps them, a few thousand
  // at a time: `each_page` follows each lot of them.
  Result<> read(const Table& table, std::optional<std::int64_t> account, const EachRow& each_row,
                const EachPage& each_page = {});

 private:
  Connection& connection_;
  std::map<std::string, std::vector<std::string>, std::less<>> keys_;  // As this store has them.
};

}  // namespace piggy
