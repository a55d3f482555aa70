#include "order/order_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace piggy {
namespace {

constexpr std::string_view column_names[] = {"InvoiceNo",   "StockCode", "Description", "Quantity",
                                             "InvoiceDate", "UnitPrice", "CustomerID",  "Country"};

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

// Spreadsheets write a customer's number as 17850.0.
std::string customer_in(std::string_view text) {
  std::string customer = trimmed(text);
  bool digits = customer.size() > 2 && customer.ends_with(".0") &&
                std::all_of(customer.begin(), customer.end() - 2,
                            [](char c) { return c >= '0' && c <= '9'; });
  if (digits) customer.resize(customer.size() - 2);
  return customer;
}

}  // namespace

Result<std::unique_ptr<OrderFile>> OrderFile::open(const std::string& file) {
  std::unique_ptr<OrderFile> opened(new OrderFile(TRY(open_bytes(file))));
  TRY(opened->read_header());
  return opened;
}

Result<> OrderFile::read_header() {
  bool any = TRY(reader_.next(record_));
  std::vector<std::string_view> missing;
  for (std::size_t i = 0; i < columns; i++) {
    auto found = std::ranges::find(record_.fields, column_names[i]);
    if (!any || found == record_.fields.end()) {
      missing.push_back(column_names[i]);
    } else {
      places_[i] = static_cast<std::size_t>(found - record_.fields.begin());
    }
  }
  if (!missing.empty()) {
    return fail(ErrorCode::invalid,
                fmt::format("Line 1: it must name the columns {}; missing: {}.",
                            fmt::join(column_names, ", "), fmt::join(missing, ", ")));
  }
  header_ = record_.fields;
  return {};
}

Result<bool> OrderFile::next(FileLine& line) {
  for (;;) {
    if (!TRY(reader_.next(record_))) return false;
    // Files that were put together from several repeat their first line.
    if (record_.fields != header_) break;
    headers_repeated_++;
  }
  TRY(read_values(line));
  return true;
}

Result<> OrderFile::read_values(FileLine& line) {
  auto wrong = [&](Column column, std::string_view must) {
    std::string shown = at(column).substr(0, 40);
    return fail(ErrorCode::invalid, fmt::format("Line {}: {} must be {}, not \"{}\".", record_.line,
                                                column_names[column], must, shown));
  };
  line.number = trimmed(at(number));
  if (line.number.empty() || line.number.size() > 100) return wrong(number, "the order's number");
  auto when = parse_time(at(ordered_at));
  if (!when) return wrong(ordered_at, "a date and time");
  auto many = number_in<std::int64_t>(at(quantity));
  if (!many || std::abs(*many) > 1'000'000'000) return wrong(quantity, "a whole number");
  auto price = number_in<double>(at(unit_price));
  if (!price || !std::isfinite(*price) || std::abs(*price) > 1e9)
    return wrong(unit_price, "a price such as 2.55");
  if (at(stock_code).size() > 200) return wrong(stock_code, "at most 200 characters");
  if (at(description).size() > 2000) return wrong(description, "at most 2000 characters");
  if (at(customer).size() > 200) return wrong(customer, "at most 200 characters");
  if (at(country).size() > 200) return wrong(country, "at most 200 characters");
  line.ordered_at = *when;
  line.customer = customer_in(at(customer));
  line.country = trimmed(at(country));
  line.line = {.line = record_.line,
               .stock_code = trimmed(at(stock_code)),
               .description = trimmed(at(description)),
               .quantity = *many,
               .unit_price = *price};
  return {};
}

}  // namespace piggy
