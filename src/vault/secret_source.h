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
// The same, and takes it out of the environment, which stands in every core dump and in
// /proc/PID/environ. At the start alone, as long as there is one thread.
std::optional<SecretBytes> take_secret_variable(const std::string& name);

// Without white space around it. Borrowed.
std::string_view trimmed_secret(const SecretBytes& text);

}  // namespace piggy
