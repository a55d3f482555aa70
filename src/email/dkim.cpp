#include "email/dkim.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <fstream>
#include <sstream>

#include "base/assert.h"

namespace piggy {
namespace {

using Bytes = std::basic_string<unsigned char>;

constexpr int rsa_bits = 2048;
constexpr int rsa_bits_min = 1024;  // RFC 8301: what is shorter counts as no signature.
constexpr std::size_t line_max = 72;
constexpr std::size_t key_file_bytes_max = 64 * 1024;

// Named once more than they stand in the message, so that one that is added breaks the signature.
constexpr std::string_view oversigned[] = {"from", "to",      "cc",         "reply-to",
                                           "date", "subject", "message-id", "content-type"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

std::string base64(const unsigned char* data, std::size_t size) {
  std::string out((size + 2) / 3 * 4 + 1, '\0');
  int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), data, static_cast<int>(size));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::array<unsigned char, 32> sha256(std::string_view text) {
  std::array<unsigned char, 32> digest = {};
  ASSERT(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return digest;
}

// Letters, digits, dashes and dots within, as in the names of the DNS.
bool is_dns_name(std::string_view text) {
  if (text.empty() || text.size() > 253 || text.front() == '.' || text.back() == '.') return false;
  if (text.contains("..")) return false;
  for (char c : text) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '-' && c != '.' && c != '_') return false;
  }
  return true;
}

// The headers of a message, folded as they are, each without its last CR LF.
std::vector<std::string_view> headers_of(std::string_view message) {
  std::vector<std::string_view> headers;
  std::size_t start = 0;
  while (start < message.size() && !message.substr(start).starts_with("\r\n")) {
    std::size_t end = message.find("\r\n", start);
    while (end != std::string_view::npos && end + 2 < message.size() &&
           (message[end + 2] == ' ' || message[end + 2] == '\t')) {
      end = message.find("\r\n", end + 2);
    }
    if (end == std::string_view::npos) end = message.size();
    headers.push_back(message.substr(start, end - start));
    start = std::min(message.size(), end + 2);
  }
  return headers;
}

std::string_view body_of(std::string_view message) {
  std::size_t end = message.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view() : message.substr(end + 4);
}

// Puts pieces into lines that are not too long, folded between them.
void add_folded(std::string& out, std::size_t& column, std::string_view piece) {
  if (column + piece.size() > line_max) {
    out += "\r\n ";
    column = 1;
  }
  out += piece;
  column += piece.size();
}

Result<std::string> signature_of(EVP_PKEY* key, std::string_view text) {
  bool ed25519 = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
  // RFC 8463, section 3: what Ed25519 signs is the hash.
  auto digest = sha256(text);
  auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = text.size();
  if (ed25519) {
    data = digest.data();
    size = digest.size();
  }
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Bytes signature(1024, 0);
  std::size_t length = signature.size();
  bool done = context &&
              EVP_DigestSignInit(context.get(), nullptr, ed25519 ? nullptr : EVP_sha256(), nullptr,
                                 key) == 1 &&
              EVP_DigestSign(context.get(), signature.data(), &length, data, size) == 1;
  if (!done) {
    ERR_clear_error();
    return fail(ErrorCode::internal, "The e-mail cannot be signed with the DKIM key.");
  }
  return base64(signature.data(), length);
}

}  // namespace

Result<DkimSigner> DkimSigner::open(const DkimOptions& options) {
  std::ifstream file(options.key_file, std::ios::binary);
  std::string pem(key_file_bytes_max, '\0');
  file.read(pem.data(), static_cast<std::streamsize>(pem.size()));
  pem.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  if (pem.empty() && !options.key_file.empty()) {
    return fail(ErrorCode::invalid,
                fmt::format("The DKIM key {} cannot be read.", options.key_file));
  }
  return from_pem(options.domain, options.selector, pem);
}

Result<DkimSigner> DkimSigner::from_pem(std::string_view domain, std::string_view selector,
                                        std::string_view pem) {
  std::string problems;
  auto problem = [&](std::string_view text) {
    if (!problems.empty()) problems += ' ';
    problems += text;
  };
  if (!is_dns_name(domain) || !domain.contains('.')) {
    problem("The DKIM domain must be one such as example.com.");
  }
  if (!is_dns_name(selector)) problem("The DKIM selector must be a name such as piggy.");
  std::unique_ptr<BIO, void (*)(BIO*)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
  ASSERT(bio);
  // Nobody is there to be asked for a password.
  auto no_password = [](char*, int, int, void*) { return -1; };
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr),
                                EVP_PKEY_free);
  ERR_clear_error();
  int kind = key ? EVP_PKEY_get_base_id(key.get()) : 0;
  if (kind != EVP_PKEY_ED25519 && kind != EVP_PKEY_RSA) {
    problem("The DKIM key must be a private key of RSA or Ed25519, PEM without a password.");
  } else if (kind == EVP_PKEY_RSA && EVP_PKEY_get_bits(key.get()) < rsa_bits_min) {
    problem("An RSA key for DKIM must have 1024 bits at least.");
  }
  if (!problems.empty()) return fail(ErrorCode::invalid, problems);
  DkimSigner signer;
  signer.domain_ = lower(domain);
  signer.selector_ = selector;
  signer.key_ = std::move(key);
  return signer;
}

Result<std::string> DkimSigner::signature(std::string_view message, Time now) const {
  std::string signed_text;
  std::vector<std::string> names;
  // From the bottom, which is how a verifier counts headers of one name.
  auto headers = headers_of(message);
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    std::string canonical = relaxed_header(*header);
    names.push_back(canonical.substr(0, canonical.find(':')));
    signed_text += canonical + "\r\n";
  }
  for (std::string_view name : oversigned) names.emplace_back(name);

  bool ed25519 = EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_ED25519;
  auto body_hash = sha256(relaxed_body(body_of(message)));
  std::string header = "DKIM-Signature: v=1;";
  std::size_t column = header.size();
  for (const std::string& tag :
       {fmt::format(" a={};", ed25519 ? "ed25519-sha256" : "rsa-sha256"),
        std::string(" c=relaxed/relaxed;"), " d=" + domain_ + ";", " s=" + selector_ + ";",
        fmt::format(" t={};", now.microseconds / microseconds_per_second), std::string(" h=")}) {
    add_folded(header, column, tag);
  }
  for (std::size_t i = 0; i < names.size(); i++) {
    add_folded(header, column, names[i] + (i + 1 < names.size() ? ":" : ";"));
  }
  add_folded(header, column, " bh=" + base64(body_hash.data(), body_hash.size()) + ";");
  add_folded(header, column, " b=");
  signed_text += relaxed_header(header);
  std::string signature = TRY(signature_of(key_.get(), signed_text));
  for (std::size_t i = 0; i < signature.size(); i += 16) {
    add_folded(header, column, std::string_view(signature).substr(i, 16));
  }
  return header + "\r\n";
}

std::string DkimSigner::record_name() const {
  return fmt::format("{}._domainkey.{}", selector_, domain_);
}

std::string DkimSigner::record() const {
  if (EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_ED25519) {
    std::array<unsigned char, 32> raw = {};
    std::size_t size = raw.size();
    ASSERT(EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size) == 1);
    return "v=DKIM1; k=ed25519; p=" + base64(raw.data(), size);
  }
  unsigned char* encoded = nullptr;
  int size = i2d_PUBKEY(key_.get(), &encoded);
  ASSERT(size > 0);
  std::string text = base64(encoded, static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return "v=DKIM1; k=rsa; p=" + text;
}

std::string make_dkim_key(DkimKeyKind kind) {
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      kind == DkimKeyKind::rsa
          ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa_bits))
          : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"),
      EVP_PKEY_free);
  ASSERT(key);
  std::unique_ptr<BIO, void (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free_all);
  ASSERT(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr) == 1);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string relaxed_header(std::string_view header) {
  std::size_t colon = header.find(':');
  std::string_view name = header.substr(0, colon);
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
  std::string out = lower(name) + ":";
  if (colon == std::string_view::npos) return out;
  bool space = false, begun = false;
  for (char c : header.substr(colon + 1)) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      space = begun;
      continue;
    }
    if (space) out += ' ';
    space = false;
    begun = true;
    out += c;
  }
  return out;
}

std::string relaxed_body(std::string_view body) {
  std::string out;
  std::size_t empty_lines = 0;
  while (!body.empty()) {
    std::size_t end = body.find("\r\n");
    std::string_view line = body.substr(0, end);
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 2);
    std::string kept;
    bool space = false;
    for (char c : line) {
      if (c == ' ' || c == '\t') {
        space = true;
        continue;
      }
      if (space) kept += ' ';
      space = false;
      kept += c;
    }
    if (kept.empty()) {
      empty_lines++;
      continue;
    }
    for (; empty_lines > 0; empty_lines--) out += "\r\n";
    out += kept + "\r\n";
  }
  return out;
}

}  // namespace piggy
