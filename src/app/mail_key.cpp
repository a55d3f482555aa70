#include "app/mail_key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "email/dkim.h"

namespace piggy {
namespace {

constexpr std::size_t dns_text_max = 255;  // A TXT record is made of strings no longer than that.

std::string quoted_pieces(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += dns_text_max) {
    out += fmt::format("{}\"{}\"", i ? " " : "", text.substr(i, dns_text_max));
  }
  return out;
}

}  // namespace

Result<std::string> make_dkim_key_file(const NewDkimKey& wanted) {
  std::string pem = make_dkim_key(wanted.ed25519 ? DkimKeyKind::ed25519 : DkimKeyKind::rsa);
  auto signer = TRY(DkimSigner::from_pem(wanted.domain, wanted.selector, pem));
  int file = ::open(wanted.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) {
    return fail(ErrorCode::conflict,
                fmt::format("{} is there already; it may be a key in use.", wanted.file));
  }
  bool written = file >= 0 &&
                 ::write(file, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) &&
                 ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!written) {
    return fail(ErrorCode::unavailable, fmt::format("{} cannot be written.", wanted.file));
  }
  return fmt::format(
      "{}. IN TXT {}\n\ndkim_domain = \"{}\"\ndkim_selector = \"{}\"\ndkim_key_file = \"{}\"\n",
      signer.record_name(), quoted_pieces(signer.record()), wanted.domain, wanted.selector,
      std::filesystem::absolute(wanted.file).string());
}

}  // namespace piggy
