#include "campaign/mail_token.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <cstring>

#include "base/trimmed.h"
#include "contact/auth_token.h"
#include "http/form.h"

namespace piggy {
namespace {

constexpr std::size_t seal_size = 16;
constexpr std::size_t message_size = 16;
constexpr std::size_t token_size = 8 + 16 + seal_size;
constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string seal_of(const Caller& caller, MailLink kind, const Uuid& send, std::string_view to) {
  Hash hash = account_hash(caller, fmt::format("mail link {}", static_cast<char>(kind)),
                           fmt::format("{} {}", to_string(send), to));
  return {reinterpret_cast<const char*>(hash.data()), seal_size};
}

}  // namespace

std::string mail_link(const Caller& caller, std::string_view public_url, MailLink kind,
                      const Uuid& send, std::string_view to) {
  std::array<unsigned char, token_size> bytes;
  std::string seal = seal_of(caller, kind, send, to);
  std::memcpy(bytes.data(), &caller.account_id, 8);
  std::memcpy(bytes.data() + 8, send.bytes.data(), 16);
  std::memcpy(bytes.data() + 24, seal.data(), seal_size);
  char text[sodium_base64_ENCODED_LEN(token_size, variant)];
  sodium_bin2base64(text, sizeof text, bytes.data(), bytes.size(), variant);
  std::string url = fmt::format("{}{}{}/{}", public_url, mail_path, static_cast<char>(kind), text);
  if (!to.empty()) url += "?u=" + http::percent_encode(to);
  return url;
}

std::optional<MailToken> read_mail_token(std::string_view text) {
  std::array<unsigned char, token_size> bytes;
  std::size_t size = 0;
  const char* end = nullptr;
  int code = sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size,
                               &end, variant);
  if (code != 0 || size != bytes.size() || end != text.data() + text.size()) return std::nullopt;
  MailToken token;
  std::memcpy(&token.account_id, bytes.data(), 8);
  std::memcpy(token.send.bytes.data(), bytes.data() + 8, 16);
  token.seal.assign(reinterpret_cast<const char*>(bytes.data()) + 24, seal_size);
  return token;
}

bool is_genuine(const Caller& caller, const MailToken& token, MailLink kind, std::string_view to) {
  std::string seal = seal_of(caller, kind, token.send, to);
  return token.seal.size() == seal.size() &&
         sodium_memcmp(seal.data(), token.seal.data(), seal.size()) == 0;
}

Blob message_of(const Caller& caller, std::string_view send_key) {
  Hash hash = account_hash(caller, "message id", send_key);
  return {{reinterpret_cast<const char*>(hash.data()), message_size}};
}

std::string message_name(const Blob& message) {
  std::string text(2 * message.data.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(),
                 reinterpret_cast<const unsigned char*>(message.data.data()), message.data.size());
  text.pop_back();
  return text;
}

std::optional<Blob> message_in(std::string_view message_id) {
  message_id = trimmed(message_id);
  if (message_id.starts_with('<')) message_id.remove_prefix(1);
  message_id = message_id.substr(0, message_id.find_first_of("@>"));
  Blob message{std::string(message_size, '\0')};
  std::size_t size = 0;
  const char* end = nullptr;
  int code = sodium_hex2bin(reinterpret_cast<unsigned char*>(message.data.data()), message_size,
                            message_id.data(), message_id.size(), nullptr, &size, &end);
  bool whole = code == 0 && size == message_size && end == message_id.data() + message_id.size();
  if (!whole) return std::nullopt;
  return message;
}

}  // namespace piggy
