// What each kind of step does.

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "campaign/metrics.h"
#include "flow/expression.h"
#include "flow/run_walk.h"
#include "persona/approval.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::size_t items_max = 10'000;
constexpr std::size_t output_bytes_max = 256 << 10;
constexpr std::int64_t depth_max = 8;
constexpr std::int64_t tries_default = 5;
constexpr std::int64_t first_pause_default = 2;
constexpr std::int64_t pause_max_seconds = 3'600;
constexpr std::int64_t approval_look = 3'600 * microseconds_per_second;
constexpr std::int64_t answer_time_default = 24 * 3'600 * microseconds_per_second;

bool helps_to_try_again(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::too_many ||
         error.code == ErrorCode::in_progress || error.code == ErrorCode::internal;
}

}  // namespace

Result<StepEnd> FlowWalk::call(const FlowStep& step, StepScope& scope, StepRow row) {
  if (row.due_at && *row.due_at > now_) return park(std::move(row));
  auto tool = filled_in(Value(step.call->tool), scope.names, "/tool");
  if (!tool) return after_failure(step, scope, std::move(row), whole_message(tool.error()));
  auto input = filled_in(step.call->input.value_or(Value::object()), scope.names, "/input");
  if (!input) return after_failure(step, scope, std::move(row), whole_message(input.error()));
  ToolUse use{.actor = context_.actor,
              .tool = tool->text() ? *tool->text() : "",
              .input = *std::move(input),
              .key = fmt::format("flow-{}-{}", to_string(context_.run.uuid), row.step),
              .prompt = fmt::format("Flow {}, step {}.", context_.flow_name, row.step),
              .dry_run = rehearses_};
  row.input = Value::object({{"tool", use.tool}, {"input", use.input}});
  row.attempts++;
  StepRow done = row;
  std::size_t written = 0;
  auto make_mark = [&](Transaction& transaction, const Value& output) -> Result<> {
    done.state = FlowStepState::done;
    done.output = output;
    done.problem.clear();
    done.due_at.reset();
    done.ended_at = transaction.now();
    return mark(transaction, done, written);
  };
  bool was_marked = false;
  auto outcome = tools_.call(use, make_mark, was_marked);
  if (rehearses_) return rehearsed_call(step, scope, std::move(row), use, std::move(outcome));
  if (!outcome) return call_failed(step, scope, std::move(row), outcome.error());
  if (to_json(outcome->output).size() > output_bytes_max) {
    outcome->output = failed_output("The answer is too large to be kept.");
  }
  if (!was_marked) {
    Result<> made = database_.write(context_.account_id, [&](Transaction& transaction) {
      return make_mark(transaction, outcome->output);
    });
    // It was done, whoever stopped the run meanwhile; that is written in the end.
    if (!made && made.error().code == ErrorCode::conflict) {
      note(done);
      return StepEnd::waits;
    }
    TRY(std::move(made));
  }
  marked(done, written);
  scope.set_step(step.id, std::move(outcome->output));
  return StepEnd::on;
}

Result<StepEnd> FlowWalk::call_failed(const FlowStep& step, StepScope& scope, StepRow row,
                                      const Error& error) {
  if (error.code == ErrorCode::needs_approval) {
    row.problem = error.message;
    row.output = Value::object({{"approval", error.approval}});
    row.attempts--;
    row.due_at = database_.clock().now() + approval_look;  // Should nobody tell.
    return park(row, WaitRow{.run_id = context_.run.id,
                             .step = row.step,
                             .type = std::string(approval_event),
                             .key = error.approval});
  }
  if (TRY(was_stopped())) return StepEnd::waits;
  RetryPolicy retry = step.retry.value_or(RetryPolicy{});
  if (helps_to_try_again(error) && row.attempts < retry.times.value_or(tries_default)) {
    std::int64_t pause = retry.first_seconds.value_or(first_pause_default)
                         << std::min<std::int64_t>(row.attempts - 1, 12);
    pause = std::max<std::int64_t>(std::min(pause, pause_max_seconds), error.retry_after_seconds);
    row.problem = whole_message(error);
    row.due_at = database_.clock().now() + pause * microseconds_per_second;
    return park(std::move(row));
  }
  return after_failure(step, scope, std::move(row), whole_message(error));
}

Result<bool> FlowWalk::was_stopped() {
  bool stopped = false;
  TRY(database_.read(context_.account_id, [&](Transaction& transaction) -> Result<> {
    auto run = TRY(run_by_id(transaction, context_.run.id));
    stopped = !run || run->state != RunState::running;
    return {};
  }));
  return stopped;
}

Result<StepEnd> FlowWalk::rehearsed_call(const FlowStep& step, StepScope& scope, StepRow row,
                                         const ToolUse& use, Result<ToolOutcome> outcome) {
  Rehearsal line{.step = row.step, .kind = "call", .tool = use.tool, .input = use.input};
  if (!outcome) {
    line.would = outcome.error().code == ErrorCode::needs_approval
                     ? "A person would be asked: " + outcome.error().message
                     : "It would fail: " + whole_message(outcome.error());
    scope.set_step(step.id, failed_output(whole_message(outcome.error())));
  } else {
    line.would = outcome->not_rehearsed ? "It would be sent; that side knows no dry runs."
                 : outcome->rehearsed   ? "It would change this."
                                        : "It reads this.";
    line.output = outcome->output;
    line.effects = std::move(outcome->effects);
    scope.set_step(step.id, std::move(outcome->output));
  }
  std::lock_guard lock(mutex_);
  rehearsed_.push_back(std::move(line));
  return StepEnd::on;
}

Result<StepEnd> FlowWalk::ask(const FlowStep& step, StepScope& scope, StepRow row) {
  const AskStep& asked = *step.ask;
  Question question{.actor = context_.actor, .prompt = asked.prompt};
  std::optional<Value> figures;
  Value or_else;
  {
    Value all = Value::object({{"about", asked.about.value_or(Value())},
                               {"choices", asked.choices.value_or(Value())},
                               {"figures", asked.figures.value_or(Value())},
                               {"or_else", asked.or_else}});
    auto filled = filled_in(all, scope.names, "/ask");
    if (!filled) return after_failure(step, scope, std::move(row), whole_message(filled.error()));
    question.about = *filled->find("about");
    if (asked.figures) figures = *filled->find("figures");
    or_else = *filled->find("or_else");
    if (asked.choices) {
      question.asks_choice = true;
      const auto* list = filled->find("choices")->items();
      if (!list || list->empty()) {
        return after_failure(step, scope, std::move(row), "There is nothing to choose from.");
      }
      for (const Value& item : *list) {
        const Value* value = item.find("value");
        question.choices.emplace_back(value ? *value : item, item.text_of("about"));
      }
    }
  }
  std::optional<AskOutcome> said;
  std::string note;
  if (!rehearses_) {
    auto answer = tools_.ask(question);
    if (!answer) {
      note = whole_message(answer.error());
    } else {
      said = *std::move(answer);
    }
  }
  std::int64_t tokens = said ? said->tokens : 0;
  if (said && question.asks_choice) {
    bool allowed = std::ranges::any_of(
        question.choices, [&](const auto& choice) { return choice.first == said->choice; });
    if (!allowed) {
      note = "The model chose something that was not offered.";
      said.reset();
    }
  }
  if (said && figures) {
    if (!figures_are_in(said->text, *figures)) {
      note = "The model told figures that are nowhere in the data.";
      said.reset();
    }
  }
  Value output = answer_of(question, said, or_else, note);
  if (question.asks_choice && !is_offered(question, output)) {
    return after_failure(step, scope, std::move(row), "or_else is none of the choices.");
  }
  if (rehearses_) {
    tell(step, row.step,
         "The persona would be asked; without a model this is the answer: " + to_json(output));
    scope.set_step(step.id, std::move(output));
    return StepEnd::on;
  }
  row.state = FlowStepState::done;
  row.input = Value::object({{"prompt", question.prompt}, {"about", question.about}});
  row.output = output;
  row.ended_at = database_.clock().now();
  std::size_t written = 0;
  Result<> kept = database_.write(context_.account_id, [&](Transaction& transaction) -> Result<> {
    if (tokens > 0) TRY(tools_.charge_tokens(transaction, context_.actor, tokens));
    return mark(transaction, row, written);
  });
  if (!kept && kept.error().code == ErrorCode::conflict) {
    // The plan's credits are used up, and asking again would only cost more.
    if (TRY(was_stopped())) return StepEnd::waits;
    row.state = FlowStepState::waiting;
    return after_failure(step, scope, std::move(row), whole_message(kept.error()));
  }
  TRY(std::move(kept));
  marked(row, written);
  scope.set_step(step.id, std::move(output));
  return StepEnd::on;
}

Value FlowWalk::answer_of(const Question& question, const std::optional<AskOutcome>& said,
                          const Value& or_else, const std::string& note) {
  Value output = Value::object();
  if (question.asks_choice) {
    const Value* choice = or_else.find("choice");
    output.set("choice", said ? said->choice : choice ? *choice : or_else);
    output.set("reason", said ? Value(said->text) : Value(or_else.text_of("reason")));
  } else {
    output.set("text", said ? Value(said->text) : or_else);
  }
  output.set("by", said ? "model" : "rule");
  if (!note.empty()) output.set("note", note);
  return output;
}

bool FlowWalk::is_offered(const Question& question, const Value& output) {
  return std::ranges::any_of(
      question.choices, [&](const auto& choice) { return choice.first == *output.find("choice"); });
}

Result<StepEnd> FlowWalk::set(const FlowStep& step, StepScope& scope, StepRow row) {
  auto values = filled_in(*step.set, scope.names, "/set");
  if (!values) return after_failure(step, scope, std::move(row), whole_message(values.error()));
  if (rehearses_) tell(step, row.step, "It sets " + to_json(*values));
  return computed(step, scope, std::move(row), *std::move(values));
}

Result<StepEnd> FlowWalk::branch(const FlowStep& step, StepScope& scope, StepRow row) {
  auto held = holds(step.branch->condition, scope.names);
  if (!held) return after_failure(step, scope, std::move(row), whole_message(held.error()));
  if (rehearses_)
    tell(step, row.step, *held ? "It goes the way “then”." : "It goes the way “else”.");
  TRY(computed(step, scope, std::move(row), Value::object({{"taken", *held ? "then" : "else"}})));
  return list(step.inner[*held ? 0 : 1], scope);
}

Result<StepEnd> FlowWalk::choose(const FlowStep& step, StepScope& scope, StepRow row) {
  auto on = evaluate(step.choose->on, scope.names);
  if (!on) return after_failure(step, scope, std::move(row), whole_message(on.error()));
  std::size_t taken = 0;
  while (taken < step.choose->cases.size() && !(step.choose->cases[taken].is == *on)) taken++;
  if (rehearses_) tell(step, row.step, "It goes the way of " + to_json(*on) + ".");
  TRY(computed(step, scope, std::move(row), Value::object({{"taken", *on}})));
  return list(step.inner[taken], scope);
}

Result<StepEnd> FlowWalk::for_each(const FlowStep& step, StepScope& scope, StepRow row) {
  auto items = evaluate(step.for_each->in, scope.names);
  if (!items) return after_failure(step, scope, std::move(row), whole_message(items.error()));
  const auto* list_of = items->items();
  if (!list_of && !items->is_null()) {
    return after_failure(step, scope, std::move(row), "What it goes through is no list.");
  }
  std::size_t count = list_of ? list_of->size() : 0;
  if (count > items_max) {
    return after_failure(step, scope, std::move(row),
                         fmt::format("It goes through {} items at most.", items_max));
  }
  std::vector<StepScope> scopes(count);
  std::vector<Result<StepEnd>> ends(count, StepEnd::waits);
  std::size_t at_once = static_cast<std::size_t>(step.for_each->at_once.value_or(1));
  auto run_item = [&](std::size_t i) {
    StepScope& inner = scopes[i];
    inner.prefix = fmt::format("{}{}[{}].", scope.prefix, step.id, i);
    inner.names = scope.names;
    inner.names.set(step.for_each->as, (*list_of)[i]);
    ends[i] = list(step.inner[0], inner);
  };
  if (at_once == 1 || rehearses_) {
    for (std::size_t i = 0; i < count; i++) {
      run_item(i);
      if (!ends[i] || *ends[i] != StepEnd::on) return ends[i];
    }
  } else {
    Result<StepEnd> together = run_together(count, at_once, run_item, ends);
    if (!together || *together != StepEnd::on) return together;
  }
  Value outputs = Value::list();
  for (StepScope& inner : scopes) {
    Value own = Value::object();
    for (const FlowStep& body : step.inner[0]) {
      if (const Value* output = inner.names.find("steps")->find(body.id)) own.set(body.id, *output);
    }
    outputs.push(std::move(own));
  }
  TRY(computed(step, scope, std::move(row),
               Value::object({{"count", static_cast<std::int64_t>(count)}})));
  scope.set_step(step.id, Value::object({{"count", static_cast<std::int64_t>(count)},
                                         {"items", std::move(outputs)}}));
  return StepEnd::on;
}

Result<StepEnd> FlowWalk::run_together(std::size_t count, std::size_t at_once,
                                       const std::function<void(std::size_t)>& run_item,
                                       std::vector<Result<StepEnd>>& ends) {
  std::mutex mutex;
  std::size_t next = 0;
  std::size_t under_way = 0;  // Being worked on, or waiting.
  bool halt = false;
  auto work = [&] {
    for (;;) {
      std::size_t mine = 0;
      {
        std::lock_guard lock(mutex);
        if (halt || next == count || under_way >= at_once) return;
        mine = next++;
        under_way++;
      }
      run_item(mine);
      std::lock_guard lock(mutex);
      if (!ends[mine] || *ends[mine] == StepEnd::stopped || *ends[mine] == StepEnd::failed) {
        halt = true;
      } else if (*ends[mine] == StepEnd::on) {
        under_way--;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(at_once, count); i++) threads.emplace_back(work);
    work();
  }
  bool all = next == count;
  for (std::size_t i = 0; i < next; i++) {
    if (!ends[i] || *ends[i] == StepEnd::stopped || *ends[i] == StepEnd::failed) return ends[i];
    all = all && *ends[i] == StepEnd::on;
  }
  return all ? StepEnd::on : StepEnd::waits;
}

Result<StepEnd> FlowWalk::wait(const FlowStep& step, StepScope& scope, StepRow row) {
  if (!row.due_at) {
    auto due = due_of(*step.wait, scope);
    if (!due) return after_failure(step, scope, std::move(row), whole_message(due.error()));
    row.due_at = *due;
  }
  if (rehearses_) {
    tell(step, row.step, fmt::format("It would wait until {}.", to_atom(*row.due_at)));
    scope.set_step(step.id, Value::object({{"until", to_atom(*row.due_at)}}));
    return StepEnd::on;
  }
  if (*row.due_at > now_) return park(std::move(row));
  Value output = Value::object({{"until", to_atom(*row.due_at)}});
  return computed(step, scope, std::move(row), std::move(output));
}

Result<Time> FlowWalk::due_of(const WaitStep& wait, const StepScope& scope) {
  if (wait.span) return now_ + wait.span->microseconds();
  if (wait.until) {
    Value until = TRY(evaluate(*wait.until, scope.names));
    std::optional<Time> time;
    if (until.text()) {
      time = parse_time(*until.text(), context_.zone);
    }
    if (time) return *time;
    return fail(ErrorCode::invalid, fmt::format("{} is no moment in time.", to_json(until)));
  }
  Value zone = TRY(filled_in(Value(wait.next->zone), scope.names));
  Recurrence recurrence = wait.next->recurrence();
  recurrence.zone = zone.text() ? *zone.text() : "";
  if (recurrence.zone.empty()) recurrence.zone = context_.zone;
  std::vector<FieldError> problems;
  check_recurrence(recurrence, "/next", problems);
  if (!problems.empty()) return fail_fields(std::move(problems));
  return next_tick(recurrence, now_ + -1).at;
}

Result<StepEnd> FlowWalk::wait_for(const FlowStep& step, StepScope& scope, StepRow row) {
  const WaitForStep& awaited = *step.wait_for;
  if (rehearses_) {
    tell(step, row.step, fmt::format("It would wait for the event {}.", awaited.event));
    scope.set_step(step.id, Value::object({{"timed_out", true}, {"event", nullptr}}));
    return StepEnd::on;
  }
  bool is_new = row.id == 0;
  if (!is_new && row.due_at && *row.due_at <= now_) {
    return computed(step, scope, std::move(row),
                    Value::object({{"timed_out", true}, {"event", nullptr}}));
  }
  if (!is_new) return park(std::move(row));
  auto contact = filled_in(Value(awaited.contact.value_or("")), scope.names, "/contact");
  if (!contact) return after_failure(step, scope, std::move(row), whole_message(contact.error()));
  if (awaited.timeout) row.due_at = now_ + awaited.timeout->microseconds();
  row.input = Value::object({{"event", awaited.event}, {"contact", *contact}});
  WaitRow wait{.run_id = context_.run.id,
               .step = row.step,
               .type = awaited.event,
               .key = contact->text() ? *contact->text() : "",
               .condition = awaited.where.value_or("")};
  if (awaited.where) wait.names = to_json(scope.names);
  return park(std::move(row), std::move(wait));
}

Result<StepEnd> FlowWalk::approve(const FlowStep& step, StepScope& scope, StepRow row) {
  if (rehearses_) {
    tell(step, row.step, "A person would be asked; this goes on as if the answer were yes.");
    scope.set_step(step.id, Value::object({{"approved", true}}));
    return StepEnd::on;
  }
  if (row.id == 0) {
    auto question = filled_in(Value(step.approve->question), scope.names, "/question");
    if (!question) {
      return after_failure(step, scope, std::move(row), whole_message(question.error()));
    }
    row.input = Value::object({{"question", *question}});
    row.due_at = now_ + (step.approve->timeout ? step.approve->timeout->microseconds()
                                               : answer_time_default);
    return park(std::move(row));
  }
  if (*row.due_at > now_) return park(std::move(row));
  return after_failure(step, scope, std::move(row), "Nobody decided about it in time.");
}

Result<StepEnd> FlowWalk::sub_flow(const FlowStep& step, StepScope& scope, StepRow row) {
  auto input = filled_in(step.flow->input.value_or(Value::object()), scope.names, "/input");
  if (!input) return after_failure(step, scope, std::move(row), whole_message(input.error()));
  if (rehearses_) {
    tell(step, row.step,
         fmt::format("The flow {} would run with {}.", step.flow->flow, to_json(*input)));
    scope.set_step(step.id, Value::object({{"output", nullptr}}));
    return StepEnd::on;
  }
  if (row.id != 0) return park(std::move(row));  // Its end wakes this run.
  row.input = *input;
  std::size_t written = 0;
  Result<> begun = database_.write(context_.account_id, [&](Transaction& transaction) -> Result<> {
    TRY(mark(transaction, row, written));
    return begin_sub_flow(transaction, step, row, *input);
  });
  if (!begun) {
    if (TRY(was_stopped())) return StepEnd::waits;
    return after_failure(step, scope, std::move(row), whole_message(begun.error()));
  }
  marked(row, written);
  return StepEnd::waits;
}

Result<> FlowWalk::begin_sub_flow(Transaction& transaction, const FlowStep& step,
                                  const StepRow& row, const Value& input) {
  if (context_.run.depth >= depth_max) {
    return fail(ErrorCode::invalid, fmt::format("Flows may call each other {} deep.", depth_max));
  }
  auto uuid = parse_uuid(step.flow->flow);
  std::optional<FlowRow> flow;
  if (uuid) {
    flow = TRY(flow_of(transaction, *uuid));
  } else {
    flow = TRY(flow_by_name(transaction, step.flow->flow));
  }
  if (!flow) {
    return fail(ErrorCode::not_found, fmt::format("There is no flow {}.", step.flow->flow));
  }
  FlowVersionRow version = TRY(version_of(transaction, flow->version_id));
  auto definition = TRY(read_definition(version.definition, version.parameters, context_.zone));
  TRY(start_run(transaction, *flow, *definition,
                {.key = fmt::format("step:{}:{}", to_string(context_.run.uuid), row.step),
                 .trigger = Value::object({{"input", input}}),
                 .depth = context_.run.depth + 1,
                 .parent_run_id = context_.run.id,
                 .parent_step = row.step}));
  return {};
}

Result<StepEnd> FlowWalk::stop(const FlowStep& step, StepScope& scope, StepRow row) {
  auto reason = filled_in(Value(step.stop->reason), scope.names, "/reason");
  if (!reason) return after_failure(step, scope, std::move(row), whole_message(reason.error()));
  std::string text = reason->text() ? *reason->text() : to_json(*reason);
  if (rehearses_) tell(step, row.step, "It ends here: " + text);
  TRY(computed(step, scope, std::move(row), Value::object({{"reason", text}})));
  std::lock_guard lock(mutex_);
  end_ = {.state = step.stop->failed.value_or(false) ? RunState::failed : RunState::stopped,
          .problem = text};
  return StepEnd::stopped;
}

}  // namespace piggy
