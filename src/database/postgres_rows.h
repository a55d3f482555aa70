#pragma once

// Many rows on their way to PostgreSQL, as one array per column, in the binary form that unnest()
// takes. They can be cut back to where they stood before an operation, or put back after they were
// sent in vain.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "database/columns.h"
#include "database/parameter.h"

namespace piggy {

class PostgresRows {
 public:
  explicit PostgresRows(std::span<const TableColumn> columns);

  void add(std::span<const Parameter> values);
  std::size_t size() const { return size_; }
  std::size_t bytes() const;
  // Keeps the first `size` of them.
  void cut(std::size_t size);
  void clear() { cut(0); }

  // One value for each column. Valid until the rows change.
  std::vector<std::string_view> encoded();

 private:
  struct Array {
    unsigned type = 0;
    std::string bytes = {};
    bool has_null = false;
  };
  std::vector<Array> arrays_;
  std::vector<std::size_t> ends_;  // For each row, where it ends in each of the arrays.
  std::size_t size_ = 0;
};

// "unnest($1::bigint[],$2::text[])"
std::string unnest_of(std::span<const TableColumn> columns);

}  // namespace piggy
