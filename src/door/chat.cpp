#include "door/chat.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "chat/operations.h"
#include "door/presentation.h"
#include "door/rest.h"
#include "door/toolbox.h"
#include "persona/plan.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::string_view path_begin = "/platform/conversations/";
constexpr std::string_view path_end = "/events";

// Names as the person who speaks may see them: by the operations that any page uses.
class LookedUp final : public Names {
 public:
  LookedUp(const Catalogue& catalogue, Dispatch& dispatch, std::shared_ptr<const Caller> person)
      : catalogue_(catalogue), dispatch_(dispatch), person_(std::move(person)) {}

  Result<std::vector<Named>> contacts(std::string_view word) override {
    std::vector<Named> found;
    Value answer = TRY(ask("search_contacts", Value::object({{"text", word}})));
    for (const Value& contact : *answer.find("contacts")->items()) {
      std::string_view email = contact.text_of("email");
      std::string_view name = contact.text_of("name");
      found.push_back(
          {.value = std::string(contact.text_of("uuid")),
           .label = name.empty() ? std::string(email) : fmt::format("{} ({})", name, email),
           .name = std::string(email)});
    }
    return found;
  }
  Result<std::vector<Named>> shops() override { return named("list_shops", "shops"); }
  Result<std::vector<Named>> promotions() override {
    return named("list_promotions", "promotions");
  }

 private:
  Result<std::vector<Named>> named(std::string_view operation, std::string_view list) {
    std::vector<Named> found;
    Value answer = TRY(ask(operation, Value::object()));
    const Value* items = answer.find(list);
    ASSERT(items && items->items());
    for (const Value& item : *items->items()) {
      std::string name(item.text_of("name"));
      found.push_back({.value = std::string(item.text_of("uuid")), .label = name, .name = name});
    }
    return found;
  }

  Result<Value> ask(std::string_view operation, Value input) {
    Answer answer = TRY(dispatch_.call_and_wait({.operation = catalogue_.find(operation),
                                                 .caller = person_,
                                                 .input = std::move(input),
                                                 .door = Door::chat}));
    return value_of(answer.output.shape(), answer.output.data());
  }

  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  std::shared_ptr<const Caller> person_;
};

// Nobody is known by any name: for whoever may not look.
class Nobody final : public Names {
 public:
  Result<std::vector<Named>> contacts(std::string_view) override { return {}; }
  Result<std::vector<Named>> shops() override { return {}; }
  Result<std::vector<Named>> promotions() override { return {}; }
};

// Copies what without_secrets takes out, by the names of the fields.
void take_secrets(const Shape& shape, const Value& value, std::vector<Member>& secrets) {
  if (shape.element) {
    if (shape.kind == Kind::optional) return take_secrets(*shape.element, value, secrets);
    if (!value.items()) return;
    for (const Value& item : *value.items()) take_secrets(*shape.element, item, secrets);
    return;
  }
  for (const Field& field : shape.fields) {
    const Value* member = value.find(field.name);
    if (!member || member->is_null()) continue;
    if (field.options.format == Format::secret) {
      secrets.push_back({std::string(field.name), *member});
    } else {
      take_secrets(*field.shape, *member, secrets);
    }
  }
}

CallOutcome outcome_of(const Answer& answer) {
  return answer.dry_run    ? CallOutcome::rehearsed
         : answer.replayed ? CallOutcome::replayed
                           : CallOutcome::done;
}

}  // namespace

Chat::Chat(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers, Models models)
    : catalogue_(catalogue),
      dispatch_(dispatch),
      callers_(callers),
      models_(std::move(models)),
      turns_(dispatch.database(), *this,
             [this](const Uuid& conversation) { changed(conversation); }) {}

Result<std::vector<OfferedTool>> Chat::tools(const Speaker& speaker) {
  std::shared_ptr<const Persona> persona;
  TRY(dispatch_.database().read(speaker.account_id, [&](Transaction& transaction) -> Result<> {
    persona = TRY(dispatch_.gate().personas().find(transaction, speaker.persona_id));
    return {};
  }));
  std::vector<OfferedTool> tools;
  if (persona->state == PersonaState::stopped) return tools;
  for (const Grant& grant : persona->grants) {
    const Operation* operation =
        dispatch_.connections().operation(grant.connector, grant.operation);
    if (!operation) continue;
    OfferedTool tool{.name = grant.tool,
                     .full_name = grant.name(),
                     .operation = std::string(operation->info.name),
                     .title = std::string(operation->info.title),
                     .about = std::string(operation->info.about),
                     .price = price_of(operation->info),
                     .reads = !operation->writes(),
                     .input_schema = tool_input_schema(*operation)};
    for (const Field& field : operation->input->fields) {
      if (field.options.hidden || field.options.flat) continue;
      tool.fields.push_back(field.required() ? std::string(field.name)
                                             : fmt::format("[{}]", field.name));
    }
    tools.push_back(std::move(tool));
  }
  return tools;
}

ToolResult Chat::call(const Speaker& speaker, const ToolCall& call) {
  Invocation invocation{.input = call.arguments,
                        .reading = call.reading,
                        .door = Door::chat,
                        .prompt = call.prompt,
                        .conversation_uuid = call.conversation};
  auto found = [&]() -> Result<> {
    invocation.caller =
        TRY(callers_.acting(speaker.account_id, speaker.person_id, speaker.persona_id, 0));
    return dispatch_.database().read(speaker.account_id, [&](Transaction& transaction) -> Result<> {
      invocation.call(TRY(dispatch_.connections().tool(transaction, call.tool)));
      return {};
    });
  }();
  if (!found) return {.outcome = CallOutcome::refused, .error = found.error().message};
  if (invocation.operation->writes()) invocation.idempotency_key = call.key;
  auto answer = dispatch_.call_and_wait(std::move(invocation));
  if (!answer) {
    const Error& error = answer.error();
    bool waits = error.code == ErrorCode::needs_approval;
    std::string text = error.message;
    for (const FieldError& field : error.fields) {
      text +=
          fmt::format("\n- {}: {}", field.path.substr(std::min<std::size_t>(1, field.path.size())),
                      field.message);
    }
    return {.outcome = waits ? CallOutcome::waiting : CallOutcome::refused,
            .error = std::move(text),
            .approval = error.approval};
  }
  const Object& output = answer->output;
  Value told = answer->told ? *std::move(answer->told) : value_of(output.shape(), output.data());
  std::vector<Member> secrets;
  // A rehearsal's were undone with it, and open nothing.
  if (!answer->dry_run) take_secrets(output.shape(), told, secrets);
  // What is kept in a conversation is read again and again; a secret is not for that.
  return {.outcome = outcome_of(*answer),
          .answer = without_secrets(output.shape(), std::move(told)),
          .note = show_once(call, secrets)};
}

// What became of the secrets, as a sentence; "" for none.
std::string Chat::show_once(const ToolCall& call, const std::vector<Member>& secrets) {
  if (secrets.empty()) return "";
  bool shown = false;
  std::string names;
  std::lock_guard lock(mutex_);
  for (const Member& secret : secrets) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", secret.name);
    std::string data = to_json(
        Value::object({{"tool", call.tool}, {"field", secret.name}, {"value", secret.value}}));
    for (auto& follower : followers_) {
      if (follower->ended || follower->conversation != call.conversation) continue;
      follower->stream->send(data, {}, "secret");
      shown = true;
    }
  }
  if (shown) {
    return fmt::format(
        "A secret ({}) was shown once, to the person who follows this conversation, and is not "
        "kept. Asking again makes a new one.",
        names);
  }
  return fmt::format(
      "A secret ({}) was shown to nobody, because nobody follows this conversation, and is not "
      "kept. Asking again while it is open makes a new one.",
      names);
}

std::unique_ptr<Names> Chat::names(const Speaker& speaker) {
  auto person = callers_.by_person(speaker.account_id, speaker.person_id);
  if (!person) return std::make_unique<Nobody>();
  return std::make_unique<LookedUp>(catalogue_, dispatch_, *std::move(person));
}

Result<Mind> Chat::mind(const Speaker& speaker) {
  std::shared_ptr<const Persona> persona;
  TRY(dispatch_.database().read(speaker.account_id, [&](Transaction& transaction) -> Result<> {
    persona = TRY(dispatch_.gate().personas().find(transaction, speaker.persona_id));
    return {};
  }));
  Mind mind{.instructions = persona->instructions};
  if (!persona->model.empty()) mind.model = models_(persona->model);
  return mind;
}

Result<> Chat::charge_tokens(Transaction& transaction, const Speaker& speaker,
                             std::int64_t tokens) {
  auto account = TRY(callers_.by_account(speaker.account_id));
  return charge(transaction, *account, price_of_tokens(tokens));
}

void Chat::said(const Uuid& conversation, std::string_view text) {
  std::string data = to_json(Value::object({{"text", text}}));
  std::lock_guard lock(mutex_);
  for (auto& follower : followers_) {
    if (follower->conversation == conversation) follower->stream->send(data, {}, "delta");
  }
}

bool Chat::serves(std::string_view path) {
  return path.starts_with(path_begin) && path.ends_with(path_end) &&
         path.size() == path_begin.size() + 36 + path_end.size();
}

void Chat::follow(const http::Request& request, std::shared_ptr<const Caller> caller,
                  http::Responder responder) {
  auto uuid = parse_uuid(std::string_view(request.path).substr(path_begin.size(), 36));
  auto follower = std::make_shared<Follower>();
  follower->account_id = caller->account_id;
  Result<> found =
      dispatch_.database().read(caller->account_id, [&](Transaction& transaction) -> Result<> {
        if (!uuid) return fail(ErrorCode::not_found, "There is no such conversation.");
        ConversationRow row = TRY(conversation_of(transaction, *uuid));
        if (caller->persona_id || row.person_id != caller->person_id) {
          return fail(ErrorCode::not_found, "There is no such conversation.");
        }
        follower->conversation_id = row.id;
        follower->conversation = row.uuid;
        return {};
      });
  if (!found) return responder.respond(error_response(found.error(), true));
  std::string_view seen = request.header("last-event-id");
  std::from_chars(seen.data(), seen.data() + seen.size(), follower->seen);
  http::Response head{.content_type = "text/event-stream",
                      .fixed_headers = "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n"};
  follower->stream = responder.stream(std::move(head));
  std::lock_guard lock(mutex_);
  if (stopped_) return follower->stream->close();
  followers_.push_back(follower);
  follower->stream->on_end([weak = std::weak_ptr(follower)] {
    if (auto one = weak.lock()) one->ended = true;
  });
  send_new(*follower);
}

void Chat::stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  for (auto& follower : followers_) follower->stream->close();
  followers_.clear();
}

void Chat::changed(const Uuid& conversation) {
  std::lock_guard lock(mutex_);
  std::erase_if(followers_, [](const auto& follower) { return follower->ended.load(); });
  for (auto& follower : followers_) {
    if (follower->conversation == conversation) send_new(*follower);
  }
}

// Under the lock, so that each follower is told in order.
void Chat::send_new(Follower& follower) {
  std::vector<MessageRow> rows;
  Result<> read =
      dispatch_.database().read(follower.account_id, [&](Transaction& transaction) -> Result<> {
        rows = TRY(messages_after(transaction, follower.conversation_id, follower.seen));
        return {};
      });
  if (!read) return follower.stream->close();  // The page comes back with what it has seen.
  for (const MessageRow& row : rows) {
    follower.stream->send(to_json(shown(row)), std::to_string(row.id), "message");
    follower.seen = row.id;
  }
}

}  // namespace piggy
