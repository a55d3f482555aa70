#pragma once

// Made-up rows for every table there is, and all that a store holds as one text, to see whether two
// stores hold the same.

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/random.h"
#include "database/migration.h"
#include "database/table.h"

namespace piggy::test_rows {

// A directory for SQLite files, gone at the end.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "piggy_test_XXXXXX") {
    ASSERT(mkdtemp(path_.data()) != nullptr);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;

  std::string file(std::string_view name) const { return fmt::format("{}/{}", path_, name); }

 private:
  std::string path_;
};

inline bool may_be_null(std::string_view table, std::string_view column) {
  return (table == "shop" && column == "reference") ||
         (table == "earning_rule" && column == "shop_id") ||
         (table == "credit_reception" && column == "unit_value") ||
         (table == "voucher" && column == "lock_key");
}

// More than a page of those whose keys are not just an id.
inline int rows_of(std::string_view table) {
  if (table == "account") return 1;
  bool long_one = table == "shop" || table == "subscription" || table == "attribute_unique_value";
  return long_one ? 4'001 : 3;
}

class Filler {
 public:
  explicit Filler(std::int64_t account) : account_(account), random_(account) {}

  Result<> fill(Connection& connection, const Table& table) {
    for (int n = 0; n < rows_of(table.name); n++) {
      texts_.clear();
      std::vector<Parameter> row;
      for (const Table::Column& column : table.columns) {
        bool null = may_be_null(table.name, column.name) && n % 2;
        row.push_back(null ? Parameter(std::nullopt) : value(table, column, n));
      }
      TRY(connection.append(table.append_table(), row));
    }
    return {};
  }

 private:
  Parameter value(const Table& table, const Table::Column& column, int n) {
    if (column.name == table.owner()) return account_;
    if (column.name == "id") return account_ * 1'000'000 + n;
    bool moment = column.name.ends_with("_at") || column.name.ends_with("_date");
    if (moment && column.type == "bigint") {
      return std::int64_t{1'700'000'000'000'000} +
             static_cast<std::int64_t>(random_.below(1'000'000));
    }
    if (column.type == "bigint") return static_cast<std::int64_t>(random_.next());
    if (column.type == "double precision") return static_cast<double>(random_.next()) / 7e15;
    if (table.name == "account" && column.name == "name") return text(fmt::format("a{}", account_));
    if (column.type == "text") return text("é\"\n" + random_.text(20, alphanumerics));
    std::size_t length = column.name == "uuid" || column.name == "subject" ? 16 : 32;
    std::string bytes(length, '\0');
    random_.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return Bytes{text(std::move(bytes))};
  }

  // Keeps what a parameter borrows until the next row.
  std::string_view text(std::string text) {
    texts_.push_back(std::make_unique<std::string>(std::move(text)));
    return *texts_.back();
  }

  std::int64_t account_;
  SeededRandom random_;
  std::vector<std::unique_ptr<std::string>> texts_;
};

// The account is called "a" and its id.
inline void fill_account(const std::string& url, std::int64_t account) {
  auto store = open_store(url);
  auto writer = (*store)->connect_writer();
  ASSERT(writer.has_value() && bring_up_to_date(**store, **writer).has_value());
  ASSERT((*writer)->begin(true).has_value());
  Filler filler(account);
  for (const Table& table : tables()) {
    if (table.name != counter_table) ASSERT(filler.fill(**writer, table).has_value());
  }
  ASSERT((*writer)->run("UPDATE counter SET value = value + 7000000", {}, nullptr).has_value());
  ASSERT((*writer)->commit().has_value());
}

inline std::string contents(const std::string& url, std::optional<std::int64_t> account = {}) {
  auto store = open_store(url);
  auto reader = (*store)->connect_reader();
  ASSERT(reader.has_value());
  TableReader rows(**store, **reader);
  std::string text;
  for (const Table& table : tables()) {
    if (account && table.owner().empty()) continue;
    auto add = [&](const Row& row) -> Result<> {
      text += table.name;
      for (int i = 0; i < row.columns(); i++) {
        const std::string& type = table.columns[static_cast<std::size_t>(i)].type;
        text += '|';
        if (row.is_null(i))
          text += "null";
        else if (type == "bigint")
          text += std::to_string(row.integer(i));
        else if (type == "double precision")
          text += fmt::format("{}", row.number(i));
        else
          text += type == "text" ? row.text(i) : row.bytes(i);
      }
      text += '\n';
      return {};
    };
    ASSERT(rows.read(table, account, add).has_value());
  }
  return text;
}

}  // namespace piggy::test_rows
