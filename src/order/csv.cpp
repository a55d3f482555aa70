#include "order/csv.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace piggy {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_text(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size()) && !text.contains('\0');
}

// How many bytes at the start mean nothing but themselves.
std::size_t ordinary_run(std::string_view piece, bool quoted) {
  std::size_t run = 0;
  while (run < piece.size()) {
    char c = piece[run];
    if (c == '"' || c == '\n' || (c == ',' && !quoted)) break;
    run++;
  }
  return run;
}

}  // namespace

Result<bool> CsvReader::next(CsvRecord& record) {
  if (broken_) return false;
  auto found = read_record(record);
  if (!found) broken_ = true;
  if (!found || !*found) return found;
  TRY(check(record));
  return true;
}

// Makes sure there is a byte to look at; false at the end of the file.
Result<bool> CsvReader::fill() {
  if (!piece_.empty()) return true;
  piece_ = TRY(bytes_.next());
  if (!began_) {
    began_ = true;
    if (piece_.starts_with(byte_order_mark)) piece_.remove_prefix(byte_order_mark.size());
    if (piece_.empty()) piece_ = TRY(bytes_.next());
  }
  return !piece_.empty();
}

Result<bool> CsvReader::read_record(CsvRecord& record) {
  record.fields.clear();
  record.line = line_;
  field_.clear();
  State state = State::start;
  while (!piece_.empty() || TRY(fill())) {
    if (std::size_t run = ordinary_run(piece_, state == State::quoted);
        run > 0 && state != State::quote_in_quoted) {
      field_.append(piece_.substr(0, run));
      piece_.remove_prefix(run);
      if (state == State::start) state = State::plain;
      if (field_.size() > field_bytes_max) return too_long(record.line);
      continue;
    }
    char c = piece_.front();
    piece_.remove_prefix(1);
    if (c == '\n') line_++;
    if (state == State::quoted) {
      if (c == '"') {
        state = State::quote_in_quoted;
      } else {
        field_ += c;
      }
    } else if (c == '"') {
      if (state == State::plain)
        return wrong(record.line, "a quote stands within a field that does not begin with one");
      if (state == State::quote_in_quoted) field_ += c;
      state = State::quoted;
    } else if (c == ',') {
      record.fields.push_back(std::move(field_));
      field_.clear();
      state = State::start;
    } else if (c == '\n') {
      if (state == State::plain && field_.ends_with('\r')) field_.pop_back();
      if (TRY(end_record(record))) return true;
      state = State::start;
    } else if (state == State::quote_in_quoted) {
      if (c != '\r') return wrong(record.line, "text follows a closing quote");
    } else {
      field_ += c;
      state = State::plain;
    }
    if (record.fields.size() > fields_max) return too_long(record.line);
  }
  if (state == State::quoted) return wrong(record.line, "a quote is never closed");
  return end_record(record);
}

// False for an empty line, which is no record.
Result<bool> CsvReader::end_record(CsvRecord& record) {
  bool empty = record.fields.empty() && field_.empty();
  if (empty) {
    record.line = line_;
    return false;
  }
  record.fields.push_back(std::move(field_));
  field_.clear();
  return true;
}

Result<> CsvReader::check(const CsvRecord& record) {
  if (columns_ == 0) columns_ = record.fields.size();
  for (const std::string& field : record.fields) {
    if (!is_text(field)) return wrong(record.line, "the text is not UTF-8");
  }
  if (record.fields.size() != columns_) {
    return wrong(record.line, fmt::format("it has {} columns, the first line has {}",
                                          record.fields.size(), columns_));
  }
  return {};
}

std::unexpected<Error> CsvReader::too_long(std::int64_t line) const {
  return wrong(line, "it is longer than any record can be; is a quote missing?");
}

std::unexpected<Error> CsvReader::wrong(std::int64_t line, std::string_view what) const {
  return fail(ErrorCode::invalid, fmt::format("Line {}: {}.", line, what));
}

}  // namespace piggy
