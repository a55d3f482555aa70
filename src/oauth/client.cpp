#include "oauth/client.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "access/access.h"
#include "oauth/url.h"
#include "shape/json.h"

namespace piggy::oauth {
namespace {

constexpr std::size_t redirect_uris_max = 10;
constexpr std::size_t name_bytes_max = 200;
constexpr std::int64_t registrations_per_hour_max = 600;
constexpr std::int64_t hour = 3600 * microseconds_per_second;
constexpr std::size_t secret_letters = 43;  // 256 bits.

constexpr std::string_view insert_client = R"sql(
  INSERT INTO oauth_client (account_id, id, client_id, name, redirect_uris, authentication,
                            secret_hash, created_at)
  VALUES (0, $1, $2, $3, $4, $5, $6, $7)
)sql";

constexpr std::string_view select_client = R"sql(
  SELECT client_id, name, redirect_uris, authentication, secret_hash FROM oauth_client
  WHERE client_id = $1
)sql";

constexpr std::string_view count_newer = "SELECT count(*) FROM oauth_client WHERE created_at > $1";

struct ClientRow {
  std::string client_id = {};
  std::string name = {};
  Value redirect_uris = {};
  ClientAuthentication authentication = {};
  std::optional<Hash> secret_hash = {};
};

std::vector<std::string> texts_of(const Value& list) {
  std::vector<std::string> texts;
  for (const Value& item : *list.items()) texts.push_back(*item.text());
  return texts;
}

std::unexpected<Error> bad(std::string_view field, std::string message) {
  return fail({.code = ErrorCode::invalid,
               .message = message,
               .fields = {{fmt::format("/{}", field), message}}});
}

Result<std::vector<std::string>> read_redirect_uris(const Value& metadata) {
  const Value* given = metadata.find("redirect_uris");
  const Value::List* list = given ? given->items() : nullptr;
  if (!list || list->empty() || list->size() > redirect_uris_max) {
    return bad("redirect_uris", fmt::format("redirect_uris must be a list of 1 to {} addresses.",
                                            redirect_uris_max));
  }
  for (const Value& uri : *list) {
    if (!uri.text() || !is_redirect_uri(*uri.text())) {
      return bad("redirect_uris",
                 "A redirect URI must be https, or http to 127.0.0.1, [::1] or localhost, without "
                 "a fragment.");
    }
  }
  return texts_of(*given);
}

// Shown to people who decide by it.
Result<std::string> read_name(const Value& metadata) {
  const Value* given = metadata.find("client_name");
  if (!given || given->is_null()) return std::string();
  const std::string* name = given->text();
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (!name || name->size() > name_bytes_max || std::ranges::any_of(*name, is_control)) {
    return bad(
        "client_name",
        fmt::format("client_name must be a text of one line, {} bytes at most.", name_bytes_max));
  }
  return *name;
}

// What the client will use, if it says so, must be what there is.
Result<> check_uses(const Value& metadata, std::string_view field, std::string_view needed) {
  const Value* given = metadata.find(field);
  if (!given || given->is_null()) return {};
  const Value::List* list = given->items();
  if (list && std::ranges::find(*list, Value(needed)) != list->end()) return {};
  return bad(field, fmt::format("{} must hold {}.", field, needed));
}

Result<ClientAuthentication> read_authentication(const Value& metadata,
                                                 ClientAuthentication unless_told) {
  constexpr std::string_view field = "token_endpoint_auth_method";
  const Value* given = metadata.find(field);
  if (!given || given->is_null()) return unless_told;
  auto method = choice_of<ClientAuthentication>(metadata.text_of(field));
  if (method) return *method;
  return bad(field,
             fmt::format("{} must be none, client_secret_post or client_secret_basic.", field));
}

Result<NewClient> read_metadata(const Value& metadata, ClientAuthentication unless_told) {
  if (!metadata.members()) return bad("", "Client metadata is a JSON object.");
  NewClient client;
  client.redirect_uris = TRY(read_redirect_uris(metadata));
  client.name = TRY(read_name(metadata));
  client.authentication = TRY(read_authentication(metadata, unless_told));
  TRY(check_uses(metadata, "grant_types", "authorization_code"));
  TRY(check_uses(metadata, "response_types", "code"));
  return client;
}

Result<> must_not_be_a_flood(Transaction& transaction) {
  Time since = transaction.now() + -hour;
  if (TRY(transaction.one<std::int64_t>(count_newer, {since})) < registrations_per_hour_max) {
    return {};
  }
  return fail({.code = ErrorCode::too_many,
               .message = "Too many clients were registered within the hour.",
               .retry_after_seconds = 3600});
}

}  // namespace

bool Client::may_redirect_to(std::string_view uri) const {
  return std::ranges::any_of(
      redirect_uris, [&](const std::string& registered) { return redirect_fits(registered, uri); });
}

bool Client::has_secret(std::string_view secret) const {
  if (!secret_hash) return false;
  Hash hash = hash_of_token(secret);
  return sodium_memcmp(hash.data(), secret_hash->data(), hash.size()) == 0;
}

Result<NewClient> read_client_metadata(const Value& metadata) {
  return read_metadata(metadata, ClientAuthentication::client_secret_basic);
}

Result<Client> read_client_document(std::string_view client_id, std::string_view document) {
  Value metadata = TRY(parse_json(document));
  if (metadata.text_of("client_id") != client_id) {
    return bad("client_id", "The client's document does not repeat the client's id.");
  }
  NewClient read = TRY(read_metadata(metadata, ClientAuthentication::none));
  if (read.authentication != ClientAuthentication::none) {
    return bad("token_endpoint_auth_method", "A client known by its document can have no secret.");
  }
  return Client{.client_id = std::string(client_id),
                .name = std::move(read.name),
                .redirect_uris = std::move(read.redirect_uris),
                .published = true};
}

Result<RegisteredClient> register_client(Transaction& transaction, const NewClient& client) {
  ASSERT(transaction.account() == 0);
  RegisteredClient made{.client = {.client_id = client.client_id,
                                   .name = client.name,
                                   .redirect_uris = client.redirect_uris,
                                   .authentication = client.authentication}};
  if (client.client_id.empty()) {
    TRY(must_not_be_a_flood(transaction));
    made.client.client_id = "piggy_client_" + transaction.random().text(22, alphanumerics);
  } else if (TRY(registered_client(transaction, client.client_id))) {
    return fail(ErrorCode::conflict, "There is a client with this id already.");
  }
  if (client.authentication != ClientAuthentication::none) {
    made.secret = "piggy_secret_" + transaction.random().text(secret_letters, alphanumerics);
    made.client.secret_hash = hash_of_token(made.secret);
  }
  Value uris = Value::list();
  for (const std::string& uri : client.redirect_uris) uris.push(uri);
  TRY(transaction.run(insert_client,
                      {transaction.next_id(), made.client.client_id, client.name, uris,
                       client.authentication, made.client.secret_hash, transaction.now()}));
  return made;
}

Result<std::optional<Client>> registered_client(Transaction& transaction,
                                                std::string_view client_id) {
  ASSERT(transaction.account() == 0);
  auto row = TRY(transaction.first<ClientRow>(select_client, {client_id}));
  if (!row) return std::nullopt;
  return Client{.client_id = std::move(row->client_id),
                .name = std::move(row->name),
                .redirect_uris = texts_of(row->redirect_uris),
                .authentication = row->authentication,
                .secret_hash = row->secret_hash};
}

}  // namespace piggy::oauth
