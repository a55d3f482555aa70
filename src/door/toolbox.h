#pragma once

// The MCP door: what a caller may use of the catalogue, as tools. A list shows only what the
// token's scopes allow, or what is granted to the persona that the token acts for.

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>

#include "door/dispatch.h"
#include "mcp/service.h"
#include "operation/tool_name.h"

namespace piggy {

class Toolbox final : public mcp::Service {
 public:
  // Borrowed; they outlive it.
  Toolbox(const Catalogue& catalogue, Dispatch& dispatch)
      : catalogue_(catalogue), dispatch_(dispatch) {}

  static mcp::Principal principal_of(std::shared_ptr<const Caller> caller);

  std::shared_ptr<const mcp::ToolList> tools(const mcp::Principal& principal) override;
  void call_tool(mcp::ToolCall call, std::shared_ptr<mcp::Context> context,
                 mcp::ToolDone done) override;
  void get_task(const mcp::Principal& principal, std::string id,
                std::function<void(Result<mcp::Task>)> done) override;
  void cancel_task(const mcp::Principal& principal, std::string id,
                   std::function<void(Result<>)> done) override;

 private:
  std::shared_ptr<const mcp::ToolList> tools_of_persona(const Caller& caller);
  Result<Tool> tool_named(const Caller& caller, std::string_view name);
  Result<mcp::Task> approval_as_task(const Caller& caller, const std::string& id);

  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<const mcp::ToolList>> lists_;  // By the scopes held.
  struct PersonaList {
    std::shared_ptr<const Persona> persona = {};  // As it was when the list was made.
    std::shared_ptr<const mcp::ToolList> list = {};
  };
  std::map<std::int64_t, PersonaList> persona_lists_;
};

// The tools of the catalogue that are offered, all of them for the manual and the golden file.
std::vector<mcp::Tool> tools_of(
    const Catalogue& catalogue, const std::function<bool(const OperationInfo&)>& offered =
                                    [](const OperationInfo&) { return true; });
// What a tool takes, as JSON Schema, `dry_run` of a write included.
Value tool_input_schema(const Operation& operation);
// Where an MCP call carries its idempotency key, in `_meta`.
inline constexpr std::string_view idempotency_meta = "piggy/idempotencyKey";
// "" for none. Refused when it is no text: ignored, the call would be done with every retry.
Result<std::string> idempotency_key_in(const Value& meta);

}  // namespace piggy
