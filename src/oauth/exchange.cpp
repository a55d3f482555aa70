#include <fmt/format.h>
#include <sodium.h>

#include <boost/algorithm/string/predicate.hpp>

#include "http/form.h"
#include "oauth/answers.h"
#include "oauth/scopes.h"
#include "oauth/server.h"
#include "oauth/url.h"

// What clients ask of the server without a person: tokens for a code or a refresh token, and to
// forget one.

namespace piggy::oauth {
namespace {

// Who a client says it is, and its proof if it has one.
struct Credentials {
  std::string client_id = {};
  std::string secret = {};
  bool basic = false;  // Sent in the Authorization header.
};

Result<Credentials> basic_credentials(std::string_view encoded) {
  std::string text(encoded.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  int problem =
      sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(), encoded.data(),
                        encoded.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
  text.resize(size);
  std::size_t colon = text.find(':');
  if (problem || end != encoded.data() + encoded.size() || colon == text.npos) {
    return fail(ErrorCode::invalid, "The Authorization header cannot be read.");
  }
  // Both are encoded as in a form (RFC 6749, section 2.3.1).
  std::string form = fmt::format("id={}&secret={}", std::string_view(text).substr(0, colon),
                                 std::string_view(text).substr(colon + 1));
  auto read = TRY(Parameters::read(form));
  return Credentials{
      .client_id = std::string(read["id"]), .secret = std::string(read["secret"]), .basic = true};
}

Result<Credentials> credentials_in(const http::Request& request, const Parameters& form) {
  constexpr std::string_view scheme = "basic ";
  std::string_view header = request.header("authorization");
  Credentials credentials{.client_id = std::string(form["client_id"]),
                          .secret = std::string(form["client_secret"])};
  if (boost::algorithm::istarts_with(header, scheme)) {
    Credentials basic = TRY(basic_credentials(header.substr(scheme.size())));
    bool other = !credentials.client_id.empty() && credentials.client_id != basic.client_id;
    if (other || !credentials.secret.empty()) {
      return fail(ErrorCode::invalid, "The client names itself in two ways.");
    }
    credentials = std::move(basic);
  }
  if (credentials.client_id.empty()) return fail(ErrorCode::invalid, "There is no client_id.");
  return credentials;
}

// A client that publishes a document has no secret, so all there is to know of it at this point is
// its id: the codes and tokens were given to that id alone.
Result<bool> is_itself(Transaction& transaction, const Credentials& credentials) {
  if (is_document_id(credentials.client_id)) return credentials.secret.empty();
  auto client = TRY(registered_client(transaction, credentials.client_id));
  if (!client) return false;
  if (client->authentication == ClientAuthentication::none) return credentials.secret.empty();
  return client->has_secret(credentials.secret);
}

http::Response unknown_client(const Credentials& credentials) {
  http::Response response =
      error_answer(401, "invalid_client", "The client is unknown, or its secret is wrong.");
  if (credentials.basic) {
    response.headers.push_back({"WWW-Authenticate", "Basic realm=\"oauth\""});
  }
  return response;
}

http::Response answer_of(const Issue& issue) {
  if (!issue) return error_answer(400, issue.error().error, issue.error().description);
  return json_answer(200, Value::object({{"access_token", issue->access},
                                         {"token_type", "Bearer"},
                                         {"expires_in", access_token_seconds},
                                         {"refresh_token", issue->refresh},
                                         {"scope", issue->scopes}}));
}

// The form and the client of a request that must have both.
struct ClientForm {
  Parameters form = {};
  Credentials credentials = {};
};

Result<ClientForm> client_form_in(const http::Request& request) {
  TRY(must_be_form(request));
  ClientForm read;
  read.form = TRY(Parameters::read(request.body));
  read.credentials = TRY(credentials_in(request, read.form));
  return read;
}

using Answer = std::function<Result<http::Response>(Transaction&)>;

// Answers when what the work did is durable.
void answer_after(Database& database, Answer work, http::Responder responder) {
  auto response = std::make_shared<http::Response>();
  auto answer = std::make_shared<http::Responder>(std::move(responder));
  database.submit(
      0,
      [work = std::move(work), response](Transaction& transaction) -> Result<> {
        *response = TRY(work(transaction));
        return {};
      },
      [response, answer](Result<> done) {
        answer->respond(done ? std::move(*response) : failure_answer(done.error()));
      });
}

}  // namespace

void AuthorizationServer::exchange(const http::Request& request, http::Responder responder) {
  auto read = client_form_in(request);
  if (!read) return responder.respond(failure_answer(read.error()));
  const Parameters& form = read->form;
  bool with_code = form["grant_type"] == "authorization_code";
  if (!with_code && form["grant_type"] != "refresh_token") {
    return responder.respond(
        error_answer(400, form["grant_type"].empty() ? "invalid_request" : "unsupported_grant_type",
                     "grant_type must be authorization_code or refresh_token."));
  }
  // One that is not ours stays as it is, and differs from what was authorized.
  std::string resource(form["resource"]);
  if (auto ours = resource_for(resource); ours && !resource.empty()) resource = *ours;
  const std::string& client_id = read->credentials.client_id;
  CodeUse code{.client_id = client_id,
               .code = std::string(form["code"]),
               .redirect_uri = std::string(form["redirect_uri"]),
               .verifier = std::string(form["code_verifier"]),
               .resource = resource};
  RefreshUse refresh{.client_id = client_id,
                     .token = std::string(form["refresh_token"]),
                     .scopes = std::string(form["scope"]),
                     .resource = resource};
  auto work = [=, credentials =
                      read->credentials](Transaction& transaction) -> Result<http::Response> {
    if (!TRY(is_itself(transaction, credentials))) return unknown_client(credentials);
    return answer_of(with_code ? TRY(use_code(transaction, code))
                               : TRY(use_refresh_token(transaction, refresh)));
  };
  answer_after(database_, std::move(work), std::move(responder));
}

// Whether there was such a token is nobody's business (RFC 7009, section 2.2).
void AuthorizationServer::revoke(const http::Request& request, http::Responder responder) {
  auto read = client_form_in(request);
  if (!read) return responder.respond(failure_answer(read.error()));
  std::string token(read->form["token"]);
  if (token.empty()) {
    return responder.respond(error_answer(400, "invalid_request", "There is no token."));
  }
  auto work = [token, credentials =
                          read->credentials](Transaction& transaction) -> Result<http::Response> {
    if (!TRY(is_itself(transaction, credentials))) return unknown_client(credentials);
    TRY(revoke_token(transaction, credentials.client_id, token));
    return json_answer(200, Value::object());
  };
  answer_after(database_, std::move(work), std::move(responder));
}

}  // namespace piggy::oauth
