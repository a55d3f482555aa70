#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>

#include "http/accept_language.h"
#include "http/form.h"
#include "oauth/answers.h"
#include "oauth/page.h"
#include "oauth/scopes.h"
#include "oauth/server.h"
#include "oauth/url.h"
#include "oauth/words.h"

// A person comes from a client, signs in, sees who asks for what, and decides.
//
// Who is signed in is asked first: so nobody unknown can make us fetch a client's document. Then
// the client and where it wants people to be sent back to are judged; whatever is wrong up to there
// is told to the person alone, and everything after it to the client.
//
// The form brings back the whole query, sealed for this person for a few minutes. It is judged
// again, and a form that we have not shown to just this person is refused.

namespace piggy::oauth {
namespace {

namespace words = oauth_words;

constexpr std::int64_t form_lifetime = 600 * microseconds_per_second;

struct Redirect {
  std::string uri = {};
  std::string host = {};
  bool loopback = false;
};

// A client with one address need not name it.
std::optional<Redirect> redirect_of(const Client& client, const Parameters& parameters) {
  std::string uri(parameters["redirect_uri"]);
  if (uri.empty() && client.redirect_uris.size() == 1) uri = client.redirect_uris[0];
  auto url = parse_url(uri);
  if (!url || !client.may_redirect_to(uri)) return std::nullopt;
  std::string host = url->host;
  if (!url->port.empty()) host += fmt::format(":{}", url->port);
  return Redirect{.uri = std::move(uri), .host = std::move(host), .loopback = is_loopback(*url)};
}

http::Response told(int status, const Phrase<>& title, const Phrase<>& text, Language language) {
  return message_page(status, title.in(language), text.in(language), language);
}

// What the error says is English: it helps whoever makes the program.
http::Response told(int status, const Phrase<>& title, const Error& error, Language language) {
  return message_page(status, title.in(language), error.message, language);
}

http::Response bad_redirect(Language language) {
  return told(400, words::broken_link, words::foreign_address, language);
}

http::Response client_problem(const Error& error, Language language) {
  bool later = error.code == ErrorCode::unavailable;
  return told(later ? 503 : 400, words::unknown_program, error, language);
}

http::Response signed_out(Language language) {
  return told(403, words::start_again, words::signed_out, language);
}

std::unexpected<Refusal> refuse(std::string_view error, std::string_view description) {
  return std::unexpected(Refusal{error, description});
}

// The base64url of 32 bytes.
bool is_challenge(std::string_view text) {
  constexpr std::string_view allowed =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
  return text.size() == 43 && text.find_first_not_of(allowed) == text.npos;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void AuthorizationServer::ask_person(const http::Request& request, http::Responder responder) {
  auto parameters = Parameters::read(request.query);
  if (!parameters) {
    return responder.respond(
        told(400, words::broken_link, parameters.error(), http::language_of(request)));
  }
  auto person = people_.who(request);
  if (!person) {
    std::string here = fmt::format("{}?{}", request.path, request.query);
    return responder.respond(redirect_to(people_.sign_in_url(here)));
  }
  Visit visit{*std::move(person), request.query, *std::move(parameters),
              http::language_of(request)};
  std::string client_id(visit.parameters["client_id"]);
  with_client(client_id, [this, visit = std::move(visit),
                          responder = std::move(responder)](Result<Client> client) mutable {
    responder.respond(client ? consent(visit, *client)
                             : client_problem(client.error(), visit.language));
  });
}

void AuthorizationServer::take_decision(const http::Request& request, http::Responder responder) {
  auto form = must_be_form(request) ? Parameters::read(request.body)
                                    : fail(ErrorCode::invalid, "This is not the form.");
  auto parameters = form ? Parameters::read((*form)["request"]) : fail(form.error());
  if (!parameters) {
    return responder.respond(
        told(400, words::broken_link, parameters.error(), http::language_of(request)));
  }
  auto person = people_.who(request);
  if (!person) return responder.respond(signed_out(http::language_of(request)));
  Visit visit{*std::move(person), std::string((*form)["request"]), *std::move(parameters),
              http::language_of(request)};
  if (!is_sealed(visit, (*form)["seal"])) return responder.respond(signed_out(visit.language));
  std::string client_id(visit.parameters["client_id"]);
  with_client(client_id, [this, visit = std::move(visit), form = *std::move(form),
                          responder = std::move(responder)](Result<Client> client) mutable {
    if (!client) return responder.respond(client_problem(client.error(), visit.language));
    decide(visit, *client, form, std::move(responder));
  });
}

void AuthorizationServer::with_client(std::string_view client_id, WithClient done) {
  if (is_document_id(client_id)) return documents_.get(std::string(client_id), std::move(done));
  std::optional<Client> client;
  Result<> read = database_.read(0, [&](Transaction& transaction) -> Result<> {
    client = TRY(registered_client(transaction, client_id));
    return {};
  });
  if (!read) return done(fail(std::move(read).error()));
  if (!client) {
    return done(fail(ErrorCode::not_found,
                     "The program that sent you here is not registered. It may have to be "
                     "connected anew."));
  }
  done(*std::move(client));
}

http::Response AuthorizationServer::consent(const Visit& visit, const Client& client) {
  auto redirect = redirect_of(client, visit.parameters);
  if (!redirect) return bad_redirect(visit.language);
  auto asked = asked_in(visit.parameters);
  if (!asked) {
    return back(visit, redirect->uri,
                {{"error", asked.error().error}, {"error_description", asked.error().description}});
  }
  auto choices = people_.choices(visit.person);
  if (!choices) return told(503, words::try_again, choices.error(), visit.language);
  if (choices->empty()) {
    return message_page(409, words::nothing_to_lend.in(visit.language),
                        words::make_one.in(visit.language, options_.subject), visit.language);
  }
  auto document = client.published ? parse_url(client.client_id) : std::nullopt;
  return consent_page({.language = visit.language,
                       .product = options_.product,
                       .person = visit.person.name,
                       .client_name = client.name,
                       .client_host = document ? document->host : "",
                       .redirect_host = redirect->host,
                       .loopback = redirect->loopback,
                       .scopes = scopes_in(asked->scopes),
                       .choices = *std::move(choices),
                       .request = visit.query,
                       .seal = seal(visit, database_.clock().now() + form_lifetime)});
}

void AuthorizationServer::decide(const Visit& visit, const Client& client, const Parameters& form,
                                 http::Responder responder) {
  auto redirect = redirect_of(client, visit.parameters);
  if (!redirect) return responder.respond(bad_redirect(visit.language));
  if (form["decision"] != "allow") {
    return responder.respond(
        back(visit, redirect->uri,
             {{"error", "access_denied"}, {"error_description", "The person has said no."}}));
  }
  auto choices = people_.choices(visit.person);
  if (!choices) {
    return responder.respond(told(503, words::try_again, choices.error(), visit.language));
  }
  auto chosen = number_in(form["subject"]);
  if (!chosen || std::ranges::find(*choices, *chosen, &Choice::id) == choices->end()) {
    return responder.respond(told(400, words::start_again, words::not_yours, visit.language));
  }
  allow(visit, client, *chosen, std::move(responder));
}

void AuthorizationServer::allow(const Visit& visit, const Client& client, std::int64_t subject_id,
                                http::Responder responder) {
  auto redirect = redirect_of(client, visit.parameters);
  auto asked = asked_in(visit.parameters);
  // The options have changed.
  if (!redirect || !asked) return responder.respond(bad_redirect(visit.language));
  NewGrant grant{.account_id = visit.person.account_id,
                 .user_id = visit.person.user_id,
                 .subject_id = subject_id,
                 .client_id = client.client_id,
                 .client_name = client.name,
                 .scopes = asked->scopes,
                 .resource = asked->resource,
                 .redirect_uri = redirect->uri,
                 .challenge = asked->challenge};
  auto code = std::make_shared<std::string>();
  auto answer = std::make_shared<http::Responder>(std::move(responder));
  database_.submit(
      0,
      [grant, code](Transaction& transaction) -> Result<> {
        *code = TRY(make_grant(transaction, grant));
        return {};
      },
      [this, visit, uri = redirect->uri, code, answer](Result<> done) {
        answer->respond(done ? back(visit, uri, {{"code", *code}})
                             : told(503, words::try_again, done.error(), visit.language));
      });
}

std::expected<AuthorizationServer::Asked, Refusal> AuthorizationServer::asked_in(
    const Parameters& parameters) const {
  if (parameters["response_type"] != "code") {
    return refuse("unsupported_response_type", "response_type must be code.");
  }
  if (parameters["code_challenge_method"] != "S256" ||
      !is_challenge(parameters["code_challenge"])) {
    return refuse("invalid_request",
                  "PKCE is needed: a code_challenge with the code_challenge_method S256.");
  }
  auto resource = resource_for(parameters["resource"]);
  if (!resource) return refuse("invalid_target", "The resource is not one of this server.");
  auto scopes = scopes_for(parameters["scope"]);
  if (!scopes) return refuse("invalid_scope", "None of the scopes is known here.");
  return Asked{.resource = *std::move(resource),
               .scopes = *std::move(scopes),
               .challenge = std::string(parameters["code_challenge"])};
}

// Unknown scopes are left out, and the token's answer says so. A refresh token comes in any case,
// so offline_access asks for nothing.
std::optional<std::string> AuthorizationServer::scopes_for(std::string_view asked) const {
  std::vector<std::string> wanted = scopes_in(asked);
  std::erase(wanted, "offline_access");
  if (wanted.empty()) return scopes_text(options_.scopes);
  std::vector<std::string> known;
  for (const std::string& scope : options_.scopes) {
    if (std::ranges::find(wanted, scope) != wanted.end()) known.push_back(scope);
  }
  if (known.empty()) return std::nullopt;
  return scopes_text(known);
}

// RFC 9207: `iss` tells a client that talks to several servers whose answer this is.
http::Response AuthorizationServer::back(
    const Visit& visit, std::string_view redirect_uri,
    std::vector<std::pair<std::string_view, std::string_view>> said) const {
  said.emplace_back("iss", options_.public_url);
  if (!visit.parameters["state"].empty()) said.emplace_back("state", visit.parameters["state"]);
  std::string url(redirect_uri);
  char separator = url.contains('?') ? '&' : '?';
  for (const auto& [name, value] : said) {
    url += fmt::format("{}{}={}", separator, name, http::percent_encode(value));
    separator = '&';
  }
  return redirect_to(url);
}

std::string AuthorizationServer::seal(const Visit& visit, Time until) const {
  std::string text = fmt::format("{}:{}:{}:{}", visit.person.account_id, visit.person.user_id,
                                 until.microseconds, visit.query);
  unsigned char tag[crypto_auth_BYTES];
  static_assert(crypto_auth_KEYBYTES == sizeof(Key));
  crypto_auth(tag, reinterpret_cast<const unsigned char*>(text.data()), text.size(), key_.data());
  char hex[2 * sizeof tag + 1];
  sodium_bin2hex(hex, sizeof hex, tag, sizeof tag);
  return fmt::format("{}.{}", until.microseconds, hex);
}

bool AuthorizationServer::is_sealed(const Visit& visit, std::string_view sealed) const {
  auto until = number_in(sealed.substr(0, sealed.find('.')));
  if (!until || *until <= database_.clock().now().microseconds) return false;
  std::string right = seal(visit, Time{*until});
  return right.size() == sealed.size() &&
         sodium_memcmp(right.data(), sealed.data(), right.size()) == 0;
}

}  // namespace piggy::oauth
