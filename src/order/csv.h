#pragma once

// Comma-separated values as RFC 4180 has them: quotes, commas and line ends within quotes, CRLF or
// LF, a byte order mark. Reads record by record; memory does not grow with the file.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "order/byte_source.h"

namespace piggy {

struct CsvRecord {
  std::int64_t line = 0;  // On which it begins, from 1.
  std::vector<std::string> fields = {};
};

class CsvReader {
 public:
  static constexpr std::size_t field_bytes_max = 1 << 20;
  static constexpr std::size_t fields_max = 1000;

  // `bytes` is borrowed.
  explicit CsvReader(ByteSource& bytes) : bytes_(bytes) {}

  // False at the end. Empty lines are passed over. `invalid`, with the number of the line, for a
  // quote that is never closed or stands within a plain field, for text that is no UTF-8, for NUL,
  // and for a record that has more or fewer fields than the first. After an error of the last two
  // kinds the next record can still be read.
  Result<bool> next(CsvRecord& record);

 private:
  enum class State { start, plain, quoted, quote_in_quoted };

  Result<bool> fill();
  Result<bool> read_record(CsvRecord& record);
  Result<bool> end_record(CsvRecord& record);
  Result<> check(const CsvRecord& record);
  std::unexpected<Error> too_long(std::int64_t line) const;
  std::unexpected<Error> wrong(std::int64_t line, std::string_view what) const;

  ByteSource& bytes_;
  std::string_view piece_ = {};
  bool began_ = false;
  bool broken_ = false;
  std::int64_t line_ = 1;
  std::size_t columns_ = 0;
  std::string field_ = {};
};

}  // namespace piggy
