#include "oauth/server.h"

#include <fmt/format.h>
#include <sodium.h>

#include <boost/algorithm/string/predicate.hpp>

#include "oauth/answers.h"
#include "oauth/scopes.h"
#include "oauth/url.h"
#include "shape/json.h"

// The two ends of it: which request goes where, what the server says of itself, and how clients
// register. What people see is in authorize.cpp, what clients exchange in exchange.cpp.

namespace piggy::oauth {
namespace {

constexpr std::string_view server_metadata_path = "/.well-known/oauth-authorization-server";
constexpr std::string_view resource_metadata_path = "/.well-known/oauth-protected-resource";
constexpr std::string_view register_path = "/oauth/register";
constexpr std::string_view authorize_path = "/oauth/authorize";
constexpr std::string_view token_path = "/oauth/token";
constexpr std::string_view revoke_path = "/oauth/revoke";

constexpr std::size_t metadata_bytes_max = 16 << 10;

Value list_of(std::initializer_list<std::string_view> words) {
  Value list = Value::list();
  for (std::string_view word : words) list.push(word);
  return list;
}

Value list_of(const std::vector<std::string>& words) {
  Value list = Value::list();
  for (const std::string& word : words) list.push(word);
  return list;
}

// Browsers ask first whether a page of another site may call.
http::Response preflight_answer() {
  return {.status = 204,
          .content_type = "",
          .fixed_headers =
              "Access-Control-Allow-Origin: *\r\n"
              "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
              "Access-Control-Allow-Headers: Authorization, Content-Type, "
              "MCP-Protocol-Version\r\n"
              "Access-Control-Max-Age: 86400\r\n"};
}

http::Response refused_registration(const Error& error) {
  if (error.code != ErrorCode::invalid) return failure_answer(error);
  bool redirects = !error.fields.empty() && error.fields[0].path == "/redirect_uris";
  return error_answer(400, redirects ? "invalid_redirect_uri" : "invalid_client_metadata",
                      error.message);
}

http::Response registration_answer(const RegisteredClient& registered, Time now) {
  const Client& client = registered.client;
  Value body = Value::object({{"client_id", client.client_id},
                              {"client_id_issued_at", now.microseconds / microseconds_per_second}});
  if (!registered.secret.empty()) {
    body.set("client_secret", registered.secret);
    body.set("client_secret_expires_at", 0);  // Never.
  }
  if (!client.name.empty()) body.set("client_name", client.name);
  body.set("redirect_uris", list_of(client.redirect_uris));
  body.set("grant_types", list_of({"authorization_code", "refresh_token"}));
  body.set("response_types", list_of({"code"}));
  body.set("token_endpoint_auth_method", word_of(client.authentication));
  return json_answer(201, body);
}

// Words that mean the same to everybody: no escapes, no empty segments, no dots alone.
bool is_plain_path(std::string_view path) {
  constexpr std::string_view allowed =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~/";
  return path.find_first_not_of(allowed) == path.npos && !path.contains("//") &&
         !path.contains("/.") && path.size() <= 200;
}

}  // namespace

AuthorizationServer::AuthorizationServer(Database& database, People& people, ServerOptions options,
                                         Fetch fetch)
    : database_(database),
      people_(people),
      options_(std::move(options)),
      documents_(std::move(fetch), database.clock()) {
  while (options_.public_url.ends_with('/')) options_.public_url.pop_back();
  SecureRandom().fill(key_);
}

bool AuthorizationServer::serves(std::string_view path) {
  for (std::string_view ours : {server_metadata_path, register_path, authorize_path, token_path,
                                revoke_path, resource_metadata_path}) {
    if (path == ours) return true;
  }
  return path.starts_with(resource_metadata_path) && path[resource_metadata_path.size()] == '/';
}

void AuthorizationServer::handle(http::Request request, http::Responder responder) {
  const std::string& path = request.path;
  bool gets = request.method == http::Method::get || request.method == http::Method::head;
  bool posts = request.method == http::Method::post;
  if (path == authorize_path) {
    if (gets) return ask_person(request, std::move(responder));
    if (posts) return take_decision(request, std::move(responder));
    return responder.respond(wrong_method("GET, POST"));
  }
  if (request.method == http::Method::options) return responder.respond(preflight_answer());
  if (path == register_path || path == token_path || path == revoke_path) {
    if (!posts) return responder.respond(wrong_method("POST"));
    if (path == token_path) return exchange(request, std::move(responder));
    if (path == revoke_path) return revoke(request, std::move(responder));
    return register_client(request, std::move(responder));
  }
  if (!gets) return responder.respond(wrong_method("GET"));
  if (path == server_metadata_path) return responder.respond(server_metadata());
  responder.respond(resource_metadata(path));
}

http::Response AuthorizationServer::server_metadata() const {
  const std::string& issuer = options_.public_url;
  auto at = [&](std::string_view path) { return fmt::format("{}{}", issuer, path); };
  Value methods = Value::list();
  for (std::string_view word : shape_of<ClientAuthentication>().choices) methods.push(word);
  return json_answer(
      200,
      Value::object({{"issuer", issuer},
                     {"authorization_endpoint", at(authorize_path)},
                     {"token_endpoint", at(token_path)},
                     {"registration_endpoint", at(register_path)},
                     {"revocation_endpoint", at(revoke_path)},
                     {"scopes_supported", list_of(options_.scopes)},
                     {"response_types_supported", list_of({"code"})},
                     {"response_modes_supported", list_of({"query"})},
                     {"grant_types_supported", list_of({"authorization_code", "refresh_token"})},
                     {"token_endpoint_auth_methods_supported", methods},
                     {"revocation_endpoint_auth_methods_supported", methods},
                     {"code_challenge_methods_supported", list_of({"S256"})},
                     {"authorization_response_iss_parameter_supported", true},
                     {"client_id_metadata_document_supported", true}}));
}

http::Response AuthorizationServer::resource_metadata(std::string_view path) const {
  path.remove_prefix(std::min(path.size(), resource_metadata_path.size()));
  auto resource = resource_at(path.empty() ? std::string_view(options_.resource_paths[0]) : path);
  if (!resource) return error_answer(404, "invalid_request", "There is no such resource.");
  return json_answer(200, Value::object({{"resource", *resource},
                                         {"resource_name", options_.product},
                                         {"authorization_servers", list_of({options_.public_url})},
                                         {"scopes_supported", list_of(options_.scopes)},
                                         {"bearer_methods_supported", list_of({"header"})}}));
}

void AuthorizationServer::register_client(const http::Request& request, http::Responder responder) {
  if (request.body.size() > metadata_bytes_max) {
    return responder.respond(
        error_answer(413, "invalid_client_metadata", "Client metadata is 16 KiB at most."));
  }
  auto metadata = parse_json(request.body);
  auto client = metadata ? read_client_metadata(*metadata) : fail(metadata.error());
  if (!client) return responder.respond(refused_registration(client.error()));
  auto registered = std::make_shared<RegisteredClient>();
  auto answer = std::make_shared<http::Responder>(std::move(responder));
  database_.submit(
      0,
      [client = *std::move(client), registered](Transaction& transaction) -> Result<> {
        *registered = TRY(oauth::register_client(transaction, client));
        return {};
      },
      [this, registered, answer](Result<> done) {
        answer->respond(done ? registration_answer(*registered, database_.clock().now())
                             : refused_registration(done.error()));
      });
}

std::optional<std::string> AuthorizationServer::resource_at(std::string_view path) const {
  while (path.ends_with('/')) path.remove_suffix(1);
  for (std::string_view ours : options_.resource_paths) {
    if (!path.starts_with(ours)) continue;
    std::string_view below = path.substr(ours.size());
    if (!below.empty() && !below.starts_with('/')) continue;
    if (is_plain_path(below)) return fmt::format("{}{}", options_.public_url, path);
  }
  return std::nullopt;
}

// Scheme and host in any case, for that is how some write them.
std::optional<std::string> AuthorizationServer::resource_for(std::string_view asked) const {
  if (asked.empty()) return resource_at(options_.resource_paths[0]);
  if (!boost::algorithm::istarts_with(asked, options_.public_url)) return std::nullopt;
  return resource_at(asked.substr(options_.public_url.size()));
}

std::string AuthorizationServer::challenge(std::string_view path, std::string_view error) const {
  std::string_view place = resource_at(path) ? path : std::string_view(options_.resource_paths[0]);
  while (place.ends_with('/')) place.remove_suffix(1);
  std::string value = fmt::format("Bearer resource_metadata=\"{}{}{}\"", options_.public_url,
                                  resource_metadata_path, place);
  if (!options_.scopes.empty())
    value += fmt::format(", scope=\"{}\"", scopes_text(options_.scopes));
  if (!error.empty()) value += fmt::format(", error=\"{}\"", error);
  return value;
}

}  // namespace piggy::oauth
