#pragma once

// A signature on each mail (DKIM, RFC 6376), by which receivers know that our domain sent it and
// that nobody changed it: rsa-sha256, or ed25519-sha256 (RFC 8463), by the kind of the key; relaxed
// in headers and body, so that what mail servers do to white space on the way breaks nothing.

#include <boost/describe/enum.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

typedef struct evp_pkey_st EVP_PKEY;

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(DkimKeyKind, ed25519, rsa)

struct DkimOptions {
  std::string domain = {};  // d=, the sender's domain or one above it. Empty: mails are not signed.
  std::string selector = {};  // s=
  std::string key_file = {};  // A private key, PEM.
};

// Signs. May be used by several threads at once.
class DkimSigner {
 public:
  // `invalid`, with all that is wrong: a file that cannot be read or holds no such key, an RSA key
  // below 1024 bits, a domain or a selector that is none.
  static Result<DkimSigner> open(const DkimOptions& options);
  static Result<DkimSigner> from_pem(std::string_view domain, std::string_view selector,
                                     std::string_view pem);

  // The header DKIM-Signature, ending in CR LF, to be put before the message (RFC 5322, lines
  // ending in CR LF). It covers every header a reader sees or acts on, and that no second From, To,
  // Subject, Date or Message-ID was added.
  Result<std::string> signature(std::string_view message, Time now) const;

  // Where receivers look for the public key, and what they must find there as TXT.
  std::string record_name() const;
  std::string record() const;

 private:
  DkimSigner() = default;
  std::string domain_;
  std::string selector_;
  std::shared_ptr<EVP_PKEY> key_;
};

// A new private key as PEM (PKCS #8); RSA of 2048 bits.
std::string make_dkim_key(DkimKeyKind kind);

// RFC 6376, sections 3.4.2 and 3.4.4. A header is given with its name and without its last CR LF.
std::string relaxed_header(std::string_view header);
std::string relaxed_body(std::string_view body);

}  // namespace piggy
