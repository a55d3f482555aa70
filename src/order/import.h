#pragma once

// Reads a file of order lines (the columns of the Online Retail set) and hands it on as chunks of
// whole orders. The file is read twice: first it is checked from end to end and each order's last
// line is noted, then orders are sent as they are complete. So nothing is sent of a file that is
// broken, lines of one order may stand apart, and memory does not grow with the file.

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "order/operations.h"

namespace piggy {

struct ImportOptions {
  std::string file = {};  // CSV; unpacked when the name ends in .xz.
  std::string source = "online-retail";
  std::optional<Uuid> shop_uuid = {};
  bool dry_run = false;                // Check and count, send nothing.
  std::size_t lines_per_chunk = 1000;  // A chunk ends with the order that reaches it.
};

// Totals that tie out: lines_read = lines_booked + all skipped; credits_issued = held + reversed.
struct ImportTotals {
  std::int64_t lines_read = 0;
  std::int64_t lines_booked = 0;
  SkipCount skipped = {};
  std::int64_t headers_repeated =
      0;  // Lines that only name the columns once more; not in lines_read.
  std::int64_t orders = 0;
  std::int64_t orders_new = 0;
  std::int64_t orders_known = 0;
  std::int64_t contacts_new = 0;
  std::int64_t products_new = 0;
  std::int64_t credits_issued = 0;
  std::int64_t credits_reversed = 0;

  std::int64_t credits_held() const { return credits_issued - credits_reversed; }
};

// Sends one chunk to wherever it is booked: a server, or this process's own store. Each is one
// write and may be repeated.
using SendOrders = std::function<Result<ImportOrders::Output>(const ImportOrders::Input&)>;
// Told now and then; false stops the import after the chunk (`conflict`), to be run again later.
using ImportProgress = std::function<bool(std::int64_t lines_done, std::int64_t lines_all)>;

// `invalid`, with every problem and its line (the first 20), for a file that is not what it must
// be; nothing is sent then. With dry_run the totals count what the lines themselves tell: whether a
// cancellation finds what it cancels is known only when it is booked.
Result<ImportTotals> import_orders(const ImportOptions& options, const SendOrders& send,
                                   const ImportProgress& progress = {});

}  // namespace piggy
