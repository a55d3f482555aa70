#include "door/dispatch.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <latch>

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
  return fail({.code = ErrorCode::invalid,
               .message = "Invalid input.",
               .number = 1003,
               .fields = std::move(problems)});
}

// What is shown once is not kept to be shown again.
bool holds_a_secret(const Shape& shape) {
  return std::ranges::any_of(
      shape.fields, [](const Field& field) { return field.options.format == Format::secret; });
}

struct DryRun {
  bool dry_run = false;
  static void describe(Fields<DryRun>& field) {
    field("dry_run", &DryRun::dry_run, "Whether to change nothing.");
  }
};

bool is_key(std::string_view key) {
  return key.size() <= 255 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Result<bool> read_dry_run(const Value& said, Reading reading) {
  return TRY(piggy::read<DryRun>(Value::object({{"dry_run", said}}), reading)).dry_run;
}

struct Dispatch::Running {
  Invocation invocation;
  Done done;
  Object input;
  std::int64_t account = 0;
  Answer answer = {};
  Uuid key = {};
  Uuid fingerprint = {};
  std::string in_flight = {};
  std::int64_t remembered_id = 0;
};

Dispatch::Dispatch(Database& database, Callers& callers, const Settings& settings)
    : database_(database),
      callers_(callers),
      settings_(settings),
      remembered_(database),
      slow_thread_([this](std::stop_token stop) { read_slowly(stop); }) {}

Result<std::unique_ptr<Dispatch>> Dispatch::start(Database& database, Callers& callers,
                                                  const Settings& settings) {
  std::unique_ptr<Dispatch> dispatch(new Dispatch(database, callers, settings));
  TRY(dispatch->remembered_.load());
  return dispatch;
}

Dispatch::~Dispatch() {
  slow_thread_.request_stop();
  slow_thread_.join();
}

void Dispatch::call(Invocation invocation, Done done) {
  if (Result<> admitted = admit(invocation); !admitted) {
    return done(std::unexpected(std::move(admitted).error()));
  }
  const Operation& operation = *invocation.operation;
  const Value* said = operation.writes() ? invocation.input.find("dry_run") : nullptr;
  if (said) {
    auto dry_run = read_dry_run(*said, invocation.reading);
    if (!dry_run) return done(std::unexpected(std::move(dry_run).error()));
    invocation.dry_run = invocation.dry_run || *dry_run;
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
  auto running = std::make_shared<Running>(Running{.invocation = std::move(invocation),
                                                   .done = std::move(done),
                                                   .input = Object(*operation.input)});
  Result<> readable = piggy::read(*operation.input, running->invocation.input,
                                  running->input.data(), running->invocation.reading);
  if (operation.check) readable = checked(operation, running->input, std::move(readable));
  if (!readable) return running->done(std::unexpected(std::move(readable).error()));
  auto account = account_of(running->invocation, running->input);
  if (!account) return running->done(std::unexpected(std::move(account).error()));
  running->account = *account;
  running->answer.output = Object(*operation.output);
  if (operation.writes()) {
    write(std::move(running));
  } else if (operation.info.slow) {
    std::lock_guard lock(slow_mutex_);
    slow_.push_back(std::move(running));
    slow_filled_.notify_one();
  } else {
    read(running);
  }
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

Result<> Dispatch::admit(const Invocation& invocation) const {
  const OperationInfo& info = invocation.operation->info;
  ASSERT(invocation.caller != nullptr);
  if (info.surface != Surface::open && !invocation.caller->may(info.scope)) {
    return fail({.code = ErrorCode::forbidden,
                 .message = fmt::format("This token does not have the scope {}.", info.scope),
                 .number = 403});
  }
  bool above_tenants = info.scope.starts_with("access:") || info.surface == Surface::open;
  if (invocation.caller->account_id == 0 && !above_tenants) {
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

void Dispatch::read_slowly(std::stop_token stop) {
  for (;;) {
    std::unique_lock lock(slow_mutex_);
    if (!slow_filled_.wait(lock, stop, [&] { return !slow_.empty(); })) return;
    std::shared_ptr<Running> running = std::move(slow_.front());
    slow_.pop_front();
    lock.unlock();
    read(running);
  }
}

void Dispatch::read(const std::shared_ptr<Running>& running) {
  Result<> result = database_.read(
      running->account, [&](Transaction& transaction) { return run(transaction, *running); });
  finish(*running, std::move(result));
}

void Dispatch::write(std::shared_ptr<Running> running) {
  const Invocation& invocation = running->invocation;
  if (!invocation.idempotency_key.empty() && !invocation.dry_run) {
    std::string account = std::to_string(running->account);
    running->key = digest({account, invocation.idempotency_key});
    running->fingerprint =
        digest({invocation.operation->info.name, canonical_json(invocation.input)});
    running->in_flight.assign(reinterpret_cast<const char*>(running->key.bytes.data()), 16);
    std::lock_guard lock(in_flight_mutex_);
    if (!in_flight_.insert(running->in_flight).second) {
      return running->done(
          fail({.code = ErrorCode::in_progress,
                .message = "A request with this idempotency key is being worked on.",
                .number = 60001,
                .retry_after_seconds = 1}));
    }
  }
  auto work = [this, running](Transaction& transaction) { return run(transaction, *running); };
  database_.submit(running->account, std::move(work), [this, running](Result<> result) {
    if (!running->in_flight.empty()) {
      if (result && running->remembered_id) {
        remembered_.committed(running->account, running->key, running->remembered_id);
      }
      std::lock_guard lock(in_flight_mutex_);
      in_flight_.erase(running->in_flight);
    }
    if (result && !running->answer.dry_run) {
      if (running->invocation.operation->info.scope.starts_with("access:")) callers_.forget();
      after_write_();
    }
    finish(*running, std::move(result));
  });
}

// May be run again from the start when a batch is repeated: nothing of an earlier run is kept.
Result<> Dispatch::run(Transaction& transaction, Running& running) {
  const Invocation& invocation = running.invocation;
  bool keyed = !running.in_flight.empty();
  running.answer = Answer{.output = Object(*invocation.operation->output)};
  running.remembered_id = 0;
  if (keyed && TRY(remembered(transaction, running))) return {};
  // A public form acts for the account it belongs to, not for whoever filled it in.
  std::shared_ptr<const Caller> caller = invocation.caller;
  if (caller->account_id != running.account) caller = TRY(callers_.by_account(running.account));
  Call call{.transaction = transaction,
            .caller = *caller,
            .settings = settings_,
            .door = invocation.door,
            .dry_run = invocation.dry_run,
            .strict = invocation.reading != Reading::lenient};
  TRY(invocation.operation->run(call, running.input.data(), running.answer.output.data()));
  if (call.dry_run) {
    running.answer.dry_run = true;
    running.answer.effects = std::move(call.effects);
    transaction.discard();
    return {};
  }
  return keyed ? remember(transaction, running) : Result<>();
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
  Value answer = TRY(parse_json(row->answer));
  TRY(piggy::read(running.answer.output.shape(), answer, running.answer.output.data(),
                  Reading::strict));
  running.answer.replayed = true;
  return true;
}

Result<> Dispatch::remember(Transaction& transaction, Running& running) {
  RememberedAnswers::Remembered remembered{.fingerprint = running.fingerprint};
  const Object& output = running.answer.output;
  if (!holds_a_secret(output.shape())) {
    write_json(remembered.answer, output.shape(), output.data());
  }
  running.remembered_id = TRY(remembered_.remember(transaction, running.key, remembered));
  return {};
}

void Dispatch::finish(Running& running, Result<> result) {
  if (!result) return running.done(std::unexpected(std::move(result).error()));
  running.done(std::move(running.answer));
}

}  // namespace piggy
