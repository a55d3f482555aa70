#include "mcp/legacy.h"

#include <utility>

#include "mcp/batch.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::string_view session_header = "Mcp-Session-Id";
constexpr std::string_view version_header = "MCP-Protocol-Version";

http::Response refusal(const Failure& failure, std::string_view id = {}) {
  return json_response(failure.status, error_message(id, failure));
}

Terms terms_of(const Message& message, const Session* session) {
  Terms terms;
  const Value* meta = message.params.find("_meta");
  const Value* token = meta ? meta->find("progressToken") : nullptr;
  if (token && (token->text() || token->integer())) terms.progress_token = to_json(*token);
  if (session) {
    terms.capabilities = session->capabilities();
    terms.log_level = session->log_level.load();
  }
  return terms;
}

}  // namespace

void Legacy::post(const http::Request& request, Message message, std::string text,
                  Principal principal, http::Responder responder) {
  bool begins = message.method == "initialize";
  auto session = begins ? std::shared_ptr<Session>() : session_of(request, principal);
  if (!session) return responder.respond(refusal(session.error(), message.id));
  Accepts accepts = read_accept(request.header("Accept"));
  std::shared_ptr<Outlet> outlet;
  if (*session) {
    outlet = std::make_shared<SessionOutlet>(std::move(responder), accepts, *session);
  } else {
    outlet = std::make_shared<HttpOutlet>(std::move(responder), accepts);
  }
  handle({.message = std::move(message),
          .text = std::move(text),
          .principal = std::move(principal),
          .outlet = std::move(outlet),
          .http = &request},
         *std::move(session));
}

Checked<std::shared_ptr<Session>> Legacy::session_of(const http::Request& request,
                                                     const Principal& principal) {
  std::string_view version = request.header(version_header);
  if (!version.empty() && !is_legacy_version(version)) {
    return refuse(Code::invalid_request, "This protocol version is not spoken here.", 400);
  }
  std::string_view id = request.header(session_header);
  if (id.empty()) return nullptr;
  auto session = sessions_.find(id, principal);
  if (!session) return refuse(Code::invalid_request, "There is no such session; begin anew.", 404);
  return session;
}

void Legacy::post_batch(const http::Request& request, Value list, const Principal& principal,
                        http::Responder responder) {
  auto session = session_of(request, principal);
  if (!session) return responder.respond(refusal(session.error()));
  std::string_view version =
      *session ? std::string_view((*session)->version()) : request.header(version_header);
  auto messages = read_batch(std::move(list), version);
  if (!messages) return responder.respond(refusal(messages.error()));
  auto batch = std::make_shared<Batch>(std::move(responder));
  for (Value& document : *messages) {
    std::string text = to_json(document);
    auto outlet = std::make_shared<BatchOutlet>(batch);
    auto message = read_message(std::move(document));
    if (!message) {
      outlet->finish(400, error_message(message.error().id, message.error().failure));
      continue;
    }
    handle({.message = *std::move(message),
            .text = std::move(text),
            .principal = principal,
            .outlet = std::move(outlet),
            .http = &request},
           *session);
  }
}

void Legacy::get(const http::Request& request, const Principal& principal,
                 http::Responder responder) {
  auto session = session_of(request, principal);
  if (!session) return responder.respond(refusal(session.error()));
  if (!*session) {
    http::Response response = refusal({.code = Code::invalid_request,
                                       .message = "Only a session has a stream to GET.",
                                       .status = 405});
    response.headers.push_back({"Allow", "POST"});
    return responder.respond(std::move(response));
  }
  if (!read_accept(request.header("Accept")).stream) {
    return responder.respond(refusal({.code = Code::invalid_request,
                                      .message = "A stream needs `Accept: text/event-stream`.",
                                      .status = 406}));
  }
  std::string_view last = request.header("Last-Event-ID");
  auto stream = responder.stream(stream_head());
  Replay& replay = (*session)->replay;
  if (!last.empty() && replay.resume(last, stream)) return;
  replay.open_standalone(stream, (*session)->primes());
}

void Legacy::remove(const http::Request& request, const Principal& principal,
                    http::Responder responder) {
  auto session = session_of(request, principal);
  if (!session) return responder.respond(refusal(session.error()));
  if (!*session) {
    return responder.respond(
        refusal({.code = Code::invalid_request, .message = "No session is named.", .status = 400}));
  }
  sessions_.end(*session);
  responder.respond({.status = 204});
}

void Legacy::handle(Arrival arrival, std::shared_ptr<Session> session) {
  switch (arrival.message.kind) {
    case Message::Kind::notification:
      return notification(arrival, session);
    case Message::Kind::response:
      if (session) session->answer(std::move(arrival.message));
      return arrival.outlet->abandon();
    case Message::Kind::request:
      if (arrival.message.method == "initialize") return initialize(arrival);
      return request(std::move(arrival), std::move(session));
  }
}

void Legacy::initialize(Arrival& arrival) {
  const Value& params = arrival.message.params;
  std::string_view asked = params.text_of("protocolVersion");
  std::string_view version = is_legacy_version(asked) ? asked : legacy_versions[0];
  const Value* capabilities = params.find("capabilities");
  Session::Parts parts{
      .principal = arrival.principal,
      .tools = service_.tools(arrival.principal),
      .version = std::string(version),
      .capabilities = std::make_shared<const Value>(capabilities ? *capabilities : Value::object()),
      .replay_bytes_max = options_.replay_bytes_max};
  if (arrival.pipe) {
    if (arrival.pipe->session) sessions_.end(arrival.pipe->session);
    parts.broadcast = arrival.pipe->write;
    arrival.pipe->session = sessions_.begin_pipe(std::move(parts));
  } else {
    auto session = sessions_.begin(std::move(parts));
    arrival.outlet->header(session_header, session->id());
  }
  std::string out = R"({"jsonrpc":"2.0","id":)" + arrival.message.id + R"(,"result":)";
  Members result(out);
  result.text("protocolVersion", version);
  result.json("capabilities", description_.legacy_capabilities);
  result.json("serverInfo", description_.server_info);
  result.text_if("instructions", options_.instructions);
  result.close();
  out += '}';
  arrival.outlet->finish(200, std::move(out));
}

void Legacy::notification(const Arrival& arrival, const std::shared_ptr<Session>& session) {
  const Value* id = arrival.message.params.find("requestId");
  if (session && arrival.message.method == "notifications/cancelled" && id) {
    session->in_flight->cancel(to_json(*id));
  }
  arrival.outlet->abandon();
}

void Legacy::request(Arrival arrival, std::shared_ptr<Session> session) {
  auto exchange =
      std::make_shared<Exchange>(Exchange::Parts{.terms = terms_of(arrival.message, session.get()),
                                                 .principal = std::move(arrival.principal),
                                                 .id = arrival.message.id,
                                                 .text = std::move(arrival.text),
                                                 .outlet = arrival.outlet,
                                                 .session = session,
                                                 .server_info = description_.server_info});
  InFlight* in_flight = arrival.pipe ? arrival.pipe->in_flight.get() : nullptr;
  if (session) in_flight = session->in_flight.get();
  if (in_flight && !in_flight->add(exchange)) {
    return arrival.refuse({.code = Code::invalid_request, .message = "This id is in use."});
  }
  dispatch(exchange, std::move(arrival.message));
  if (!exchange->done()) waiting_.add(exchange, clock_.now());
}

void Legacy::dispatch(const Ref& exchange, Message message) {
  if (message.method == "ping") return exchange->acknowledge();
  if (message.method == "logging/setLevel") return set_log_level(exchange, message);
  if (options_.resources &&
      (message.method == "resources/subscribe" || message.method == "resources/unsubscribe")) {
    return subscribe(exchange, message);
  }
  if (methods_.answer(exchange, std::move(message), nullptr)) return;
  exchange->refuse({.code = Code::method_not_found, .message = "Unknown method."});
}

void Legacy::set_log_level(const Ref& exchange, const Message& message) {
  auto level = parse_log_level(message.params.text_of("level"));
  if (!level) {
    return exchange->refuse({.code = Code::invalid_params, .message = "There is no such level."});
  }
  if (exchange->session()) exchange->session()->log_level = *level;
  exchange->acknowledge();
}

void Legacy::subscribe(const Ref& exchange, const Message& message) {
  std::string uri(message.params.text_of("uri"));
  if (uri.empty()) {
    return exchange->refuse({.code = Code::invalid_params, .message = "`uri` must be a text."});
  }
  if (!exchange->session()) {
    return exchange->refuse(
        {.code = Code::invalid_request, .message = "Only a session can subscribe."});
  }
  if (message.method == "resources/subscribe") {
    exchange->session()->subscribe(std::move(uri));
  } else {
    exchange->session()->unsubscribe(uri);
  }
  exchange->acknowledge();
}

}  // namespace piggy::mcp
