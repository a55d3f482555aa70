#include "flow/runner.h"

#include <fmt/format.h>
#include "base/log.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "access/access.h"
#include "flow/expression.h"
#include "persona/approval.h"

// One thread looks for what can go on and hands it to a few others, each of which takes one run as
// far as it goes. What is handed out is remembered here alone: whoever starts after a crash finds
// all of it in the state `running`.

namespace piggy {
namespace {

constexpr std::size_t handed_out_max = 1'024;
constexpr std::size_t woken_at_once = 512;
constexpr std::size_t definitions_max = 512;
constexpr auto look_interval = std::chrono::seconds(1);
constexpr std::int64_t on_time = 60 * microseconds_per_second;
constexpr std::int64_t catch_up_hours_default = 6;
constexpr std::size_t catch_up_max = 48;

constexpr std::string_view select_running = R"sql(
  SELECT account_id, id FROM flow_run WHERE state = 'running' ORDER BY id LIMIT 2048
)sql";
constexpr std::string_view select_due = R"sql(
  SELECT account_id, id FROM flow_run WHERE state = 'waiting' AND due_at IS NOT NULL
    AND due_at <= $1 ORDER BY due_at, id LIMIT 512
)sql";
constexpr std::string_view select_next_due = R"sql(
  SELECT due_at FROM flow_run WHERE state = 'waiting' AND due_at IS NOT NULL
  ORDER BY due_at, id LIMIT 1
)sql";
constexpr std::string_view select_ticks = R"sql(
  SELECT account_id, id FROM flow WHERE tick_at IS NOT NULL AND tick_at <= $1 ORDER BY tick_at
  LIMIT 64
)sql";
constexpr std::string_view select_next_tick =
    "SELECT tick_at FROM flow WHERE tick_at IS NOT NULL ORDER BY tick_at LIMIT 1";

struct Place {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  auto operator<=>(const Place&) const = default;
};

std::optional<Tick> tick_of(const FlowRow& flow) {
  auto date = parse_date(flow.tick_date);
  if (!flow.tick_at || !date) return std::nullopt;
  return Tick{.date = *date, .minute = static_cast<int>(flow.tick_minute), .at = *flow.tick_at};
}

}  // namespace

struct FlowRunner::State {
  Database& database;
  FlowTools& tools;
  std::size_t thread_count;

  std::mutex mutex = {};
  std::condition_variable_any filled = {};
  std::deque<Place> queue = {};
  std::set<Place> handed_out = {};
  std::map<std::int64_t, std::shared_ptr<const FlowDefinition>> definitions = {};  // By version.
  std::vector<std::jthread> threads = {};

  Result<std::shared_ptr<const FlowDefinition>> definition(Transaction& transaction,
                                                           std::int64_t version_id);
  Result<std::optional<RunContext>> context_of(const Place& place);
  Result<> advance(const Place& place);
  Result<bool> wake_due();
  Result<bool> begin_ticks();
  Result<> begin_ticks_of(Transaction& transaction, std::int64_t flow_id);
  Result<> begin_tick(Transaction& transaction, const FlowRow& flow,
                      const FlowDefinition& definition, const Tick& tick);
  Result<std::vector<Place>> running();
  Result<std::chrono::microseconds> until_next();
  void look(const std::stop_token& stop);
  void work(const std::stop_token& stop);
  struct Lot;
  Result<> begin_triggered(Lot& lot, const EventRow& event);
  Result<> begin_by_event(Transaction& transaction, const FlowRow& flow, const EventRow& event,
                          const Value& about);
  Result<> wake_waiting(Lot& lot, const EventRow& event);
};

// Versions never change, so that what was read stays true.
Result<std::shared_ptr<const FlowDefinition>> FlowRunner::State::definition(
    Transaction& transaction, std::int64_t version_id) {
  {
    std::lock_guard lock(mutex);
    auto known = definitions.find(version_id);
    if (known != definitions.end()) return known->second;
  }
  FlowVersionRow version = TRY(version_of(transaction, version_id));
  std::string zone = TRY(time_zone_of(transaction));
  auto read = TRY(read_definition(version.definition, version.parameters, zone));
  std::lock_guard lock(mutex);
  if (definitions.size() >= definitions_max) definitions.clear();
  definitions[version_id] = read;
  return read;
}

// Nothing when the run, or its flow, is gone or does not go on.
Result<std::optional<RunContext>> FlowRunner::State::context_of(const Place& place) {
  std::optional<RunContext> context;
  TRY(database.read(place.account_id, [&](Transaction& transaction) -> Result<> {
    context.reset();
    auto run = TRY(run_by_id(transaction, place.id));
    if (!run || run->state != RunState::running) return {};
    auto flow = flow_by_id(transaction, run->flow_id);
    if (!flow) return flow.error().code == ErrorCode::not_found ? Result<>() : fail(flow.error());
    context = RunContext{.account_id = place.account_id,
                         .run = *run,
                         .actor = {.account_id = place.account_id,
                                   .persona_id = flow->persona_id,
                                   .person_id = flow->person_id},
                         .flow_name = flow->name,
                         .zone = TRY(time_zone_of(transaction))};
    context->definition = TRY(definition(transaction, run->version_id));
    return {};
  }));
  return context;
}

Result<> FlowRunner::State::advance(const Place& place) {
  auto context = context_of(place);
  if (!context && context.error().code == ErrorCode::invalid) {
    // What was fine when it was saved is not so any more: nothing helps but to say so.
    return database.write(place.account_id, [&](Transaction& transaction) -> Result<> {
      auto run = TRY(run_by_id(transaction, place.id));
      if (!run) return {};
      TRY(end_run(transaction, *run,
                  {.state = RunState::failed, .problem = "The flow cannot be read any more."}));
      return {};
    });
  }
  std::optional<RunContext> found = TRY(std::move(context));
  if (!found) return {};
  return go_on(database, tools, *std::move(found));
}

Result<bool> FlowRunner::State::wake_due() {
  std::vector<Place> due;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    due = TRY(transaction.all<Place>(select_due, {transaction.now()}));
    return {};
  }));
  static_assert(woken_at_once == 512);  // As the statement has it.
  if (due.empty()) return false;
  TRY(database.write(0, [&](Transaction& transaction) -> Result<> {
    for (const Place& place : due) {
      Transaction tenant = transaction.of(place.account_id);
      TRY(wake_run(tenant, place.id));
    }
    return {};
  }));
  return true;
}

Result<bool> FlowRunner::State::begin_ticks() {
  std::vector<Place> due;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    due = TRY(transaction.all<Place>(select_ticks, {transaction.now()}));
    return {};
  }));
  for (const Place& place : due) {
    TRY(database.write(place.account_id, [&](Transaction& transaction) {
      return begin_ticks_of(transaction, place.id);
    }));
  }
  return !due.empty();
}

// Of the times that have come, those that are too long ago are left out; of the rest as many run as
// the flow says.
Result<> FlowRunner::State::begin_ticks_of(Transaction& transaction, std::int64_t flow_id) {
  auto found = flow_by_id(transaction, flow_id);
  if (!found) return {};  // Deleted meanwhile.
  FlowRow flow = *std::move(found);
  auto tick = tick_of(flow);
  if (!tick || !flow.enabled || tick->at > transaction.now()) return {};
  auto definition = TRY(this->definition(transaction, flow.version_id));
  ASSERT(definition->trigger.schedule);
  const ScheduleTrigger& schedule = *definition->trigger.schedule;
  Recurrence recurrence = schedule.recurrence();
  Time now = transaction.now();
  CatchUp catch_up = schedule.catch_up.value_or(CatchUp::last);
  std::int64_t reach = catch_up == CatchUp::none
                           ? on_time
                           : schedule.catch_up_hours.value_or(catch_up_hours_default) * 3'600 *
                                 microseconds_per_second;
  std::deque<Tick> chosen;
  Tick next = *tick;
  for (; next.at <= now; next = next_tick(recurrence, next)) {
    if (now - next.at > reach) {
      // Years of outage are not walked through minute by minute.
      Tick first = next_tick(recurrence, now + -reach);
      if (first.at > next.at) {
        next = first;
        if (next.at > now) break;
      }
    }
    if (now - next.at <= reach) chosen.push_back(next);
    if (chosen.size() > (catch_up == CatchUp::all ? catch_up_max : 1)) chosen.pop_front();
  }
  for (const Tick& one : chosen) TRY(begin_tick(transaction, flow, *definition, one));
  flow = TRY(flow_by_id(transaction, flow_id));  // A start may have changed it.
  flow.tick_at = next.at;
  flow.tick_date = to_text(next.date);
  flow.tick_minute = next.minute;
  return keep_flow(transaction, flow);
}

// A tick is named by the wall, so that it is run once whatever the clocks do.
Result<> FlowRunner::State::begin_tick(Transaction& transaction, const FlowRow& flow,
                                       const FlowDefinition& definition, const Tick& tick) {
  bool late = transaction.now() - tick.at > on_time;
  const std::string& zone = definition.trigger.schedule->zone;
  Value values = Value::object({{"tick", tick_values(tick, zone, late)}});
  TRY(start_run(transaction, flow, definition,
                {.key = fmt::format("tick:{}:{}:{}", zone, to_text(tick.date), tick.minute),
                 .trigger = std::move(values),
                 .late = late}));
  return {};
}

Result<std::vector<Place>> FlowRunner::State::running() {
  std::vector<Place> found;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    found = TRY(transaction.all<Place>(select_running));
    return {};
  }));
  return found;
}

Result<std::chrono::microseconds> FlowRunner::State::until_next() {
  std::chrono::microseconds wait = look_interval;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    for (std::string_view sql : {select_next_due, select_next_tick}) {
      auto next = TRY(transaction.first<Time>(sql));
      if (!next) continue;
      std::chrono::microseconds until(*next - database.clock().now());
      wait = std::clamp(until, std::chrono::microseconds(0), wait);
    }
    return {};
  }));
  return wait;
}

void FlowRunner::State::look(const std::stop_token& stop) {
  Signal::Waiter waiter(flow_signal());
  while (!stop.stop_requested()) {
    bool found = false;
    std::chrono::microseconds longest = look_interval;
    auto looked = [&]() -> Result<> {
      found = TRY(wake_due());
      found = TRY(begin_ticks()) || found;
      auto places = TRY(running());
      std::lock_guard lock(mutex);
      for (const Place& place : places) {
        if (handed_out.size() >= handed_out_max) break;
        if (!handed_out.insert(place).second) continue;
        queue.push_back(place);
        found = true;
        filled.notify_one();
      }
      return {};
    }();
    if (looked && !found) {
      auto until = until_next();
      if (until) longest = *until;
    }
    if (!looked) spdlog::warn("flows wait: {}", looked.error().message);
    waiter.wait(stop, found, std::max(longest, std::chrono::microseconds(500)));
  }
}

void FlowRunner::State::work(const std::stop_token& stop) {
  for (;;) {
    std::unique_lock lock(mutex);
    if (!filled.wait(lock, stop, [&] { return !queue.empty(); })) return;
    Place place = queue.front();
    queue.pop_front();
    lock.unlock();
    Result<> advanced = advance(place);
    lock.lock();
    if (!advanced) {
      spdlog::warn("a run waits: {}", advanced.error().message);
      // It is handed out again by the next look after a while.
      filled.wait_for(lock, stop, look_interval, [] { return false; });
    }
    handed_out.erase(place);
    lock.unlock();
    flow_signal().give();  // It may have been woken while it was handed out.
  }
}

// What is asked once for all events of a lot, which share a transaction.
struct FlowRunner::State::Lot {
  Transaction& transaction;
  std::map<std::pair<std::string_view, std::string>, std::vector<FlowRow>> triggered = {};
  std::map<std::string, bool> awaited = {};  // By type.

  Result<const std::vector<FlowRow>*> flows(std::string_view kind, std::string_view key) {
    std::pair<std::string_view, std::string> which(kind, key);
    auto known = triggered.find(which);
    if (known == triggered.end()) {
      auto found = TRY(flows_triggered(transaction, kind, key));
      known = triggered.emplace(std::move(which), std::move(found)).first;
    }
    return &known->second;
  }
  Result<bool> is_awaited(const std::string& type) {
    auto known = awaited.find(type);
    if (known == awaited.end()) {
      known = awaited.emplace(type, TRY(somebody_waits_for(transaction, type))).first;
    }
    return known->second;
  }
};

Result<> FlowRunner::State::begin_triggered(Lot& lot, const EventRow& event) {
  for (const FlowRow& flow : *TRY(lot.flows("event", event.type))) {
    TRY(begin_by_event(lot.transaction, flow, event, event.payload));
  }
  const Value* submission = event.payload.find("form_submission");
  const Value* form = submission ? submission->find("form") : nullptr;
  if (event.type != "form_submission_completed" || !form) return {};
  for (const FlowRow& flow : *TRY(lot.flows("form", form->text_of("uuid")))) {
    TRY(begin_by_event(lot.transaction, flow, event, *submission));
  }
  return {};
}

Result<> FlowRunner::State::begin_by_event(Transaction& transaction, const FlowRow& flow,
                                           const EventRow& event, const Value& about) {
  auto read = TRY(definition(transaction, flow.version_id));
  Value trigger = Value::object({{"event", about}});
  if (read->trigger.event && read->trigger.event->where) {
    Value names = trigger;
    names.set("parameters", read->values);
    auto held = holds(*read->trigger.event->where, names, Effort::short_);
    if (!held || !*held) return {};  // What cannot be said of this event does not hold.
  }
  TRY(start_run(transaction, flow, *read,
                {.key = fmt::format("event:{}", event.id), .trigger = std::move(trigger)}));
  return {};
}

Result<> FlowRunner::State::wake_waiting(Lot& lot, const EventRow& event) {
  if (!TRY(lot.is_awaited(event.type))) return {};
  Transaction& transaction = lot.transaction;
  bool decision = event.type == approval_event;
  auto about = decision ? std::optional(event.subject) : contact_in(event);
  for (const WaitRow& wait :
       TRY(waits_for(transaction, event.type, about ? to_string(*about) : ""))) {
    if (decision) {  // The call is made again, and learns how it ended.
      TRY(hurry_step(transaction, wait.run_id, wait.step));
      continue;
    }
    if (!piggy::is_awaited(wait, event)) continue;
    TRY(resolve_step(transaction, wait.run_id, wait.step, FlowStepState::done,
                     Value::object({{"timed_out", false}, {"event", event.payload}})));
  }
  return {};
}

FlowRunner::FlowRunner(Database& database, FlowTools& tools, std::size_t threads)
    : state_(new State{.database = database, .tools = tools, .thread_count = threads}) {}

FlowRunner::~FlowRunner() { stop(); }

void FlowRunner::start() {
  State* state = state_.get();
  state->threads.emplace_back([state](const std::stop_token& stop) { state->look(stop); });
  for (std::size_t i = 0; i < state->thread_count; i++) {
    state->threads.emplace_back([state](const std::stop_token& stop) { state->work(stop); });
  }
}

void FlowRunner::stop() {
  for (auto& thread : state_->threads) thread.request_stop();
  state_->threads.clear();  // Joins.
}

Result<> FlowRunner::run_all_due() {
  for (bool more = true; more;) {
    more = TRY(state_->wake_due());
    more = TRY(state_->begin_ticks()) || more;
    for (const Place& place : TRY(state_->running())) {
      TRY(state_->advance(place));
      more = true;
    }
  }
  return {};
}

Result<> FlowRunner::follow(Transaction& transaction, EventRefs events) {
  State::Lot lot{.transaction = transaction};
  for (const EventRow& event : events) {
    TRY(state_->begin_triggered(lot, event));
    TRY(state_->wake_waiting(lot, event));
  }
  return {};
}

Result<std::vector<Rehearsal>> FlowRunner::rehearse(std::int64_t account_id, const Uuid& uuid,
                                                    const Value& trigger) {
  RunContext context{.account_id = account_id};
  TRY(state_->database.read(account_id, [&](Transaction& transaction) -> Result<> {
    FlowRow flow = TRY(flow_of(transaction, uuid));
    context.actor = {
        .account_id = account_id, .persona_id = flow.persona_id, .person_id = flow.person_id};
    context.flow_name = flow.name;
    context.zone = TRY(time_zone_of(transaction));
    context.definition = TRY(state_->definition(transaction, flow.version_id));
    context.run = {.flow_id = flow.id, .trigger = trigger, .created_at = transaction.now()};
    return {};
  }));
  return piggy::rehearse(state_->database, state_->tools, std::move(context));
}

}  // namespace piggy
