#include "app/metrics.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "app/version.h"

namespace piggy {
namespace {

std::uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (!file) return 0;
  unsigned long long size = 0, resident = 0;
  int read = std::fscanf(file, "%llu %llu", &size, &resident);
  std::fclose(file);
  return read == 2 ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

class Text {
 public:
  void add(std::string_view name, std::string_view kind, std::string_view help,
           std::uint64_t value) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, kind, value);
  }
  std::string out = {};
};

}  // namespace

std::string metrics_text(const MetricsInput& input) {
  Text text;
  text.out += fmt::format(
      "# HELP piggy_info What is running.\n# TYPE piggy_info gauge\n"
      "piggy_info{{version=\"{}\",store=\"{}\"}} 1\n",
      version, input.store);
  text.add("piggy_http_requests_total", "counter", "Requests received.", input.requests);
  text.add("piggy_http_connections", "gauge", "Open connections.", input.connections);
  text.add("piggy_store_writes_total", "counter", "Operations made durable.",
           input.database->writes);
  text.add("piggy_store_batches_total", "counter", "Commits; writes per commit is the batch size.",
           input.database->batches);
  text.add("piggy_store_refused_total", "counter", "Writes the store could not take.",
           input.database->refused);
  text.add("piggy_store_waiting", "gauge", "Writes waiting for the writer.",
           input.database->queued);
  text.add("process_resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
  return text.out;
}

}  // namespace piggy
