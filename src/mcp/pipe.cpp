// MCP over a pipe: one message a line, in both directions. One client, both eras.

#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <utility>

#include "mcp/inside.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::size_t line_bytes_max = 4 << 20;
constexpr std::chrono::seconds finish_timeout{30};

// Writes whole lines, from any thread. What cannot be written is dropped: nobody reads any more.
class Lines {
 public:
  explicit Lines(int output) : output_(output) {}

  void write(std::string line) {
    line += '\n';
    std::scoped_lock lock(mutex_);
    std::string_view rest = line;
    while (!rest.empty()) {
      ssize_t written = ::write(output_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int output_;
  std::mutex mutex_;
};

class PipeOutlet final : public Outlet {
 public:
  explicit PipeOutlet(std::shared_ptr<Lines> lines) : lines_(std::move(lines)) {}

  void send(std::string message) override { lines_->write(std::move(message)); }
  void finish(int, std::string message) override { lines_->write(std::move(message)); }
  void abandon() override {}
  bool can_send() const override { return true; }

 private:
  std::shared_ptr<Lines> lines_;
};

// Calls for every line until the input ends. False when a line is longer than any message may be.
bool each_line(int input, const std::function<void(std::string)>& call) {
  std::string buffer;
  char chunk[16 << 10];
  while (true) {
    ssize_t count = ::read(input, chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    std::size_t searched = buffer.size();
    buffer.append(chunk, static_cast<std::size_t>(count));
    for (std::size_t end; (end = buffer.find('\n', searched)) != buffer.npos; searched = 0) {
      std::string line = buffer.substr(0, end);
      buffer.erase(0, end + 1);
      if (line.find_first_not_of(" \t\r") != line.npos) call(std::move(line));
    }
    if (buffer.size() > line_bytes_max) return false;
  }
}

}  // namespace

void Server::run_stdio(int input, int output, const Principal& principal) {
  auto lines = std::make_shared<Lines>(output);
  Pipe pipe{.write = [lines](std::string message) { lines->write(std::move(message)); }};
  bool whole = each_line(input, [&](std::string line) {
    auto outlet = std::make_shared<PipeOutlet>(lines);
    auto document = parse_json(line);
    if (!document) {
      Failure failure{.code = Code::parse_error, .message = document.error().message};
      return outlet->finish(400, error_message({}, failure));
    }
    auto message = read_message(*std::move(document));
    if (!message) {
      return outlet->finish(400, error_message(message.error().id, message.error().failure));
    }
    bool modern = is_modern_message(*message) || message->method == "server/discover";
    Arrival arrival{.message = *std::move(message),
                    .text = std::move(line),
                    .principal = principal,
                    .outlet = std::move(outlet),
                    .pipe = &pipe};
    if (modern) return inside_->modern.handle(std::move(arrival));
    if (arrival.message.kind == Message::Kind::notification) {
      // A modern client may cancel without saying that it is one; ids tell its requests apart.
      const Value* id = arrival.message.params.find("requestId");
      bool cancels = arrival.message.method == "notifications/cancelled" && id;
      if (cancels) pipe.in_flight->cancel(to_json(*id));
    }
    inside_->legacy.handle(std::move(arrival), pipe.session);
  });
  if (!whole) {
    Failure failure{.code = Code::invalid_request, .message = "This line is too long."};
    lines->write(error_message({}, failure));
  }
  if (pipe.session) pipe.session->in_flight->wait(finish_timeout);
  pipe.in_flight->wait(finish_timeout);
  pipe.in_flight->cancel_all();
  if (pipe.session) inside_->sessions.end(pipe.session);
}

}  // namespace piggy::mcp
