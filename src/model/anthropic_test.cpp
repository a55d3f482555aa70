#include <doctest/doctest.h>

#include "model/test_stream.h"

namespace piggy::model {
namespace {

constexpr WireFormat anthropic = WireFormat::anthropic;

// As Anthropic sends it, thinking included.
constexpr std::string_view thinking_text_call = R"(event: message_start
data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":21,"cache_creation_input_tokens":4,"cache_read_input_tokens":6,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"A name "}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"is given."}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB=="}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me "}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"look."}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: content_block_start
data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"find_contact","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"email\": \"ann@"}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"example.com\"}"}}

event: content_block_stop
data: {"type":"content_block_stop","index":2}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":17}}

event: message_stop
data: {"type":"message_stop"}

)";

std::string event(std::string_view data) { return fmt::format("data: {}\n\n", data); }

std::string ended(std::string_view reason) {
  return event(fmt::format(
      R"({{"type":"message_delta","delta":{{"stop_reason":"{}"}},"usage":{{}}}})", reason));
}

TEST_CASE("anthropic: thinking, text and calls come out whole wherever the stream is cut") {
  Reply reply = reply_of(anthropic, thinking_text_call);

  Reply expected{
      .message = {.role = Role::assistant,
                  .parts = {Reasoning{"here", json(R"({"type":"thinking",
                                "thinking":"A name is given.","signature":"EqQB=="})")},
                            Text{"Let me look."},
                            ToolCall{.id = "toolu_1",
                                     .name = "find_contact",
                                     .arguments = Value::object({{"email", "ann@example.com"}})}}},
      .usage = {31, 17},
      .stop = Stop::tool_use,
      .model = "claude-x"};
  CHECK(reply == expected);
}

TEST_CASE("anthropic: a stream that ends too early is an error at first, else cut off") {
  check_every_end(anthropic, thinking_text_call);
}

TEST_CASE("anthropic: every reason to stop has its meaning") {
  CHECK(reply_of(anthropic, ended("end_turn")).stop == Stop::end);
  CHECK(reply_of(anthropic, ended("stop_sequence")).stop == Stop::end);
  CHECK(reply_of(anthropic, ended("max_tokens")).stop == Stop::length);
  CHECK(reply_of(anthropic, ended("model_context_window_exceeded")).stop == Stop::length);
  CHECK(reply_of(anthropic, ended("refusal")).stop == Stop::refused);
  CHECK(reply_of(anthropic, ended("tool_use")).stop == Stop::end);  // Without any call.
}

TEST_CASE("anthropic: redacted thinking goes back as it came, and input may come whole") {
  Reply reply = reply_of(
      anthropic,
      event(
          R"({"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"xyz"}})") +
          event(R"({"type":"content_block_stop","index":0})") +
          event(
              R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"a","input":{"n":1}}})") +
          event(R"({"type":"content_block_stop","index":1})") + ended("end_turn"));

  CHECK(reply.stop == Stop::tool_use);
  CHECK(reply.message.parts ==
        std::vector<Part>{Reasoning{"here", json(R"({"type":"redacted_thinking","data":"xyz"})")},
                          ToolCall{.id = "t", .name = "a", .arguments = json(R"({"n":1})")}});
}

TEST_CASE("anthropic: a call that the limit of tokens cut is broken") {
  for (std::string_view text : {"", "{\\\"email\\\":"}) {
    Reply reply = reply_of(
        anthropic,
        event(
            R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"a","input":{}}})") +
            event(fmt::format(
                R"({{"type":"content_block_delta","index":0,"delta":{{"type":"input_json_delta","partial_json":"{}"}}}})",
                text)) +
            event(R"({"type":"content_block_stop","index":0})") + ended("max_tokens"));
    CHECK(reply.stop == Stop::length);
    CHECK(std::get<ToolCall>(reply.message.parts.at(0)).broken);
  }
}

TEST_CASE("anthropic: an error within the stream is an error first and a cut later") {
  std::string error =
      event(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
  Parsed early = parse(anthropic, error);
  REQUIRE(!early.reply);
  CHECK(early.reply.error().code == ErrorCode::unavailable);

  Parsed late = parse(
      anthropic,
      event(
          R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}})") +
          error);
  REQUIRE(late.reply);
  CHECK(late.reply->stop == Stop::cut_off);
  CHECK(late.reply->why.contains("Overloaded"));

  Parsed refused =
      parse(anthropic,
            event(R"({"type":"error","error":{"type":"invalid_request_error","message":"Bad"}})"));
  REQUIRE(!refused.reply);
  CHECK(refused.reply.error().code == ErrorCode::conflict);
}

TEST_CASE("anthropic: all results stand in one message of the user, first; thinking is unchanged") {
  Endpoint endpoint{.format = anthropic, .model = "m"};
  Value thinking = json(R"({"type":"thinking","thinking":"Hm.","signature":"EqQB=="})");
  Request request{
      .system = "Be kind.",
      .messages = {user_says("Hello"),
                   {.role = Role::assistant,
                    .parts = {Reasoning{origin_of(endpoint), thinking},
                              ToolCall{.id = "a", .name = "find", .arguments = json(R"({"n":1})")},
                              ToolCall{.id = "b", .name = "list"},
                              ToolCall{.id = "c", .name = "drop"}}},
                   user_says("And hurry."),
                   {.role = Role::tool, .parts = {ToolResult{"b", "No.", true}}},
                   {.role = Role::tool,
                    .parts = {ToolResult{"a", "Ann"}, ToolResult{"z", "of no call"}}}},
      .tools = {{.name = "find",
                 .description = "Finds.",
                 .input_schema = json(R"({"type":"object"})")}},
      .max_tokens = 100,
      .temperature = 0.0};

  CHECK(anthropic_body(endpoint, request) == json(R"({
    "model": "m", "max_tokens": 100, "stream": true, "system": "Be kind.", "temperature": 0,
    "messages": [
      {"role": "user", "content": [{"type": "text", "text": "Hello"}]},
      {"role": "assistant", "content": [
        {"type": "thinking", "thinking": "Hm.", "signature": "EqQB=="},
        {"type": "tool_use", "id": "a", "name": "find", "input": {"n": 1}},
        {"type": "tool_use", "id": "b", "name": "list", "input": {}},
        {"type": "tool_use", "id": "c", "name": "drop", "input": {}}]},
      {"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": "a", "content": "Ann"},
        {"type": "tool_result", "tool_use_id": "b", "content": "No.", "is_error": true},
        {"type": "tool_result", "tool_use_id": "c", "content": "This call was not run.",
         "is_error": true},
        {"type": "text", "text": "And hurry."}]}],
    "tools": [{"name": "find", "description": "Finds.", "input_schema": {"type": "object"}}]
  })"));
}

TEST_CASE("a history is sent without what no provider takes") {
  Endpoint endpoint{.format = anthropic, .model = "m"};
  Value thinking = json(R"({"type":"thinking","thinking":"Hm.","signature":"EqQB=="})");
  Request request{.messages = {user_says(""),
                               user_says("Hello"),
                               {.role = Role::assistant,
                                .parts = {Text{"Well"}, Reasoning{origin_of(endpoint), thinking}}},
                               {.role = Role::assistant, .parts = {Text{""}}},
                               {.role = Role::tool, .parts = {ToolResult{"z", "of no call"}}}}};

  CHECK(member_of(anthropic_body(endpoint, request), "messages") == json(R"([
    {"role": "user", "content": [{"type": "text", "text": "Hello"}]},
    {"role": "assistant", "content": [{"type": "text", "text": "Well"}]}
  ])"));
}

TEST_CASE("a base URL is taken as the vendors' SDKs take it") {
  auto url = [](WireFormat format, std::string base) {
    return url_of({.format = format, .base_url = std::move(base)});
  };
  CHECK(url(WireFormat::openai_chat, "") == "https://api.openai.com/v1/chat/completions");
  CHECK(url(WireFormat::openai_chat, "http://h:1/") == "http://h:1/v1/chat/completions");
  CHECK(url(WireFormat::openai_chat, "http://h/v1/") == "http://h/v1/chat/completions");
  CHECK(url(WireFormat::openai_chat, "http://h/v1beta/openai") ==
        "http://h/v1beta/openai/chat/completions");
  CHECK(url(WireFormat::openai_responses, "http://h/openai/v1") == "http://h/openai/v1/responses");
  CHECK(url(WireFormat::anthropic, "") == "https://api.anthropic.com/v1/messages");
  CHECK(url(WireFormat::anthropic, "http://h/proxy") == "http://h/proxy/v1/messages");
  CHECK(url(WireFormat::anthropic, "http://h/v1") == "http://h/v1/messages");
}

TEST_CASE("an origin holds no password") {
  CHECK(origin_of({.base_url = "https://me:secret@h/v1"}) == "openai_chat https://h/v1");
  CHECK(origin_of({.base_url = "https://h/v1"}) == "openai_chat https://h/v1");
}

}  // namespace
}  // namespace piggy::model
