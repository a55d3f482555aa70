#pragma once

// Language models, whatever wire format they speak: what is asked, what is answered, and who
// answers.
//
// Invariant: nothing here knows what a tool does, or whether a call of it is allowed. A Reply is
// what a model wrote, hence untrusted: whoever runs its calls checks them first.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "shape/shape.h"
#include "shape/value.h"

namespace piggy::model {

struct Text {
  std::string text = {};
  bool operator==(const Text&) const = default;
};

// A model wants a tool to be run. The name may be one that was not offered.
struct ToolCall {
  // Unique in the conversation: the provider's own id where that will do, else `call_N`.
  std::string id = {};
  std::string name = {};
  Value arguments = Value::object();  // Always an object.
  // What the model wrote is no JSON object, or was cut off. Not to be run: the answer is a
  // ToolResult that says so.
  bool broken = false;
  std::string arguments_text = {};  // What it wrote, when broken.
  bool operator==(const ToolCall&) const = default;
};

struct ToolResult {
  std::string id = {};  // The call's.
  std::string text = {};
  bool is_error = false;
  bool operator==(const ToolResult&) const = default;
};

// What a provider wants back exactly as it sent it (signed thinking, encrypted reasoning). It is
// sent to where it came from and to nobody else.
struct Reasoning {
  std::string origin = {};  // See origin_of.
  Value data = {};
  bool operator==(const Reasoning&) const = default;
};

using Part = std::variant<Text, ToolCall, ToolResult, Reasoning>;

enum class Role { user, assistant, tool };

// Text of users, Text, ToolCalls and Reasoning of assistants, ToolResults of tools; parts that do
// not belong to the role are not sent.
struct Message {
  Role role = Role::user;
  std::vector<Part> parts = {};
  bool operator==(const Message&) const = default;
};

struct ToolOffer {
  std::string name = {};  // [a-z0-9_]{1,64} is valid with every provider.
  std::string description = {};
  Value input_schema = Value::object();  // A JSON Schema of an object.
};

// The messages need not be tidy: a call that has no result gets one that says so, results of no
// call are left out (see turns.h).
struct Request {
  std::string system = {};
  std::vector<Message> messages = {};
  std::vector<ToolOffer> tools = {};
  int max_tokens = 4096;
  std::optional<double> temperature = {};
  // Of servers in an order of fallback, those after this one alone are asked (Reply::server).
  std::string after_server = {};
};

// 0 where the provider did not say.
struct Usage {
  std::int64_t input_tokens = 0;  // Those read from a cache included.
  std::int64_t output_tokens = 0;
  bool operator==(const Usage&) const = default;
};

enum class Stop {
  end,       // The model has said what it had to say.
  tool_use,  // It waits for the results of its calls.
  length,    // `max_tokens` or its context is used up; its last call may be broken.
  refused,   // It, or a filter of the provider, declines.
  cut_off,   // The stream broke after something had been shown; `why` says how.
};

struct Reply {
  Message message = {.role = Role::assistant};
  Usage usage = {};
  Stop stop = Stop::end;
  std::string why = {};    // A sentence when cut off.
  std::string model = {};  // As the provider names it.
  // Which server answered, whether others were in front of it, and whether others come after it.
  // Of servers in an order of fallback alone.
  std::string server = {};
  bool is_fallback = false;
  bool has_next = false;
  bool operator==(const Reply&) const = default;
};

// Hears a reply while it comes, on the thread that asked. Either may be empty; neither throws. It
// is for showing: calls are run from the finished Reply, which alone knows that it is whole.
struct Listener {
  std::function<void(std::string_view)> on_text = {};
  std::function<void(const ToolCall&)> on_tool_call = {};  // When its arguments are complete.
};

// Thread-safe: several workers may ask at once.
class Model {
 public:
  virtual ~Model() = default;

  // For operators and the log: what the server is called.
  virtual std::string name() const = 0;

  // Blocks until the reply is whole; meant for a worker thread. A stop ends it within a second.
  //
  // Once text or a call was shown to the listener the answer is a Reply, cut off if need be. Before
  // that it may be an Error, a plain sentence that never holds the API key: too_many or unavailable
  // when trying again may help, conflict when it will not (a stop, a refused key, a bad request).
  virtual Result<Reply> ask(const Request& request, const Listener& listener,
                            std::stop_token stop) = 0;
};

BOOST_DEFINE_ENUM_CLASS(WireFormat, openai_chat, openai_responses, anthropic)

struct Timeouts {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds idle{120'000};  // Without a byte from the server.
  std::chrono::milliseconds total{900'000};
};

// One provider. The URL is called as it stands, whatever host that is: who lets others choose it
// checks it first. Redirects are not followed, so that the key stays with that host.
struct Endpoint {
  std::string name = {};  // "": it is called by its origin.
  WireFormat format = WireFormat::openai_chat;
  // As the vendors' SDKs take it: https://api.openai.com/v1, http://127.0.0.1:11434/v1,
  // https://api.anthropic.com. A `/v1` may be left out, or be there with Anthropic's. Empty: the
  // vendor's own.
  std::string base_url = {};
  std::string api_key = {};  // May be empty: a server on one's own machine needs none.
  std::string model = {};
  Timeouts timeouts = {};
  std::size_t reply_bytes_max = 8 << 20;  // Of the stream, framing included.
};

// Names where reasoning belongs: the format and the server.
std::string origin_of(const Endpoint& endpoint);

std::unique_ptr<Model> make_model(Endpoint endpoint);

struct RetryPolicy {
  int tries_max = 3;                          // Rounds, in each of which all are asked once.
  std::chrono::milliseconds first_wait{500};  // Doubles from round to round.
  std::chrono::milliseconds wait_max{8'000};
  // A provider that asks for more patience than this is not asked again.
  std::chrono::milliseconds retry_after_max{30'000};
  // How to wait; false when stopped. Tests give their own, empty means the machine's clock.
  std::function<bool(std::chrono::milliseconds, std::stop_token)> wait = {};
};

// Asks the first model, and after an Error the next. When all have failed, waits (as long as the
// least patient asks, else with jitter) and asks those again that were `too_many` or `unavailable`.
// Nothing is asked again once text or a call was shown: whoever wants the rest from the next server
// asks with `after_server`. Returns the last error when all fail. Each change of the server is a
// line in the log, with names and no word of what was asked or answered. `models` is not empty.
std::unique_ptr<Model> with_fallback(std::vector<std::unique_ptr<Model>> models,
                                     RetryPolicy policy);

}  // namespace piggy::model
