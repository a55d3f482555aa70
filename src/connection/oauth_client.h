#pragma once

// Signing in elsewhere as an OAuth 2.1 client: authorization code with PKCE (S256), at a server
// that the resource names (RFC 9728, RFC 8414) or that the connector knows. Where nobody has
// registered this program there, it registers itself (RFC 7591).
//
// All functions but `authorization_url` block, for a minute at most. Any thread. Errors are plain
// sentences and hold no token, code or secret.

#include <optional>
#include <string>
#include <string_view>

#include "connection/service_client.h"
#include "shape/shape.h"
#include "vault/secret.h"

namespace piggy {

// Where people sign in, and what a client may ask there; the names are those of RFC 8414.
struct OAuthServer {
  std::string issuer = {};
  std::string authorization_endpoint = {};
  std::string token_endpoint = {};
  std::optional<std::string> registration_endpoint = {};
  std::optional<std::string> revocation_endpoint = {};
  // It says who it is when it sends people back (RFC 9207): an answer without that is not its own.
  std::optional<bool> authorization_response_iss_parameter_supported = {};
  static void describe(Fields<OAuthServer>& field);
};

// What a connector asks for.
struct OAuthTerms {
  std::string resource =
      {};  // The URL that tokens are for (RFC 8707); its metadata names the server.
  std::string scopes = {};  // With spaces between them; "" for what the server gives unasked.
  std::optional<OAuthServer> server = {};  // Known without being asked.
};

// At which server, and as whom. It is kept with the connection, and holds no secret.
struct OAuthSignIn {
  OAuthServer server = {};
  std::string resource = {};
  std::string scopes = {};
  std::string client_id = {};
  static void describe(Fields<OAuthSignIn>& field);
};

// As a client that the other side knows. `secret` is "" for one that cannot keep one.
struct ClientIdentity {
  std::string client_id = {};
  std::string secret = {};
};

struct Authorized {
  SecretBytes access = {};
  SecretBytes refresh = {};        // Empty: it cannot be refreshed.
  std::optional<Time> until = {};  // When the access token ends.
};

class OAuthClient {
 public:
  // `public_url` is ours, as browsers reach it. The clock outlives it.
  OAuthClient(ServiceClient::Options options, const Clock& clock, std::string public_url);

  // Where the other side sends people back to.
  static constexpr std::string_view callback_path = "/connections/callback";
  std::string redirect_uri() const;

  // The server of the terms. `conflict` when the resource names none, or names itself otherwise.
  Result<OAuthServer> discover(const OAuthTerms& terms);
  // As what people there are shown: "Piggy of The Honey Shop". `invalid` where programs cannot
  // register themselves, `conflict` where this one may not.
  Result<ClientIdentity> register_at(const OAuthServer& server, const std::string& name);

  // Where to send the person. `state` and the verifier are ours alone until they come back.
  std::string authorization_url(const OAuthSignIn& sign_in, std::string_view state,
                                std::string_view verifier) const;

  // `unauthenticated`: the other side refused the code or the refresh token, and will again.
  Result<Authorized> exchange(const OAuthSignIn& sign_in, std::string_view client_secret,
                              std::string_view code, std::string_view verifier);
  // Never sent twice: a refresh token that comes again ends the whole grant.
  Result<Authorized> refresh(const OAuthSignIn& sign_in, std::string_view client_secret,
                             std::string_view refresh_token);
  // False where it cannot be told (RFC 7009).
  Result<bool> revoke(const OAuthSignIn& sign_in, std::string_view client_secret,
                      std::string_view token);

 private:
  using Form = std::vector<std::pair<std::string_view, std::string_view>>;
  Result<Value> document(const std::string& url);
  Result<Authorized> ask_for_tokens(const OAuthSignIn& sign_in, std::string_view client_secret,
                                    Form form);

  ServiceClient client_;
  const Clock& clock_;
  std::string public_url_;
};

}  // namespace piggy
