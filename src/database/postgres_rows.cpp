#include "database/postgres_rows.h"

#include <fmt/format.h>

#include <cstring>

#include "base/assert.h"
#include "database/postgres_session.h"

namespace piggy {
namespace {

// One dimension, whether there are NULLs, the type; how many, counted from 1.
constexpr std::size_t header_bytes = 20;

unsigned type_of(std::string_view name) {
  if (name == "bigint") return 20;
  if (name == "double precision") return 701;
  if (name == "text") return 25;
  if (name == "bytea") return 17;
  fmt::print(stderr, "piggy: a column of the type {}\n", name);
  assertion_failed("columns are bigint, double precision, text or bytea");
}

}  // namespace

PostgresRows::PostgresRows(std::span<const TableColumn> columns) {
  for (const TableColumn& column : columns) {
    arrays_.push_back({.type = type_of(column.type), .bytes = std::string(header_bytes, '\0')});
  }
}

void PostgresRows::add(std::span<const Parameter> values) {
  ASSERT(values.size() == arrays_.size());
  for (std::size_t i = 0; i < values.size(); i++) {
    Array& array = arrays_[i];
    const auto& data = values[i].data();
    if (const auto* integer = std::get_if<std::int64_t>(&data)) {
      append_int32(array.bytes, 8);
      ASSERT(array.type == 20 || array.type == 701);
      if (array.type == 20) append_int64(array.bytes, *integer);
      if (array.type == 701) append_double(array.bytes, static_cast<double>(*integer));
    } else if (const auto* number = std::get_if<double>(&data)) {
      ASSERT(array.type == 701);
      append_int32(array.bytes, 8);
      append_double(array.bytes, *number);
    } else if (std::holds_alternative<std::monostate>(data)) {
      append_int32(array.bytes, -1);
      array.has_null = true;
    } else {
      const auto* bytes = std::get_if<Bytes>(&data);
      ASSERT(array.type == (bytes ? 17u : 25u));
      std::string_view text = bytes ? bytes->data : values[i].text();
      append_int32(array.bytes, static_cast<std::int32_t>(text.size()));
      array.bytes += text;
    }
    ends_.push_back(array.bytes.size());
  }
  size_++;
}

std::size_t PostgresRows::bytes() const {
  std::size_t bytes = 0;
  for (const Array& array : arrays_) bytes += array.bytes.size();
  return bytes;
}

void PostgresRows::cut(std::size_t size) {
  ASSERT(size <= size_);
  for (std::size_t i = 0; i < arrays_.size(); i++) {
    arrays_[i].bytes.resize(size ? ends_[(size - 1) * arrays_.size() + i] : header_bytes);
    if (!size) arrays_[i].has_null = false;
  }
  ends_.resize(size * arrays_.size());
  size_ = size;
}

std::vector<std::string_view> PostgresRows::encoded() {
  std::vector<std::string_view> values;
  for (Array& array : arrays_) {
    std::string header;
    append_int32(header, 1);
    append_int32(header, array.has_null);
    append_int32(header, static_cast<std::int32_t>(array.type));
    append_int32(header, static_cast<std::int32_t>(size_));
    append_int32(header, 1);
    std::memcpy(array.bytes.data(), header.data(), header_bytes);
    values.push_back(array.bytes);
  }
  return values;
}

std::string unnest_of(std::span<const TableColumn> columns) {
  std::string text = "unnest(";
  for (std::size_t i = 0; i < columns.size(); i++) {
    text += fmt::format("{}${}::{}[]", i ? "," : "", i + 1, columns[i].type);
  }
  return text + ")";
}

}  // namespace piggy
