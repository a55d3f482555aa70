#include "model/event_reader.h"

#include <utility>

namespace piggy::model {

void EventReader::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (std::exchange(after_return_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    std::size_t end = bytes.find_first_of("\r\n");
    line_ += bytes.substr(0, end);
    if (end == std::string_view::npos) return;
    after_return_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    take_line();
  }
}

void EventReader::finish() {
  if (!line_.empty()) take_line();
  take_event();
}

std::optional<Event> EventReader::next() {
  if (events_.empty()) return std::nullopt;
  Event event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void EventReader::take_line() {
  std::string taken = std::exchange(line_, {});
  std::string_view line = taken;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (std::exchange(at_start_, false) && line.starts_with(byte_order_mark)) {
    line.remove_prefix(byte_order_mark.size());
  }
  if (line.empty()) return take_event();
  std::size_t colon = line.find(':');
  std::string_view field = line.substr(0, colon);  // Empty: a comment.
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") event_.type = value;
  if (field != "data") return;  // `id` and `retry` are for those who reconnect.
  if (std::exchange(has_data_, true)) event_.data += '\n';
  event_.data += value;
}

void EventReader::take_event() {
  Event event = std::exchange(event_, {});
  if (std::exchange(has_data_, false)) events_.push_back(std::move(event));
}

}  // namespace piggy::model
