#pragma once

// Where secrets come from at a start: files and the environment.

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "vault/secret.h"

namespace piggy {

// Up to 4096 bytes. `not_found` when there is no such file.
Result<SecretBytes> read_secret_file(const std::string& path);

// Nothing when the variable is not set, or empty.
std::optional<SecretBytes> read_secret_variable(const std::string& name);

// Without white space around it. Borrowed.
std::string_view trimmed_secret(const SecretBytes& text);

}  // namespace piggy
