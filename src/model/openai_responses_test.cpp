#include <doctest/doctest.h>

#include "model/test_stream.h"

namespace piggy::model {
namespace {

constexpr WireFormat responses = WireFormat::openai_responses;

// As OpenAI sends it: reasoning, a message, a call, the whole response; no [DONE].
constexpr std::string_view reasoning_text_call = R"(event: response.created
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-x","output":[]}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"gAA"}}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":2,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"gAAAAB"}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":3,"output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

event: response.content_part.added
data: {"type":"response.content_part.added","sequence_number":4,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"Let me "}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":6,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"look."}

event: response.output_text.done
data: {"type":"response.output_text.done","sequence_number":7,"item_id":"msg_1","output_index":1,"content_index":0,"text":"Let me look."}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":8,"output_index":1,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Let me look.","annotations":[]}]}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":9,"output_index":2,"item":{"id":"fc_1","type":"function_call","status":"in_progress","arguments":"","call_id":"call_a","name":"find_contact"}}

event: response.function_call_arguments.delta
data: {"type":"response.function_call_arguments.delta","sequence_number":10,"item_id":"fc_1","output_index":2,"delta":"{\"email\":"}

event: response.function_call_arguments.delta
data: {"type":"response.function_call_arguments.delta","sequence_number":11,"item_id":"fc_1","output_index":2,"delta":"\"ann@example.com\"}"}

event: response.function_call_arguments.done
data: {"type":"response.function_call_arguments.done","sequence_number":12,"item_id":"fc_1","output_index":2,"arguments":"{\"email\":\"ann@example.com\"}"}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":13,"output_index":2,"item":{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"email\":\"ann@example.com\"}","call_id":"call_a","name":"find_contact"}}

event: response.completed
data: {"type":"response.completed","sequence_number":14,"response":{"id":"resp_1","status":"completed","model":"gpt-x","output":[{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"gAAAAB"}],"usage":{"input_tokens":31,"output_tokens":17,"total_tokens":48}}}

)";

std::string event(std::string_view data) { return fmt::format("data: {}\n\n", data); }

TEST_CASE("responses: reasoning, text and calls come out whole wherever the stream is cut") {
  Reply reply = reply_of(responses, reasoning_text_call);

  Reply expected{
      .message = {.role = Role::assistant,
                  .parts = {Reasoning{"here", json(R"({"id":"rs_1","type":"reasoning",
                                "summary":[],"encrypted_content":"gAAAAB"})")},
                            Text{"Let me look."},
                            ToolCall{.id = "call_a",
                                     .name = "find_contact",
                                     .arguments = Value::object({{"email", "ann@example.com"}})}}},
      .usage = {31, 17},
      .stop = Stop::tool_use,
      .model = "gpt-x"};
  CHECK(reply == expected);
}

TEST_CASE("responses: a stream that ends too early is an error at first, else cut off") {
  check_every_end(responses, reasoning_text_call);
}

TEST_CASE("responses: items without a place are known by their ids") {
  Reply reply = reply_of(
      responses,
      event(
          R"({"type":"response.output_item.added","item":{"id":"fc_1","type":"function_call","call_id":"x","name":"a"}})") +
          event(
              R"({"type":"response.output_item.added","item":{"id":"fc_2","type":"function_call","call_id":"y","name":"b"}})") +
          event(
              R"({"type":"response.function_call_arguments.delta","item_id":"fc_2","delta":"{\"n\":2}"})") +
          event(
              R"({"type":"response.function_call_arguments.delta","item_id":"fc_1","delta":"{\"n\":1}"})") +
          event(R"({"type":"response.completed","response":{}})"));

  REQUIRE(reply.message.parts.size() == 2);
  CHECK(std::get<ToolCall>(reply.message.parts[0]).arguments == json(R"({"n":1})"));
  CHECK(std::get<ToolCall>(reply.message.parts[1]).arguments == json(R"({"n":2})"));
}

TEST_CASE("responses: what was not streamed is taken from the end") {
  Reply reply = reply_of(
      responses,
      event(
          R"({"type":"response.completed","response":{"output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]},{"type":"function_call","id":"fc_1","name":"a","arguments":"{}"}]}})"));

  CHECK(reply.message.parts == std::vector<Part>{Text{"Hi"}, ToolCall{.id = "fc_1", .name = "a"}});
}

TEST_CASE("responses: an incomplete response says which limit it met") {
  std::string call =
      event(
          R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"x","name":"a","arguments":""}})") +
      event(
          R"({"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","status":"incomplete","call_id":"x","name":"a","arguments":""}})");
  Reply reply = reply_of(
      responses,
      call +
          event(
              R"({"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}})"));
  CHECK(reply.stop == Stop::length);
  CHECK(std::get<ToolCall>(reply.message.parts.at(0)).broken);

  reply = reply_of(
      responses,
      event(
          R"({"type":"response.incomplete","response":{"incomplete_details":{"reason":"content_filter"}}})"));
  CHECK(reply.stop == Stop::refused);
}

TEST_CASE("responses: a refusal is shown and is the reason") {
  Reply reply = reply_of(
      responses, event(R"({"type":"response.refusal.delta","output_index":0,"delta":"No."})") +
                     event(R"({"type":"response.completed","response":{}})"));
  CHECK(reply.stop == Stop::refused);
  CHECK(reply.message.parts == std::vector<Part>{Text{"No."}});
}

TEST_CASE("responses: both kinds of error are understood") {
  Parsed limited = parse(
      responses,
      event(R"({"type":"error","code":"rate_limit_exceeded","message":"Slow down","param":null})"));
  REQUIRE(!limited.reply);
  CHECK(limited.reply.error().code == ErrorCode::too_many);
  CHECK(limited.reply.error().message.contains("Slow down"));

  Parsed failed = parse(
      responses,
      event(R"({"type":"response.output_text.delta","output_index":0,"delta":"Hi"})") +
          event(
              R"({"type":"response.failed","response":{"error":{"code":"server_error","message":"Oh no"}}})"));
  REQUIRE(failed.reply);
  CHECK(failed.reply->stop == Stop::cut_off);
  CHECK(failed.reply->why.contains("Oh no"));
}

TEST_CASE("responses: the body of a request") {
  Endpoint endpoint{.format = responses, .model = "m"};
  Value reasoning = json(R"({"type":"reasoning","id":"rs_1","encrypted_content":"gAAAAB"})");
  Request request{
      .system = "Be kind.",
      .messages = {user_says("Hello"),
                   {.role = Role::assistant,
                    .parts = {Reasoning{origin_of(endpoint), reasoning}, Text{"I look."},
                              ToolCall{
                                  .id = "a", .name = "find", .arguments = json(R"({"n":1})")}}},
                   {.role = Role::tool, .parts = {ToolResult{"a", "Ann"}}}},
      .tools = {{.name = "find",
                 .description = "Finds.",
                 .input_schema = json(R"({"type":"object"})")}},
      .max_tokens = 100};

  CHECK(openai_responses_body(endpoint, request) == json(R"({
    "model": "m", "stream": true, "store": false, "include": ["reasoning.encrypted_content"],
    "max_output_tokens": 100, "instructions": "Be kind.",
    "input": [
      {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]},
      {"type": "reasoning", "id": "rs_1", "encrypted_content": "gAAAAB"},
      {"type": "message", "role": "assistant",
       "content": [{"type": "output_text", "text": "I look."}]},
      {"type": "function_call", "call_id": "a", "name": "find", "arguments": "{\"n\":1}"},
      {"type": "function_call_output", "call_id": "a", "output": "Ann"}],
    "tools": [{"type": "function", "name": "find", "description": "Finds.",
      "parameters": {"type": "object"}, "strict": false}]
  })"));
}

}  // namespace
}  // namespace piggy::model
