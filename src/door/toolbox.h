#pragma once

// The MCP door: what a caller may use of the catalogue, as tools. A list shows only what the
// token's scopes allow, or what is granted to the persona that the token acts for.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "door/dispatch.h"
#include "mcp/service.h"
#include "operation/tool_name.h"
#include "operation/tool_schema.h"

namespace piggy {

class Toolbox final : public mcp::Service {
 public:
  struct Options {
    std::string public_url = {};  // Where people find the page of an approval.
    // Who an Authorization header speaks for now; nothing: whoever was let in stays.
    std::function<Result<std::shared_ptr<const Caller>>(std::string_view authorization)> who = {};
  };

  // Borrowed; they outlive it.
  Toolbox(const Catalogue& catalogue, Dispatch& dispatch, Options options)
      : catalogue_(catalogue), dispatch_(dispatch), options_(std::move(options)) {}

  // `authorization`: the header by which the caller was let in.
  static mcp::Principal principal_of(std::shared_ptr<const Caller> caller,
                                     std::string_view authorization = {});

  std::shared_ptr<const mcp::ToolList> tools(const mcp::Principal& principal) override;
  void call_tool(mcp::ToolCall call, std::shared_ptr<mcp::Context> context,
                 mcp::ToolDone done) override;
  void get_task(const mcp::Principal& principal, std::string id,
                std::function<void(Result<mcp::Task>)> done) override;
  void cancel_task(const mcp::Principal& principal, std::string id,
                   std::function<void(Result<>)> done) override;
  bool still_let_in(const mcp::Principal& principal) override;

  // Looks whether what is waited for was decided. To be called every second or so, by one thread.
  void tick();
  // Answers every call that waits for a decision; none waits from then on.
  void stop();

 private:
  struct Run;  // One call on its way (toolbox_call.cpp).
  using RunRef = std::shared_ptr<Run>;
  void make(const RunRef& run);
  void answer(const RunRef& run, Result<Answer> answer);
  void refuse(const RunRef& run, Error error);
  void wait_for_decision(const RunRef& run);
  bool goes_on(const RunRef& run);
  std::string page_of(std::string_view approval) const;
  Result<ApprovalRow> approval_of(const Caller& caller, std::string_view uuid);

  std::shared_ptr<const mcp::ToolList> tools_of_persona(const Caller& caller);
  Result<Tool> tool_named(const Caller& caller, std::string_view name);
  Result<mcp::Task> approval_as_task(const Caller& caller, const std::string& id);

  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  const Options options_;
  std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<const mcp::ToolList>> lists_;  // By the scopes held.
  struct PersonaList {
    std::shared_ptr<const Persona> persona = {};  // As it was when the list was made.
    std::shared_ptr<const mcp::ToolList> list = {};
  };
  std::map<std::int64_t, PersonaList> persona_lists_;

  std::mutex waiting_mutex_;
  std::vector<RunRef> waiting_;
  bool stopped_ = false;
};

// The tools of the catalogue that are offered, all of them for the manual and the golden file.
std::vector<mcp::Tool> tools_of(
    const Catalogue& catalogue, const std::function<bool(const OperationInfo&)>& offered =
                                    [](const OperationInfo&) { return true; });
// Where an MCP call carries its idempotency key, in `_meta`.
inline constexpr std::string_view idempotency_meta = "piggy/idempotencyKey";
// "" for none. Refused when it is no text: ignored, the call would be done with every retry.
Result<std::string> idempotency_key_in(const Value& meta);

}  // namespace piggy
