#include "door/rest.h"

#include <fmt/format.h>

#include "base/version.h"
#include "door/presentation.h"
#include "door/session_cookie.h"
#include "http/form.h"
#include "shape/json.h"

namespace piggy {
namespace {

// The input as it came: query and body are one on this wire, the body winning, and the path's own
// parameters above both (section 1, rule 3).
Result<Value> input_of(const http::Request& request, const Match& match) {
  Value input = request.query.empty() ? Value::object() : TRY(http::parse_form(request.query));
  if (!input.members()) input = Value::object();
  if (!request.body.empty()) {
    Value body = TRY(http::parse_body(request.header("content-type"), request.body));
    if (body.items() && body.items()->empty()) body = Value::object();  // PHP's empty object.
    if (!body.members() && !body.is_null()) {
      return fail(
          {.code = ErrorCode::invalid, .message = "The body must be an object.", .number = 1003});
    }
    if (body.members()) {
      for (Member& member : *body.members()) input.set(member.name, std::move(member.value));
    }
  }
  for (const auto& [name, value] : match.parameters) input.set(name, Value(value));
  return input;
}

// A structured string (RFC 8941) comes in quotes; most clients leave them away.
std::string idempotency_key_of(const http::Request& request) {
  std::string_view key = request.header("idempotency-key");
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"')
    key = key.substr(1, key.size() - 2);
  return std::string(key);
}

// Piggy-Dry-Run, as `true` or as a structured boolean (RFC 8941): `?1`.
Result<bool> asks_for_dry_run(const http::Request& request) {
  std::string_view said = request.header("piggy-dry-run");
  if (said.starts_with('?')) said.remove_prefix(1);
  if (said.empty()) return false;
  auto dry_run = read_dry_run(said, Reading::lenient);
  if (!dry_run) return fail_field("/Piggy-Dry-Run", "The Piggy-Dry-Run must be true or false.");
  return dry_run;
}

http::Response not_served(const Match& match) {
  if (match.allowed.empty()) {
    return error_response(
        {.code = ErrorCode::not_found, .message = "There is no such route.", .number = 404}, true);
  }
  http::Response response = error_response(
      {.code = ErrorCode::invalid, .message = "This route takes other methods.", .number = 405},
      true);
  response.status = 405;
  std::string allow;
  for (http::Method method : match.allowed) {
    if (!allow.empty()) allow += ", ";
    allow += http::name_of(method);
  }
  response.headers.push_back({"Allow", allow});
  return response;
}

int status_of(const Error& error, bool platform) {
  switch (error.code) {
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::too_many:
      return 429;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::internal:
      return 500;
    case ErrorCode::in_progress:
    case ErrorCode::needs_approval:
      return 409;
    case ErrorCode::not_found:
      return error.number == 404 || platform ? 404 : 400;
    case ErrorCode::conflict:
      if (error.number == 422) return 422;
      return platform ? 409 : 400;
    case ErrorCode::invalid:
      return error.number == 413 || error.number == 415 || error.number == 405 ? error.number : 400;
  }
  return 500;
}

// "/attributes/firstname" is "attributes.firstname" on this wire.
std::string dotted(std::string_view pointer) {
  std::string name(pointer.substr(std::min<std::size_t>(1, pointer.size())));
  for (char& c : name) {
    if (c == '/') c = '.';
  }
  return name;
}

Value errors_of(const Error& error) {
  Value errors = Value::object();
  for (const FieldError& field : error.fields) {
    std::string name = dotted(field.path);
    if (Value* known = errors.find(name)) {
      known->push(Value(field.message));
    } else {
      errors.set(name, Value(Value::List{Value(field.message)}));
    }
  }
  return errors;
}

constexpr std::string_view names_prefix = "/platform/operations/";

// Piggy-Engine tells another Piggy of ours that idempotency keys and dry runs are understood here.
constexpr std::string_view common_headers =
    "Cache-Control: no-cache, private\r\nAccess-Control-Allow-Origin: "
    "*\r\nPiggy-Engine: " PIGGY_VERSION "\r\n";

// How an answer becomes a response.
struct Form {
  const Operation& operation;
  Shown shown;
  bool platform = false;
  bool by_name = false;
  bool https = false;

  std::string cookie_of(const Answer& answer) const {
    const Field* field = operation.output->field(operation.info.wire.session);
    return session_cookie(*static_cast<const std::string*>(field->in(answer.output.data())), https);
  }

  http::Response response_to(const Result<Answer>& answer) const {
    if (!answer) return error_response(answer.error(), platform);
    http::Response response{.status = operation.info.wire.status, .fixed_headers = common_headers};
    if (by_name) {
      present_whole(response.body, *answer);
      response.status = 200;
    } else {
      present(response.body, operation, *answer, shown);
    }
    if (!operation.info.wire.session.empty()) {
      response.headers.push_back({"Set-Cookie", cookie_of(*answer)});
    }
    if (answer->replayed) response.headers.push_back({"Idempotency-Replayed", "true"});
    return response;
  }
};

}  // namespace

http::Response error_response(const Error& error, bool platform) {
  int status = status_of(error, platform);
  int number = error.number ? error.number : (status == 400 ? 1003 : status);
  http::Response response{.status = status};
  Value body = Value::object();
  body.set("message", error.message);
  body.set("code", number);
  body.set("status_code", status);
  if (!error.fields.empty()) body.set("errors", errors_of(error));
  write_json(response.body, body);
  response.fixed_headers = common_headers;
  if (error.retry_after_seconds) {
    response.headers.push_back({"Retry-After", std::to_string(error.retry_after_seconds)});
  }
  if (status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

Rest::Rest(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers, const Bearers& bearers,
           std::string public_url)
    : router_(catalogue),
      dispatch_(dispatch),
      callers_(callers),
      bearers_(bearers),
      public_url_(std::move(public_url)) {
  for (const auto& operation : catalogue.all()) {
    named_.emplace(
        operation->info.name,
        Route{.operation = operation.get(), .surface = Surface::platform, .by_name = true});
  }
}

void Rest::handle(http::Request request, http::Responder responder) {
  route(std::move(request), std::move(responder), nullptr, nullptr);
}

void Rest::handle(http::Request request, http::Responder responder, const Operation& operation,
                  std::shared_ptr<const void> prepared) {
  route(std::move(request), std::move(responder), &operation, std::move(prepared));
}

void Rest::route(http::Request request, http::Responder responder, const Operation* operation,
                 std::shared_ptr<const void> prepared) {
  Match match = router_.match(request.method, request.path);
  if (!match.route && match.allowed.empty()) match = by_name(request);
  if (!match.route && match.allowed.empty() && request.path.starts_with(names_prefix)) {
    return call_tool(std::move(request), std::move(responder));
  }
  if (!match.route) return responder.respond(not_served(match));
  auto caller = caller_of(request, match.route->surface);
  if (!caller) {
    bool platform = match.route->surface == Surface::platform;
    return responder.respond(error_response(caller.error(), platform));
  }
  Invocation invocation{.operation = match.route->operation, .caller = *std::move(caller)};
  if (invocation.operation == operation) invocation.prepared = std::move(prepared);
  call(std::move(request), match, std::move(invocation), std::move(responder));
}

// What only a connection has; who asks must be known before it is said whether there is one.
void Rest::call_tool(http::Request request, http::Responder responder) {
  auto refuse = [&](const Error& error) { responder.respond(error_response(error, true)); };
  auto caller = caller_of(request, Surface::platform);
  if (!caller) return refuse(caller.error());
  Invocation invocation{.caller = *std::move(caller)};
  if (request.method != http::Method::post) return responder.respond(not_served({}));
  Result<> found =
      dispatch_.name(invocation, std::string_view(request.path).substr(names_prefix.size()));
  if (!found) return refuse(found.error());
  Route route{.operation = invocation.operation, .surface = Surface::platform, .by_name = true};
  call(std::move(request), {.route = &route}, std::move(invocation), std::move(responder));
}

void Rest::call(http::Request request, const Match& match, Invocation invocation,
                http::Responder responder) {
  const Operation& operation = *match.route->operation;
  bool platform = match.route->surface == Surface::platform, by_name = match.route->by_name;
  auto refuse = [&](const Error& error) { responder.respond(error_response(error, platform)); };
  auto input = input_of(request, match);
  if (!input) return refuse(input.error());
  auto dry_run = asks_for_dry_run(request);
  if (!dry_run) return refuse(dry_run.error());
  bool words = !request.query.empty() || request.body.empty();
  Reading strict = words || by_name ? Reading::words : Reading::strict;
  auto form =
      std::make_shared<Form>(Form{operation, as_shown(operation, *input, request, public_url_),
                                  platform, by_name, public_url_.starts_with("https:")});
  invocation.input = *std::move(input);
  invocation.reading = platform ? strict : Reading::lenient;
  invocation.idempotency_key = idempotency_key_of(request);
  invocation.dry_run = operation.writes() && *dry_run;
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  // A write is answered by the writer's thread, which must not spend its time on words.
  dispatch_.call(std::move(invocation), [answer_to, form](Result<Answer> answer) {
    answer_to->respond_by([form, answer = std::move(answer)] { return form->response_to(answer); });
  });
}

// Every operation, and every tool of a connection, is also reached by its name: what another
// program needs to do whatever a person can, and what the command line uses.
Match Rest::by_name(const http::Request& request) const {
  Match match;
  if (!request.path.starts_with(names_prefix)) return match;
  std::string_view name = std::string_view(request.path).substr(names_prefix.size());
  auto found = named_.find(name);
  if (found == named_.end()) return match;
  if (request.method == http::Method::post) {
    match.route = &found->second;
  } else {
    match.allowed.push_back(http::Method::post);
  }
  return match;
}

Result<std::shared_ptr<const Caller>> Rest::caller_on_platform(const http::Request& request) {
  return caller_of(request, Surface::platform);
}

Result<std::shared_ptr<const Caller>> Rest::caller_of(const http::Request& request,
                                                      Surface surface) {
  if (surface == Surface::open) return callers_.owner();
  // Whoever can open the socket in the data directory owns the data; the account is named.
  if (request.local) {
    std::string_view account = request.header("piggy-account");
    if (account.empty()) return callers_.owner();
    return callers_.owner_of(account);
  }
  std::string_view session = session_in(request);
  if (surface == Surface::platform && !session.empty() && request.header("authorization").empty()) {
    return signed_in(request, session);
  }
  std::string_view header = request.header("authorization");
  // What a person allowed a program is the v3 wire, not what persons do themselves.
  if (surface == Surface::v3) return bearers_.who(header, TokenKind::client);
  return callers_.by_authorization(
      header, surface == Surface::register_ ? TokenKind::register_ : TokenKind::client);
}

// A page of another site may make the browser send the cookie, but cannot know the proof.
Result<std::shared_ptr<const Caller>> Rest::signed_in(const http::Request& request,
                                                      std::string_view session) {
  auto caller = TRY(callers_.by_session(session));
  if (request.method == http::Method::get ||
      request.header("x-piggy-proof") == caller->session_proof) {
    return caller;
  }
  return fail({.code = ErrorCode::forbidden,
               .message = "A change by a signed-in person needs the session's proof in the header "
                          "X-Piggy-Proof.",
               .number = 403});
}

}  // namespace piggy
