#pragma once

#include <string>

#include "app/backend.h"
#include "base/error.h"

namespace piggy {

struct ImportCommand {
  std::string file = {};
  std::string account = {};
  bool dry_run = false;
};

// Reads the file in chunks of whole orders and hands them to the engine, with a progress bar, and
// prints totals that tie out. Interrupted and run again, it goes on where it was: an order that was
// booked is not booked again. Returns the exit status.
Result<int> import_orders_file(Backend& backend, const ImportCommand& command);

// Reads a CSV file whose column `email` names contacts; its other columns are attributes. Those
// that are there already are updated.
Result<int> import_contacts_file(Backend& backend, const ImportCommand& command);

}  // namespace piggy
