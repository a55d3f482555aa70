#pragma once

// A client for TypeScript, derived from the declarations: the types of every operation and one
// function that calls any of them by its name, over POST /platform/operations/NAME. It needs
// nothing but `fetch`.

#include <string>

#include "operation/operation.h"

namespace piggy {

std::string typescript_client(const Catalogue& catalogue);

}  // namespace piggy
