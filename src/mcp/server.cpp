#include "mcp/server.h"

#include <algorithm>
#include <utility>

#include "base/lower_case.h"
#include "mcp/inside.h"
#include "mcp/outcome.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::string_view version_header = "MCP-Protocol-Version";
constexpr std::string_view session_header = "Mcp-Session-Id";
constexpr std::string_view loopback_hosts[] = {"localhost", "127.0.0.1", "[::1]"};

// "localhost:3001" and "http://localhost:3001" name localhost; "[::1]:3001" names [::1].
std::string_view host_name(std::string_view authority) {
  if (std::size_t scheme = authority.find("://"); scheme != authority.npos) {
    authority.remove_prefix(scheme + 3);
  }
  std::size_t end = authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':');
  return authority.substr(0, end);
}

bool is_known_host(std::string_view authority, const Options& options) {
  std::string name = lower_case(host_name(authority));
  return std::ranges::find(loopback_hosts, name) != std::end(loopback_hosts) ||
         std::ranges::find(options.hosts, name) != options.hosts.end();
}

// A page of another site that reaches us under a rebound name sends that name along.
bool is_rebound(const http::Request& request, const Options& options) {
  if (request.local) return false;
  std::string_view origin = request.header("Origin");
  if (!origin.empty() && !is_known_host(origin, options)) return true;
  return !is_known_host(request.header("Host"), options);
}

void refuse(http::Responder& responder, const Failure& failure, std::string_view id = {}) {
  responder.respond(json_response(failure.status, error_message(id, failure)));
}

// A legacy client says so by its first method, its version header or its session; one that says
// nothing at all is as old as the oldest.
bool is_modern(const http::Request& request, const Message& message) {
  if (is_modern_message(message)) return true;
  if (message.method == "initialize") return false;
  std::string_view version = request.header(version_header);
  return !version.empty() && !is_legacy_version(version);
}

}  // namespace

bool is_modern_message(const Message& message) {
  const Value* meta = message.params.find("_meta");
  return meta && meta->find("io.modelcontextprotocol/protocolVersion");
}

Server::Server(Service& service, const Clock& clock, Options options)
    : inside_(std::make_unique<Inside>(service, clock, std::move(options))) {}

Server::~Server() {
  stop();
  inside_->sessions.end_all();
}

void Server::handle(http::Request request, Principal principal, http::Responder responder) {
  if (is_rebound(request, inside_->options)) {
    return refuse(responder, {.code = Code::invalid_request,
                              .message = "This host or origin may not call here.",
                              .status = 403});
  }
  switch (request.method) {
    case http::Method::post:
      return inside_->post(std::move(request), std::move(principal), std::move(responder));
    case http::Method::get:
    case http::Method::del:
      if (inside_->has_streams(request)) {
        auto act = request.method == http::Method::get ? &Legacy::get : &Legacy::remove;
        return (inside_->legacy.*act)(request, principal, std::move(responder));
      }
      [[fallthrough]];
    default:
      http::Response response = json_response(405, {});
      response.headers.push_back({"Allow", "POST"});
      responder.respond(std::move(response));
  }
}

// What is modern has nothing to GET or DELETE, and neither has anybody without a session.
bool Server::Inside::has_streams(const http::Request& request) const {
  return !request.header(session_header).empty() &&
         request.header(version_header) != modern_version;
}

void Server::Inside::post(http::Request request, Principal principal, http::Responder responder) {
  if (!request.header("Content-Type").starts_with("application/json")) {
    return refuse(responder, {.code = Code::invalid_request,
                              .message = "The content type must be application/json.",
                              .status = 415});
  }
  auto document = parse_json(request.body);
  if (!document) {
    return refuse(responder,
                  {.code = Code::parse_error, .message = document.error().message, .status = 400});
  }
  if (document->items()) {
    return legacy.post_batch(request, *std::move(document), principal, std::move(responder));
  }
  auto message = read_message(*std::move(document));
  if (!message) return refuse(responder, message.error().failure, message.error().id);
  std::string text = std::move(request.body);
  if (!is_modern(request, *message)) {
    return legacy.post(request, *std::move(message), std::move(text), std::move(principal),
                       std::move(responder));
  }
  Accepts accepts = read_accept(request.header("Accept"));
  modern.handle({.message = *std::move(message),
                 .text = std::move(text),
                 .principal = std::move(principal),
                 .outlet = std::make_shared<HttpOutlet>(std::move(responder), accepts),
                 .http = &request});
}

void Server::tick() {
  Time now = inside_->clock.now();
  Time silent_since = now + -inside_->options.keep_alive.count() * microseconds_per_second;
  inside_->waiting->keep_alive(silent_since, now);
  if (inside_->sessions_heard <= silent_since) {
    inside_->sessions_heard = now;
    inside_->sessions.each({}, [](Session& session) { session.replay.keep_alive(); });
    refresh();
  }
  std::chrono::seconds idle = inside_->options.session_idle;
  inside_->sessions.expire(now + -idle.count() * microseconds_per_second, now);
}

void Server::refresh() {
  inside_->listeners->refresh(inside_->service);
  inside_->sessions.refresh(inside_->service);
}

void Server::tools_changed(std::string_view principal_key) {
  inside_->changed(principal_key, "notifications/tools/list_changed",
                   [](const Filter& filter) { return filter.tools; });
}

void Server::prompts_changed(std::string_view principal_key) {
  inside_->changed(principal_key, "notifications/prompts/list_changed",
                   [](const Filter& filter) { return filter.prompts; });
}

void Server::resources_changed(std::string_view principal_key) {
  inside_->changed(principal_key, "notifications/resources/list_changed",
                   [](const Filter& filter) { return filter.resources; });
}

void Server::Inside::changed(std::string_view principal_key, std::string_view method,
                             const std::function<bool(const Filter&)>& wants) {
  listeners->tell(principal_key, method, {}, wants);
  sessions.each(principal_key,
                [&](Session& session) { session.broadcast(call_message({}, method, {})); });
}

void Server::resource_updated(std::string_view uri, std::string_view principal_key) {
  constexpr std::string_view method = "notifications/resources/updated";
  std::string member = "\"uri\":";
  write_json_text(member, uri);
  inside_->listeners->tell(principal_key, method, member,
                           [&](const Filter& filter) { return filter.uris.contains(uri); });
  inside_->sessions.each(principal_key, [&](Session& session) {
    if (!session.subscribed(std::string(uri))) return;
    session.broadcast(call_message({}, method, "{" + member + "}"));
  });
}

void Server::task_changed(std::string_view principal_key, const Task& task) {
  std::string object;
  Members members(object);
  write_task(members, task, true);
  inside_->listeners->tell(principal_key, "notifications/tasks", std::string_view(object).substr(1),
                           [&](const Filter& filter) { return filter.tasks.contains(task.id); });
}

void Server::stop() {
  inside_->listeners->stop();
  inside_->sessions.each({}, [](Session& session) { session.replay.release(Replay::standalone); });
}

}  // namespace piggy::mcp
