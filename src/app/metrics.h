#pragma once

// Figures of the running server in Prometheus's text format.

#include <cstdint>
#include <string>
#include <string_view>

#include "database/database.h"

namespace piggy {

struct MetricsInput {
  std::uint64_t requests = 0;
  std::size_t connections = 0;
  std::string_view store = {};
  const Database::Counters* database = nullptr;
};

std::string metrics_text(const MetricsInput& input);

}  // namespace piggy
