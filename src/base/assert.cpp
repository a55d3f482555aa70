#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace piggy {

void assertion_failed(const char* what, std::source_location where) {
  std::fprintf(stderr, "piggy: %s:%u: this must hold and does not: %s\n", where.file_name(),
               where.line(), what);
  std::abort();
}

}  // namespace piggy
