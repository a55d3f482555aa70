#pragma once

// The rows of an account as JSON Lines: {"table":"shop","row":{"id":1001,"name":"Corner",...}}.
//
// UUIDs and moments (columns that end in _at or _date) are text, in RFC 3339 with microseconds;
// other bytes are hexadecimal. Secrets stay behind (see export.cpp).

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "database/connection.h"

namespace piggy {

// Gives a line at a time, each with its end, all of them of one moment. Others may go on writing.
// The order is that of the tables and their keys, so the same rows make the same lines, whatever
// store holds them.
Result<> export_rows(Store& store, const std::string& account,
                     const std::function<Result<>(std::string_view)>& line);

}  // namespace piggy
