#pragma once

// What two stores are compared by: how many rows a table has, what each of its whole numbers adds
// up to, and a digest of all that is in them. None of it depends on the order of the rows.

#include <string>
#include <vector>

#include "database/table.h"

namespace piggy {

class Tally {
 public:
  explicit Tally(const Table& table) : table_(&table), sums_(table.columns.size()) {}

  void add(const Row& row);

  std::int64_t rows() const { return rows_; }
  // How many columns have sums.
  std::int64_t sums() const;
  // In plain words, what is not the same; empty if nothing is.
  std::string difference(const Tally& target) const;

 private:
  const Table* table_;
  std::int64_t rows_ = 0;
  std::vector<__int128> sums_;  // By column; of bigints alone.
  unsigned __int128 digest_ = 0;
  std::string bytes_;  // Room for one row.
};

}  // namespace piggy
