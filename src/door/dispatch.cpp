#include "door/dispatch.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <latch>

#include "door/running.h"
#include "flow/template_operations.h"
#include "shape/json.h"

namespace piggy {
namespace {

Uuid digest(std::initializer_list<std::string_view> parts) {
  Uuid digest;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, digest.bytes.size());
  for (std::string_view part : parts) {
    std::uint64_t size = part.size();  // So that no two lists of parts run into the same bytes.
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
  }
  crypto_generichash_final(&state, digest.bytes.data(), digest.bytes.size());
  return digest;
}

// All problems of an input at once: those of its fields, and those between them.
Result<> checked(const Operation& operation, const Object& input, Result<> readable) {
  std::vector<FieldError> problems;
  if (!readable) problems = std::move(readable.error().fields);
  operation.check(input.data(), problems);
  if (problems.empty()) return readable;
  return fail_fields(std::move(problems));
}

struct DryRun {
  bool dry_run = false;
  static void describe(Fields<DryRun>& field) {
    field("dry_run", &DryRun::dry_run, "Whether to change nothing.");
  }
};

// What such an operation changes may be known by heart somewhere.
bool changes_rights(const OperationInfo& info) {
  return info.scope.starts_with("access:") || info.scope.starts_with("account:") ||
         info.scope.starts_with("people:") || info.scope.starts_with("personas:") ||
         info.scope.starts_with("connections:") ||
         info.name == InstallFlowTemplate::info.name ||  // It may grant.
         !info.wire.session.empty();
}

// How much of what takes long is done at once: hashing a password, or verifying all books.
constexpr int slow_threads = 3;
// How many calls are done elsewhere at once. They wait more than they work.
constexpr int outside_threads = 8;

bool is_key(std::string_view key) {
  return key.size() <= 255 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::unexpected<Error> being_worked_on() {
  return fail({.code = ErrorCode::in_progress,
               .message = "A request with this idempotency key is being worked on.",
               .number = 60001,
               .retry_after_seconds = 1});
}

Result<bool> read_dry_run(const Value& said, Reading reading) {
  return TRY(piggy::read<DryRun>(Value::object({{"dry_run", said}}), reading)).dry_run;
}

void Invocation::call(const Tool& tool) {
  operation = tool.operation;
  connection_id = tool.connection_id;
  connection_tool = tool.connection_id ? tool.key() : std::string();
}

Dispatch::Dispatch(Database& database, const Catalogue& catalogue, Callers& callers,
                   Connections& connections, const Settings& settings, bool record_everything)
    : database_(database),
      catalogue_(catalogue),
      callers_(callers),
      connections_(connections),
      settings_(settings),
      record_everything_(record_everything),
      gate_(database, catalogue),
      remembered_(database) {
  for (int i = 0; i < slow_threads; i++) {
    threads_.emplace_back([this](std::stop_token stop) { do_slow_work(stop); });
  }
  for (int i = 0; i < outside_threads; i++) {
    threads_.emplace_back([this](std::stop_token stop) { do_outside_work(stop); });
  }
}

Result<std::unique_ptr<Dispatch>> Dispatch::start(Database& database, const Catalogue& catalogue,
                                                  Callers& callers, Connections& connections,
                                                  const Settings& settings,
                                                  bool record_everything) {
  std::unique_ptr<Dispatch> dispatch(
      new Dispatch(database, catalogue, callers, connections, settings, record_everything));
  TRY(dispatch->remembered_.load());
  return dispatch;
}

Dispatch::~Dispatch() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();  // Joins.
  for (const auto& [id, waiting] : outside_waiting_) {
    waiting->done(
        fail(ErrorCode::unavailable, "The program is stopping. It goes on at its start."));
  }
}

void Dispatch::call(Invocation invocation, Done done) {
  auto running = std::make_shared<Running>(Running{.invocation = std::move(invocation),
                                                   .done = std::move(done),
                                                   .started = database_.clock().now()});
  running->account = running->invocation.caller->account_id;
  if (Result<> admitted = admit(*running); !admitted) return refuse(running, admitted.error());
  if (Result<> clear = understand(*running); !clear) return refuse(running, clear.error());
  running->answer.output = Object(*running->operation().output);
  running->prepared = running->invocation.prepared;
  bool prepares = running->operation().prepare && !running->prepared;
  if (!running->operation().info.slow && !prepares) return go_on(running);
  std::lock_guard lock(slow_mutex_);
  slow_.push_back(std::move(running));
  slow_filled_.notify_one();
}

Result<> Dispatch::name(Invocation& invocation, std::string_view name) {
  invocation.operation = catalogue_.find(name);
  if (invocation.operation) return {};
  Tool tool;
  Result<> found =
      database_.read(invocation.caller->account_id, [&](Transaction& transaction) -> Result<> {
        tool = TRY(connections_.tool(transaction, name));
        return {};
      });
  if (!found && found.error().code != ErrorCode::not_found) return found;
  if (tool.connection_id) {  // Our own are not called by what they are over MCP.
    invocation.call(tool);
    return {};
  }
  return fail({.code = ErrorCode::not_found,
               .message = fmt::format("There is no operation {}.", name),
               .number = 404});
}

Result<Answer> Dispatch::call_and_wait(Invocation invocation) {
  std::latch answered(1);
  Result<Answer> outcome;
  call(std::move(invocation), [&](Result<Answer> answer) {
    outcome = std::move(answer);
    answered.count_down();
  });
  answered.wait();
  return outcome;
}

Result<> Dispatch::admit(Running& running) {
  const Invocation& invocation = running.invocation;
  const OperationInfo& info = running.operation().info;
  const Caller& caller = *invocation.caller;
  if (caller.persona_id) {
    running.admitted = TRY(gate_.admit(caller, running.called()));
  } else if (info.surface != Surface::open) {
    std::string_view scope = running.outside() ? connection_scope : info.scope;
    if (!caller.may(scope)) {
      return fail({.code = ErrorCode::forbidden,
                   .message = fmt::format("{} does not have the scope {}.",
                                          caller.person_id ? "Your role" : "This token", scope),
                   .number = 403});
    }
  }
  bool above_tenants = info.scope.starts_with("access:") || info.surface == Surface::open;
  if (caller.account_id == 0 && !above_tenants) {
    return fail({.code = ErrorCode::invalid,
                 .message = fmt::format("{} is about one account: say which.", info.title),
                 .number = 1003});
  }
  if (!is_key(invocation.idempotency_key)) {
    return fail_field("/Idempotency-Key",
                      "The idempotency key must be at most 255 visible ASCII characters.");
  }
  return {};
}

// Reads what was sent into the operation's Input.
Result<> Dispatch::understand(Running& running) {
  Invocation& invocation = running.invocation;
  const Operation& operation = running.operation();
  if (const Value* said = operation.writes() ? invocation.input.find("dry_run") : nullptr) {
    bool dry_run = TRY(read_dry_run(*said, invocation.reading));
    invocation.dry_run = invocation.dry_run || dry_run;
    invocation.input.erase("dry_run");
  }
  // The shop of a register is its own, whatever was sent (piggy-api-v3, section 11).
  const Field* shop = operation.input->field("shop_uuid");
  if (shop && !invocation.caller->shop_uuid.is_nil()) {
    // A hidden one is there to be refused, which a register has not asked for.
    invocation.input.erase("shop_uuid");
    if (!shop->options.hidden) {
      invocation.input.set("shop_uuid", to_string(invocation.caller->shop_uuid));
    }
  }
  running.input = Object(*operation.input);
  Result<> readable =
      piggy::read(*operation.input, invocation.input, running.input.data(), invocation.reading);
  if (operation.check) readable = checked(operation, running.input, std::move(readable));
  TRY(std::move(readable));
  running.account = TRY(account_of(invocation, running.input));
  return {};
}

Result<std::int64_t> Dispatch::account_of(const Invocation& invocation, const Object& input) {
  const Operation& operation = *invocation.operation;
  if (!operation.account_of) return invocation.caller->account_id;
  std::int64_t account = 0;
  TRY(database_.read(0, [&](Transaction& transaction) -> Result<> {
    account = TRY(operation.account_of(transaction, input.data()));
    return {};
  }));
  return account;
}

// What a program merely reads is not on record, unless the settings ask for it.
bool Dispatch::recorded(const Running& running) const {
  if (running.account == 0) return false;  // There is no account whose record it could be.
  const Caller& caller = *running.invocation.caller;
  return running.operation().writes() || caller.person_id || caller.persona_id ||
         record_everything_;
}

// A call that did not get as far as its transaction.
void Dispatch::refuse(const Shared& running, Error error) {
  if (!recorded(*running)) return running->done(std::unexpected(std::move(error)));
  running->outcome = fail(std::move(error));
  running->arguments = arguments_of(running->invocation);
  database_.submit(
      running->account,
      [this, running](Transaction& transaction) {
        return record(transaction, *running, CallOutcome::refused);
      },
      [this, running](Result<> recorded) {
        finish(*running, recorded ? running->outcome : std::move(recorded));
      });
}

void Dispatch::do_slow_work(std::stop_token stop) {
  for (;;) {
    std::unique_lock lock(slow_mutex_);
    if (!slow_filled_.wait(lock, stop, [&] { return !slow_.empty(); })) return;
    Shared running = std::move(slow_.front());
    slow_.pop_front();
    lock.unlock();
    if (const auto& prepare = running->operation().prepare; prepare && !running->prepared) {
      auto prepared = prepare({.database = database_,
                               .caller = *running->invocation.caller,
                               .dry_run = running->invocation.dry_run},
                              running->input.data());
      if (!prepared) {
        refuse(running, prepared.error());
        continue;
      }
      running->prepared = *std::move(prepared);
    }
    go_on(running);
  }
}

void Dispatch::go_on(const Shared& running) {
  if (running->operation().writes() || running->outside()) {
    write(running);
  } else {
    read(running);
  }
}

// A read answers on this thread; one that is on record waits for its row to be durable.
void Dispatch::read(const Shared& running) {
  Result<> result = database_.read(running->account, [&](Transaction& transaction) {
    return run_operation(transaction, *running, false);
  });
  if (!result) return refuse(running, result.error());
  if (!recorded(*running)) return finish(*running, {});
  running->arguments = arguments_of(running->invocation);
  database_.submit(
      running->account,
      [this, running](Transaction& transaction) -> Result<> {
        const Caller& caller = *running->invocation.caller;
        running->outcome = gate_.check(transaction, caller, running->called());
        if (running->outcome) {
          running->outcome =
              gate_.settle(transaction, caller, running->admitted, running->called(), {}, false);
        }
        // Nothing was changed, so that a refusal needs nothing undone.
        return record(transaction, *running,
                      running->outcome ? CallOutcome::done : CallOutcome::refused);
      },
      [this, running](Result<> recorded) {
        finish(*running, recorded ? running->outcome : std::move(recorded));
      });
}

void Dispatch::write(const Shared& running) {
  const Invocation& invocation = running->invocation;
  if (!invocation.idempotency_key.empty() && !invocation.dry_run) {
    // A persona's keys are its own: no other may be shown its answers.
    std::string whose = std::to_string(running->account);
    if (invocation.caller->persona_id) {
      whose += fmt::format(" {}", invocation.caller->persona_id);
    }
    running->keep_key(digest({whose, invocation.idempotency_key}),
                      digest({running->tool(), canonical_json(invocation.input)}));
    std::lock_guard lock(in_flight_mutex_);
    if (!in_flight_.insert(running->in_flight).second) return running->done(being_worked_on());
  }
  if (recorded(*running)) running->arguments = arguments_of(invocation);
  database_.submit(
      running->account,
      [this, running](Transaction& transaction) { return run_recorded(transaction, running); },
      [this, running](Result<> result) {
        committed(*running, result);
        if (!result && running->outside_id) forget_outside(*running);
        if (result && running->outside_id) return;  // Whoever does it answers.
        finish(*running, std::move(result));
      });
}

void Dispatch::committed(Running& running, Result<>& result) {
  if (running.keyed()) {
    if (running.remembered_id && result) {
      remembered_.committed(running.account, running.key, running.remembered_id);
    }
    std::lock_guard lock(in_flight_mutex_);
    in_flight_.erase(running.in_flight);
  }
  if (!result && result.error().code == ErrorCode::needs_approval && running.approval_uuid) {
    result.error().approval = to_string(*running.approval_uuid);
    if (running.question && running.outside()) rehearse_question(running);
  }
  if (result && !running.answer.dry_run) {
    if (changes_rights(running.operation().info)) {
      callers_.forget();
      gate_.personas().forget();
    }
    after_write_();
  }
  // An approval may have let one begin.
  bool begun = running.outside_id || running.operation().info.name == DecideApproval::info.name;
  if ((result && begun) || outside_unread_.exchange(false)) look_outside();
}

// May be run again from the start when a batch is repeated: nothing of an earlier run is kept.
Result<> Dispatch::run_recorded(Transaction& transaction, const Shared& running) {
  running->answer = Answer{.output = Object(*running->operation().output)};
  running->remembered_id = 0;
  if (running->outside_id) forget_outside(*running);
  running->call_id = 0;
  running->ran = false;
  running->question.reset();
  running->approval.reset();
  running->approval_uuid.reset();
  running->outcome = fail(ErrorCode::unavailable, "The store refused it.");
  if (recorded(*running)) {
    transaction.if_undone(
        [this, running](Transaction& instead) { return instead_of(instead, *running); });
  }
  running->outcome = run(transaction, *running);
  if (running->outcome && running->outside_id) wait_for_outside(running);
  return running->outcome;
}

Result<> Dispatch::run(Transaction& transaction, Running& running) {
  const Invocation& invocation = running.invocation;
  const Caller& caller = *invocation.caller;
  if (running.keyed() && TRY(remembered(transaction, running))) {
    if (invocation.along && !running.outside()) TRY(invocation.along(transaction, running.answer));
    return recorded(running) ? record(transaction, running, CallOutcome::replayed) : Result<>();
  }
  TRY(gate_.check(transaction, caller, running.called()));
  bool in_earnest = running.admitted.persona && !invocation.dry_run;
  std::string reason;
  if (in_earnest) reason = gate_.must_ask(*running.admitted.persona, running.called());
  if (!reason.empty()) return ask_or_answer(transaction, running, std::move(reason));
  if (running.outside()) return begin_outside(transaction, running);
  TRY(run_operation(transaction, running, invocation.dry_run));
  if (running.answer.dry_run) {
    transaction.discard();
    return {};
  }
  Result<> settled =
      gate_.settle(transaction, caller, running.admitted, running.called(), running.amounts, false);
  if (!settled) {
    if (settled.error().code != ErrorCode::needs_approval) return settled;
    return ask_or_answer(transaction, running, std::move(settled.error().message));
  }
  if (invocation.along) TRY(invocation.along(transaction, running.answer));
  if (recorded(running)) TRY(record(transaction, running, CallOutcome::done));
  return running.keyed() ? remember(transaction, running) : Result<>();
}

Result<> Dispatch::run_operation(Transaction& transaction, Running& running, bool rehearse) {
  const Invocation& invocation = running.invocation;
  const Operation& operation = running.operation();
  // A public form acts for the account it belongs to, not for whoever filled it in.
  std::shared_ptr<const Caller> caller = invocation.caller;
  if (running.account && caller->account_id != running.account) {
    caller = TRY(callers_.by_account(running.account));
  }
  Call call{.transaction = transaction,
            .caller = *caller,
            .settings = settings_,
            .door = invocation.door,
            .dry_run = rehearse,
            .strict = invocation.reading != Reading::lenient,
            // Whoever must approve it is shown them.
            .note_effects = running.admitted.persona != nullptr,
            .prepared = running.prepared.get()};
  running.answer = Answer{.output = Object(*operation.output)};
  TRY(operation.run(call, running.input.data(), running.answer.output.data()));
  running.ran = true;
  running.answer.dry_run = rehearse;
  running.answer.effects = std::move(call.effects);
  running.amounts = operation.amounts
                        ? operation.amounts(running.input.data(), running.answer.output.data())
                        : Amounts{};
  return {};
}

Result<bool> Dispatch::remembered(Transaction& transaction, Running& running) {
  auto row = TRY(remembered_.find(transaction, running.key));
  if (!row) return false;
  if (row->fingerprint != running.fingerprint) {
    return fail({.code = ErrorCode::conflict,
                 .message = "This idempotency key was used before with other input.",
                 .number = 422});
  }
  if (holds_a_secret(running.answer.output.shape())) {
    return fail({.code = ErrorCode::conflict,
                 .message = "This was done before under this idempotency key. The answer held a "
                            "secret, which is shown once and not kept.",
                 .number = 422});
  }
  if (row->call_id) row->answer = TRY(response_of_call(transaction, *row->call_id));
  Value answer = TRY(parse_json(row->answer));
  running.answer.replayed = true;
  if (running.outside()) {
    running.answer.told = std::move(answer);
    return true;
  }
  TRY(piggy::read(running.answer.output.shape(), answer, running.answer.output.data(),
                  Reading::strict));
  return true;
}

Result<> Dispatch::remember(Transaction& transaction, Running& running) {
  RememberedAnswers::Remembered remembered{.fingerprint = running.fingerprint};
  const Object& output = running.answer.output;
  bool kept = !holds_a_secret(output.shape());
  if (kept && running.call_id) remembered.call_id = running.call_id;
  if (kept && !running.call_id) write_json(remembered.answer, output.shape(), output.data());
  running.remembered_id = TRY(remembered_.remember(transaction, running.key, remembered));
  return {};
}

void Dispatch::finish(Running& running, Result<> result) {
  if (!result) return running.done(std::unexpected(std::move(result).error()));
  running.done(std::move(running.answer));
}

}  // namespace piggy
