// Any bytes as a stream in any format: what comes out is a Reply or a plain Error, the same
// wherever the bytes are cut, and never an Error after something was shown.

#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "model/format.h"

namespace {

using namespace piggy;
using namespace piggy::model;

Result<Reply> reply_of(WireFormat format, std::string_view stream, std::size_t cut) {
  bool shown = false;
  auto parser =
      parser_of(format, {.listener = {.on_text = [&](std::string_view) { shown = true; },
                                      .on_tool_call = [&](const ToolCall&) { shown = true; }},
                         .origin = "here"});
  std::optional<Error> problem;
  for (std::string_view piece : {stream.substr(0, cut), stream.substr(cut)}) {
    if (problem) break;
    if (auto fed = parser->feed(piece); !fed) problem = fed.error();
  }
  auto reply = parser->finish(problem);
  ASSERT(reply || !shown);
  ASSERT(reply || !reply.error().message.empty());
  ASSERT(!reply || (reply->stop == Stop::cut_off) == !reply->why.empty());
  return reply;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  auto format = static_cast<WireFormat>(data[0] % 3);
  std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
  auto whole = reply_of(format, stream, 0);
  auto parts = reply_of(format, stream, data[1] * stream.size() / 256);
  ASSERT(whole.has_value() == parts.has_value());
  ASSERT(!whole || *whole == *parts);
  return 0;
}
