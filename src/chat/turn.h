#pragma once

// A persona's turn: what it does with what the person said. Runs as a durable job; each step is
// kept before the next begins, so that a turn that is begun again goes on where it was and acts
// once.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "chat/conversation.h"
#include "chat/interpreter.h"
#include "model/model.h"
#include "schedule/job.h"
#include "shape/read.h"

namespace piggy {

// Who speaks with whom.
struct Speaker {
  std::int64_t account_id = 0;
  std::int64_t person_id = 0;
  std::int64_t persona_id = 0;
};

struct OfferedTool {
  std::string name = {};       // Tool::key.
  std::string full_name = {};  // Tool::name, as models are told of it.
  std::string operation = {};  // Without the connection's handle.
  std::string title = {};
  std::string about = {};
  std::int64_t price = 0;  // In plan credits.
  bool reads = false;      // Changes nothing.
  std::vector<std::string> fields = {};
  Value input_schema = Value::object();
};

// The persona as a model is told of it, and the model; null where there is none.
struct Mind {
  std::string instructions = {};
  std::shared_ptr<model::Model> model = {};
};

struct ToolCall {
  std::string tool = {};
  Value arguments = Value::object();
  Reading reading = Reading::strict;
  std::string key = {};  // Idempotency.
  std::string prompt = {};
  Uuid conversation = {};
};

// How a call ended. One of answer, error, and approval with error says so.
struct ToolResult {
  CallOutcome outcome = CallOutcome::done;
  Value answer = {};
  std::string error = {};
  std::string approval = {};
  std::string note = {};  // For the person and the model: what became of a secret.
};

// What a turn needs of the rest of the program.
class ChatTools {
 public:
  virtual ~ChatTools() = default;
  // What is granted to the persona; none when it is stopped.
  virtual Result<std::vector<OfferedTool>> tools(const Speaker& speaker) = 0;
  // As the persona, for the person. Waits for the answer. Several threads may call at once. No
  // secret is in the result: it is shown to whoever follows the conversation, and to nobody else.
  virtual ToolResult call(const Speaker& speaker, const ToolCall& call) = 0;
  // As the person.
  virtual std::unique_ptr<Names> names(const Speaker& speaker) = 0;
  virtual Result<Mind> mind(const Speaker& speaker) = 0;
  // Takes the price of so many tokens, in the transaction that keeps what they said.
  virtual Result<> charge_tokens(Transaction& transaction, const Speaker& speaker,
                                 std::int64_t tokens) = 0;
  // Text that a model has said so far, for whoever follows; it is kept when it is whole.
  virtual void said(const Uuid& conversation, std::string_view text) = 0;
};

class Turns {
 public:
  // All are borrowed. `changed` is told of each conversation that has gone on, on any thread.
  Turns(Database& database, ChatTools& tools, std::function<void(const Uuid&)> changed)
      : database_(database), tools_(tools), changed_(std::move(changed)) {}

  // The job of one message. Fails only when the store or a name cannot be read; then it is tried
  // again.
  Result<> run(const JobRow& job);

 private:
  struct Turn;
  Result<bool> step(Turn& turn);
  Result<bool> begin(Turn& turn);
  Result<Meaning> meaning_of(const Turn& turn, Names& names);
  Result<bool> command(Turn& turn);
  Result<bool> request(Turn& turn, std::string tool, Value arguments, Reading reading);
  Result<bool> act(Turn& turn, const std::vector<const MessageRow*>& calls);
  ToolResult perform(const Turn& turn, const MessageRow& call);
  Result<> keep_result(Turn& turn, const MessageRow& call, ToolResult result);
  Result<bool> ask_model(Turn& turn, const Mind& mind);
  Result<bool> go_on_with_model(Turn& turn, const Mind& mind);
  Result<bool> begin_calls(Turn& turn, std::span<const Value> calls);
  void stop_when_asked(std::stop_token ended, const Turn& turn, std::stop_source& stop);
  Result<bool> say(Turn& turn, std::string_view text, Value content = Value::object());
  Result<> add(Turn& turn, MessageKind kind, std::string_view text, const Value& content,
               bool last = false);

  Database& database_;
  ChatTools& tools_;
  std::function<void(const Uuid&)> changed_;
};

// A call's answer in words.
std::string in_words(std::string_view tool, const Value& answer);

}  // namespace piggy
