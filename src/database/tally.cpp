#include "database/tally.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace piggy {
namespace {

bool has_sum(const Table::Column& column) { return column.type == "bigint"; }

template <class T>
void append_bits(std::string& out, T value) {
  char bits[sizeof value];
  std::memcpy(bits, &value, sizeof value);
  out.append(bits, sizeof value);
}

void append_value(std::string& out, const Parameter& value) {
  const auto& data = value.data();
  out += static_cast<char>(data.index());
  if (const auto* integer = std::get_if<std::int64_t>(&data)) {
    append_bits(out, *integer);
  } else if (const auto* number = std::get_if<double>(&data)) {
    append_bits(out, *number);
  } else {
    const auto* bytes = std::get_if<Bytes>(&data);
    std::string_view text = bytes ? bytes->data : value.text();
    append_bits(out, text.size());
    out += text;
  }
}

}  // namespace

void Tally::add(const Row& row) {
  rows_++;
  bytes_.clear();
  for (std::size_t i = 0; i < sums_.size(); i++) {
    int column = static_cast<int>(i);
    if (has_sum(table_->columns[i])) sums_[i] += row.integer(column);
    append_value(bytes_, value_in(row, column, *table_));
  }
  unsigned __int128 hash = 0;
  crypto_generichash(reinterpret_cast<unsigned char*>(&hash), sizeof hash,
                     reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size(), nullptr,
                     0);
  digest_ += hash;
}

std::int64_t Tally::sums() const { return std::ranges::count_if(table_->columns, has_sum); }

std::string Tally::difference(const Tally& target) const {
  if (rows_ != target.rows_) {
    return fmt::format("{} has {} rows in the source and {} in the target", table_->name, rows_,
                       target.rows_);
  }
  for (std::size_t i = 0; i < sums_.size(); i++) {
    if (sums_[i] == target.sums_[i]) continue;
    return fmt::format("{}.{} adds up to {} in the source and to {} in the target", table_->name,
                       table_->columns[i].name, sums_[i], target.sums_[i]);
  }
  if (digest_ != target.digest_) {
    return fmt::format("a text or a number of {} is not the same", table_->name);
  }
  return {};
}

}  // namespace piggy
