// A batch of vouchers as an MCP task (extension io.modelcontextprotocol/tasks), on the real tools.

#include <doctest/doctest.h>

#include "shape/json.h"
#include "world.h"

namespace piggy {
namespace {

class Batches {
 public:
  explicit Batches(World& world) : world_(world) {
    promotion_ = made("create_promotion",
                      Value::object({{"name", "Summer"}, {"description", "A tenth off."}}));
  }

  Value ask(std::int64_t quantity, bool takes_tasks = true) {
    Value arguments = Value::object({{"promotion_uuid", promotion_}, {"quantity", quantity}});
    return send("tools/call", Value::object({{"name", tool}, {"arguments", std::move(arguments)}}),
                tool, takes_tasks);
  }
  Value get(std::string_view task) {
    return send("tasks/get", Value::object({{"taskId", task}}), task);
  }
  std::int64_t vouchers() {
    Heard heard = world_.call("list_vouchers", Value::object({{"limit", 100}}), "", false);
    return static_cast<std::int64_t>(heard.answer.find("vouchers")->items()->size());
  }

  static constexpr std::string_view tool = "piggy_create_vouchers_batch";

 private:
  std::string made(const std::string& operation, Value input) {
    Heard heard = world_.call(operation, std::move(input), "", false);
    REQUIRE_MESSAGE(heard.fine, heard.text);
    return std::string(heard.answer.text_of("uuid"));
  }
  Value send(std::string_view method, Value params, std::string_view name,
             bool takes_tasks = true) {
    Value capabilities = Value::object();
    if (takes_tasks) {
      capabilities = *parse_json(R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})");
    }
    params.set(
        "_meta",
        Value::object({{"io.modelcontextprotocol/clientCapabilities", std::move(capabilities)}}));
    return world_.by_mcp(method, std::move(params), name);
  }

  World& world_;
  std::string promotion_;
};

std::string text_at(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* here = &value;
  for (std::string_view name : path) {
    here = here->find(name);
    if (!here) return "";
  }
  return here->text() ? *here->text() : to_json(*here);
}

}  // namespace

TEST_CASE(
    "a batch of vouchers is a task that works, survives a restart, and ends with its answer") {
  World world(Way::mcp);
  Batches batches(world);
  Value asked = batches.ask(20);
  CHECK(text_at(asked, {"result", "resultType"}) == "task");
  CHECK(text_at(asked, {"result", "status"}) == "working");
  std::string task = text_at(asked, {"result", "taskId"});
  CHECK(text_at(batches.get(task), {"result", "status"}) == "working");
  CHECK(batches.vouchers() == 0);

  world.restart();
  CHECK(text_at(batches.get(task), {"result", "status"}) == "working");
  world.jobs();
  Value done = batches.get(task);
  CHECK(text_at(done, {"result", "status"}) == "completed");
  CHECK(text_at(done, {"result", "result", "structuredContent", "made"}) == "20");
  CHECK(batches.vouchers() == 20);
}

TEST_CASE("a task is its own tenant's, and unknown to everybody else") {
  World world(Way::mcp);
  Batches batches(world);
  std::string task = text_at(batches.ask(1), {"result", "taskId"});
  world.tenant("other");
  Value refused = batches.get(task);
  CHECK(text_at(refused, {"error", "code"}) == "-32602");
  CHECK(refused == batches.get("11111111-2222-4333-8444-555555555555"));
  CHECK(text_at(batches.get("nonsense"), {"error", "code"}) == "-32602");
}

TEST_CASE("a client that takes no tasks is answered as ever") {
  World world(Way::mcp);
  Batches batches(world);
  Value asked = batches.ask(1, false);
  CHECK(text_at(asked, {"result", "structuredContent", "status"}) == "PENDING");
}

TEST_CASE("a batch that is refused is no task") {
  World world(Way::mcp);
  Batches batches(world);
  Value refused = batches.ask(501);
  CHECK(text_at(refused, {"result", "isError"}) == "true");
  CHECK(batches.vouchers() == 0);
}

}  // namespace piggy
