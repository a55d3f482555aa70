#pragma once

// Everything the conformance suite wants to find, offered through the very same seam as our own
// tools. A tool is a name, a schema and a function; nothing here knows revisions or streams.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "later.h"
#include "mcp/server.h"
#include "mcp/service.h"
#include "shape/value.h"

namespace piggy::conformance {

class FixtureService;

// One call of a fixture tool.
struct Play {
  FixtureService& service;
  mcp::ToolCall call;
  std::shared_ptr<mcp::Context> context;
  mcp::ToolDone done;

  void say(std::string_view text, bool is_error = false) const;
};

struct Role {
  mcp::Tool tool;
  std::function<void(Play play)> act;
};

// What a task does once all its questions are answered, or when its time has come.
using TaskEnd = std::function<void(mcp::Task& task, const Value& answers)>;

class FixtureService final : public mcp::Service {
 public:
  explicit FixtureService(const Clock& clock);

  std::shared_ptr<const mcp::ToolList> tools(const mcp::Principal& principal) override;
  void call_tool(mcp::ToolCall call, std::shared_ptr<mcp::Context> context,
                 mcp::ToolDone done) override;

  std::vector<mcp::Prompt> prompts(const mcp::Principal& principal) override;
  void get_prompt(mcp::Get get, std::shared_ptr<mcp::Context> context,
                  std::function<void(Result<mcp::PromptOutcome>)> done) override;
  std::vector<mcp::Resource> resources(const mcp::Principal& principal) override;
  std::vector<mcp::Resource> resource_templates(const mcp::Principal& principal) override;
  void read_resource(mcp::Get get, std::shared_ptr<mcp::Context> context,
                     std::function<void(Result<mcp::ResourceOutcome>)> done) override;
  void complete(mcp::Complete request,
                std::function<void(Result<mcp::Completion>)> done) override;

  void get_task(const mcp::Principal& principal, std::string id,
                std::function<void(Result<mcp::Task>)> done) override;
  void update_task(const mcp::Principal& principal, std::string id, Value responses,
                   std::function<void(Result<>)> done) override;
  void cancel_task(const mcp::Principal& principal, std::string id,
                   std::function<void(Result<>)> done) override;

  // A task that ends by itself after a while.
  mcp::Task start_task(std::chrono::milliseconds lasts, TaskEnd end);
  // A task that ends when these are answered.
  mcp::Task start_asking(std::vector<mcp::InputRequest> requests, TaskEnd end);

  // Makes a tool or a prompt come and go, and tells who listens.
  void toggle_tool();
  void toggle_prompt();

  Later later;
  mcp::Server* server = nullptr;  // Set once, before the first request.

 private:
  struct Running {
    mcp::Task task = {};
    Value answers = Value::object();
    TaskEnd end = {};
  };

  mcp::Task keep(Running running);
  void settle(const std::string& id);
  void build_tools();

  const Clock& clock_;
  std::mutex mutex_;
  SecureRandom random_;
  std::vector<Role> roles_;
  std::shared_ptr<const mcp::ToolList> tools_;
  bool extra_tool_ = false;
  bool extra_prompt_ = false;
  std::map<std::string, Running> tasks_;
};

std::vector<Role> plain_tools();
std::vector<Role> asking_tools();
std::vector<Role> task_tools();

// A tool without arguments, or with those of a schema in JSON.
mcp::Tool tool(std::string_view name, std::string_view description,
               std::string_view schema = R"({"type":"object"})");
Value json(std::string_view text);

// A form with one field.
mcp::InputRequest form(std::string_view key, std::string_view message, std::string_view field,
                       std::string_view type = "string");

extern const std::string_view tiny_png;

}  // namespace piggy::conformance
