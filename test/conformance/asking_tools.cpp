// Tools that ask their client something before they answer.

#include "fixture_service.h"
#include "shape/json.h"

namespace piggy::conformance {
namespace {

using mcp::InputRequest;
using mcp::InputRequired;

constexpr std::string_view prompt_schema =
    R"({"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]})";
constexpr std::string_view message_schema =
    R"({"type":"object","properties":{"message":{"type":"string"}},"required":["message"]})";

constexpr std::string_view user_schema = R"({
  "type": "object",
  "properties": {
    "username": {"type": "string", "description": "User's response"},
    "email": {"type": "string", "description": "User's email address"}
  },
  "required": ["username", "email"]
})";

constexpr std::string_view defaults_schema = R"({
  "type": "object",
  "properties": {
    "name": {"type": "string", "default": "John Doe"},
    "age": {"type": "integer", "default": 30},
    "score": {"type": "number", "default": 95.5},
    "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
    "verified": {"type": "boolean", "default": true}
  },
  "required": []
})";

constexpr std::string_view enums_schema = R"({
  "type": "object",
  "properties": {
    "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
    "titledSingle": {"type": "string", "oneOf": [
      {"const": "value1", "title": "First Option"},
      {"const": "value2", "title": "Second Option"},
      {"const": "value3", "title": "Third Option"}]},
    "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"],
      "enumNames": ["Option One", "Option Two", "Option Three"]},
    "untitledMulti": {"type": "array",
      "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
    "titledMulti": {"type": "array", "items": {"anyOf": [
      {"const": "value1", "title": "First Choice"},
      {"const": "value2", "title": "Second Choice"},
      {"const": "value3", "title": "Third Choice"}]}}
  },
  "required": []
})";

InputRequest sampling(std::string_view key, std::string_view prompt, int tokens_max) {
  Value message = Value::object({{"role", "user"}, {"content", mcp::text_content(prompt)}});
  return {.key = std::string(key),
          .method = "sampling/createMessage",
          .params = Value::object({{"messages", Value::List{message}}, {"maxTokens", tokens_max}})};
}

InputRequest roots(std::string_view key) {
  return {.key = std::string(key), .method = "roots/list"};
}

InputRequest form_of(std::string_view key, std::string_view message, std::string_view schema) {
  return {.key = std::string(key),
          .method = "elicitation/create",
          .params = Value::object({{"message", message}, {"requestedSchema", json(schema)}})};
}

void ask(const Play& play, std::vector<InputRequest> requests, std::string state = {}) {
  play.done(mcp::ToolOutcome(InputRequired{std::move(requests), std::move(state)}));
}

const Value* answer(const Play& play, std::string_view key) { return play.call.asked.answer(key); }

// A field of an accepted form, or "".
std::string_view field(const Value& answer, std::string_view name) {
  const Value* content = answer.find("content");
  return content ? content->text_of(name) : std::string_view();
}

std::string content_text(const Value& answer) {
  const Value* content = answer.find("content");
  return content ? to_json(*content) : "{}";
}

std::string_view sampled(const Value& answer) { return field(answer, "text"); }

// Asks one question until it is answered, then says what `speak` makes of the answer.
template <class Question, class Speak>
auto once(Question question, Speak speak) {
  return [=](Play play) {
    InputRequest request = question(play);
    const Value* found = answer(play, request.key);
    if (!found) return ask(play, {std::move(request)});
    play.say(speak(*found));
  };
}

std::string completed(const Value& answer) {
  return "Elicitation completed: action=" + std::string(answer.text_of("action")) +
         ", content=" + content_text(answer);
}

void act_request_state(Play play) {
  bool confirmed = answer(play, "confirm") && play.call.asked.state == "asked to confirm";
  if (confirmed) return play.say("Confirmed: state-ok");
  ask(play, {form("confirm", "Please confirm", "ok", "boolean")}, "asked to confirm");
}

void act_multiple_inputs(Play play) {
  const Value* name = answer(play, "user_name");
  const Value* greeting = answer(play, "greeting");
  if (name && greeting && answer(play, "client_roots")) {
    return play.say(std::string(sampled(*greeting)) + " " + std::string(field(*name, "name")));
  }
  ask(play,
      {form("user_name", "What is your name?", "name"),
       sampling("greeting", "Generate a greeting", 50), roots("client_roots")},
      "asked three");
}

void act_multi_round(Play play) {
  const std::string& state = play.call.asked.state;
  if (const Value* step = answer(play, "step2"); step && state.starts_with("2 ")) {
    return play.say(state.substr(2) + " likes " + std::string(field(*step, "color")));
  }
  if (const Value* step = answer(play, "step1"); step && state == "1") {
    return ask(play, {form("step2", "Step 2: What is your favorite color?", "color")},
               "2 " + std::string(field(*step, "name")));
  }
  ask(play, {form("step1", "Step 1: What is your name?", "name")}, "1");
}

// Asks only what the client declared, whatever that is.
void act_capabilities(Play play) {
  std::vector<InputRequest> requests;
  if (play.context->client_can("sampling")) {
    requests.push_back(sampling("capital_question", "What is the capital of France?", 100));
  }
  if (play.context->client_can("elicitation/form")) {
    requests.push_back(form("user_name", "What is your name?", "name"));
  }
  if (play.context->client_can("roots")) requests.push_back(roots("client_roots"));
  bool answered = play.call.asked.responses.members() != nullptr;
  if (answered || requests.empty()) return play.say("Thank you.");
  ask(play, std::move(requests));
}

void act_streaming(Play play) {
  play.context->progress(1, 2);
  if (answer(play, "confirm")) return play.say("Confirmed.");
  ask(play, {form("confirm", "Please confirm", "ok", "boolean")});
}

}  // namespace

std::vector<Role> asking_tools() {
  auto hello = once([](const Play&) { return form("user_name", "What is your name?", "name"); },
                    [](const Value& a) { return "Hello, " + std::string(field(a, "name")) + "!"; });
  auto capital = once(
      [](const Play&) {
        return sampling("capital_question", "What is the capital of France?", 100);
      },
      [](const Value& a) { return std::string(sampled(a)); });
  auto listed = once([](const Play&) { return roots("client_roots"); },
                     [](const Value& a) { return "Roots: " + to_json(a); });
  auto sample = once(
      [](const Play& play) {
        return sampling("answer", play.call.arguments.text_of("prompt"), 100);
      },
      [](const Value& a) { return "LLM response: " + std::string(sampled(a)); });
  auto elicit = once(
      [](const Play& play) {
        return form_of("answer", play.call.arguments.text_of("message"), user_schema);
      },
      [](const Value& a) {
        return "User response: action: " + std::string(a.text_of("action")) +
               ", content: " + content_text(a);
      });
  auto defaults = once(
      [](const Play&) { return form_of("answer", "Check these values.", defaults_schema); },
      completed);
  auto enums = once([](const Play&) { return form_of("answer", "Choose.", enums_schema); },
                    completed);
  return {
      {tool("test_sampling", "Asks the client's model.", prompt_schema), sample},
      {tool("test_elicitation", "Asks the user.", message_schema), elicit},
      {tool("test_elicitation_sep1034_defaults", "Asks with defaults."), defaults},
      {tool("test_elicitation_sep1330_enums", "Asks with choices."), enums},
      {tool("test_missing_capability", "Needs sampling."), capital},
      {tool("test_streaming_elicitation", "Reports progress, then asks."), act_streaming},
      {tool("test_input_required_result_elicitation", "Asks for a name."), hello},
      {tool("test_input_required_result_sampling", "Asks the model."), capital},
      {tool("test_input_required_result_list_roots", "Asks for roots."), listed},
      {tool("test_input_required_result_request_state", "Remembers what it asked."),
       act_request_state},
      {tool("test_input_required_result_multiple_inputs", "Asks three things."),
       act_multiple_inputs},
      {tool("test_input_required_result_multi_round", "Asks twice."), act_multi_round},
      {tool("test_input_required_result_tampered_state", "Remembers what it asked."),
       act_request_state},
      {tool("test_input_required_result_capabilities", "Asks what it may."), act_capabilities},
  };
}

}  // namespace piggy::conformance
