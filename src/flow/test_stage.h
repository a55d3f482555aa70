#pragma once

// A stage for tests of flows: an engine, tools that note what they are asked, and the runner.

#include <doctest/doctest.h>

#include <map>
#include <mutex>

#include "app/test_engine.h"
#include "event/event.h"
#include "event/follow.h"
#include "flow/operations.h"
#include "flow/run_operations.h"
#include "flow/runner.h"
#include "persona/operations.h"
#include "shape/json.h"

namespace piggy {

// Answers each call with what it was given. A tool's name says what it is: own_… writes here and
// marks in its transaction; far_… is done elsewhere.
class NotedTools final : public FlowTools {
 public:
  explicit NotedTools(Database& database) : database_(database) {}

  Result<ToolOutcome> call(const ToolUse& use, const Mark& mark, bool& marked) override {
    std::lock_guard lock(mutex_);
    if (use.dry_run) return ToolOutcome{.output = use.input, .rehearsed = true};
    if (auto found = failures.find(use.tool); found != failures.end() && !found->second.empty()) {
      Error error = found->second.front();
      found->second.erase(found->second.begin());
      return fail(std::move(error));
    }
    if (auto known = remembered.find(use.key); known != remembered.end()) {
      return ToolOutcome{.output = known->second};
    }
    if (use.tool.starts_with("own_")) {
      TRY(database_.write(use.actor.account_id,
                          [&](Transaction& transaction) { return mark(transaction, use.input); }));
      marked = true;
    }
    remembered[use.key] = use.input;
    calls.push_back(use);
    if (after_call) after_call(use);
    return ToolOutcome{.output = use.input};
  }

  Result<std::optional<AskOutcome>> ask(const Question& question) override {
    questions.push_back(question);
    return said;
  }
  Result<> charge_tokens(Transaction&, const FlowActor&, std::int64_t tokens) override {
    if (no_credits) return fail(ErrorCode::conflict, "The plan's credits are used up.");
    charged += tokens;
    return {};
  }

  std::vector<ToolUse> calls = {};
  std::map<std::string, Value> remembered = {};
  std::map<std::string, std::vector<Error>> failures = {};  // By tool: of the next calls.
  std::function<void(const ToolUse&)> after_call = {};
  std::vector<Question> questions = {};
  std::optional<AskOutcome> said = {};
  std::int64_t charged = 0;
  bool no_credits = false;

 private:
  Database& database_;
  std::mutex mutex_;
};

class Stage {
 public:
  Stage() {
    auto made = engine.run<CreatePersona>({.name = "Mara"});
    REQUIRE(made);
    persona = made->uuid;
    begin_again();
    REQUIRE(followers->catch_up());
  }

  // As after a crash: nothing is left of what was in memory.
  void begin_again() {
    followers = std::make_unique<Followers>(engine.database());
    runner = std::make_unique<FlowRunner>(engine.database(), tools);
    followers->follow("flows", [this](Transaction& transaction, EventRefs events) {
      return runner->follow(transaction, events);
    });
  }

  Uuid make(std::string_view definition, std::string_view parameters = "{}", bool enabled = true) {
    auto flow = engine.run<CreateFlow>({.name = "flow " + std::to_string(++flows_made),
                                        .persona_uuid = persona,
                                        .definition = json(definition),
                                        .parameters = json(parameters),
                                        .enabled = enabled});
    if (!flow) {
      for (const FieldError& field : flow.error().fields)
        MESSAGE(field.path << ": " << field.message);
    }
    REQUIRE(flow);
    return flow->flow.uuid;
  }

  Uuid start(const Uuid& flow, std::string_view input = "{}") {
    auto run = engine.run<RunFlow>({.flow_uuid = flow, .input = json(input)});
    REQUIRE(run);
    return run->uuid;
  }

  void tell(std::string_view type, std::string_view payload, std::optional<Uuid> subject = {}) {
    REQUIRE(engine.write([&](Transaction& transaction) {
      return emit(transaction, type, subject ? *subject : transaction.next_uuid(), json(payload));
    }));
  }

  void go_on() {
    REQUIRE(followers->catch_up());
    REQUIRE(runner->run_all_due());
  }
  void pass(std::int64_t seconds) {
    engine.clock().time = engine.clock().now() + seconds * microseconds_per_second;
    go_on();
  }

  FlowRunWithSteps look(const Uuid& run) {
    auto shown = engine.run<GetFlowRun>({.run_uuid = run});
    REQUIRE(shown);
    return *shown;
  }
  std::string state(const Uuid& run) { return std::string(word_of(look(run).run.state)); }
  std::vector<FlowRun> runs(const Uuid& flow) {
    auto listed = engine.run<ListFlowRuns>({.flow_uuid = flow});
    REQUIRE(listed);
    return listed->runs;
  }
  std::string output(const Uuid& run) { return to_json(look(run).output); }

  // "tool input" of each call, in order.
  std::vector<std::string> told() const {
    std::vector<std::string> lines;
    for (const ToolUse& use : tools.calls) lines.push_back(use.tool + " " + to_json(use.input));
    return lines;
  }

  static Value json(std::string_view text) {
    auto value = parse_json(text);
    REQUIRE(value);
    return *value;
  }

  TestEngine engine = {};
  NotedTools tools{engine.database()};
  std::unique_ptr<Followers> followers = {};
  std::unique_ptr<FlowRunner> runner = {};
  Uuid persona = {};
  int flows_made = 0;
};

using Lines = std::vector<std::string>;

}  // namespace piggy
