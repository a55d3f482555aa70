#pragma once

// For tests: a stream as text becomes a Reply, cut wherever a test likes.

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "model/format.h"
#include "shape/json.h"

namespace piggy::model {

struct Heard {
  std::string text = {};
  std::vector<ToolCall> calls = {};
  bool operator==(const Heard&) const = default;
};

struct Parsed {
  Result<Reply> reply = {};
  Heard heard = {};
};

inline Listener listener_of(Heard& heard) {
  return {.on_text = [&heard](std::string_view piece) { heard.text += piece; },
          .on_tool_call = [&heard](const ToolCall& call) { heard.calls.push_back(call); }};
}

// The stream in two pieces, then its end.
inline Parsed parse(WireFormat format, std::string_view stream, std::size_t cut = 0,
                    std::set<std::string> used_ids = {}) {
  Parsed parsed;
  auto parser = parser_of(format, {.listener = listener_of(parsed.heard),
                                   .used_ids = std::move(used_ids),
                                   .origin = "here",
                                   .bytes_max = 1 << 20});
  std::optional<Error> problem;
  for (std::string_view piece : {stream.substr(0, cut), stream.substr(cut)}) {
    if (problem) break;
    if (auto fed = parser->feed(piece); !fed) problem = fed.error();
  }
  parsed.reply = parser->finish(problem);
  return parsed;
}

// The same Reply wherever the stream is cut, and byte by byte.
inline Reply reply_of(WireFormat format, std::string_view stream) {
  Parsed whole = parse(format, stream);
  REQUIRE_MESSAGE(whole.reply, whole.reply.error().message);
  bool same = true;
  for (std::size_t cut = 1; cut < stream.size(); cut++) {
    Parsed parts = parse(format, stream, cut);
    same = same && parts.reply && *parts.reply == *whole.reply && parts.heard == whole.heard;
  }
  CHECK(same);
  Heard heard;
  auto parser = parser_of(format, {.listener = listener_of(heard), .origin = "here"});
  for (char c : stream) REQUIRE(parser->feed({&c, 1}));
  auto slow = parser->finish();
  REQUIRE(slow);
  CHECK(*slow == *whole.reply);
  CHECK(heard == whole.heard);
  return *std::move(whole.reply);
}

// What holds wherever a stream ends too early: an Error only while nothing was shown; after that a
// Reply that is cut off, with the text that was shown, and no call that is whole and was not shown.
inline void check_every_end(WireFormat format, std::string_view stream) {
  bool right = true;
  int errors = 0;
  int cut_off = 0;
  for (std::size_t end = 0; end < stream.size(); end++) {
    Parsed parsed = parse(format, stream.substr(0, end));
    bool shown = !parsed.heard.text.empty() || !parsed.heard.calls.empty();
    right = right && (parsed.reply || !shown);
    if (!parsed.reply) {
      errors++;
      right = right && parsed.reply.error().code == ErrorCode::unavailable;
      continue;
    }
    cut_off += parsed.reply->stop == Stop::cut_off;
    right = right && (parsed.reply->stop != Stop::cut_off || !parsed.reply->why.empty());
    std::string text;
    std::size_t whole_calls = 0;
    for (const Part& part : parsed.reply->message.parts) {
      if (const auto* said = std::get_if<Text>(&part)) text += said->text;
      if (const auto* call = std::get_if<ToolCall>(&part)) whole_calls += !call->broken;
    }
    right = right && text == parsed.heard.text && whole_calls == parsed.heard.calls.size();
  }
  CHECK(right);
  CHECK(errors > 0);
  CHECK(cut_off > 0);
}

inline Message user_says(std::string text) {
  return {.role = Role::user, .parts = {Text{std::move(text)}}};
}

inline Value json(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE_MESSAGE(value, std::string(text));
  return *std::move(value);
}

}  // namespace piggy::model
