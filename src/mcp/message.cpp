#include "mcp/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "shape/json.h"

namespace piggy::mcp {
namespace {

// The id as JSON text, or "" when it is none that MCP allows.
std::string read_id(const Value& id) {
  if (!id.text() && !id.integer()) return {};
  return to_json(id);
}

std::expected<Message, Unreadable> read_response(Message message, Value& document) {
  message.kind = Message::Kind::response;
  if (Value* result = document.find("result")) {
    message.result = std::move(*result);
  } else {
    message.error = document.find("error")->text_of("message");
    if (message.error.empty()) message.error = "The client could not answer.";
  }
  return message;
}

}  // namespace

bool is_legacy_version(std::string_view version) {
  return std::ranges::find(legacy_versions, version) != std::end(legacy_versions);
}

Failure missing_capability(Value capabilities) {
  return {.code = Code::missing_capability,
          .message = "This needs a capability that the client does not declare.",
          .data = Value::object({{"requiredCapabilities", std::move(capabilities)}}),
          .status = 400};
}

std::expected<Message, Unreadable> read_message(Value document) {
  Message message;
  auto broken = [&](std::string why) {
    return std::unexpected(
        Unreadable{message.id, {.code = Code::invalid_request, .message = why, .status = 400}});
  };
  if (!document.members()) return broken("A message is one JSON object.");
  const Value* id = document.find("id");
  if (id) message.id = read_id(*id);
  if (document.text_of("jsonrpc") != "2.0") return broken("`jsonrpc` must be \"2.0\".");
  if (id && message.id.empty()) return broken("An id is a text or an integer.");

  Value* method = document.find("method");
  if (!method) {
    const Value* error = document.find("error");
    bool answers = document.find("result") || (error && error->members());
    if (!id || !answers) return broken("A message has a method, or answers one.");
    return read_response(std::move(message), document);
  }
  if (!method->text() || method->text()->empty()) return broken("A method is a text.");
  message.kind = id ? Message::Kind::request : Message::Kind::notification;
  message.method = std::move(*method->text());
  if (Value* params = document.find("params")) {
    if (!params->members()) return broken("`params` is an object.");
    message.params = std::move(*params);
  }
  return message;
}

std::string& Members::open(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  out_ += '"';
  out_ += name;
  out_ += "\":";
  return out_;
}

void Members::json(std::string_view name, std::string_view json) { open(name) += json; }

void Members::text(std::string_view name, std::string_view text) {
  write_json_text(open(name), text);
}

void Members::text_if(std::string_view name, std::string_view value) {
  if (!value.empty()) text(name, value);
}

void Members::integer(std::string_view name, std::int64_t number) {
  char digits[24];
  open(name).append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void Members::boolean(std::string_view name, bool value) { open(name) += value ? "true" : "false"; }

void Members::value(std::string_view name, const Value& value) { write_json(open(name), value); }

void Members::value_if(std::string_view name, const Value& member) {
  if (!member.is_null()) value(name, member);
}

// Without a readable id the member is left out: null is no id in MCP.
std::string error_message(std::string_view id, const Failure& failure) {
  std::string out;
  Members message(out);
  message.json("jsonrpc", "\"2.0\"");
  if (!id.empty()) message.json("id", id);
  Members error(message.open("error"));
  error.integer("code", static_cast<int>(failure.code));
  error.text("message", failure.message);
  error.value_if("data", failure.data);
  error.close();
  message.close();
  return out;
}

std::string call_message(std::string_view id, std::string_view method, std::string_view params) {
  std::string out;
  Members message(out);
  message.json("jsonrpc", "\"2.0\"");
  if (!id.empty()) message.json("id", id);
  message.text("method", method);
  if (!params.empty()) message.json("params", params);
  message.close();
  return out;
}

std::string to_iso(std::int64_t microseconds) {
  std::time_t seconds = static_cast<std::time_t>(microseconds / 1'000'000);
  std::tm parts = {};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     microseconds / 1000 % 1000);
}

}  // namespace piggy::mcp
