#include "order/import.h"

#include <fmt/format.h>

#include <unordered_map>

#include "order/order_file.h"

namespace piggy {
namespace {

constexpr std::size_t problems_told = 20;
constexpr std::size_t lines_per_order_max = 5000;

// What the first reading finds out of an order.
struct OrderSpan {
  std::int64_t last_line = 0;
  std::int64_t lines = 0;
  std::string customer = {};
};

struct Survey {
  std::unordered_map<std::string, OrderSpan> orders = {};
  std::int64_t lines = 0;
  std::int64_t headers_repeated = 0;
};

Result<> note(Survey& survey, const FileLine& line) {
  OrderSpan& span = survey.orders[line.number];
  if (span.lines == 0) span.customer = line.customer;
  if (span.customer != line.customer) {
    return fail(ErrorCode::invalid,
                fmt::format("Line {}: order {} belongs to customer \"{}\" above, to \"{}\" here.",
                            line.line.line, line.number, span.customer, line.customer));
  }
  if (++span.lines > static_cast<std::int64_t>(lines_per_order_max)) {
    return fail(ErrorCode::invalid, fmt::format("Line {}: order {} has more than {} lines.",
                                                line.line.line, line.number, lines_per_order_max));
  }
  span.last_line = line.line.line;
  survey.lines++;
  return {};
}

Result<Survey> survey_of(const std::string& file) {
  std::unique_ptr<OrderFile> lines = TRY(OrderFile::open(file));
  Survey survey;
  FileLine line;
  std::vector<FieldError> problems;
  for (;;) {
    auto more = lines->next(line);
    if (more && !*more) break;
    Result<> noted = more ? note(survey, line) : fail(more.error());
    if (noted) continue;
    if (noted.error().code != ErrorCode::invalid) return fail(noted.error());
    problems.push_back({.path = "", .message = noted.error().message});
    if (problems.size() == problems_told) break;
  }
  if (!problems.empty()) {
    return fail({.code = ErrorCode::invalid,
                 .message = "The file has wrong lines, and nothing of it was booked.",
                 .fields = std::move(problems)});
  }
  survey.headers_repeated = lines->headers_repeated();
  return survey;
}

void count(ImportTotals& totals, const StoreOrder& order) {
  totals.lines_read += static_cast<std::int64_t>(order.lines.size());
  for (const OrderLine& line : order.lines) {
    if (auto reason = why_skipped(order, line)) {
      totals.skipped.add(*reason);
    } else {
      totals.lines_booked++;
    }
  }
}

void count(ImportTotals& totals, const ImportOrders::Output& output) {
  totals.orders_new += output.orders_new;
  totals.orders_known += output.orders_known;
  totals.lines_read += output.lines_read;
  totals.lines_booked += output.lines_booked;
  for (const SkippedLines& skipped : output.skipped)
    totals.skipped.add(SkipCount::from(Value::object({{skipped.reason, skipped.lines}})));
  totals.contacts_new += output.contacts_new;
  totals.products_new += output.products_new;
  totals.credits_issued += output.credits_issued;
  totals.credits_reversed += output.credits_reversed;
}

class Import {
 public:
  Import(const ImportOptions& options, const SendOrders& send, const ImportProgress& progress,
         Survey& survey)
      : options_(options), send_(send), progress_(progress), survey_(survey) {
    chunk_.source = options.source;
    chunk_.shop_uuid = options.shop_uuid;
  }

  Result<ImportTotals> run() {
    std::unique_ptr<OrderFile> lines = TRY(OrderFile::open(options_.file));
    FileLine line;
    while (TRY(lines->next(line))) TRY(take(line));
    if (!open_.empty()) return fail(ErrorCode::conflict, "The file was changed while it was read.");
    TRY(flush());
    totals_.headers_repeated = survey_.headers_repeated;
    totals_.orders = static_cast<std::int64_t>(survey_.orders.size());
    return totals_;
  }

 private:
  Result<> take(FileLine& line) {
    StoreOrder& order = open_[line.number];
    if (order.lines.empty()) {
      order.number = line.number;
      order.ordered_at = line.ordered_at;
      if (!line.customer.empty()) order.customer = line.customer;
      if (!line.country.empty()) order.country = line.country;
    }
    std::int64_t at = line.line.line;
    order.lines.push_back(std::move(line.line));
    if (survey_.orders[line.number].last_line != at) return {};
    chunk_lines_ += order.lines.size();
    chunk_.orders.push_back(std::move(order));
    open_.erase(line.number);
    return chunk_lines_ >= options_.lines_per_chunk ? flush() : Result<>();
  }

  Result<> flush() {
    if (chunk_.orders.empty()) return {};
    if (options_.dry_run) {
      for (const StoreOrder& order : chunk_.orders) count(totals_, order);
    } else {
      count(totals_, TRY(send_(chunk_)));
    }
    chunk_.orders.clear();
    chunk_lines_ = 0;
    if (progress_ && !progress_(totals_.lines_read, survey_.lines)) {
      return fail(ErrorCode::conflict,
                  fmt::format("Stopped after {} of {} lines. Run it again to go on.",
                              totals_.lines_read, survey_.lines));
    }
    return {};
  }

  const ImportOptions& options_;
  const SendOrders& send_;
  const ImportProgress& progress_;
  Survey& survey_;
  std::unordered_map<std::string, StoreOrder> open_;  // Orders whose last line is yet to come.
  ImportOrders::Input chunk_;
  std::size_t chunk_lines_ = 0;
  ImportTotals totals_;
};

}  // namespace

Result<ImportTotals> import_orders(const ImportOptions& options, const SendOrders& send,
                                   const ImportProgress& progress) {
  Survey survey = TRY(survey_of(options.file));
  return Import(options, send, progress, survey).run();
}

}  // namespace piggy
