// Calls that are done elsewhere, through a connection.

#include <fmt/format.h>
#include "base/log.h"

#include "door/presentation.h"
#include "door/running.h"
#include "shape/json.h"

namespace piggy {

// Counted and priced like any other call, though it is not yet done.
Result<> Dispatch::begin_outside(Transaction& transaction, Running& running) {
  const Invocation& invocation = running.invocation;
  if (running.keyed() && TRY(is_under_way(transaction, running.key))) return being_worked_on();
  const Operation& operation = running.operation();
  if (operation.amounts) {
    running.amounts = operation.amounts(running.input.data(), running.answer.output.data());
  }
  if (!invocation.dry_run) {
    Result<> settled = gate_.settle(transaction, *invocation.caller, running.admitted,
                                    running.called(), running.amounts, false);
    if (!settled) {
      if (settled.error().code != ErrorCode::needs_approval) return settled;
      return ask_or_answer(transaction, running, std::move(settled.error().message));
    }
  }
  return write_down(transaction, running);
}

Result<> Dispatch::write_down(Transaction& transaction, Running& running) {
  const Invocation& invocation = running.invocation;
  OutsideCallRow row{.connection_id = invocation.connection_id,
                     .tool = std::string(running.tool()),
                     .persona_id = invocation.caller->persona_id,
                     .person_id = invocation.caller->person_id,
                     .token_id = invocation.caller->token_id,
                     .door = invocation.door,
                     .conversation_uuid = invocation.conversation_uuid,
                     .approval_uuid = running.approval_uuid,
                     .prompt = invocation.prompt,
                     .arguments = invocation.input,
                     .idempotency_key = invocation.idempotency_key,
                     .dry_run = invocation.dry_run,
                     .price = invocation.dry_run ? 0 : running.admitted.price,
                     .points = invocation.dry_run ? 0 : running.amounts.points};
  if (running.keyed()) {
    row.key_digest = running.key;
    row.fingerprint = running.fingerprint;
  }
  TRY(begin_outside_call(transaction, row));
  running.outside_id = row.id;
  return {};
}

// Before the commit, so that nobody can be done with it before we wait.
void Dispatch::wait_for_outside(const Shared& running) {
  std::lock_guard lock(outside_mutex_);
  outside_waiting_[running->outside_id] = running;
}

void Dispatch::forget_outside(Running& running) {
  std::lock_guard lock(outside_mutex_);
  outside_waiting_.erase(running.outside_id);
  running.outside_id = 0;
}

// Takes up what is written down and not known yet. Who ends a call forgets it after its row is
// gone; a look that saw the row before that takes it up in vain, and `act` finds it gone.
void Dispatch::look_outside() {
  std::vector<OutsideCallRow> rows;
  Result<> read = database_.read(0, [&](Transaction& transaction) -> Result<> {
    rows = TRY(outside_calls(transaction));
    return {};
  });
  if (!read) {
    outside_unread_ = true;  // The next write looks again.
    spdlog::warn("calls of connections wait: {}", read.error().message);
    return;
  }
  std::lock_guard lock(outside_mutex_);
  for (OutsideCallRow& row : rows) {
    if (outside_known_.insert(row.id).second) outside_.push_back(std::move(row));
  }
  outside_filled_.notify_all();
}

void Dispatch::do_outside_work(std::stop_token stop) {
  for (;;) {
    std::unique_lock lock(outside_mutex_);
    auto filled = [&] { return !outside_.empty() || !rehearsals_.empty(); };
    if (!outside_filled_.wait(lock, stop, filled)) return;
    if (outside_.empty()) {
      auto rehearse = std::move(rehearsals_.front());
      rehearsals_.pop_front();
      lock.unlock();
      rehearse();
      continue;
    }
    OutsideCallRow row = std::move(outside_.front());
    outside_.pop_front();
    lock.unlock();
    perform(row);
  }
}

// What it would change there is for the person's eyes, and the question does not wait for it: a
// crash in between costs them the sight, nothing else.
void Dispatch::rehearse_question(const Running& running) {
  std::lock_guard lock(outside_mutex_);
  rehearsals_.push_back([this, account = running.account, approval = *running.approval_uuid] {
    Result<> noted = note_rehearsal(account, approval);
    if (!noted) spdlog::info("an approval shows no effect: {}", noted.error().message);
  });
  outside_filled_.notify_one();
}

Result<> Dispatch::note_rehearsal(std::int64_t account, const Uuid& approval) {
  Tool tool;
  ApprovalRow row;
  ConnectionRow connection;
  Reach reach;
  TRY(database_.read(account, [&](Transaction& transaction) -> Result<> {
    row = TRY(approval_by_uuid(transaction, approval));
    tool = TRY(connections_.tool(transaction, row.tool));
    connection = TRY(connection_by_id(transaction, tool.connection_id));
    reach = TRY(connections_.reach(transaction, connection));
    return {};
  }));
  Connector* connector = connections_.connector(connection.connector);
  if (!tool.operation->writes() || !connector->rehearses(reach)) return {};
  reach = TRY(connections_.fresh(database_, account, connection, std::move(reach)));
  auto rehearsed = connector->call(
      reach, {.operation = *tool.operation, .input = row.arguments, .dry_run = true});
  std::vector<EffectLine> effects;
  if (rehearsed) {
    effects = std::move(rehearsed->effects);
  } else if (rehearsed.error().code != ErrorCode::unavailable) {
    effects = {{.what = fmt::format("a rehearsal at {}", connection.name),
                .after = rehearsed.error().message}};
  }
  return database_.write(account, [&](Transaction& transaction) {
    return note_effects(transaction, approval,
                        value_of(shape_of<std::vector<EffectLine>>(), &effects));
  });
}

void Dispatch::perform(const OutsideCallRow& row) {
  Running running{
      .started = row.created_at, .account = row.account_id, .approval_uuid = row.approval_uuid};
  running.invocation = {.input = row.arguments,
                        .idempotency_key = row.idempotency_key,
                        .dry_run = row.dry_run,
                        .door = row.door,
                        .prompt = row.prompt,
                        .conversation_uuid = row.conversation_uuid,
                        .connection_id = row.connection_id,
                        .connection_tool = row.tool};
  if (row.key_digest && row.fingerprint) running.keep_key(*row.key_digest, *row.fingerprint);
  if (Result<> known = recall(running, row); !known) {
    // Without these it could not even be recorded. It stays written down for a better start.
    spdlog::warn("call {} of {} waits: {}", to_string(row.uuid), row.tool, known.error().message);
    return answer_whoever_waits(row, [&](Running& waiting) { finish(waiting, known); });
  }
  auto answer = act(running, row);
  if (answer) {
    running.answer = Answer{.output = std::move(answer->output),
                            .told = std::move(answer->told),
                            .effects = std::move(answer->effects),
                            .dry_run = row.dry_run};
  } else {
    running.outcome = std::unexpected(std::move(answer.error()));
  }
  Result<> ended = database_.write(row.account_id, [&](Transaction& transaction) {
    return end_outside(transaction, running, row);
  });
  if (ended && running.remembered_id) {
    remembered_.committed(row.account_id, running.key, running.remembered_id);
  }
  after_write_();
  answer_whoever_waits(row, [&](Running& waiting) {
    // Done, but not on record: whoever asks again with the same key learns more.
    if (!ended) return finish(waiting, std::move(ended));
    waiting.answer = std::move(running.answer);
    finish(waiting, std::move(running.outcome));
  });
}

void Dispatch::answer_whoever_waits(const OutsideCallRow& row,
                                    const std::function<void(Running&)>& answer) {
  Shared waiting;
  {
    std::lock_guard lock(outside_mutex_);
    outside_known_.erase(row.id);
    auto found = outside_waiting_.find(row.id);
    if (found != outside_waiting_.end()) {
      waiting = std::move(found->second);
      outside_waiting_.erase(found);
    }
  }
  if (waiting) answer(*waiting);
}

// Who called what, as it was written down.
Result<> Dispatch::recall(Running& running, const OutsideCallRow& row) {
  Invocation& invocation = running.invocation;
  invocation.caller =
      TRY(callers_.acting(row.account_id, row.person_id, row.persona_id, row.token_id));
  return database_.read(row.account_id, [&](Transaction& transaction) -> Result<> {
    ConnectionRow connection = TRY(connection_by_id(transaction, row.connection_id));
    invocation.operation = connections_.operation(
        connection.connector, std::string_view(row.tool).substr(connection.handle.size() + 1));
    if (!invocation.operation) {
      return fail(ErrorCode::not_found, fmt::format("There is no tool {} any more.", row.tool));
    }
    running.arguments = arguments_of(invocation);
    if (!row.persona_id) return {};  // People and programs pay nothing.
    running.admitted = {.persona = TRY(gate_.personas().find(transaction, row.persona_id)),
                        .price = row.price};
    return {};
  });
}

// Everything is looked at again: between the writing down and now somebody may have revoked the
// connection or left the tool out of what it may be used for, stopped the persona, or all of it may
// lie days back.
Result<OutsideAnswer> Dispatch::act(Running& running, const OutsideCallRow& row) {
  const Invocation& invocation = running.invocation;
  Connector* connector = nullptr;
  ConnectionRow connection;
  Reach reach;
  TRY(database_.read(row.account_id, [&](Transaction& transaction) -> Result<> {
    connection = TRY(connection_by_id(transaction, row.connection_id));
    connector = connections_.connector(connection.connector);
    if (!row.sent) TRY(gate_.check(transaction, *invocation.caller, running.called()));
    reach = TRY(connections_.reach(transaction, connection));
    if (!row.sent) TRY(must_be_permitted(connection, running.operation()));
    return {};
  }));
  TRY(understand(running));
  reach = TRY(connections_.fresh(database_, row.account_id, connection, std::move(reach)));
  if (running.operation().writes() && !row.sent) {
    TRY(database_.write(row.account_id, [&](Transaction& transaction) -> Result<> {
      if (TRY(note_sent(transaction, row))) return {};
      return fail(ErrorCode::conflict, "This call has ended already.");
    }));
  }
  // Calls without a key of their own have the row's, so that they are not done twice either.
  std::string key =
      running.keyed() ? fmt::format("{}-{}", to_string(running.key), to_string(running.fingerprint))
                      : to_string(row.uuid);
  OutsideRequest request{.operation = running.operation(),
                         .input = invocation.input,
                         .idempotency_key = key,
                         .dry_run = row.dry_run,
                         .perhaps_done = row.sent};
  auto answer = connector->call(reach, request);
  bool refused = !answer && answer.error().code == ErrorCode::unauthenticated;
  if (!refused || !reach.signed_in) return answer;
  // An access token may end before its time: nothing was done with it.
  reach = TRY(connections_.refreshed(database_, row.account_id, connection.uuid, reach));
  return connector->call(reach, request);
}

Result<> Dispatch::end_outside(Transaction& transaction, Running& running,
                               const OutsideCallRow& row) {
  running.remembered_id = 0;
  if (!TRY(end_outside_call(transaction, row))) return {};  // Somebody else has.
  bool refused_key = !running.outcome && running.outcome.error().code == ErrorCode::unauthenticated;
  ConnectionRow connection = TRY(connection_by_id(transaction, row.connection_id));
  if (connection.state != ConnectionState::revoked) {
    connection.last_used_at = transaction.now();
    if (refused_key) {
      connection.state = ConnectionState::reconnect;
      connection.problem = running.outcome.error().message;
    }
    TRY(update_connection(transaction, connection));
  }
  if (refused_key) {
    // It is not the persona's own token that was refused.
    running.outcome.error().code = ErrorCode::conflict;
    running.outcome.error().message +=
        fmt::format(" Somebody must connect {} again.", connection.name);
  }
  if (!running.outcome && !row.dry_run && row.persona_id) {
    TRY(gate_.give_back(transaction, *running.invocation.caller, row.tool, row.price, row.points));
  }
  if (running.outcome && !row.dry_run && row.persona_id && running.operation().amounts) {
    Amounts given = running.operation().amounts(running.input.data(), running.answer.output.data());
    if (given.points != row.points) {
      TRY(gate_.count_points(transaction, *running.invocation.caller, row.tool,
                             given.points - row.points));
    }
  }
  TRY(record(transaction, running,
             !running.outcome ? CallOutcome::refused
             : row.dry_run    ? CallOutcome::rehearsed
                              : CallOutcome::done));
  if (row.approval_uuid) {
    TRY(running.outcome ? end_execution(transaction, *row.approval_uuid, ApprovalState::executed,
                                        response_of(running.answer))
                        : end_execution(transaction, *row.approval_uuid, ApprovalState::failed,
                                        running.outcome.error().message));
  }
  bool remembered = running.outcome && running.keyed() && running.operation().writes();
  return remembered ? remember(transaction, running) : Result<>();
}

}  // namespace piggy
