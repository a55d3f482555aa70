#include "vault/secret_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace piggy {
namespace {

constexpr std::size_t file_bytes_max = 4096;
constexpr std::string_view white = " \t\r\n";

}  // namespace

Result<SecretBytes> read_secret_file(const std::string& path) {
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    ErrorCode code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
    return fail(code, fmt::format("The file {} cannot be opened: {}.", path, std::strerror(errno)));
  }
  SecretBytes buffer(file_bytes_max + 1);
  std::size_t size = 0;
  ssize_t got = 0;
  do {
    got = read(file, buffer.data() + size, buffer.size() - size);
    if (got > 0) size += static_cast<std::size_t>(got);
  } while ((got > 0 && size < buffer.size()) || (got < 0 && errno == EINTR));
  int problem = errno;
  close(file);
  if (got < 0) {
    return fail(ErrorCode::unavailable,
                fmt::format("The file {} cannot be read: {}.", path, std::strerror(problem)));
  }
  if (size > file_bytes_max) {
    return fail(ErrorCode::invalid, fmt::format("The file {} is too long for a secret.", path));
  }
  return SecretBytes::copy_of(buffer.view().substr(0, size));
}

std::optional<SecretBytes> read_secret_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value || !*value) return std::nullopt;
  return SecretBytes::copy_of(value);
}

std::optional<SecretBytes> take_secret_variable(const std::string& name) {
  std::optional<SecretBytes> secret = read_secret_variable(name);
  // In place: unsetenv forgets where it stood, and leaves it there.
  if (secret) sodium_memzero(std::getenv(name.c_str()), secret->size());
  unsetenv(name.c_str());
  return secret;
}

std::string_view trimmed_secret(const SecretBytes& text) {
  std::string_view view = text.view();
  std::size_t begin = view.find_first_not_of(white);
  if (begin == std::string_view::npos) return {};
  return view.substr(begin, view.find_last_not_of(white) - begin + 1);
}

}  // namespace piggy
