#pragma once

// One row of an answer, and how it becomes a struct: the struct's members take the columns in
// order.
//
//   struct ShopRow { std::int64_t id = 0; std::string name = {}; };
//   transaction.first<ShopRow>("SELECT id, name FROM shop WHERE ...", {...})

#include <boost/pfr/core.hpp>
#include <cstring>
#include <functional>

#include "base/assert.h"
#include "database/parameter.h"

namespace piggy {

// Views are valid until the next row.
class Row {
 public:
  virtual ~Row() = default;
  virtual int columns() const = 0;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double number(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::string_view bytes(int column) const = 0;
};

using RowSink = std::function<void(const Row&)>;

template <class T>
void read_column(const Row& row, int column, T& out) {
  if constexpr (detail::OptionalOf<T>::value) {
    if (row.is_null(column))
      out.reset();
    else
      read_column(row, column, out.emplace());
  } else if constexpr (std::is_same_v<T, bool>) {
    out = row.integer(column) != 0;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    out = row.integer(column);
  } else if constexpr (std::is_same_v<T, double>) {
    out = row.number(column);
  } else if constexpr (std::is_same_v<T, std::string>) {
    out = row.text(column);
  } else if constexpr (std::is_same_v<T, Time>) {
    out.microseconds = row.integer(column);
  } else if constexpr (std::is_same_v<T, Uuid>) {
    std::string_view bytes = row.bytes(column);
    ASSERT(bytes.size() == 16);
    std::memcpy(out.bytes.data(), bytes.data(), 16);
  } else if constexpr (std::is_same_v<T, Hash>) {
    std::string_view bytes = row.bytes(column);
    ASSERT(bytes.size() == out.size());
    std::memcpy(out.data(), bytes.data(), out.size());
  } else if constexpr (std::is_same_v<T, Blob>) {
    out.data = row.bytes(column);
  } else if constexpr (std::is_same_v<T, Value>) {
    if (row.is_null(column)) {
      out = nullptr;
    } else {
      auto value = parse_json(row.text(column));
      ASSERT(value.has_value());
      out = std::move(*value);
    }
  } else {
    static_assert(std::is_enum_v<T>, "a column cannot be read into this type");
    auto choice = choice_of<T>(row.text(column));
    ASSERT(choice.has_value());
    out = *choice;
  }
}

template <class T>
concept Column = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::string> ||
                 std::is_same_v<T, Uuid> || std::is_same_v<T, Time> || std::is_same_v<T, Value> ||
                 std::is_same_v<T, Hash> || std::is_same_v<T, Blob> || detail::OptionalOf<T>::value;

template <class T>
void read_row(const Row& row, T& out) {
  if constexpr (Column<T>) {
    read_column(row, 0, out);
  } else {
    ASSERT(static_cast<std::size_t>(row.columns()) == boost::pfr::tuple_size_v<T>);
    boost::pfr::for_each_field(out, [&](auto& member, std::size_t column) {
      read_column(row, static_cast<int>(column), member);
    });
  }
}

}  // namespace piggy
