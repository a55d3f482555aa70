#pragma once

// How the command line reaches the engine: through the socket of a running server, or by opening
// the data itself when none runs. A command does not see which.

#include <memory>
#include <string>
#include <string_view>

#include "app/configuration.h"
#include "base/error.h"
#include "shape/value.h"

namespace piggy {

struct CallOptions {
  std::string account = {};  // "" for what is above all accounts.
  std::string idempotency_key = {};
  bool dry_run = false;
};

class Backend {
 public:
  virtual ~Backend() = default;

  // Calls an operation by its name, as the owner of the data. The answer is its Output; a dry run's
  // has `dry_run` and `effect` beside its fields.
  virtual Result<Value> call(std::string_view operation, const Value& input,
                             const CallOptions& options) = 0;
  virtual bool is_running_server() const = 0;
};

// Refused with a plain sentence when the directory does not exist (unless `make` is set), or is in
// use by a server that cannot be reached.
Result<std::unique_ptr<Backend>> open_backend(const RunConfiguration& configuration);

std::string socket_path(const RunConfiguration& configuration);

}  // namespace piggy
