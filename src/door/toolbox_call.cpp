// A tool call over MCP: what is asked of the person at the client before it can be made, and the
// wait for a person who decides.
//
// A call that needs an approval is a task for clients that take tasks. For the others that can open
// a page it is the address of a page; when they come back the call waits there until somebody has
// decided, and is then made again, which is how the end of an approval is collected. It is never
// decided by what the client answers: that shows that somebody was told, not who. Clients without
// either are refused with the page's address, and make the same call again by themselves. (A form
// may hold no link, and there is nothing else that it could ask.)

#include <fmt/format.h>

#include <utility>

#include "door/approval_page.h"
#include "door/tool_run.h"

namespace piggy {
namespace {

// Clients give up on a call after a minute by default.
constexpr std::int64_t wait_microseconds = 45 * microseconds_per_second;
constexpr std::size_t waiting_max = 1'000;

}  // namespace

struct Toolbox::Run {
  mcp::ToolCall call = {};
  std::shared_ptr<mcp::Context> context = {};
  mcp::ToolDone done = {};
  Tool tool = {};
  std::string idempotency_key = {};
  AskedSoFar so_far = {};
  bool may_ask = true;  // Not whoever has said no, and not again whoever has waited.
  Time came_at = {};

  const std::shared_ptr<const Caller>& caller() const { return caller_in(call.principal); }
};

void Toolbox::call_tool(mcp::ToolCall call, std::shared_ptr<mcp::Context> context,
                        mcp::ToolDone done) {
  auto key = idempotency_key_in(call.meta);
  if (!key) return done(std::unexpected(std::move(key).error()));
  auto run = std::make_shared<Run>(Run{.call = std::move(call),
                                       .context = std::move(context),
                                       .done = std::move(done),
                                       .idempotency_key = *std::move(key),
                                       .came_at = dispatch_.database().clock().now()});
  auto tool = tool_named(*run->caller(), run->call.name);
  if (!tool) return run->done(std::unexpected(std::move(tool).error()));
  run->tool = *std::move(tool);
  const mcp::Asked& asked = run->call.asked;
  // Answers count only beside the state of our own question: without it nobody was asked.
  if (asked.state.empty()) return make(run);
  run->so_far = AskedSoFar::read(asked.state);
  Reply form = reply_to(asked, form_key);
  Reply page = reply_to(asked, page_key);
  if (!run->so_far.fields.empty() && form == Reply::accepted) take_form(run->so_far, asked);
  if (form == Reply::refused || page == Reply::refused) run->may_ask = false;
  for (const Member& member : *run->so_far.answers.members()) {
    run->call.arguments.set(member.name, member.value);
  }
  if (!run->so_far.approval.empty() && page == Reply::accepted) return wait_for_decision(run);
  make(run);
}

void Toolbox::make(const RunRef& run) {
  Invocation invocation{.caller = run->caller(),
                        .input = run->call.arguments,
                        .reading = Reading::strict,
                        .idempotency_key = run->idempotency_key,
                        .door = Door::mcp};
  invocation.call(run->tool);
  dispatch_.call(std::move(invocation),
                 [this, run](Result<Answer> outcome) { answer(run, std::move(outcome)); });
}

void Toolbox::answer(const RunRef& run, Result<Answer> outcome) {
  if (!outcome) return refuse(run, std::move(outcome).error());
  // A task is only for whoever may then look how it goes on.
  const Operation* follow =
      run->tool.connection_id ? nullptr : catalogue_.find(run->tool.operation->info.followed_by);
  const Caller& caller = *run->caller();
  bool as_task = follow && run->context->client_takes_tasks() &&
                 (caller.persona_id || caller.may(follow->info.scope));
  if (as_task && !outcome->dry_run) {
    return run->done(mcp::Task{.id = to_string(field_of<Uuid>(*outcome, "uuid")),
                               .created_at = run->came_at,
                               .updated_at = run->came_at});
  }
  run->done(mcp::ToolResult{.structured = structured(*outcome)});
}

void Toolbox::refuse(const RunRef& run, Error error) {
  const mcp::Context& client = *run->context;
  if (!error.approval.empty()) {
    std::string page = page_of(error.approval);
    std::string told = fmt::format("{} It is decided at {}.", error.message, page);
    if (client.client_takes_tasks()) {
      return run->done(mcp::Task{.id = std::move(error.approval),
                                 .message = std::move(told),
                                 .created_at = run->came_at,
                                 .updated_at = run->came_at});
    }
    if (run->may_ask && client.client_can("elicitation/url")) {
      auto row = approval_of(*run->caller(), error.approval);
      if (!row) return run->done(fail(std::move(row).error()));
      run->so_far.approval = error.approval;
      return run->done(mcp::InputRequired{{page_request(row->reason, page)}, run->so_far.text()});
    }
    error.message = std::move(told);
    return run->done(fail(std::move(error)));
  }
  if (run->may_ask && client.client_can("elicitation/form")) {
    auto fields = askable_fields(*run->tool.operation, run->call.arguments, error, run->so_far);
    if (!fields.empty()) {
      auto form = form_request(*run->tool.operation, fields);
      run->so_far.fields = std::move(fields);
      return run->done(mcp::InputRequired{{std::move(form)}, run->so_far.text()});
    }
  }
  run->done(fail(std::move(error)));
}

std::string Toolbox::page_of(std::string_view approval) const {
  return fmt::format("{}{}{}", options_.public_url, ApprovalPage::folder, approval);
}

// `not_found` also for another persona's.
Result<ApprovalRow> Toolbox::approval_of(const Caller& caller, std::string_view id) {
  Result<ApprovalRow> found = fail(ErrorCode::not_found, "There is no such task.");
  auto uuid = parse_uuid(id);
  if (!uuid) return found;
  Result<> read =
      dispatch_.database().read(caller.account_id, [&](Transaction& transaction) -> Result<> {
        auto row = TRY(approval_by_uuid(transaction, *uuid));
        if (row.persona_id == caller.persona_id) found = std::move(row);
        return {};
      });
  if (!read && read.error().code != ErrorCode::not_found) return fail(std::move(read).error());
  return found;
}

void Toolbox::wait_for_decision(const RunRef& run) {
  run->may_ask = false;
  if (goes_on(run)) return;
  {
    std::lock_guard lock(waiting_mutex_);
    if (!stopped_ && waiting_.size() < waiting_max) return waiting_.push_back(run);
  }
  make(run);
}

// Whether it need not wait any longer: then it was answered, or will be.
bool Toolbox::goes_on(const RunRef& run) {
  if (run->context->cancelled()) {  // How it ended is kept for whoever asks again.
    run->done(fail(ErrorCode::unavailable, "The client gave up."));
    return true;
  }
  auto row = approval_of(*run->caller(), run->so_far.approval);
  std::int64_t waited = dispatch_.database().clock().now() - run->came_at;
  bool pending = row && is_open(row->state);
  if (pending && waited < wait_microseconds) {
    run->context->progress(static_cast<double>(waited) / microseconds_per_second, 0,
                           "A person was asked and has not decided yet.");
    return false;
  }
  if (row && row->collected) {
    // Told before, and the answer was lost: the same call would ask for another approval.
    run->done(result_of(*row));
  } else {
    make(run);
  }
  return true;
}

void Toolbox::tick() {
  std::vector<RunRef> all;
  {
    std::lock_guard lock(waiting_mutex_);
    all.swap(waiting_);
  }
  std::erase_if(all, [&](const RunRef& run) { return goes_on(run); });
  {
    std::lock_guard lock(waiting_mutex_);
    waiting_.insert(waiting_.end(), all.begin(), all.end());
    if (!stopped_) return;
  }
  stop();  // It was called meanwhile, and has not seen these.
}

void Toolbox::stop() {
  std::vector<RunRef> all;
  {
    std::lock_guard lock(waiting_mutex_);
    stopped_ = true;
    all.swap(waiting_);
  }
  for (const RunRef& run : all) make(run);
}

}  // namespace piggy
