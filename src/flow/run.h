#pragma once

// How one run goes on. The steps are walked from the first one each time: what is on record is
// taken from there, and the first that is not is done. So a run that lost its process goes on where
// it was, and what it has done is never done again:
//
// - A call of our own writes and the mark that it is done commit together.
// - A call that is done elsewhere has a key that is the same however often it is sent.
// - What merely computes (set, branch, choose) needs no mark of its own; it is written down with
// the
//   next step that does, for whoever reads the history.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "event/follow.h"
#include "flow/definition.h"
#include "flow/flow.h"
#include "operation/operation.h"

namespace piggy {

// Who acts in a flow: a persona within its grants, on behalf of who set the flow up.
struct FlowActor {
  std::int64_t account_id = 0;
  std::int64_t persona_id = 0;
  std::int64_t person_id = 0;
};

struct ToolUse {
  FlowActor actor = {};
  std::string tool = {};  // As models call it: piggy_score_lead, slack_send_direct_message.
  Value input = Value::object();
  std::string key = {};     // Idempotency; the same however often the step is tried.
  std::string prompt = {};  // For the record: which step of which flow.
  bool dry_run = false;
};
struct ToolOutcome {
  Value output = {};
  std::vector<EffectLine> effects = {};
  bool rehearsed = false;      // Nothing was done.
  bool not_rehearsed = false;  // It was asked for a dry run, which that tool does not know.
};

struct Question {
  FlowActor actor = {};
  std::string prompt = {};
  Value about = {};
  std::vector<std::pair<Value, std::string>> choices = {};
  bool asks_choice = false;
};
struct AskOutcome {
  Value choice = {};
  std::string text = {};  // The reason of a choice; otherwise the answer.
  std::int64_t tokens = 0;
};

// What a run needs of the rest of the program. All functions block; any thread.
class FlowTools {
 public:
  // What is done in the transaction in which a call commits.
  using Mark = std::function<Result<>(Transaction&, const Value& output)>;

  virtual ~FlowTools() = default;
  // `marked` says whether the mark was made: otherwise the caller makes it afterwards.
  virtual Result<ToolOutcome> call(const ToolUse& use, const Mark& mark, bool& marked) = 0;
  // Nothing where the persona has no model.
  virtual Result<std::optional<AskOutcome>> ask(const Question& question) = 0;
  // Takes the price of so many tokens, in the transaction that keeps the answer.
  virtual Result<> charge_tokens(Transaction& transaction, const FlowActor& actor,
                                 std::int64_t tokens) = 0;
};

// What a step would do, of a run that is only rehearsed.
struct Rehearsal {
  std::string step = {};
  std::string kind = {};
  std::string would = {};  // A sentence.
  std::string tool = {};
  Value input = {};
  Value output = {};
  std::vector<EffectLine> effects = {};
  static void describe(Fields<Rehearsal>& field);
};

// What belongs to a run and does not change.
struct RunContext {
  std::int64_t account_id = 0;
  RunRow run = {};
  FlowActor actor = {};
  std::string flow_name = {};
  std::string zone = {};  // The account's, for times that name none.
  std::shared_ptr<const FlowDefinition> definition = {};
};

// Whether an event is what a step waits for.
bool is_awaited(const WaitRow& wait, const EventRow& event);

// Goes on with a run until it ends or waits. An error is the store's: it is tried again.
Result<> go_on(Database& database, FlowTools& tools, RunContext context);

// Walks through a flow without changing anything, as if it were started with this.
Result<std::vector<Rehearsal>> rehearse(Database& database, FlowTools& tools, RunContext context);

}  // namespace piggy
