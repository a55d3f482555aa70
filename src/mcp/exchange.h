#pragma once

// One request on its way to its answer. For the Service it is the Context; for the protocol it is
// where the answer goes, once, and where everything that may precede the answer goes before it.

#include <atomic>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "mcp/message.h"
#include "mcp/outlet.h"
#include "mcp/service.h"

namespace piggy::mcp {

class Session;

// What a request, or the session it belongs to, says about its client.
struct Terms {
  bool modern = false;
  std::shared_ptr<const Value> capabilities = {};  // Nullptr: none.
  std::string progress_token = {};                 // JSON text; "" for none.
  std::optional<LogLevel> log_level = {};          // Nothing: no messages at all.
};

// The level a text names; nothing for others.
std::optional<LogLevel> parse_log_level(std::string_view text);
std::string_view to_text(LogLevel level);

bool declares(const Value& capabilities, std::string_view path);
// The object that names a capability: "sampling" gives {"sampling":{}}.
Value capability_object(std::string_view path);

class Exchange final : public Context, public std::enable_shared_from_this<Exchange> {
 public:
  struct Parts {
    Terms terms = {};
    Principal principal = {};
    std::string id = {};  // JSON text.
    // The request as it came. What is rarely needed again is read from here a second time, instead
    // of being copied for every call.
    std::string text = {};
    std::shared_ptr<Outlet> outlet = {};
    std::shared_ptr<Session> session = {};  // Of a legacy client that has one.
    std::string_view server_info = {};      // JSON text that outlives the exchange.
  };

  explicit Exchange(Parts parts) : parts_(std::move(parts)) {}

  bool cancelled() const override { return cancelled_; }
  void on_cancel(std::function<void()> call) override;
  void progress(double progress, double total, std::string_view message) override;
  void log(LogLevel level, std::string_view logger, const Value& data) override;
  bool client_can(std::string_view capability) const override;
  void release_stream() override;

  bool modern() const { return parts_.terms.modern; }
  const Principal& principal() const { return parts_.principal; }
  const std::string& id() const { return parts_.id; }
  const std::string& text() const { return parts_.text; }
  const std::shared_ptr<Session>& session() const { return parts_.session; }
  bool can_send() const { return parts_.outlet->can_send(); }

  // Starts a result: `{"jsonrpc":"2.0","id":7,"result":` is in `out`, the returned object is open
  // and holds what every result holds. The modern `resultType` is `type`; `meta` joins `_meta`.
  Members begin(std::string& out, std::string_view type = "complete", const Value& meta = {});
  // Closes both objects and sends the answer.
  void finish(Members& result, std::string& out);
  // An answer without content.
  void acknowledge();
  void refuse(const Failure& failure);

  // A message of ours that belongs to this request, before its answer.
  void send(std::string message);
  // The client gave up: no answer is sent any more.
  void cancel();
  void keep_alive();
  bool done() const { return done_; }
  // Whether it stays open for as long as its client likes.
  std::atomic<bool> listens = false;
  // How often a legacy client was asked for this call.
  std::atomic<int> rounds = 0;
  // Calls once, right after the answer has left or the client gave up.
  void on_done(std::function<void()> call);

 private:
  // True for the one caller who may end the exchange.
  bool end();
  void ended();

  const Parts parts_;
  std::atomic<bool> done_ = false;
  std::atomic<bool> cancelled_ = false;

  // Serialises what leaves. Recursive, because a stream may report within `send` that it has ended.
  std::recursive_mutex outlet_mutex_;
  double progress_ = -1;  // The last one told; guarded by outlet_mutex_.

  std::mutex calls_mutex_;
  std::vector<std::function<void()>> cancel_calls_;
  std::vector<std::function<void()>> done_calls_;
};

}  // namespace piggy::mcp
