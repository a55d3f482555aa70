#include "door/flows.h"

#include <fmt/format.h>

#include "door/presentation.h"
#include "model/outside_text.h"
#include "persona/plan.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::string_view choice_tool = "answer";

// A choice is made by a tool with one field of the values, so that nothing else can be said.
model::ToolOffer choice_offer(const Question& question) {
  Value values = Value::list();
  for (const auto& [value, about] : question.choices) values.push(to_json(value));
  Value schema = Value::object(
      {{"type", "object"},
       {"properties",
        Value::object({{"choice", Value::object({{"type", "string"}, {"enum", std::move(values)}})},
                       {"reason", Value::object({{"type", "string"},
                                                 {"description", "Why, in a sentence."}})}})},
       {"required", Value(Value::List{"choice", "reason"})},
       {"additionalProperties", false}});
  return {.name = std::string(choice_tool),
          .description = "Gives your answer.",
          .input_schema = std::move(schema)};
}

std::string words_of(const Question& question) {
  std::string text = question.prompt;
  if (question.asks_choice) {
    text += "\n\nThe choices:";
    for (const auto& [value, about] : question.choices) {
      text += fmt::format("\n- {}", to_json(value));
      if (!about.empty()) text += ": " + model::as_data(about);
    }
    text += "\n\nCall the tool `answer` once, with one of them and the reason in a sentence.";
  }
  if (!question.about.is_null()) {
    text += "\n\n" + model::as_data(pretty_json(question.about));
  }
  return text;
}

std::string text_of(const model::Reply& reply) {
  std::string text;
  for (const model::Part& part : reply.message.parts) {
    if (const auto* said = std::get_if<model::Text>(&part)) text += said->text;
  }
  return text;
}

}  // namespace

Result<ToolOutcome> FlowDoor::call(const ToolUse& use, const Mark& mark, bool& marked) {
  Invocation invocation{.input = use.input,
                        .reading = Reading::strict,
                        .dry_run = use.dry_run,
                        .door = Door::flow,
                        .prompt = use.prompt};
  invocation.caller =
      TRY(callers_.acting(use.actor.account_id, use.actor.person_id, use.actor.persona_id, 0));
  TRY(dispatch_.database().read(use.actor.account_id, [&](Transaction& transaction) -> Result<> {
    invocation.call(TRY(dispatch_.connections().tool(transaction, use.tool)));
    return {};
  }));
  const Operation& operation = *invocation.operation;
  bool writes = operation.writes();
  bool outside = invocation.connection_id != 0;
  if (!writes) invocation.dry_run = false;
  if (writes && outside && use.dry_run) {
    Connector* connector = nullptr;
    Reach reach;
    TRY(dispatch_.database().read(use.actor.account_id, [&](Transaction& transaction) -> Result<> {
      auto connection = TRY(connection_by_id(transaction, invocation.connection_id));
      connector = dispatch_.connections().connector(connection.connector);
      reach = TRY(dispatch_.connections().reach(transaction, connection));
      return {};
    }));
    if (!connector->rehearses(reach)) return ToolOutcome{.rehearsed = true, .not_rehearsed = true};
  }
  if (writes && !use.dry_run) invocation.idempotency_key = use.key;
  if (writes && !use.dry_run && !outside) {
    invocation.along = [&](Transaction& transaction, const Answer& answer) -> Result<> {
      marked = false;
      const Shape& shape = answer.output.shape();
      TRY(mark(transaction, without_secrets(shape, value_of(shape, answer.output.data()))));
      marked = true;
      return {};
    };
  }
  auto answer = dispatch_.call_and_wait(std::move(invocation));
  if (!answer) {
    marked = false;
    return fail(std::move(answer.error()));
  }
  const Shape& shape = answer->output.shape();
  Value told = answer->told ? *std::move(answer->told) : value_of(shape, answer->output.data());
  // What is kept in a run is read again and again; a secret is not for that.
  return ToolOutcome{.output = without_secrets(shape, std::move(told)),
                     .effects = std::move(answer->effects),
                     .rehearsed = answer->dry_run};
}

Result<std::optional<AskOutcome>> FlowDoor::ask(const Question& question) {
  std::shared_ptr<const Persona> persona;
  TRY(dispatch_.database().read(
      question.actor.account_id, [&](Transaction& transaction) -> Result<> {
        persona = TRY(dispatch_.gate().personas().find(transaction, question.actor.persona_id));
        return {};
      }));
  if (persona->state == PersonaState::stopped) {
    return fail(ErrorCode::forbidden, fmt::format("{} is stopped.", persona->name));
  }
  std::shared_ptr<model::Model> model;
  if (!persona->model.empty()) model = models_(persona->model);
  if (!model) return std::nullopt;
  model::Request request{
      .system = fmt::format("{}\n\n{}", persona->instructions, model::outside_text_rule),
      .messages = {{.role = model::Role::user, .parts = {model::Text{words_of(question)}}}},
      .max_tokens = 1'024};
  if (question.asks_choice) request.tools = {choice_offer(question)};
  model::Reply reply = TRY(model->ask(request, {}, {}));
  AskOutcome outcome{.text = text_of(reply),
                     .tokens = reply.usage.input_tokens + reply.usage.output_tokens};
  if (!question.asks_choice) {
    if (reply.stop == model::Stop::end && !outcome.text.empty()) return outcome;
    return fail(ErrorCode::conflict, "The model did not say all of its answer.");
  }
  for (const model::Part& part : reply.message.parts) {
    const auto* call = std::get_if<model::ToolCall>(&part);
    if (!call || call->name != choice_tool || call->broken) continue;
    auto choice = parse_json(call->arguments.text_of("choice"));
    if (choice) outcome.choice = *std::move(choice);
    outcome.text = call->arguments.text_of("reason");
    return outcome;
  }
  return outcome;  // Without a choice: none that was offered.
}

Result<> FlowDoor::charge_tokens(Transaction& transaction, const FlowActor& actor,
                                 std::int64_t tokens) {
  auto account = TRY(callers_.by_account(actor.account_id));
  return charge(transaction, *account, price_of_tokens(tokens));
}

}  // namespace piggy
