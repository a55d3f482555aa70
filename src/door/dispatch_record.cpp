// What the dispatch keeps of a call: its row in the audit, the question to a person, and what
// becomes of that.

#include <fmt/format.h>

#include "door/presentation.h"
#include "door/running.h"
#include "shape/json.h"

namespace piggy {
namespace {

std::string json_of(const Error& error) {
  Value fields = Value::object();
  for (const FieldError& field : error.fields) fields.set(field.path, field.message);
  Value value = Value::object({{"error", error.message}});
  if (!error.fields.empty()) value.set("fields", std::move(fields));
  return to_json(value);
}

}  // namespace

std::string response_of(const Answer& answer) {
  const Object& output = answer.output;
  if (answer.told) return to_json(without_secrets(output.shape(), *answer.told));
  if (holds_a_secret(output.shape())) {
    return to_json(without_secrets(output.shape(), value_of(output.shape(), output.data())));
  }
  std::string text;
  write_json(text, output.shape(), output.data());
  return text;
}

std::string arguments_of(const Invocation& invocation) {
  return to_json(without_secrets(*invocation.operation->input, invocation.input));
}

// A person must decide about this call. What was asked before and not yet told is the answer;
// otherwise the question is kept, with the effect it would have. Nothing that was done so far
// stays.
Result<> Dispatch::ask_or_answer(Transaction& transaction, Running& running, std::string reason) {
  const Invocation& invocation = running.invocation;
  ApprovalRow question{.persona_id = invocation.caller->persona_id,
                       .person_id = invocation.caller->person_id,
                       .token_id = invocation.caller->token_id,
                       .door = invocation.door,
                       .conversation_uuid = invocation.conversation_uuid,
                       .prompt = invocation.prompt,
                       .tool = std::string(running.tool()),
                       .arguments = invocation.input,
                       .idempotency_key = invocation.idempotency_key,
                       .reason = reason,
                       .price = running.admitted.price};
  question.digest = digest_of(question);
  running.approval = TRY(open_approval(transaction, question.digest));
  if (!running.approval) {
    // What is done elsewhere is rehearsed there, once it is asked.
    if (!running.ran && !running.outside()) TRY(run_operation(transaction, running, true));
    const auto& effects = running.answer.effects;
    question.effects = value_of(shape_of<std::vector<EffectLine>>(), &effects);
    running.question = std::move(question);
    return fail({.code = ErrorCode::needs_approval,
                 .message = fmt::format("{} A person was asked to approve it. Make the same call "
                                        "again to learn how that ended.",
                                        reason)});
  }
  const ApprovalRow& approval = *running.approval;
  running.approval_uuid = approval.uuid;
  if (is_open(approval.state)) {
    return fail(ErrorCode::needs_approval, fmt::format("{} {}", reason, how_it_ended(approval)));
  }
  if (approval.state != ApprovalState::executed) {
    return fail(ErrorCode::conflict, how_it_ended(approval));
  }
  running.answer = Answer{.output = Object(*running.operation().output), .replayed = true};
  Value answer = TRY(parse_json(approval.answer));
  transaction.discard();
  if (running.outside()) {
    running.answer.told = std::move(answer);
    return {};
  }
  TRY(piggy::read(running.answer.output.shape(), answer, running.answer.output.data(),
                  Reading::strict));
  return {};
}

// In place of a call that was undone: that it was refused, rehearsed, or waits is on record.
Result<> Dispatch::instead_of(Transaction& transaction, Running& running) {
  if (running.question) {
    running.approval_uuid = TRY(ask_for_approval(transaction, *running.question));
    return record(transaction, running, CallOutcome::waiting);
  }
  if (running.approval) {
    if (is_open(running.approval->state)) {
      return record(transaction, running, CallOutcome::waiting);
    }
    TRY(collect(transaction, *running.approval));
    TRY(record(transaction, running,
               running.outcome ? CallOutcome::replayed : CallOutcome::refused));
    return running.outcome && running.keyed() ? remember(transaction, running) : Result<>();
  }
  return record(transaction, running,
                running.outcome ? CallOutcome::rehearsed : CallOutcome::refused);
}

Result<> Dispatch::record(Transaction& transaction, Running& running, CallOutcome outcome) {
  const Invocation& invocation = running.invocation;
  const Operation& operation = running.operation();
  bool answered = outcome != CallOutcome::refused && outcome != CallOutcome::waiting;
  const void* answer = answered ? running.answer.output.data() : nullptr;
  const Persona* persona = running.admitted.persona.get();
  CallRecord record{.caller = *invocation.caller,
                    .persona = persona ? persona->name : std::string_view(),
                    .door = invocation.door,
                    .operation = running.tool(),
                    .outcome = outcome,
                    .duration_us = database_.clock().now() - running.started,
                    .price = outcome == CallOutcome::done ? running.admitted.price : 0,
                    .contact_uuid = contact_in(invocation.input, *operation.output, answer),
                    .approval_uuid = running.approval_uuid,
                    .conversation_uuid = invocation.conversation_uuid,
                    .prompt = invocation.prompt,
                    .arguments = running.arguments};
  if (persona) record.persona_uuid = persona->uuid;
  std::string response = answer ? response_of(running.answer) : json_of(running.outcome.error());
  record.response = response;
  running.call_id = TRY(record_call(transaction, record));
  return {};
}

Result<std::optional<std::string>> Dispatch::run_approved(Call& decision,
                                                          const ApprovalRow& approval) {
  Tool tool = TRY(connections_.tool(decision.transaction, approval.tool));
  std::string_view scope = tool.connection_id ? connection_scope : tool.operation->info.scope;
  if (!decision.caller.may(scope)) {
    return fail({.code = ErrorCode::forbidden,
                 .message = fmt::format("Who approves this needs the scope {}.", scope),
                 .number = 403});
  }
  Running running{.started = database_.clock().now(), .account = decision.transaction.account()};
  Invocation& invocation = running.invocation;
  invocation = {.caller = TRY(callers_.acting(running.account, approval.person_id,
                                              approval.persona_id, approval.token_id)),
                .input = approval.arguments,
                .idempotency_key = approval.idempotency_key,
                .door = approval.door,
                .prompt = approval.prompt,
                .conversation_uuid = approval.conversation_uuid};
  invocation.call(tool);
  running.arguments = arguments_of(invocation);
  running.approval_uuid = approval.uuid;
  if (digest_of(approval) != approval.digest) {
    return fail(ErrorCode::conflict, "This is not what was asked: the approval was altered.");
  }
  Transaction& transaction = decision.transaction;
  TRY(gate_.check(transaction, *invocation.caller, running.called()));
  running.admitted = {.persona = TRY(gate_.personas().find(transaction, approval.persona_id)),
                      .price = approval.price};
  TRY(understand(running));
  if (running.outside()) {
    if (decision.dry_run) return std::nullopt;
    TRY(gate_.settle(transaction, *invocation.caller, running.admitted, running.called(), {},
                     true));
    TRY(write_down(transaction, running));
    return std::nullopt;
  }
  TRY(run_operation(transaction, running, decision.dry_run));
  for (EffectLine& line : running.answer.effects) decision.effects.push_back(std::move(line));
  TRY(gate_.settle(transaction, *invocation.caller, running.admitted, running.called(),
                   running.amounts, true));
  TRY(record(transaction, running, CallOutcome::done));
  return response_of(running.answer);
}

Result<InnerCalls::Undone> Dispatch::run_undo(Call& outer, const AuditCall& done) {
  const Operation* operation = catalogue_.find(done.operation);
  if (!operation) {
    return fail(ErrorCode::conflict,
                "This was done elsewhere, through a connection: it must be taken back there.");
  }
  if (done.outcome != CallOutcome::done || !operation->writes()) {
    return fail(ErrorCode::conflict,
                fmt::format("This call changed nothing: it is {}.",
                            operation->writes() ? word_of(done.outcome) : "a read"));
  }
  const Operation* undo = catalogue_.find(operation->info.undone_by);
  if (!undo) {
    return fail(
        ErrorCode::conflict,
        fmt::format("{} has no counter-entry: it cannot be taken back.", operation->info.title));
  }
  if (outer.caller.persona_id || !outer.caller.may(undo->info.scope)) {
    return fail({.code = ErrorCode::forbidden,
                 .message = fmt::format("This needs the scope {}.", undo->info.scope),
                 .number = 403});
  }
  Running running{.started = database_.clock().now(), .account = outer.transaction.account()};
  // Borrowed: the outer call outlives this one.
  std::shared_ptr<const Caller> caller(std::shared_ptr<const void>(), &outer.caller);
  running.invocation = {.operation = undo,
                        .caller = std::move(caller),
                        .input = Value::object({{std::string(undo->input->fields[0].name),
                                                 std::string(done.response.text_of("uuid"))}}),
                        .door = outer.door,
                        .prompt = fmt::format("undo of call {}", to_string(done.uuid))};
  running.arguments = arguments_of(running.invocation);
  TRY(understand(running));
  TRY(run_operation(outer.transaction, running, outer.dry_run));
  for (EffectLine& line : running.answer.effects) outer.effects.push_back(std::move(line));
  TRY(record(outer.transaction, running, CallOutcome::done));
  return Undone{.operation = std::string(undo->info.name),
                .answer = TRY(parse_json(response_of(running.answer)))};
}

}  // namespace piggy
