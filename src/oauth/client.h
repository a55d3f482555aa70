#pragma once

// Programs that ask people for access: those that are registered here, and those that publish what
// they are under their id.

#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy::oauth {

// How a client proves at the token endpoint that it is itself. `none`: a program that cannot keep a
// secret; what proves it is PKCE.
BOOST_DEFINE_ENUM_CLASS(ClientAuthentication, none, client_secret_post, client_secret_basic)

struct NewClient {
  std::string name = {};
  std::vector<std::string> redirect_uris = {};
  ClientAuthentication authentication = ClientAuthentication::none;
  // Left empty, it is a stranger who registers: an id is made.
  std::string client_id = {};
};

struct Client {
  std::string client_id = {};
  std::string name = {};
  std::vector<std::string> redirect_uris = {};
  ClientAuthentication authentication = ClientAuthentication::none;
  std::optional<Hash> secret_hash = {};
  bool published = false;  // It is known by its document, so its host vouches for its name.

  // Whether people who come from this client may be sent back there.
  bool may_redirect_to(std::string_view uri) const;
  bool has_secret(std::string_view secret) const;
};

struct RegisteredClient {
  Client client;
  std::string secret = {};  // Shown this once; "" for a client without one.
};

// Client metadata (RFC 7591, section 2) as someone unknown has sent it. `invalid`, and the path of
// its field is "/redirect_uris" when those are what is wrong.
Result<NewClient> read_client_metadata(const Value& metadata);

// The document that a client publishes under its id. `invalid` unless it repeats the id.
Result<Client> read_client_document(std::string_view client_id, std::string_view document);

// Runs above all tenants, as the next. `too_many` for a stranger when very many were registered
// within the hour; `conflict` when the id is taken.
Result<RegisteredClient> register_client(Transaction& transaction, const NewClient& client);

Result<std::optional<Client>> registered_client(Transaction& transaction,
                                                std::string_view client_id);

}  // namespace piggy::oauth
