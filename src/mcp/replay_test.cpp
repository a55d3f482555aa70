#include "mcp/replay.h"

#include <doctest/doctest.h>

#include "mcp/test_client.h"

using namespace piggy;
using namespace piggy::mcp;

TEST_CASE("what is kept for resuming stays within its bound") {
  Replay replay(100);
  auto first = std::make_shared<RecordedStream>();
  std::uint64_t done = replay.open(first, true);
  replay.finish(done, std::string(80, '1'));
  auto second = std::make_shared<RecordedStream>();
  std::uint64_t open = replay.open(second, true);
  for (int i = 0; i < 4; i++) replay.send(open, std::string(30, '2'));

  auto gone = std::make_shared<RecordedStream>();
  CHECK(!replay.resume("1-0", gone));
  auto kept = std::make_shared<RecordedStream>();
  CHECK(replay.resume("2-0", kept));
  CHECK(kept->events.size() == 3);
  CHECK(second->closed);
  for (std::string_view id : {"", "2", "2-", "-1", "x-1", "2-0x", "9-0"}) {
    CHECK(!replay.resume(id, gone));
  }
}
