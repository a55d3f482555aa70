#include "mcp/modern.h"

#include <utility>

#include "mcp/mirror.h"
#include "mcp/outcome.h"
#include "mcp/session.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::string_view version_name = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view capabilities_name = "io.modelcontextprotocol/clientCapabilities";
constexpr std::string_view log_level_name = "io.modelcontextprotocol/logLevel";

std::unexpected<Failure> no_meta(std::string_view name) {
  return refuse(Code::invalid_params, "`_meta` must hold `" + std::string(name) + "`.", 400);
}

Failure unsupported(std::string_view requested) {
  return {
      .code = Code::unsupported_version,
      .message = "This protocol version is not spoken here.",
      .data = Value::object({{"supported", Value::List{modern_version}}, {"requested", requested}}),
      .status = 400};
}

bool is_task_method(std::string_view method) {
  return method == "tasks/get" || method == "tasks/update" || method == "tasks/cancel";
}

}  // namespace

void Modern::handle(Arrival arrival) {
  switch (arrival.message.kind) {
    case Message::Kind::notification:
      return notification(arrival);
    case Message::Kind::response:
      return arrival.refuse({.code = Code::invalid_request,
                             .message = "Nothing was asked that this could answer.",
                             .status = 400});
    case Message::Kind::request:
      break;
  }
  auto terms = check(arrival);
  if (!terms) return arrival.refuse(terms.error());
  auto exchange =
      std::make_shared<Exchange>(Exchange::Parts{.terms = *std::move(terms),
                                                 .principal = std::move(arrival.principal),
                                                 .id = arrival.message.id,
                                                 .text = std::move(arrival.text),
                                                 .outlet = arrival.outlet,
                                                 .server_info = description_.server_info});
  if (arrival.pipe && !arrival.pipe->in_flight->add(exchange)) {
    return arrival.refuse({.code = Code::invalid_request, .message = "This id is in use."});
  }
  // To close the stream is to cancel the call.
  if (arrival.http) {
    static_cast<HttpOutlet&>(*arrival.outlet).on_gone([weak = std::weak_ptr(exchange)] {
      if (auto gone = weak.lock()) gone->cancel();
    });
  }
  dispatch(exchange, std::move(arrival.message), arrival.http);
  if (!exchange->done()) waiting_.add(exchange, clock_.now());
}

// Over HTTP nothing can be cancelled by a message: streams are closed instead.
void Modern::notification(const Arrival& arrival) {
  const Value* id = arrival.message.params.find("requestId");
  if (arrival.pipe && arrival.message.method == "notifications/cancelled" && id) {
    arrival.pipe->in_flight->cancel(to_json(*id));
  }
  arrival.outlet->abandon();
}

// The order matters to clients that probe: what is missing, what differs, what is not spoken.
Checked<Terms> Modern::check(const Arrival& arrival) {
  const Value* meta = arrival.message.params.find("_meta");
  if (!meta || !meta->members()) return no_meta(version_name);
  const Value* version = meta->find(version_name);
  if (!version || !version->text()) return no_meta(version_name);
  if (arrival.http) {
    auto same = check_version_header(*arrival.http, *version->text());
    if (!same) return std::unexpected(same.error());
  }
  if (*version->text() != modern_version) return std::unexpected(unsupported(*version->text()));
  const Value* capabilities = meta->find(capabilities_name);
  if (!capabilities || !capabilities->members()) return no_meta(capabilities_name);
  if (arrival.http) {
    auto same = check_routing_headers(*arrival.http, arrival.message);
    if (!same) return std::unexpected(same.error());
  }
  Terms terms{.modern = true};
  if (!capabilities->members()->empty()) {
    terms.capabilities = std::make_shared<const Value>(*capabilities);
  }
  const Value* token = meta->find("progressToken");
  if (token && (token->text() || token->integer())) terms.progress_token = to_json(*token);
  terms.log_level = parse_log_level(meta->text_of(log_level_name));
  return terms;
}

void Modern::dispatch(const Ref& exchange, Message message, const http::Request* http) {
  if (message.method == "server/discover") return discover(exchange);
  if (message.method == "subscriptions/listen") {
    return listeners_.add(exchange, message, options_, service_);
  }
  if (options_.tasks && is_task_method(message.method)) {
    return task_method(exchange, std::move(message));
  }
  if (methods_.answer(exchange, std::move(message), http)) return;
  exchange->refuse({.code = Code::method_not_found, .message = "Unknown method.", .status = 404});
}

void Modern::discover(const Ref& exchange) {
  std::string out;
  Members result = exchange->begin(out);
  result.json("supportedVersions", "[\"" + std::string(modern_version) + "\"]");
  result.json("capabilities", description_.modern_capabilities);
  result.text_if("instructions", options_.instructions);
  result.integer("ttlMs", options_.list_ttl.count());
  result.json("cacheScope", "\"private\"");
  exchange->finish(result, out);
}

void Modern::task_method(const Ref& exchange, Message message) {
  if (!exchange->client_takes_tasks()) {
    return exchange->refuse(missing_capability(capability_object(Context::tasks_capability)));
  }
  Value* id = message.params.find("taskId");
  if (!id || !id->text()) {
    return exchange->refuse({.code = Code::invalid_params, .message = "`taskId` must be a text."});
  }
  auto acknowledge = [exchange](Result<> outcome) {
    if (!outcome) return exchange->refuse(to_failure(outcome.error()));
    exchange->acknowledge();
  };
  if (message.method == "tasks/cancel") {
    return service_.cancel_task(exchange->principal(), std::move(*id->text()), acknowledge);
  }
  if (message.method == "tasks/update") {
    Value* responses = message.params.find("inputResponses");
    if (!responses || !responses->members()) {
      return exchange->refuse(
          {.code = Code::invalid_params, .message = "`inputResponses` must be an object."});
    }
    Value answers = std::move(*responses);
    return service_.update_task(exchange->principal(), std::move(*id->text()), std::move(answers),
                                acknowledge);
  }
  service_.get_task(exchange->principal(), std::move(*id->text()), [exchange](Result<Task> task) {
    if (!task) return exchange->refuse(to_failure(task.error()));
    std::string out;
    Members result = exchange->begin(out);
    write_task(result, *task, true);
    exchange->finish(result, out);
  });
}

}  // namespace piggy::mcp
