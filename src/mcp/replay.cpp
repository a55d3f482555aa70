#include "mcp/replay.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <utility>

namespace piggy::mcp {
namespace {

constexpr std::size_t finished_streams_max = 64;
// Long enough that clients whose server starts again do not storm it, short enough that the answer
// of a released stream is not kept waiting.
constexpr std::chrono::milliseconds reconnect_pause{1000};

std::string event_id(std::uint64_t stream, std::uint64_t number) {
  return fmt::format("{}-{}", stream, number);
}

bool read_event_id(std::string_view id, std::uint64_t& stream, std::uint64_t& number) {
  const char* end = id.data() + id.size();
  auto first = std::from_chars(id.data(), end, stream);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return false;
  auto second = std::from_chars(first.ptr + 1, end, number);
  return second.ec == std::errc() && second.ptr == end;
}

void send_priming_event(http::EventStream& stream, std::string_view id) {
  stream.retry_after(reconnect_pause);
  stream.send({}, id);
}

}  // namespace

std::uint64_t Replay::open(std::shared_ptr<http::EventStream> stream, bool prime) {
  std::scoped_lock lock(mutex_);
  std::uint64_t number = ++last_stream_;
  if (prime) send_priming_event(*stream, event_id(number, 0));
  streams_[number].live = std::move(stream);
  return number;
}

void Replay::open_standalone(std::shared_ptr<http::EventStream> stream, bool prime) {
  std::shared_ptr<http::EventStream> old;
  std::scoped_lock lock(mutex_);
  Stream& standing = streams_[standalone];
  if (prime) send_priming_event(*stream, event_id(standalone, standing.last));
  old = std::exchange(standing.live, std::move(stream));
  if (old) old->close();
}

void Replay::send(std::uint64_t number, std::string message) {
  std::scoped_lock lock(mutex_);
  auto found = streams_.find(number);
  if (found == streams_.end() || found->second.finished) return;
  add(number, found->second, std::move(message));
  trim();
}

void Replay::finish(std::uint64_t number, std::string message) {
  std::scoped_lock lock(mutex_);
  auto found = streams_.find(number);
  if (found == streams_.end()) return;
  Stream& stream = found->second;
  if (!message.empty()) add(number, stream, std::move(message));
  stream.finished = true;
  if (stream.live) stream.live->close();
  stream.live.reset();
  trim();
}

void Replay::release(std::uint64_t number) {
  std::scoped_lock lock(mutex_);
  auto found = streams_.find(number);
  if (found == streams_.end() || !found->second.live) return;
  found->second.live->close();
  found->second.live.reset();
}

bool Replay::resume(std::string_view last_event_id, std::shared_ptr<http::EventStream> stream) {
  std::uint64_t number = 0;
  std::uint64_t seen = 0;
  if (!read_event_id(last_event_id, number, seen)) return false;
  std::scoped_lock lock(mutex_);
  auto found = streams_.find(number);
  if (found == streams_.end()) return false;
  Stream& resumed = found->second;
  for (const Event& event : resumed.events) {
    if (event.number > seen) stream->send(event.message, event_id(number, event.number));
  }
  if (resumed.finished) {
    stream->close();
    return true;
  }
  if (resumed.live) resumed.live->close();
  resumed.live = std::move(stream);
  return true;
}

void Replay::keep_alive() {
  std::scoped_lock lock(mutex_);
  for (auto& [number, stream] : streams_) {
    if (stream.live) stream.live->comment("still here");
  }
}

void Replay::close_all() {
  std::scoped_lock lock(mutex_);
  for (auto& [number, stream] : streams_) {
    if (stream.live) stream.live->close();
    stream.live.reset();
  }
}

void Replay::add(std::uint64_t number, Stream& stream, std::string message) {
  stream.last++;
  if (stream.live) stream.live->send(message, event_id(number, stream.last));
  bytes_ += message.size();
  stream.events.push_back({stream.last, std::move(message)});
}

// Finished streams go whole, since half of one helps nobody; then single events of open ones.
void Replay::trim() {
  std::size_t finished = 0;
  for (const auto& [number, stream] : streams_) finished += stream.finished;
  for (auto at = streams_.begin(); at != streams_.end();) {
    bool full = bytes_ > bytes_max_ || finished > finished_streams_max;
    if (!full) return;
    if (!at->second.finished) {
      at++;
      continue;
    }
    for (const Event& event : at->second.events) bytes_ -= event.message.size();
    at = streams_.erase(at);
    finished--;
  }
  for (auto& [number, stream] : streams_) {
    while (bytes_ > bytes_max_ && !stream.events.empty()) {
      bytes_ -= stream.events.front().message.size();
      stream.events.pop_front();
    }
  }
}

}  // namespace piggy::mcp
