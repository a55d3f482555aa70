#include "model/reply_parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "shape/json.h"

namespace piggy::model {
namespace {

constexpr std::size_t id_length_max = 64;

// Every provider takes such an id back, also from another provider.
bool is_portable_id(std::string_view id) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  return !id.empty() && id.size() <= id_length_max && std::ranges::all_of(id, fits);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// A tool without parameters is often called with nothing at all, or with null.
void read_arguments(ToolCall& call, std::string_view text) {
  if (is_blank(text)) return;
  auto value = parse_json(text);
  if (value && value->is_null()) return;
  if (value && value->members()) {
    call.arguments = *std::move(value);
  } else {
    call.broken = true;
    call.arguments_text = text;
  }
}

}  // namespace

Result<> ReplyParser::feed(std::string_view bytes) {
  if (finished_) return {};
  bytes_ += bytes.size();
  if (bytes_ > setting_.bytes_max) {
    return fail(ErrorCode::unavailable,
                fmt::format("The model's reply is longer than {} bytes.", setting_.bytes_max));
  }
  reader_.feed(bytes);
  return take_events();
}

Result<> ReplyParser::take_events() {
  while (auto event = reader_.next()) {
    if (finished_) return {};
    if (event->data == "[DONE]") {
      finished_ = true;
      return {};
    }
    auto data = parse_json(event->data);
    if (!data) {
      return fail(ErrorCode::unavailable, "The model's server sent an event that is no JSON.");
    }
    TRY(on_event(*event, *data));
  }
  return {};
}

Result<Reply> ReplyParser::finish(std::optional<Error> problem) {
  if (!problem) {
    reader_.finish();
    auto rest = take_events();
    if (!rest) problem = rest.error();
  }
  // `finished` without a reason: some servers just say that they are done.
  bool whole = stop_ || finished_;
  if (!whole && !problem) {
    problem = {ErrorCode::unavailable, "The model's server ended its reply too early."};
  }
  if (!whole && !shown_) return fail(*std::move(problem));
  on_end();
  bool has_calls = !calls_.empty();
  Stop stop = !whole ? Stop::cut_off : stop_.value_or(Stop::end);
  // The calls count, whatever the server names its reason.
  if (stop == Stop::end && has_calls) stop = Stop::tool_use;
  if (stop == Stop::tool_use && !has_calls) stop = Stop::end;
  settle_calls(stop);
  reply_.stop = stop;
  if (!whole) reply_.why = problem->message;
  return std::move(reply_);
}

// What was not ended, or was ended by the lack of room before it began, may be half a call.
void ReplyParser::settle_calls(Stop stop) {
  for (auto& [key, open] : calls_) {
    bool half = (stop == Stop::cut_off && !open.ended) ||
                (stop == Stop::length && key == last_call_ && is_blank(open.text));
    if (!half) {
      end_call(key);
      continue;
    }
    auto& call = std::get<ToolCall>(reply_.message.parts[open.part]);
    call.broken = true;
    call.arguments_text = open.text;
  }
}

void ReplyParser::add_text(std::string_view piece) {
  if (piece.empty()) return;
  auto& parts = reply_.message.parts;
  if (parts.empty() || !std::holds_alternative<Text>(parts.back())) add_part(Text{});
  std::get<Text>(parts.back()).text += piece;
  shown_ = true;
  if (setting_.listener.on_text) setting_.listener.on_text(piece);
}

void ReplyParser::put_reasoning_first(Value data) {
  auto& parts = reply_.message.parts;
  parts.insert(parts.begin(), Reasoning{setting_.origin, std::move(data)});
  for (auto& [key, open] : calls_) open.part++;
}

void ReplyParser::begin_call(std::string_view key, std::string_view id, std::string_view name) {
  last_call_ = key;
  calls_.insert_or_assign(std::string(key), OpenCall{.part = reply_.message.parts.size()});
  add_part(ToolCall{.id = unused_id(id), .name = std::string(name)});
}

void ReplyParser::name_call(std::string_view key, std::string_view name) {
  auto found = calls_.find(key);
  ASSERT(found != calls_.end());
  auto& call = std::get<ToolCall>(reply_.message.parts[found->second.part]);
  if (call.name.empty()) call.name = name;
}

void ReplyParser::add_arguments(std::string_view key, std::string_view piece) {
  auto found = calls_.find(key);
  if (found != calls_.end() && !found->second.ended) found->second.text += piece;
}

void ReplyParser::set_arguments(std::string_view key, std::string_view text) {
  auto found = calls_.find(key);
  if (found != calls_.end() && !found->second.ended) found->second.text = text;
}

void ReplyParser::end_call(std::string_view key) {
  auto found = calls_.find(key);
  if (found == calls_.end() || found->second.ended) return;
  OpenCall& open = found->second;
  open.ended = true;
  auto& call = std::get<ToolCall>(reply_.message.parts[open.part]);
  read_arguments(call, open.text);
  shown_ = true;
  if (setting_.listener.on_tool_call) setting_.listener.on_tool_call(call);
}

void ReplyParser::set_model(std::string_view name) {
  if (reply_.model.empty()) reply_.model = name;
}

std::string ReplyParser::unused_id(std::string_view wanted) {
  std::string id(is_portable_id(wanted) ? wanted : "");
  while (id.empty() || setting_.used_ids.contains(id)) id = fmt::format("call_{}", ++minted_);
  setting_.used_ids.insert(id);
  return id;
}

Error provider_error(std::string_view kind, std::string_view message) {
  auto has = [kind](std::string_view word) { return kind.contains(word); };
  ErrorCode code = ErrorCode::conflict;
  if (has("rate_limit") || has("too_many")) code = ErrorCode::too_many;
  if (has("overloaded") || has("server_error") || has("api_error") || has("timeout") ||
      has("unavailable")) {
    code = ErrorCode::unavailable;
  }
  std::string said(message);
  if (said.empty()) said = kind.empty() ? "it does not say why" : std::string(kind);
  return {code, fmt::format("The model's server reports an error: {}", said)};
}

std::int64_t integer_of(const Value& value, std::string_view name) {
  const Value* found = value.find(name);
  const std::int64_t* number = found ? found->integer() : nullptr;
  return number && *number > 0 ? *number : 0;
}

const Value& member_of(const Value& value, std::string_view name) {
  static const Value null;
  const Value* found = value.find(name);
  return found ? *found : null;
}

}  // namespace piggy::model
