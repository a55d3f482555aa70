#pragma once

// An OAuth 2.1 authorization server: it lets people give a program access to a resource of ours,
// on behalf of something they choose. Who they are and what they can choose it is told by a People.
//
//   GET       /.well-known/oauth-authorization-server          RFC 8414
//   GET       /.well-known/oauth-protected-resource[/PATH]     RFC 9728
//   POST      /oauth/register                                  RFC 7591
//   GET POST  /oauth/authorize                                 the page on which a person decides
//   POST      /oauth/token                                     codes (with PKCE) and refresh tokens
//   POST      /oauth/revoke                                    RFC 7009

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/language.h"
#include "database/database.h"
#include "http/message.h"
#include "oauth/client.h"
#include "oauth/client_documents.h"
#include "oauth/fetch.h"
#include "oauth/grant.h"
#include "oauth/parameters.h"
#include "oauth/people.h"

namespace piggy::oauth {

struct ServerOptions {
  std::string public_url = {};  // "https://piggy.example", without a path: the issuer.
  // All there are; also what is given when none are asked for.
  std::vector<std::string> scopes = {};
  // What is protected, each with everything below it; the first is meant when none is named.
  std::vector<std::string> resource_paths = {"/mcp"};
  std::string product = "Piggy";    // What people know this server as.
  std::string subject = "persona";  // What they call that which a client acts as.
};

class AuthorizationServer {
 public:
  // Database and people are borrowed and outlive it, as what `fetch` refers to.
  AuthorizationServer(Database& database, People& people, ServerOptions options,
                      Fetch fetch = fetch_public_document);

  // Whether a path is one of those above.
  static bool serves(std::string_view path);

  // Answers at once what needs no write and no document of a client, else from another thread. The
  // server must outlive the answers to what it was asked.
  void handle(http::Request request, http::Responder responder);

  // The URL of a protected path or of one below it, as it stands in a Grant's `resource`. Nothing
  // for another path.
  std::optional<std::string> resource_at(std::string_view path) const;

  // The value of WWW-Authenticate for a 401 on such a path (RFC 9728, section 5.1). `error` is
  // "invalid_token" when a token was sent, else left out.
  std::string challenge(std::string_view path, std::string_view error = {}) const;

 private:
  using Key = std::array<std::uint8_t, 32>;
  using WithClient = std::move_only_function<void(Result<Client>)>;

  // What is asked for, once it is known that the client may ask for it.
  struct Asked {
    std::string resource = {};
    std::string scopes = {};
    std::string challenge = {};
  };
  // A request of a person who came from a client.
  struct Visit {
    SignedIn person = {};
    std::string query = {};
    Parameters parameters = {};
    Language language = Language::en;  // Of the pages.
  };

  void register_client(const http::Request& request, http::Responder responder);
  void ask_person(const http::Request& request, http::Responder responder);
  void take_decision(const http::Request& request, http::Responder responder);
  void exchange(const http::Request& request, http::Responder responder);
  void revoke(const http::Request& request, http::Responder responder);

  http::Response server_metadata() const;
  http::Response resource_metadata(std::string_view path) const;

  void with_client(std::string_view client_id, WithClient done);
  http::Response consent(const Visit& visit, const Client& client);
  void decide(const Visit& visit, const Client& client, const Parameters& form,
              http::Responder responder);
  void allow(const Visit& visit, const Client& client, std::int64_t subject_id,
             http::Responder responder);
  std::expected<Asked, Refusal> asked_in(const Parameters& parameters) const;
  std::optional<std::string> scopes_for(std::string_view asked) const;
  std::optional<std::string> resource_for(std::string_view asked) const;
  http::Response back(const Visit& visit, std::string_view redirect_uri,
                      std::vector<std::pair<std::string_view, std::string_view>> said) const;

  std::string seal(const Visit& visit, Time until) const;
  bool is_sealed(const Visit& visit, std::string_view seal) const;

  Database& database_;
  People& people_;
  ServerOptions options_;
  ClientDocuments documents_;
  Key key_ = {};  // Of the forms; made at each start.
};

}  // namespace piggy::oauth
