// How a tool's question reaches the client: the part of Methods in which the eras differ.

#include <fmt/format.h>

#include <utility>

#include "base/assert.h"
#include "base/random.h"
#include "mcp/methods.h"
#include "mcp/outcome.h"
#include "mcp/session.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

// A tool that is never content must not keep a client busy for ever.
constexpr int rounds_max = 16;

// What the client must have declared to be asked this.
std::string_view needed_capability(const InputRequest& request) {
  if (request.method == "sampling/createMessage") return "sampling";
  if (request.method == "roots/list") return "roots";
  ASSERT(request.method == "elicitation/create");
  return request.params.text_of("mode") == "url" ? "elicitation/url" : "elicitation/form";
}

// The capabilities that are needed and not declared, as one object; null when nothing is missing.
Value missing_capabilities(const Exchange& exchange, const InputRequired& required) {
  Value missing;
  for (const InputRequest& request : required.requests) {
    std::string_view needed = needed_capability(request);
    if (exchange.client_can(needed)) continue;
    for (const Member& member : *capability_object(needed).members()) {
      Value* known = missing.find(member.name);
      if (!known) {
        missing.set(member.name, member.value);
        continue;
      }
      for (const Member& inner : *member.value.members()) known->set(inner.name, inner.value);
    }
  }
  return missing;
}

// A page to open needs a number in 2025-11-25, and has none since. It leads nowhere, and nothing is
// told by it: the call itself stays open until it is answered.
void number_pages(std::vector<InputRequest>& requests) {
  SecureRandom random;
  for (InputRequest& request : requests) {
    if (request.params.text_of("mode") != "url") continue;
    request.params.set("elicitationId", random.text(22, alphanumerics));
  }
}

// The request as it came. It was read once already, so it can be read again.
Message first_message(const Exchange& exchange) {
  auto document = parse_json(exchange.text());
  ASSERT(document);
  auto message = read_message(*std::move(document));
  ASSERT(message);
  return *std::move(message);
}

}  // namespace

void Methods::ask(const Ref& exchange, InputRequired required) {
  ASSERT(!required.requests.empty() || !required.state.empty());
  Value missing = missing_capabilities(*exchange, required);
  if (!missing.is_null()) {
    if (exchange->modern()) return exchange->refuse(missing_capability(std::move(missing)));
    return give_up(exchange,
                   "The client cannot be asked: it does not declare " + to_json(missing) + ".");
  }
  if (exchange->modern()) return ask_modern(exchange, required);
  ask_legacy(exchange, std::move(required));
}

void Methods::ask_modern(const Ref& exchange, const InputRequired& required) {
  std::string out;
  Members result = exchange->begin(out, "input_required");
  if (!required.requests.empty()) {
    write_input_requests(result.open("inputRequests"), required.requests);
  }
  if (!required.state.empty()) {
    Message message = first_message(*exchange);
    const Value& params = message.params;
    const Value* arguments = params.find("arguments");
    Value none = Value::object();
    result.text("requestState",
                seal_.close({.principal_key = exchange->principal().key,
                             .secret = exchange->principal().secret,
                             .method = message.method,
                             .name = params.text_of(params.find("uri") ? "uri" : "name"),
                             .arguments = arguments ? arguments : &none},
                            required.state));
  }
  exchange->finish(result, out);
}

void Methods::ask_legacy(const Ref& exchange, InputRequired required) {
  if (required.requests.empty()) return again(exchange, {.state = std::move(required.state)});
  if (!exchange->session() || !exchange->can_send()) {
    return give_up(exchange, "The client cannot be asked: it has no session, or reads no streams.");
  }
  if (exchange->rounds++ >= rounds_max) return give_up(exchange, "The client was asked too often.");
  number_pages(required.requests);
  Time deadline = clock_.now() + options_.question_timeout.count() * microseconds_per_second;
  exchange->session()->ask(
      exchange, required.requests, deadline,
      [this, exchange, state = std::move(required.state)](Result<Value> answers) {
        if (!answers) return give_up(exchange, answers.error().message);
        again(exchange, {.responses = *std::move(answers), .state = state});
      });
}

void Methods::give_up(const Ref& exchange, const std::string& why) {
  if (first_message(*exchange).method == "tools/call") {
    return answer_tool(exchange, ToolOutcome(text_result(why, true)));
  }
  exchange->refuse({.code = Code::invalid_request, .message = why});
}

// The call as it first came, with the answers added.
void Methods::again(const Ref& exchange, Asked asked) {
  Message message = first_message(*exchange);
  if (asked.responses.is_null()) asked.responses = Value::object();
  Method method = find(message.method, options_);
  (this->*method)(exchange, {.message = std::move(message), .asked = std::move(asked)});
}

}  // namespace piggy::mcp
