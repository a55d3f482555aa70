// Tools that answer without asking anybody.

#include <chrono>

#include "fixture_service.h"

namespace piggy::conformance {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view tiny_wav =
    "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

constexpr std::string_view modern_schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "$defs": {
    "address": {
      "$anchor": "addressDef",
      "type": "object",
      "properties": {"street": {"type": "string"}, "city": {"type": "string"}}
    }
  },
  "properties": {
    "name": {"type": "string"},
    "address": {"$ref": "#/$defs/address"},
    "contactMethod": {"type": "string", "enum": ["phone", "email"]},
    "phone": {"type": "string"},
    "email": {"type": "string"}
  },
  "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
  "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
  "then": {"required": ["phone"]},
  "else": {"required": ["email"]},
  "additionalProperties": false
})";

constexpr std::string_view header_schema = R"({
  "type": "object",
  "properties": {
    "region": {"type": "string", "x-mcp-header": "Region"},
    "level": {"type": "integer", "x-mcp-header": "Level"}
  }
})";

Role says(std::string_view name, std::string_view description, mcp::ToolResult result) {
  return {tool(name, description),
          [result = std::move(result)](Play play) { play.done(mcp::ToolOutcome(result)); }};
}

mcp::ToolResult with_content(std::vector<Value> content) { return {.content = std::move(content)}; }

void act_progress(Play play) {
  play.context->progress(0, 100);
  Later& later = play.service.later;
  later.run(milliseconds(50), [context = play.context] { context->progress(50, 100); });
  later.run(milliseconds(100), [play = std::move(play)] {
    play.context->progress(100, 100);
    play.say("All steps done.");
  });
}

void act_logging(Play play) {
  auto log = [context = play.context](std::string_view text) {
    context->log(mcp::LogLevel::info, "fixture", Value(text));
  };
  log("Tool execution started");
  Later& later = play.service.later;
  later.run(milliseconds(50), [log] { log("Tool processing data"); });
  later.run(milliseconds(100), [log, play = std::move(play)] {
    log("Tool execution completed");
    play.say("Logged three messages.");
  });
}

// The client is to come back for the answer.
void act_reconnection(Play play) {
  play.context->release_stream();
  Later& later = play.service.later;
  later.run(milliseconds(200), [play = std::move(play)] { play.say("Reconnected."); });
}

void act_structured(Play play) {
  mcp::ToolResult result{.structured = R"({"temperature":22.5,"conditions":"cloudy"})"};
  play.done(mcp::ToolOutcome(std::move(result)));
}

mcp::Tool structured_tool() {
  mcp::Tool declared = tool("test_structured", "Answers with a structured result.");
  declared.output_schema = json(R"({
    "type": "object",
    "properties": {"temperature": {"type": "number"}, "conditions": {"type": "string"}},
    "required": ["temperature", "conditions"]
  })");
  declared.hints = {.read_only = true, .idempotent = true, .open_world = false};
  return declared;
}

}  // namespace

std::vector<Role> plain_tools() {
  Value image = mcp::image_content(tiny_png, "image/png");
  return {
      says("test_simple_text", "Answers with a text.",
           mcp::text_result("This is a simple text response for testing.")),
      says("test_image_content", "Answers with an image.", with_content({image})),
      says("test_audio_content", "Answers with a sound.",
           with_content({mcp::audio_content(tiny_wav, "audio/wav")})),
      says("test_embedded_resource", "Answers with a resource.",
           with_content({mcp::embedded_text("test://embedded-resource", "text/plain",
                                            "This is an embedded resource content.")})),
      says("test_multiple_content_types", "Answers with a text, an image and a resource.",
           with_content({mcp::text_content("Multiple content types test:"), image,
                         mcp::embedded_text("test://mixed-content-resource", "application/json",
                                            R"({"test":"data","value":123})")})),
      says("test_error_handling", "Always fails.",
           mcp::text_result("This tool intentionally returns an error for testing", true)),
      {structured_tool(), act_structured},
      {tool("test_tool_with_logging", "Writes three messages to the log."), act_logging},
      {tool("test_logging_tool", "Writes to the log."), act_logging},
      {tool("test_tool_with_progress", "Reports progress."), act_progress},
      {tool("test_reconnection", "Ends its stream before its answer."), act_reconnection},
      {tool("json_schema_2020_12_tool", "Tool with JSON Schema 2020-12 features", modern_schema),
       [](Play play) { play.say("Checked."); }},
      {tool("test_header_mirror", "Has arguments that headers repeat.", header_schema),
       [](Play play) { play.say("The headers agree."); }},
      {tool("test_trigger_tool_change", "Changes the list of tools."),
       [](Play play) {
         play.service.toggle_tool();
         play.say("Changed.");
       }},
      {tool("test_trigger_prompt_change", "Changes the list of prompts."),
       [](Play play) {
         play.service.toggle_prompt();
         play.say("Changed.");
       }},
  };
}

}  // namespace piggy::conformance
