#include "model/event_reader.h"

#include <doctest/doctest.h>

#include <vector>

namespace piggy::model {
namespace {

std::vector<Event> events_of(std::string_view stream, std::size_t cut = 0) {
  EventReader reader;
  reader.feed(stream.substr(0, cut));
  reader.feed(stream.substr(cut));
  reader.finish();
  std::vector<Event> events;
  while (auto event = reader.next()) events.push_back(*event);
  return events;
}

void check_events(std::string_view stream, const std::vector<Event>& expected) {
  for (std::size_t cut = 0; cut <= stream.size(); cut++) {
    INFO("cut at " << cut);
    CHECK(events_of(stream, cut) == expected);
  }
}

TEST_CASE("events end at an empty line, whichever line ends are used") {
  std::vector<Event> expected = {{"", "one"}, {"ping", "two"}};
  check_events("data: one\n\nevent: ping\ndata: two\n\n", expected);
  check_events("data: one\r\n\r\nevent: ping\r\ndata: two\r\n\r\n", expected);
  check_events("data: one\r\revent: ping\rdata: two\r\r", expected);
  check_events("data: one\r\n\n\r\r\nevent: ping\ndata: two\r\r\n", expected);
}

TEST_CASE("several lines of data are one event's, joined by line feeds") {
  check_events("data: {\ndata:  \"a\": 1\ndata\ndata:}\n\n", {{"", "{\n \"a\": 1\n\n}"}});
}

TEST_CASE("comments, other fields, a byte order mark and events without data are passed over") {
  check_events("\xEF\xBB\xBF: hello\n\nid: 7\nretry: 10\ndata: one\n:\n\nevent: nothing\n\n",
               {{"", "one"}});
}

TEST_CASE("an event that lacks its empty line at the end counts") {
  check_events("data: one\n\ndata: [DONE]", {{"", "one"}, {"", "[DONE]"}});
}

}  // namespace
}  // namespace piggy::model
