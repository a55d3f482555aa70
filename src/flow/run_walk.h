#pragma once

// One walk through the steps of a run (see run.h). For run.cpp and run_steps.cpp alone.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "flow/run.h"

namespace piggy {

// How a step, or a list of them, went.
enum class StepEnd { on, waits, stopped, failed };

// Where a step stands: the names its expressions may use, and what its key begins with.
struct StepScope {
  std::string prefix = {};
  Value names = {};
  void set_step(std::string_view id, Value output) {
    names.find("steps")->set(id, std::move(output));
  }
};

class FlowWalk {
 public:
  FlowWalk(Database& database, FlowTools& tools, RunContext& context, bool rehearses)
      : database_(database), tools_(tools), context_(context), rehearses_(rehearses) {}

  Result<> read();

  // An error is the store's. `end` is how it ended, when it has.
  Result<StepEnd> walk();

  // Ends the run, or puts it to rest. False when it has something to do again.
  Result<bool> settle(StepEnd went);

  // What the run itself has brought about may have happened before it came to wait for it.
  Result<> begin_waiting(Transaction& transaction, const WaitRow& wait);

  std::vector<Rehearsal> rehearsed() && { return std::move(rehearsed_); }
  const RunEnd& end() const { return end_; }

 private:
  Value first_names() const;
  Result<StepEnd> list(const std::vector<FlowStep>& steps, StepScope& scope);
  Result<StepEnd> one(const FlowStep& step, StepScope& scope);
  StepRow row_of(const std::string& key, std::string_view kind);

  // What was only computed: written with the next mark.
  Result<StepEnd> computed(const FlowStep& step, StepScope& scope, StepRow row, Value output);
  void note(StepRow row);
  Result<> write_pending(Transaction& transaction);

  // That a step is done, and all that was computed before it; `written` says how far that went, for
  // `marked` after the commit.
  Result<> mark(Transaction& transaction, const StepRow& row, std::size_t& written);
  void marked(const StepRow& row, std::size_t written);

  // Waits, for a moment or until somebody wakes it.
  StepEnd park(StepRow row, std::optional<WaitRow> wait = {});
  Result<StepEnd> after_failure(const FlowStep& step, StepScope& scope, StepRow row,
                                std::string problem);
  void tell(const FlowStep& step, const std::string& key, std::string would);
  Result<StepEnd> call(const FlowStep& step, StepScope& scope, StepRow row);
  Result<StepEnd> call_failed(const FlowStep& step, StepScope& scope, StepRow row,
                              const Error& error);
  Result<bool> was_stopped();
  Result<StepEnd> rehearsed_call(const FlowStep& step, StepScope& scope, StepRow row,
                                 const ToolUse& use, Result<ToolOutcome> outcome);
  Result<StepEnd> ask(const FlowStep& step, StepScope& scope, StepRow row);
  static Value answer_of(const Question& question, const std::optional<AskOutcome>& said,
                         const Value& or_else, const std::string& note);

  static bool is_offered(const Question& question, const Value& output);
  Result<StepEnd> set(const FlowStep& step, StepScope& scope, StepRow row);
  Result<StepEnd> branch(const FlowStep& step, StepScope& scope, StepRow row);
  Result<StepEnd> choose(const FlowStep& step, StepScope& scope, StepRow row);
  Result<StepEnd> for_each(const FlowStep& step, StepScope& scope, StepRow row);

  // Several items at a time, those that wait counted among them.
  static Result<StepEnd> run_together(std::size_t count, std::size_t at_once,
                                      const std::function<void(std::size_t)>& run_item,
                                      std::vector<Result<StepEnd>>& ends);
  Result<StepEnd> wait(const FlowStep& step, StepScope& scope, StepRow row);
  Result<Time> due_of(const WaitStep& wait, const StepScope& scope);
  Result<StepEnd> wait_for(const FlowStep& step, StepScope& scope, StepRow row);
  Result<StepEnd> approve(const FlowStep& step, StepScope& scope, StepRow row);
  Result<StepEnd> sub_flow(const FlowStep& step, StepScope& scope, StepRow row);
  Result<> begin_sub_flow(Transaction& transaction, const FlowStep& step, const StepRow& row,
                          const Value& input);
  Result<StepEnd> stop(const FlowStep& step, StepScope& scope, StepRow row);

  Database& database_;
  FlowTools& tools_;
  RunContext& context_;
  const bool rehearses_;
  Time now_ = {};
  std::mutex mutex_;  // Items of a loop go on at the same time.
  std::map<std::string, StepRow, std::less<>> rows_;
  std::vector<StepRow> pending_;  // Computed and not written yet,
  std::size_t flushed_ = 0;       // after so many that are.
  std::vector<WaitRow> waits_;
  std::optional<Time> due_;
  std::int64_t woken_ = 0;
  RunEnd end_;
  std::vector<Rehearsal> rehearsed_;
};

// An error with all its fields, as a sentence.
std::string whole_message(const Error& error);
// What stands for the output of a step that failed.
Value failed_output(std::string_view problem);

}  // namespace piggy
