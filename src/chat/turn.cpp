#include "chat/turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <iterator>
#include <mutex>
#include <thread>

#include "chat/elsewhere.h"
#include "chat/model_rows.h"
#include "chat/words.h"
#include "model/outside_text.h"
#include "operation/tool_name.h"
#include "shape/json.h"

namespace piggy {

// As it stands when a step begins.
struct Turns::Turn {
  Speaker speaker = {};
  ConversationRow conversation = {};
  MessageRow asked = {};                 // What the person said last.
  std::vector<MessageRow> since = {};    // What has been done about it.
  std::vector<MessageRow> before = {};   // What was said and done before, for a model.
  std::optional<Meaning> question = {};  // That the persona put before.
  std::vector<OfferedTool> tools = {};
};

namespace {

constexpr int steps_max = 64;
constexpr std::size_t replies_max = 8;   // Of a model, to one message.
constexpr std::size_t together_max = 8;  // Reads at the same time.
constexpr auto stop_looks = std::chrono::milliseconds(300);

constexpr std::string_view introduction =
    "I am not a language model, only an interpreter of plain requests. Say for instance “how many "
    "points has ann@example.com?”, “give 50 points to ann@example.com” or “make 30 vouchers for "
    "the summer promotion”, or /help for the commands.";

constexpr std::pair<Meaning::Kind, std::string_view> questions[] = {
    {Meaning::Kind::ask, "ask"},
    {Meaning::Kind::choose, "choose"},
    {Meaning::Kind::confirm, "confirm"}};

std::string_view question_word(Meaning::Kind kind) {
  for (const auto& [one, word] : questions) {
    if (one == kind) return word;
  }
  return {};
}

Value to_value(const Meaning& meaning) {
  Value choices = Value::list();
  for (const Named& choice : meaning.choices) {
    choices.push(
        Value::object({{"value", choice.value}, {"label", choice.label}, {"name", choice.name}}));
  }
  return Value::object({{"question", question_word(meaning.kind)},
                        {"tool", meaning.tool},
                        {"input", meaning.input},
                        {"field", meaning.field},
                        {"choices", std::move(choices)}});
}

std::optional<Meaning> question_in(const Value& content) {
  std::string_view word = content.text_of("question");
  auto kind = std::ranges::find_if(questions, [&](const auto& one) { return one.second == word; });
  if (kind == std::end(questions)) return std::nullopt;
  Meaning meaning{.kind = kind->first,
                  .tool = std::string(content.text_of("tool")),
                  .field = std::string(content.text_of("field"))};
  if (const Value* input = content.find("input")) meaning.input = *input;
  if (const Value* choices = content.find("choices"); choices && choices->items()) {
    for (const Value& choice : *choices->items()) {
      meaning.choices.push_back({.value = std::string(choice.text_of("value")),
                                 .label = std::string(choice.text_of("label")),
                                 .name = std::string(choice.text_of("name"))});
    }
  }
  return meaning;
}

const OfferedTool* offered(const std::vector<OfferedTool>& tools, std::string_view name) {
  auto found = std::ranges::find(tools, name, &OfferedTool::name);
  return found == tools.end() ? nullptr : &*found;
}

std::string help_of(const std::vector<OfferedTool>& tools) {
  if (tools.empty()) return "No tool is granted to me, so there is nothing I can do.";
  std::string text =
      "These are the tools I may use; what stands in brackets is the price in plan "
      "credits.";
  for (const OfferedTool& tool : tools) {
    text += fmt::format("\n/{} {}  ({})", tool.name, fmt::join(tool.fields, " "), tool.price);
  }
  return text;
}

// What follows the name of a command: JSON, or name=value with values in quotes where they have
// spaces.
Result<Value> arguments_in(std::string_view text) {
  if (text.starts_with('{')) return parse_json(text);
  Value arguments = Value::object();
  while (!text.empty()) {
    if (text[0] == ' ') {
      text.remove_prefix(1);
      continue;
    }
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || text.substr(0, equals).find(' ') != text.npos) {
      return fail(ErrorCode::invalid,
                  fmt::format("I expected name=value, not {}.", text.substr(0, text.find(' '))));
    }
    std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    bool quoted = text.starts_with('"');
    if (quoted) text.remove_prefix(1);
    std::size_t end = std::min(text.find(quoted ? '"' : ' '), text.size());
    arguments.set(name, text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return arguments;
}

std::string list_of(const Value& answer, std::string_view what) {
  const Value::Object* members = answer.members();
  const Value::List* items = members && !members->empty() ? (*members)[0].value.items() : nullptr;
  if (!items || items->empty()) return fmt::format("There are no {}.", what);
  std::string text =
      fmt::format("There {} {} {}:", items->size() == 1 ? "is" : "are", items->size(),
                  items->size() == 1 ? what.substr(0, what.size() - 1) : what);
  for (const Value& item : *items) {
    std::string_view label = item.text_of("label");
    text += fmt::format("\n- {}", label.empty() ? item.text_of("name") : label);
    if (std::string_view status = item.text_of("status"); !status.empty()) {
      text += fmt::format(" ({})", status);
    }
  }
  return text;
}

// The calls whose end is not kept yet, in their order.
std::vector<const MessageRow*> open_calls(const std::vector<MessageRow>& rows) {
  std::vector<const MessageRow*> open;
  for (const MessageRow& row : rows) {
    if (row.kind == MessageKind::call) open.push_back(&row);
    if (row.kind != MessageKind::result) continue;
    std::string_view ended = row.content.text_of("call_id");
    std::erase_if(open,
                  [&](const auto* call) { return call->content.text_of("call_id") == ended; });
  }
  return open;
}

std::string number_in(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* here = &value;
  for (std::string_view name : path) {
    here = here->find(name);
    if (!here) return "?";
  }
  return to_json(*here);
}

}  // namespace

std::string in_words(std::string_view tool, const Value& answer) {
  if (tool == "get_contact_credit_balance") {
    return fmt::format("The balance is {} points.", number_in(answer, {"balance"}));
  }
  if (tool == "create_credit_reception") {
    return fmt::format("Done: {} points. The balance is now {}.", number_in(answer, {"credits"}),
                       number_in(answer, {"contact", "credit_balance", "balance"}));
  }
  if (tool == "create_vouchers_batch") {
    return "The vouchers are being made; the codes will be there in a moment.";
  }
  if (tool == "find_voucher_by_code") {
    const Value* promotion = answer.find("promotion");
    return fmt::format("The voucher {} is {}{}{}.", answer.text_of("code"),
                       answer.text_of("status"), promotion ? ", of " : "",
                       promotion ? promotion->text_of("name") : "");
  }
  if (tool == "list_forms") return list_of(answer, "forms");
  if (tool == "list_perks") return list_of(answer, "perks");
  return "Done.";
}

Result<> Turns::run(const JobRow& job) {
  auto uuid = parse_uuid(job.payload.text_of("conversation"));
  ASSERT(uuid);
  for (int steps = 0; steps < steps_max; steps++) {
    Turn turn;
    TRY(database_.read(job.account_id, [&](Transaction& transaction) -> Result<> {
      turn = {};
      turn.conversation = TRY(conversation_of(transaction, *uuid));
      for (MessageRow& message :
           TRY(messages_after(transaction, turn.conversation.id, 0, 100'000))) {
        if (message.kind == MessageKind::person) {
          turn.question.reset();
          if (!turn.since.empty() && turn.since.back().kind == MessageKind::persona) {
            turn.question = question_in(turn.since.back().content);
          }
          if (turn.asked.id) turn.before.push_back(std::move(turn.asked));
          std::ranges::move(turn.since, std::back_inserter(turn.before));
          turn.asked = std::move(message);
          turn.since.clear();
        } else {
          turn.since.push_back(std::move(message));
        }
      }
      return {};
    }));
    if (turn.conversation.state == ConversationState::idle) return {};
    turn.speaker = {.account_id = job.account_id,
                    .person_id = turn.conversation.person_id,
                    .persona_id = turn.conversation.persona_id};
    if (!TRY(step(turn))) return {};
  }
  return {};
}

// One step; false when the turn is over.
Result<bool> Turns::step(Turn& turn) {
  if (turn.conversation.state == ConversationState::stopping) return say(turn, "Stopped.");
  turn.tools = TRY(tools_.tools(turn.speaker));
  Mind mind = TRY(tools_.mind(turn.speaker));
  bool command = turn.asked.text.starts_with('/');
  if (auto calls = open_calls(turn.since); !calls.empty()) return act(turn, calls);
  if (mind.model && !command) return go_on_with_model(turn, mind);
  if (turn.since.empty()) return begin(turn);
  const MessageRow& last = turn.since.back();
  if (last.kind != MessageKind::result) return say(turn, "");
  const Value& content = last.content;
  if (const Value* answer = content.find("answer"); answer && content.text_of("error").empty()) {
    const Value* price = content.find("price");
    const OfferedTool* tool = offered(turn.tools, last.text);
    std::string text = in_words(tool ? tool->operation : last.text, *answer);
    if (price && price->integer() && *price->integer() > 0) {
      text +=
          fmt::format(" ({} plan credit{})", *price->integer(), *price->integer() == 1 ? "" : "s");
    }
    if (content.text_of("outcome") == word_of(CallOutcome::replayed)) {
      text = "This was done before. " + text;
    }
    if (content.text_of("outcome") == word_of(CallOutcome::rehearsed)) {
      text = "This was a rehearsal, nothing was changed. " + text;
    }
    if (std::string_view note = content.text_of("note"); !note.empty()) {
      text += fmt::format(" {}", note);
    }
    return say(turn, text);
  }
  return say(turn, content.text_of("error"));
}

Result<bool> Turns::begin(Turn& turn) {
  if (turn.tools.empty()) return say(turn, help_of(turn.tools));
  if (turn.asked.text.starts_with('/')) return command(turn);
  std::unique_ptr<Names> names = tools_.names(turn.speaker);
  Meaning meaning = TRY(meaning_of(turn, *names));
  // An answer that means nothing here may be the uuid of something there.
  bool answers = meaning.tool.empty() && turn.question;
  std::string wanted = answers ? turn.question->tool : meaning.tool;
  const OfferedTool* elsewhere =
      offered(turn.tools, wanted) ? nullptr : only_elsewhere(turn.tools, wanted);
  if (elsewhere) {
    // Read again: what the names stand for here means nothing there.
    UuidsAlone uuids(turn.question ? turn.question->field : "", turn.asked.text);
    Meaning again = TRY(meaning_of(turn, uuids));
    if (again.kind == Meaning::Kind::ask && again.field.ends_with("uuid")) {
      again.say += " I can look nothing up there, so tell me its uuid.";
    }
    if (again.tool != wanted) elsewhere = nullptr;
    meaning = std::move(again);
  }
  switch (meaning.kind) {
    case Meaning::Kind::nothing:
      return say(turn, meaning.say.empty() ? introduction : std::string_view(meaning.say));
    case Meaning::Kind::call:
      return request(turn, elsewhere ? elsewhere->name : meaning.tool, std::move(meaning.input),
                     Reading::strict);
    case Meaning::Kind::ask:
    case Meaning::Kind::choose:
    case Meaning::Kind::confirm:
      break;
  }
  if (!elsewhere && !offered(turn.tools, meaning.tool)) {
    return request(turn, meaning.tool, {}, Reading::strict);
  }
  std::string text = meaning.say;
  for (std::size_t i = 0; i < meaning.choices.size(); i++) {
    text += fmt::format("\n{}. {}", i + 1, meaning.choices[i].label);
  }
  return say(turn, text, to_value(meaning));
}

Result<Meaning> Turns::meaning_of(const Turn& turn, Names& names) {
  return turn.question ? interpret_answer(turn.asked.text, *turn.question, names)
                       : interpret(turn.asked.text, names);
}

Result<bool> Turns::command(Turn& turn) {
  std::string_view text = std::string_view(turn.asked.text).substr(1);
  std::size_t length = std::min(text.find_first_of(" \n"), text.size());
  std::string name(operation_name(text.substr(0, length)));
  text.remove_prefix(length);
  while (text.starts_with(' ') || text.starts_with('\n')) text.remove_prefix(1);
  if (name == "help" || name.empty()) return say(turn, help_of(turn.tools));
  auto arguments = arguments_in(text);
  if (!arguments) return say(turn, arguments.error().message);
  bool json = text.starts_with('{');
  return request(turn, name, *std::move(arguments), json ? Reading::strict : Reading::words);
}

// Keeps what is about to be done, with its price, before it is done.
Result<bool> Turns::request(Turn& turn, std::string tool, Value arguments, Reading reading) {
  const OfferedTool* found = offered(turn.tools, tool);
  if (!found) {
    return say(turn, fmt::format("I am not granted a tool {}. /help names those I may use.", tool));
  }
  Value content = Value::object({{"arguments", std::move(arguments)},
                                 {"price", found->price},
                                 {"words", reading == Reading::words}});
  TRY(add(turn, MessageKind::call, tool, content));
  return true;
}

// All at the same time; their ends are kept in the order of the calls.
Result<bool> Turns::act(Turn& turn, const std::vector<const MessageRow*>& calls) {
  auto policy = calls.size() == 1 ? std::launch::deferred
                                  // Deferred as well: where there is no thread to be had.
                                  : std::launch::async | std::launch::deferred;
  std::vector<std::future<ToolResult>> results;
  for (const MessageRow* call : calls) {
    results.push_back(std::async(policy, [&, call] { return perform(turn, *call); }));
  }
  for (std::size_t i = 0; i < calls.size(); i++) {
    TRY(keep_result(turn, *calls[i], results[i].get()));
  }
  return true;
}

ToolResult Turns::perform(const Turn& turn, const MessageRow& call) {
  const Value* arguments = call.content.find("arguments");
  const Value* words = call.content.find("words");
  ASSERT(arguments && words && words->boolean());
  // The key is the row's: whoever begins this turn again makes the same call.
  return tools_.call(turn.speaker, {.tool = call.text,
                                    .arguments = *arguments,
                                    .reading = *words->boolean() ? Reading::words : Reading::strict,
                                    .key = fmt::format("chat-{}", call.id),
                                    .prompt = turn.asked.text,
                                    .conversation = turn.conversation.uuid});
}

Result<> Turns::keep_result(Turn& turn, const MessageRow& call, ToolResult result) {
  Value content = Value::object({{"outcome", word_of(result.outcome)}});
  if (result.error.empty()) {
    bool free = result.outcome != CallOutcome::done;
    content.set("answer", std::move(result.answer));
    content.set("price", free ? Value(0) : *call.content.find("price"));
  } else {
    content.set("error", result.error);
  }
  if (!result.approval.empty()) content.set("approval", result.approval);
  if (!result.note.empty()) content.set("note", result.note);
  if (const Value* id = call.content.find("call_id")) content.set("call_id", *id);
  return add(turn, MessageKind::result, call.text, content);
}

// With a model a turn is: it replies; its calls are done in their order, reads that follow each
// other at the same time; it is told how they ended and replies again, until it calls nothing more.
Result<bool> Turns::go_on_with_model(Turn& turn, const Mind& mind) {
  std::size_t replies = 0;
  const Value::List* calls = nullptr;
  std::size_t ended = 0;
  for (const MessageRow& row : turn.since) {
    if (row.kind == MessageKind::persona) {
      const Value* said = row.content.find("calls");
      calls = said ? said->items() : nullptr;
      ended = 0;
      replies++;
    }
    ended += row.kind == MessageKind::result;
  }
  if (!calls || ended == calls->size()) {
    if (replies < replies_max) return ask_model(turn, mind);
    return say(turn, "I stop here: this has taken more steps than one message may.");
  }
  return begin_calls(turn, std::span(*calls).subspan(ended));
}

// Keeps what is about to be done: the first of these calls and, if that is a read, the reads right
// after it.
Result<bool> Turns::begin_calls(Turn& turn, std::span<const Value> calls) {
  auto tool_of = [&](const Value& call) {
    return offered(turn.tools, operation_name(call.text_of("name")));
  };
  auto may_be_together = [&](const Value& call) {
    const OfferedTool* tool = tool_of(call);
    return tool && tool->reads && call.find("arguments");
  };
  const Value& first = calls.front();
  if (!tool_of(first) || !first.find("arguments")) {
    // Told to the model, which may do better.
    std::string tool(operation_name(first.text_of("name")));
    std::string why = tool_of(first) ? "These arguments are no whole JSON object. Nothing was done."
                                     : fmt::format("There is no tool {}. Nothing was done.", tool);
    TRY(add(turn, MessageKind::result, tool,
            Value::object({{"outcome", word_of(CallOutcome::refused)},
                           {"error", std::move(why)},
                           {"call_id", first.text_of("id")}})));
    return true;
  }
  calls = calls.first(std::min(calls.size(), together_max));
  auto end = std::ranges::find_if_not(calls, may_be_together);
  calls = calls.first(std::max<std::size_t>(1, end - calls.begin()));
  TRY(database_.write(turn.speaker.account_id, [&](Transaction& transaction) -> Result<> {
    for (const Value& call : calls) {
      const OfferedTool* tool = tool_of(call);
      TRY(add_message(transaction, turn.conversation.id, MessageKind::call, tool->name,
                      Value::object({{"arguments", *call.find("arguments")},
                                     {"price", tool->price},
                                     {"words", false},
                                     {"call_id", call.text_of("id")}})));
    }
    return {};
  }));
  changed_(turn.conversation.uuid);
  return true;
}

Result<bool> Turns::ask_model(Turn& turn, const Mind& mind) {
  model::Request request{.system =
                             fmt::format("{}\n\n{}", mind.instructions, model::outside_text_rule)};
  if (!turn.since.empty()) request.after_server = turn.since.back().content.text_of("cut_off");
  for (const MessageRow& row : turn.before) add_to(request, row);
  add_to(request, turn.asked);
  for (const MessageRow& row : turn.since) add_to(request, row);
  for (const OfferedTool& tool : turn.tools) {
    request.tools.push_back(
        {.name = tool.full_name, .description = tool.about, .input_schema = tool.input_schema});
  }
  model::Listener listener{
      .on_text = [&](std::string_view text) { tools_.said(turn.conversation.uuid, text); }};
  std::stop_source stop;
  std::jthread watch([&](std::stop_token ended) { stop_when_asked(ended, turn, stop); });
  auto reply = mind.model->ask(request, listener, stop.get_token());
  watch.request_stop();
  watch.join();
  if (!reply) return say(turn, reply.error().message);
  bool cut = reply->stop == model::Stop::cut_off;
  Kept kept = kept_of(*reply);
  std::int64_t tokens = reply->usage.input_tokens + reply->usage.output_tokens;
  // What was cut off in the middle may be half of an order: nothing of it is done.
  bool asked_next = cut && reply->has_next;
  bool last = !asked_next && (cut || !kept.content.find("calls"));
  if (cut) kept.content.erase("calls");
  if (asked_next) kept.content.set("cut_off", reply->server);
  Result<> written =
      database_.write(turn.speaker.account_id, [&](Transaction& transaction) -> Result<> {
        TRY(tools_.charge_tokens(transaction, turn.speaker, tokens));
        TRY(add_message(transaction, turn.conversation.id, MessageKind::persona, kept.text,
                        kept.content));
        return last ? set_state(transaction, turn.conversation, ConversationState::idle)
                    : Result<>();
      });
  if (!written && written.error().code == ErrorCode::conflict) {
    return say(turn, written.error().message);
  }
  TRY(std::move(written));
  changed_(turn.conversation.uuid);
  return !last;
}

// The model is waited for on this turn's own thread, so another one looks whether the person has
// had enough of it.
void Turns::stop_when_asked(std::stop_token ended, const Turn& turn, std::stop_source& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!ended.stop_requested()) {
    wake.wait_for(lock, ended, stop_looks, [] { return false; });
    if (ended.stop_requested()) return;
    (void)database_.read(turn.speaker.account_id, [&](Transaction& transaction) -> Result<> {
      auto now = TRY(conversation_of(transaction, turn.conversation.uuid));
      if (now.state == ConversationState::stopping) stop.request_stop();
      return {};
    });
  }
}

Result<bool> Turns::say(Turn& turn, std::string_view text, Value content) {
  TRY(add(turn, MessageKind::persona, text, content, true));
  return false;
}

// What is said last ends the turn, in the same commit.
Result<> Turns::add(Turn& turn, MessageKind kind, std::string_view text, const Value& content,
                    bool last) {
  TRY(database_.write(turn.speaker.account_id, [&](Transaction& transaction) -> Result<> {
    TRY(add_message(transaction, turn.conversation.id, kind, text, content));
    return last ? set_state(transaction, turn.conversation, ConversationState::idle) : Result<>();
  }));
  changed_(turn.conversation.uuid);
  return {};
}

}  // namespace piggy
