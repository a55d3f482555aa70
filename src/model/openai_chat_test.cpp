#include <doctest/doctest.h>

#include "model/test_stream.h"

namespace piggy::model {
namespace {

constexpr WireFormat chat = WireFormat::openai_chat;

// As OpenAI sends it: role first, text in pieces, two calls, the reason, the usage, the end.
constexpr std::string_view two_calls =
    R"(data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

data: {"id":"c1","model":"gpt-x","choices":[{"index":0,"delta":{"content":"Let me "},"finish_reason":null}]}

data: {"id":"c1","model":"gpt-x","choices":[{"index":0,"delta":{"content":"lööк."},"finish_reason":null}]}

data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"find_contact","arguments":""}}]},"finish_reason":null}]}

data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"ema"}}]},"finish_reason":null}]}

data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"il\":\"ann@example.com\"}"}}]},"finish_reason":null}]}

data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"list_perks","arguments":"{}"}}]},"finish_reason":null}]}

data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

data: {"id":"c1","choices":[],"usage":{"prompt_tokens":31,"completion_tokens":17,"total_tokens":48}}

data: [DONE]

)";

std::string chunk(std::string_view delta, std::string_view reason = "null") {
  return fmt::format(
      "data: {{\"choices\":[{{\"index\":0,\"delta\":{},\"finish_reason\":{}}}]}}\n\n", delta,
      reason);
}

std::string call_delta(std::string_view call) {
  return chunk(fmt::format("{{\"tool_calls\":[{}]}}", call));
}

const ToolCall& call_in(const Reply& reply, std::size_t part) {
  REQUIRE(reply.message.parts.size() > part);
  REQUIRE(std::holds_alternative<ToolCall>(reply.message.parts[part]));
  return std::get<ToolCall>(reply.message.parts[part]);
}

TEST_CASE("chat: text and calls come out whole wherever the stream is cut") {
  Reply reply = reply_of(chat, two_calls);

  Reply expected{
      .message = {.role = Role::assistant,
                  .parts = {Text{"Let me lööк."},
                            ToolCall{.id = "call_a",
                                     .name = "find_contact",
                                     .arguments = Value::object({{"email", "ann@example.com"}})},
                            ToolCall{.id = "call_b", .name = "list_perks"}}},
      .usage = {31, 17},
      .stop = Stop::tool_use,
      .model = "gpt-x"};
  CHECK(reply == expected);
}

TEST_CASE(
    "chat: a stream that ends too early is an error before anything was shown, else cut off") {
  check_every_end(chat, two_calls);
}

TEST_CASE("chat: a reason to stop makes the reply whole without usage and without [DONE]") {
  Reply reply = reply_of(chat, chunk(R"({"content":"Hi"})") + chunk("{}", "\"stop\""));

  CHECK(reply.stop == Stop::end);
  CHECK(reply.usage == Usage{});
  CHECK(reply.message.parts == std::vector<Part>{Text{"Hi"}});
}

TEST_CASE("chat: calls without ids get some, and ids that were used before are not used again") {
  std::string stream =
      call_delta(R"({"index":0,"function":{"name":"a","arguments":"{}"}})") +
      call_delta(R"({"index":1,"id":"call_1","function":{"name":"b","arguments":"{}"}})") +
      call_delta(R"({"index":2,"id":"old","function":{"name":"c","arguments":"{}"}})") +
      call_delta(R"({"index":3,"id":"not.portable:0","function":{"name":"d","arguments":"{}"}})") +
      chunk("{}", "\"stop\"");
  Parsed parsed = parse(chat, stream, 0, {"old", "call_2"});

  REQUIRE(parsed.reply);
  CHECK(parsed.reply->stop == Stop::tool_use);
  REQUIRE(parsed.heard.calls.size() == 4);
  CHECK(parsed.heard.calls[0].id == "call_1");
  CHECK(parsed.heard.calls[1].id == "call_3");
  CHECK(parsed.heard.calls[2].id == "call_4");
  CHECK(parsed.heard.calls[3].id == "call_5");
}

TEST_CASE("chat: calls that all have index 0, or none, are told apart by their ids") {
  for (std::string_view index : {"\"index\":0,", ""}) {
    std::string stream =
        call_delta(fmt::format(R"({{{}"id":"x","function":{{"name":"a","arguments":"{{\"n\":"}}}})",
                               index)) +
        call_delta(fmt::format(R"({{{}"function":{{"arguments":"1}}"}}}})", index)) +
        call_delta(fmt::format(R"({{{}"id":"y","function":{{"name":"b","arguments":{{"n":2}}}}}})",
                               index)) +
        chunk("{}", "\"tool_calls\"");
    Reply reply = reply_of(chat, stream);

    REQUIRE(reply.message.parts.size() == 2);
    CHECK(call_in(reply, 0).arguments == json(R"({"n":1})"));
    CHECK(call_in(reply, 1).name == "b");
    CHECK(call_in(reply, 1).arguments == json(R"({"n":2})"));
  }
}

TEST_CASE("chat: arguments that are no object are kept as text and the call is broken") {
  for (std::string_view text : {R"({\"a\":)", R"([1])", R"(\"a\")", R"({\"a\":1,\"a\":2})"}) {
    std::string stream =
        call_delta(fmt::format(
            R"({{"index":0,"id":"x","function":{{"name":"a","arguments":"{}"}}}})", text)) +
        chunk("{}", "\"tool_calls\"");
    Reply reply = reply_of(chat, stream);

    CHECK(call_in(reply, 0).broken);
    CHECK(!call_in(reply, 0).arguments_text.empty());
    CHECK(call_in(reply, 0).arguments == Value::object());
  }
}

TEST_CASE("chat: no arguments, blanks and null are an empty object") {
  for (std::string_view text : {"", " ", "null"}) {
    std::string stream =
        call_delta(fmt::format(
            R"({{"index":0,"id":"x","function":{{"name":"a","arguments":"{}"}}}})", text)) +
        chunk("{}", "\"tool_calls\"");
    Reply reply = reply_of(chat, stream);

    CHECK(!call_in(reply, 0).broken);
    CHECK(call_in(reply, 0).arguments == Value::object());
  }
}

TEST_CASE("chat: a call that the limit of tokens cut is broken") {
  for (std::string_view text : {"", R"({\"email\":\"ann)"}) {
    std::string stream =
        call_delta(fmt::format(
            R"({{"index":0,"id":"x","function":{{"name":"a","arguments":"{}"}}}})", text)) +
        chunk("{}", "\"length\"");
    Reply reply = reply_of(chat, stream);

    CHECK(reply.stop == Stop::length);
    CHECK(call_in(reply, 0).broken);
  }
}

TEST_CASE("chat: a refusal is shown and is the reason") {
  Reply reply = reply_of(chat, chunk(R"({"refusal":"No."})") + chunk("{}", "\"stop\""));
  CHECK(reply.stop == Stop::refused);
  CHECK(reply.message.parts == std::vector<Part>{Text{"No."}});

  CHECK(reply_of(chat, chunk("{}", "\"content_filter\"")).stop == Stop::refused);
}

TEST_CASE("chat: reasoning comes first and goes back to where it came from") {
  Reply reply = reply_of(chat, chunk(R"({"reasoning_content":"Hm"})") +
                                   chunk(R"({"reasoning_content":"m."})") +
                                   chunk(R"({"content":"Hi"})") + chunk("{}", "\"stop\""));

  REQUIRE(reply.message.parts.size() == 2);
  CHECK(reply.message.parts[0] == Part(Reasoning{"here", json(R"({"reasoning_content":"Hmm."})")}));
}

TEST_CASE("chat: an error within the stream is an error first and a cut later") {
  std::string error =
      R"(data: {"error":{"message":"The engine is overloaded","type":"server_error"}})"
      "\n\n";
  Parsed early = parse(chat, error);
  REQUIRE(!early.reply);
  CHECK(early.reply.error().code == ErrorCode::unavailable);
  CHECK(early.reply.error().message.contains("The engine is overloaded"));

  Parsed late = parse(chat, chunk(R"({"content":"Hi"})") + error + "data: [DONE]\n\n");
  REQUIRE(late.reply);
  CHECK(late.reply->stop == Stop::cut_off);
  CHECK(late.reply->why.contains("The engine is overloaded"));
}

TEST_CASE("chat: what is no JSON, of other kinds or too long is survived") {
  CHECK(!parse(chat, "data: {\"choices\":\n\n").reply);
  CHECK(!parse(chat, "<html>No such page</html>").reply);
  CHECK(!parse(chat, R"(data: {"choices":[{"delta":7}]})"
                     "\n\n")
             .reply);
  CHECK(!parse(chat, R"(data: {"choices":[{"delta":{"tool_calls":[1,{}]}}]})"
                     "\n\n")
             .reply);
  CHECK(!parse(chat, "data: [1]\n\n").reply);
  CHECK(!parse(chat, "data: " + std::string(2 << 20, 'x')).reply);
}

TEST_CASE("chat: the body of a request") {
  Endpoint endpoint{.base_url = "http://127.0.0.1:8080/v1", .model = "m"};
  std::string origin = origin_of(endpoint);
  Request request{
      .system = "Be kind.",
      .messages =
          {user_says("Hello"),
           {.role = Role::assistant,
            .parts = {Reasoning{origin, json(R"({"reasoning_content":"Hm."})")},
                      Reasoning{"elsewhere", json(R"({"reasoning_content":"Secret."})")},
                      Text{"I look."},
                      ToolCall{.id = "a", .name = "find", .arguments = json(R"({"n":1})")},
                      ToolCall{
                          .id = "b", .name = "made.up", .broken = true, .arguments_text = "{\"x"}}},
           {.role = Role::tool,
            .parts = {ToolResult{"b", "No such tool.", true}, ToolResult{"a", "Ann"}}}},
      .tools = {{.name = "find",
                 .description = "Finds.",
                 .input_schema = json(R"({"type":"object"})")}},
      .max_tokens = 100,
      .temperature = 0.5};

  CHECK(openai_chat_body(endpoint, request) == json(R"({
    "model": "m", "stream": true, "stream_options": {"include_usage": true},
    "max_tokens": 100, "temperature": 0.5,
    "messages": [
      {"role": "system", "content": "Be kind."},
      {"role": "user", "content": "Hello"},
      {"role": "assistant", "content": "I look.", "reasoning_content": "Hm.", "tool_calls": [
        {"id": "a", "type": "function", "function": {"name": "find", "arguments": "{\"n\":1}"}},
        {"id": "b", "type": "function", "function": {"name": "made_up",
          "arguments": "{\"unreadable_arguments\":\"{\\\"x\"}"}}]},
      {"role": "tool", "tool_call_id": "a", "content": "Ann"},
      {"role": "tool", "tool_call_id": "b", "content": "Error: No such tool."}],
    "tools": [{"type": "function", "function": {"name": "find", "description": "Finds.",
      "parameters": {"type": "object"}}}]
  })"));

  endpoint.base_url = "";
  CHECK(openai_chat_body(endpoint, {.max_tokens = 7}).find("max_completion_tokens"));
}

}  // namespace
}  // namespace piggy::model
