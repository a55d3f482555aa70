#pragma once

// A file of order lines, line by line, as values.

#include <memory>
#include <optional>

#include "order/csv.h"
#include "order/imported_order.h"

namespace piggy {

struct FileLine {
  std::string number = {};
  Time ordered_at = {};
  std::string customer = {};  // Empty for a guest.
  std::string country = {};
  OrderLine line = {};
};

class OrderFile {
 public:
  // Reads the first line, which names the columns; their order does not matter.
  static Result<std::unique_ptr<OrderFile>> open(const std::string& file);

  // False at the end. `invalid` with the number of the line; the next one can be read after that,
  // unless the file is broken as CSV.
  Result<bool> next(FileLine& line);

  std::int64_t headers_repeated() const { return headers_repeated_; }

 private:
  enum Column {
    number,
    stock_code,
    description,
    quantity,
    ordered_at,
    unit_price,
    customer,
    country
  };
  static constexpr std::size_t columns = 8;

  explicit OrderFile(std::unique_ptr<ByteSource> bytes)
      : bytes_(std::move(bytes)), reader_(*bytes_) {}
  Result<> read_header();
  Result<> read_values(FileLine& line);
  const std::string& at(Column column) const { return record_.fields[places_[column]]; }

  std::unique_ptr<ByteSource> bytes_;
  CsvReader reader_;
  CsvRecord record_;
  std::vector<std::string> header_;
  std::size_t places_[columns] = {};
  std::int64_t headers_repeated_ = 0;
};

}  // namespace piggy
