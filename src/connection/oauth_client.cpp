#include "connection/oauth_client.h"

#include <fmt/format.h>

#include "http/form.h"
#include "oauth/grant.h"
#include "oauth/url.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

// RFC 8414, section 3, and RFC 9728, section 3: between the host and the path.
std::string well_known(const oauth::Url& url, std::string_view name) {
  std::string path = url.target == "/" ? "" : url.target;
  return fmt::format("{}://{}{}{}/.well-known/{}{}", url.scheme, url.host,
                     url.port.empty() ? "" : ":", url.port, name, path);
}

std::string host_of(std::string_view url) {
  auto parsed = oauth::parse_url(url);
  return parsed ? parsed->host : std::string(url);
}

std::string without_slash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

std::string encoded(const auto& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, http::percent_encode(value));
  }
  return text;
}

// Why tokens were refused, in the other side's words as far as they are the protocol's (RFC 6749,
// section 5.2): a text that somebody else wrote might be anything.
std::string reason_in(const Value& answer) {
  std::string reason;
  for (char c : answer.text_of("error")) {
    if (reason.size() < 40 && ((c >= 'a' && c <= 'z') || c == '_')) reason += c;
  }
  return reason.empty() ? "without a reason" : reason;
}

}  // namespace

void OAuthServer::describe(Fields<OAuthServer>& field) {
  field("issuer", &OAuthServer::issuer, "Who it is.");
  field("authorization_endpoint", &OAuthServer::authorization_endpoint, "Where people decide.");
  field("token_endpoint", &OAuthServer::token_endpoint, "Where tokens are given out.");
  field("registration_endpoint", &OAuthServer::registration_endpoint, "Where clients register.");
  field("revocation_endpoint", &OAuthServer::revocation_endpoint, "Where tokens are ended.");
  field("authorization_response_iss_parameter_supported",
        &OAuthServer::authorization_response_iss_parameter_supported, "Whether it names itself.");
}

void OAuthSignIn::describe(Fields<OAuthSignIn>& field) {
  field("server", &OAuthSignIn::server, "Where.");
  field("resource", &OAuthSignIn::resource, "What its tokens are for.");
  field("scopes", &OAuthSignIn::scopes, "What was asked for.");
  field("client_id", &OAuthSignIn::client_id, "As whom.");
}

OAuthClient::OAuthClient(ServiceClient::Options options, const Clock& clock, std::string public_url)
    : client_("The sign-in server", std::move(options), clock),
      clock_(clock),
      public_url_(without_slash(public_url)) {}

std::string OAuthClient::redirect_uri() const {
  return fmt::format("{}{}", public_url_, callback_path);
}

Result<Value> OAuthClient::document(const std::string& url) {
  http::Response response = TRY(client_.ask(
      {.url = url, .headers = {"Accept: application/json"}, .harmless = true, .refusals = true}));
  auto read = parse_json(response.body);
  if (response.status == 200 && read && read->members()) return *std::move(read);
  return fail(ErrorCode::conflict,
              fmt::format("{} offers no sign-in in the browser: connect with a key instead.",
                          host_of(url)));
}

Result<OAuthServer> OAuthClient::discover(const OAuthTerms& terms) {
  if (terms.server) return *terms.server;
  auto resource = oauth::parse_url(terms.resource);
  if (!resource) return fail_field("/base_url", "The base_url must be an address.");
  Value about = TRY(document(well_known(*resource, "oauth-protected-resource")));
  if (without_slash(about.text_of("resource")) != without_slash(terms.resource)) {
    return fail(ErrorCode::conflict,
                fmt::format("{} goes by another address: it calls itself {}.", resource->host,
                            host_of(about.text_of("resource"))));
  }
  const Value* servers = about.find("authorization_servers");
  const Value::List* named = servers ? servers->items() : nullptr;
  std::string issuer =
      named && !named->empty() && (*named)[0].text() ? *(*named)[0].text() : std::string();
  auto where = oauth::parse_url(issuer);
  if (!where) {
    return fail(ErrorCode::conflict,
                fmt::format("{} names no server to sign in at.", resource->host));
  }
  Value metadata = TRY(document(well_known(*where, "oauth-authorization-server")));
  auto server = read<OAuthServer>(metadata, Reading::lenient);
  // RFC 8414, section 3.3: otherwise it speaks for somebody else.
  bool whole = server && server->issuer == issuer && !server->token_endpoint.empty() &&
               oauth::is_redirect_uri(server->authorization_endpoint);
  if (!whole) {
    return fail(ErrorCode::conflict, fmt::format("{} does not say where to sign in.", where->host));
  }
  return *std::move(server);
}

Result<ClientIdentity> OAuthClient::register_at(const OAuthServer& server,
                                                const std::string& name) {
  std::string host = host_of(server.authorization_endpoint);
  if (!server.registration_endpoint) {
    return fail_field("/client_id",
                      fmt::format("{} lets no program register itself: make an app there, with {} "
                                  "as its redirect URL, and give its client_id and client_secret.",
                                  host, redirect_uri()));
  }
  Value uris = Value::list(), grants = Value::list(), responses = Value::list();
  uris.push(redirect_uri());
  grants.push("authorization_code");
  grants.push("refresh_token");
  responses.push("code");
  Value asked = Value::object({{"client_name", name},
                               {"redirect_uris", uris},
                               {"grant_types", grants},
                               {"response_types", responses},
                               {"token_endpoint_auth_method", "client_secret_post"}});
  http::Response response =
      TRY(client_.ask({.method = "POST",
                       .url = *server.registration_endpoint,
                       .headers = {"Content-Type: application/json", "Accept: application/json"},
                       .body = to_json(asked),
                       .refusals = true}));
  auto made = parse_json(response.body);
  if (response.status / 100 != 2 || !made || made->text_of("client_id").empty()) {
    return fail(ErrorCode::conflict,
                fmt::format("{} refused to register this program ({}).", host,
                            made ? reason_in(*made) : std::to_string(response.status)));
  }
  return ClientIdentity{.client_id = std::string(made->text_of("client_id")),
                        .secret = std::string(made->text_of("client_secret"))};
}

std::string OAuthClient::authorization_url(const OAuthSignIn& sign_in, std::string_view state,
                                           std::string_view verifier) const {
  std::string challenge = oauth::challenge_of(verifier), back = redirect_uri();
  Form asked = {{"response_type", "code"},      {"client_id", sign_in.client_id},
                {"redirect_uri", back},         {"state", state},
                {"code_challenge", challenge},  {"code_challenge_method", "S256"},
                {"resource", sign_in.resource}, {"scope", sign_in.scopes}};
  std::erase_if(asked, [](const auto& field) { return field.second.empty(); });
  const std::string& page = sign_in.server.authorization_endpoint;
  return fmt::format("{}{}{}", page, page.contains('?') ? '&' : '?', encoded(asked));
}

Result<Authorized> OAuthClient::exchange(const OAuthSignIn& sign_in, std::string_view client_secret,
                                         std::string_view code, std::string_view verifier) {
  std::string back = redirect_uri();
  return ask_for_tokens(sign_in, client_secret,
                        {{"grant_type", "authorization_code"},
                         {"code", code},
                         {"redirect_uri", back},
                         {"code_verifier", verifier}});
}

Result<Authorized> OAuthClient::refresh(const OAuthSignIn& sign_in, std::string_view client_secret,
                                        std::string_view refresh_token) {
  Authorized authorized = TRY(ask_for_tokens(
      sign_in, client_secret, {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}}));
  // RFC 6749, section 6: where no new one is given, the old one stays.
  if (authorized.refresh.empty()) authorized.refresh = SecretBytes::copy_of(refresh_token);
  return authorized;
}

Result<Authorized> OAuthClient::ask_for_tokens(const OAuthSignIn& sign_in,
                                               std::string_view client_secret, Form form) {
  form.emplace_back("client_id", sign_in.client_id);
  form.emplace_back("client_secret", client_secret);
  form.emplace_back("resource", sign_in.resource);
  std::erase_if(form, [](const auto& field) { return field.second.empty(); });
  Time asked_at = clock_.now();
  http::Response response = TRY(client_.ask(
      {.method = "POST",
       .url = sign_in.server.token_endpoint,
       .headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"},
       .body = encoded(form),
       .refusals = true}));
  auto answer = parse_json(response.body);
  std::string_view access = answer ? answer->text_of("access_token") : std::string_view();
  if (response.status / 100 != 2 || access.empty()) {
    return fail(ErrorCode::unauthenticated,
                fmt::format("{} refused the sign-in ({}).", host_of(sign_in.server.token_endpoint),
                            answer ? reason_in(*answer) : std::to_string(response.status)));
  }
  Authorized authorized{.access = SecretBytes::copy_of(access),
                        .refresh = SecretBytes::copy_of(answer->text_of("refresh_token"))};
  const Value* seconds = answer->find("expires_in");
  if (seconds && seconds->integer() && *seconds->integer() > 0) {
    authorized.until = asked_at + std::min<std::int64_t>(*seconds->integer(), 3650LL * 86'400) *
                                      microseconds_per_second;
  }
  return authorized;
}

Result<bool> OAuthClient::revoke(const OAuthSignIn& sign_in, std::string_view client_secret,
                                 std::string_view token) {
  if (!sign_in.server.revocation_endpoint) return false;
  Form form = {
      {"token", token}, {"client_id", sign_in.client_id}, {"client_secret", client_secret}};
  std::erase_if(form, [](const auto& field) { return field.second.empty(); });
  TRY(client_.ask({.method = "POST",
                   .url = *sign_in.server.revocation_endpoint,
                   .headers = {"Content-Type: application/x-www-form-urlencoded"},
                   .body = encoded(form),
                   .harmless = true}));
  return true;
}

}  // namespace piggy
