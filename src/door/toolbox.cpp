#include "door/toolbox.h"

#include <fmt/format.h>

#include <mutex>

#include "door/tool_run.h"
#include "shape/schema.h"

namespace piggy {
namespace {

mcp::Tool tool_of(const Operation& operation) {
  const OperationInfo& info = operation.info;
  return {.name = tool_name(info.name),
          .title = std::string(info.title),
          .description = std::string(info.about),
          .input_schema = tool_input_schema(operation),
          .output_schema = json_schema(*operation.output, SchemaSide::output),
          .hints = {.read_only = info.effect == Effect::read,
                    .destructive = info.effect == Effect::destructive,
                    .idempotent = info.idempotent || info.effect == Effect::read,
                    .open_world = false},
          .tasks = info.followed_by.empty() ? mcp::TaskSupport::none : mcp::TaskSupport::optional};
}

// What is done elsewhere may be told in part, so that no shape of the answer is promised.
mcp::Tool tool_of(const Operation& operation, const Grant& grant) {
  mcp::Tool tool = tool_of(operation);
  if (grant.connection_id == 0) return tool;
  tool.name = grant.name();
  tool.title = fmt::format("{} ({})", tool.title, grant.connection);
  tool.description += fmt::format(" Done through the connection {}.", grant.connection);
  tool.output_schema = {};
  tool.hints.open_world = true;
  tool.tasks = mcp::TaskSupport::none;
  return tool;
}

// How far work that goes on is, for a person; "" where its output does not tell by `made` and
// `quantity`.
std::string how_far(const Answer& answer) {
  const Shape& shape = answer.output.shape();
  for (std::string_view name : {"made", "quantity"}) {
    const Field* field = shape.field(name);
    if (!field || field->shape != &shape_of<std::int64_t>()) return {};
  }
  return fmt::format("{} of {} made.", field_of<std::int64_t>(answer, "made"),
                     field_of<std::int64_t>(answer, "quantity"));
}

mcp::TaskStatus task_status(BackgroundStatus status) {
  switch (status) {
    case BackgroundStatus::COMPLETED:
      return mcp::TaskStatus::completed;
    case BackgroundStatus::FAILED:
      return mcp::TaskStatus::failed;
    default:
      return mcp::TaskStatus::working;
  }
}

}  // namespace

std::vector<mcp::Tool> tools_of(const Catalogue& catalogue,
                                const std::function<bool(const OperationInfo&)>& offered) {
  std::vector<mcp::Tool> tools;
  for (const auto& operation : catalogue.all()) {
    if (operation->info.tool && offered(operation->info)) tools.push_back(tool_of(*operation));
  }
  return tools;
}

Result<std::string> idempotency_key_in(const Value& meta) {
  const Value* key = meta.find(idempotency_meta);
  if (!key) return std::string();
  if (key->text()) return *key->text();
  return fail(ErrorCode::invalid, fmt::format("{} must be a text.", idempotency_meta));
}

mcp::Principal Toolbox::principal_of(std::shared_ptr<const Caller> caller,
                                     std::string_view authorization) {
  std::string key = fmt::format("{}:{}:{}:{}", caller->account_id, caller->token_id,
                                caller->persona_id, caller->person_id);
  std::string_view secret = caller->secret;
  return {.identity = std::make_shared<const LetIn>(std::move(caller), std::string(authorization)),
          .key = std::move(key),
          .secret = secret};
}

bool Toolbox::still_let_in(const mcp::Principal& principal) {
  if (!options_.who) return true;
  auto caller = options_.who(let_in(principal).authorization);
  return caller && principal_of(*std::move(caller)).key == principal.key;
}

std::shared_ptr<const mcp::ToolList> Toolbox::tools(const mcp::Principal& principal) {
  auto caller = caller_in(principal);
  if (caller->persona_id) return tools_of_persona(*caller);
  std::string scopes;
  for (const std::string& scope : caller->scopes) scopes += scope + ' ';
  {
    std::shared_lock lock(mutex_);
    auto found = lists_.find(scopes);
    if (found != lists_.end()) return found->second;
  }
  auto list = mcp::ToolList::make(
      tools_of(catalogue_, [&](const OperationInfo& info) { return caller->may(info.scope); }));
  std::unique_lock lock(mutex_);
  return lists_.emplace(std::move(scopes), std::move(list)).first->second;
}

// Only what is granted, and nothing while the persona is stopped.
std::shared_ptr<const mcp::ToolList> Toolbox::tools_of_persona(const Caller& caller) {
  std::shared_ptr<const Persona> persona;
  Result<> found =
      dispatch_.database().read(caller.account_id, [&](Transaction& transaction) -> Result<> {
        persona = TRY(dispatch_.gate().personas().find(transaction, caller.persona_id));
        return {};
      });
  {
    std::shared_lock lock(mutex_);
    auto known = persona_lists_.find(caller.persona_id);
    if (found && known != persona_lists_.end() && known->second.persona == persona) {
      return known->second.list;
    }
  }
  std::vector<mcp::Tool> tools;
  if (persona && persona->state == PersonaState::active) {
    for (const Grant& grant : persona->grants) {
      const Operation* operation =
          dispatch_.connections().operation(grant.connector, grant.operation);
      if (operation) tools.push_back(tool_of(*operation, grant));
    }
  }
  auto list = mcp::ToolList::make(std::move(tools));
  std::unique_lock lock(mutex_);
  PersonaList& known = persona_lists_[caller.persona_id];
  // Something else was changed: whoever listens need not be told.
  if (known.list && known.list->json(true) == list->json(true)) list = known.list;
  known = {persona, list};
  return list;
}

// Those of the engine are known by heart; to know a connection's its row is looked at.
Result<Tool> Toolbox::tool_named(const Caller& caller, std::string_view name) {
  if (const Operation* own = catalogue_.find(operation_name(name))) return Tool{.operation = own};
  Result<Tool> tool;
  TRY(dispatch_.database().read(caller.account_id, [&](Transaction& transaction) -> Result<> {
    tool = TRY(dispatch_.connections().tool(transaction, name));
    return {};
  }));
  return tool;
}

// A task is what an operation that goes on left behind; its uuid is the task's id.
void Toolbox::get_task(const mcp::Principal& principal, std::string id,
                       std::function<void(Result<mcp::Task>)> done) {
  if (caller_in(principal)->persona_id) {
    auto approval = approval_as_task(*caller_in(principal), id);
    if (approval || approval.error().code != ErrorCode::not_found) return done(std::move(approval));
  }
  for (const auto& operation : catalogue_.all()) {
    if (operation->info.followed_by.empty()) continue;
    const Operation* follow = catalogue_.find(operation->info.followed_by);
    ASSERT(follow);
    Invocation invocation{
        .operation = follow,
        .caller = caller_in(principal),
        .input = Value::object({{std::string(follow->input->fields[0].name), id}}),
        .door = Door::mcp};
    auto answer = dispatch_.call_and_wait(std::move(invocation));
    if (!answer) {
      if (answer.error().code == ErrorCode::not_found) continue;
      return done(std::unexpected(answer.error()));
    }
    mcp::Task task{.id = id,
                   .status = task_status(field_of<BackgroundStatus>(*answer, "status")),
                   .message = how_far(*answer),
                   .created_at = field_of<Time>(*answer, "created_at"),
                   .updated_at = field_of<Time>(*answer, "updated_at")};
    if (task.status == mcp::TaskStatus::completed) {
      task.result = mcp::ToolResult{.structured = structured(*answer)};
    }
    if (task.status == mcp::TaskStatus::failed) {
      task.error = Error{.code = ErrorCode::conflict, .message = structured(*answer)};
    }
    return done(std::move(task));
  }
  done(fail(ErrorCode::not_found, "There is no such task."));
}

// The call that waits for a person, as a task; `not_found` when it is another persona's.
Result<mcp::Task> Toolbox::approval_as_task(const Caller& caller, const std::string& id) {
  auto found = approval_of(caller, id);
  if (!found) return std::unexpected(found.error());
  const ApprovalRow& row = *found;
  mcp::Task task{
      .id = id,
      .message = fmt::format("{} A person was asked to approve it at {}.", row.reason, page_of(id)),
      .created_at = row.created_at,
      .updated_at = row.decided_at.value_or(row.created_at)};
  if (is_open(row.state)) return task;
  task.status = mcp::TaskStatus::completed;
  task.message.clear();
  task.result = result_of(row);
  // Told, so that the same call made again is a new one.
  TRY(dispatch_.database().write(
      caller.account_id, [&](Transaction& transaction) { return collect(transaction, row); }));
  return task;
}

// What was asked for is done in one transaction, so there is nothing to stop half way.
void Toolbox::cancel_task(const mcp::Principal& principal, std::string id,
                          std::function<void(Result<>)> done) {
  get_task(principal, std::move(id), [done = std::move(done)](Result<mcp::Task> task) {
    if (!task) return done(std::unexpected(task.error()));
    done({});
  });
}

}  // namespace piggy
