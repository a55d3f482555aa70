#pragma once

// The framing of server-sent events: bytes in, events out, wherever the bytes are cut.

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace piggy::model {

struct Event {
  std::string type = {};  // Empty where the stream names none.
  std::string data = {};  // Lines joined by \n.
  bool operator==(const Event&) const = default;
};

class EventReader {
 public:
  void feed(std::string_view bytes);
  // The bytes have ended. An event without its empty line counts as well, because some servers
  // forget the last one.
  void finish();
  // The next whole event. Those without data are none, as the standard has it.
  std::optional<Event> next();

 private:
  void take_line();
  void take_event();

  std::deque<Event> events_;
  std::string line_;
  Event event_;
  bool has_data_ = false;
  bool after_return_ = false;  // The last byte was \r, so that a \n now belongs to it.
  bool at_start_ = true;
};

}  // namespace piggy::model
