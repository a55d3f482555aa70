#include "database/connection.h"

namespace piggy {

Result<std::unique_ptr<Store>> open_postgres(const std::string&) {
  return fail(ErrorCode::unavailable, "This build has no PostgreSQL.");
}

}  // namespace piggy
