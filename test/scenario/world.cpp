#include "world.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <latch>

#include "app/export.h"
#include "door/presentation.h"
#include "shape/json.h"

namespace piggy {
namespace {

class Waiting final : public http::Responder::Target {
 public:
  void respond(http::Response response) override {
    response_ = std::move(response);
    arrived_.count_down();
  }
  std::shared_ptr<http::EventStream> stream(http::Response) override {
    FAIL("no stream was expected");
    return nullptr;
  }
  const http::Response& wait() {
    arrived_.wait();
    return response_;
  }

 private:
  http::Response response_;
  std::latch arrived_{1};
};

void escape(std::string& out, std::string_view text) {
  for (char c : text) {
    bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
}

// A value as PHP would send it in a form: nested names in brackets, null left out.
void encode(std::string& out, const std::string& name, const Value& value) {
  if (value.members()) {
    for (const Member& member : *value.members()) {
      encode(out, name.empty() ? member.name : fmt::format("{}[{}]", name, member.name),
             member.value);
    }
  } else if (value.items()) {
    for (std::size_t i = 0; i < value.items()->size(); i++) {
      encode(out, fmt::format("{}[{}]", name, i), (*value.items())[i]);
    }
  } else if (!value.is_null()) {
    std::string text = value.text() ? *value.text() : to_json(value);
    if (value.boolean()) text = *value.boolean() ? "1" : "0";
    if (!out.empty()) out += '&';
    escape(out, name);
    out += '=';
    escape(out, text);
  }
}

// The route of a call, its parameters taken out of the input.
std::string path_of(const OperationInfo& info, Value& input) {
  std::string path = fmt::format("{}{}", prefix_of(info.surface), info.path);
  for (std::size_t open = 0; (open = path.find('{')) != std::string::npos;) {
    std::string name = path.substr(open + 1, path.find('}') - open - 1);
    std::string value;
    escape(value, input.text_of(name));
    input.erase(name);
    path.replace(open, path.find('}') - open + 1, value.empty() ? "-" : value);
  }
  return path;
}

Heard heard_by_rest(const Operation& operation, const http::Response& response) {
  Heard heard{.fine = response.status < 300, .text = response.body};
  auto body = parse_json(response.body);
  REQUIRE_MESSAGE(body, response.body);
  if (!heard.fine) {
    const Value* code = body->find("code");
    REQUIRE(code);
    heard.number = *code->integer();
    return heard;
  }
  CHECK(response.status == operation.info.wire.status);
  const Value* data = body->find("data");
  REQUIRE_MESSAGE(data, response.body);
  std::string_view field = operation.info.wire.data;
  if (field == null_data) {
    CHECK(data->is_null());
  } else if (field.empty()) {
    heard.answer = *data;
  } else {
    heard.answer.set(field, *data);
  }
  if (const Value* effect = body->find("effect")) heard.effects = *effect;
  return heard;
}

Heard heard_refusal(const Error& error) {
  Heard heard{.number = error.number, .text = error.message};
  for (const FieldError& field : error.fields) {
    heard.text += fmt::format(" {} {}", field.path, field.message);
  }
  return heard;
}

}  // namespace

World::World(Way way) : way_(way) {
  clock_.time = Time{1'760'000'000 * microseconds_per_second};
  database_.close();
  directory_ = std::filesystem::temp_directory_path() /
               fmt::format("piggy-scenario-{}", SecureRandom().next());
  open();
  tenant("main");
}

World::~World() {
  close();
  std::filesystem::remove_all(directory_);
}

void World::restart() {
  close();
  open();
}

void World::open() {
  RunConfiguration configuration;
  configuration.data = directory_;
  configuration.database = database_.url();
  auto engine = Engine::open(configuration, true, &clock_);
  REQUIRE_MESSAGE(engine, engine.error().message);
  engine_ = *std::move(engine);
  rest_ = std::make_unique<Rest>(engine_->catalogue(), engine_->dispatch(), engine_->callers(),
                                 engine_->bearers());
  toolbox_ =
      std::make_unique<Toolbox>(engine_->catalogue(), engine_->dispatch(), Toolbox::Options());
  mcp_ = std::make_unique<mcp::Server>(*toolbox_, clock_, mcp::Options{.tasks = true});
  if (way_ != Way::remote) return;
  auto server = http::Server::start({}, [this](http::Request request, http::Responder responder) {
    rest_->handle(std::move(request), std::move(responder));
  });
  REQUIRE_MESSAGE(server, server.error().message);
  server_ = *std::move(server);
}

void World::close() {
  connections_.clear();
  server_.reset();
  mcp_.reset();
  toolbox_.reset();
  rest_.reset();
  engine_.reset();
}

void World::tenant(const std::string& name) {
  tenant_ = name;
  if (tokens_.contains(name)) return;
  auto owner_calls = [&](std::string_view operation, Value input) {
    auto answer =
        engine_->dispatch().call_and_wait({.operation = engine_->catalogue().find(operation),
                                           .caller = engine_->callers().owner(),
                                           .input = std::move(input)});
    REQUIRE_MESSAGE(answer, answer.error().message);
    std::string json;
    write_answer(json, *answer);
    return *parse_json(json);
  };
  owner_calls("create_account", Value::object({{"name", name}}));
  auto token = [&](std::string_view kind) {
    Value made = owner_calls("create_token", Value::object({{"account", name}, {"kind", kind}}));
    return std::string(made.text_of("token"));
  };
  tokens_[name] = {.client = token("client"), .mcp = token("mcp")};
}

Heard World::call(const std::string& name, Value input, const std::string& key, bool dry_run) {
  const Operation* operation = engine_->catalogue().find(name);
  REQUIRE_MESSAGE(operation, "no operation " << name);
  if (way_ == Way::command) return by_name(*operation, input, key, dry_run);
  if (way_ == Way::mcp && operation->info.tool) return by_mcp(*operation, input, key, dry_run);
  if (way_ == Way::remote && operation->info.surface != Surface::platform) {
    return by_remote(*operation, input, key, dry_run);
  }
  return by_rest(*operation, input, key, dry_run);
}

std::string World::rows() {
  auto store = open_store(database_.url());
  REQUIRE(store);
  std::string rows;
  Result<> read = export_rows(**store, tenant_, [&](std::string_view line) -> Result<> {
    // The record of calls grows with every call, also one that changes nothing else.
    if (line.find("\"audit_") == std::string_view::npos) rows += line;
    return {};
  });
  REQUIRE_MESSAGE(read, read.error().message);
  return rows;
}

void World::jobs() {
  Result<> done = engine_->scheduler().run_all_due();
  REQUIRE_MESSAGE(done, done.error().message);
}

void World::wait(std::int64_t seconds) {
  clock_.time = clock_.time + seconds * microseconds_per_second;
}

http::Response World::send(http::Request request) {
  auto target = std::make_shared<Waiting>();
  http::Responder responder(target);
  if (request.path == "/mcp") {
    auto caller =
        engine_->callers().by_authorization(request.header("authorization"), TokenKind::mcp);
    REQUIRE(caller);
    mcp_->handle(std::move(request), Toolbox::principal_of(*caller), std::move(responder));
  } else {
    rest_->handle(std::move(request), std::move(responder));
  }
  return target->wait();
}

Heard World::by_rest(const Operation& operation, Value input, const std::string& key,
                     bool dry_run) {
  const OperationInfo& info = operation.info;
  constexpr http::Method methods[] = {http::Method::get, http::Method::post, http::Method::put,
                                      http::Method::del};
  http::Request request{.method = methods[static_cast<std::size_t>(info.verb)],
                        .path = path_of(info, input)};
  request.headers = {{"Host", "localhost"},
                     {"Authorization", "Bearer " + tokens_[tenant_].client},
                     {"Accept", "application/json"}};
  if (!key.empty()) request.headers.push_back({"Idempotency-Key", key});
  if (dry_run) request.headers.push_back({"Piggy-Dry-Run", "true"});
  bool has_body = info.verb == Verb::post || info.verb == Verb::put;
  bool form = way_ == Way::rest_form && info.surface != Surface::platform;
  if (!has_body) {
    encode(request.query, "", input);
  } else if (form) {
    encode(request.body, "", input);
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  } else {
    request.body = to_json(input);
    request.headers.push_back({"Content-Type", "application/json"});
  }
  return heard_by_rest(operation, send(std::move(request)));
}

Heard World::by_mcp(const Operation& operation, Value input, const std::string& key, bool dry_run) {
  std::string name = fmt::format("piggy_{}", operation.info.name);
  if (dry_run) input.set("dry_run", true);
  Value meta = Value::object({{"io.modelcontextprotocol/clientCapabilities", Value::object()}});
  if (!key.empty()) meta.set("piggy/idempotencyKey", key);
  Value body = by_mcp(
      "tools/call",
      Value::object({{"name", name}, {"arguments", std::move(input)}, {"_meta", std::move(meta)}}),
      name);
  Heard heard{.text = to_json(body)};
  const Value* result = body.find("result");
  REQUIRE_MESSAGE(result, heard.text);
  const Value* is_error = result->find("isError");
  heard.fine = !is_error || !is_error->boolean() || !*is_error->boolean();
  if (!heard.fine) return heard;
  const Value* structured = result->find("structuredContent");
  REQUIRE_MESSAGE(structured, heard.text);
  heard.answer = *structured;
  if (const Value* effect = structured->find("effect")) heard.effects = *effect;
  return heard;
}

Value World::by_mcp(std::string_view method, Value params, std::string_view name) {
  Value* meta = params.find("_meta");
  REQUIRE(meta);
  meta->set("io.modelcontextprotocol/protocolVersion", "2026-07-28");
  Value message = Value::object(
      {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}});
  http::Request request{.method = http::Method::post, .path = "/mcp"};
  request.body = to_json(message);
  request.headers = {{"Host", "localhost"},
                     {"Authorization", "Bearer " + tokens_[tenant_].mcp},
                     {"Content-Type", "application/json"},
                     {"Accept", "application/json, text/event-stream"},
                     {"MCP-Protocol-Version", "2026-07-28"},
                     {"Mcp-Method", std::string(method)},
                     {"Mcp-Name", std::string(name)}};
  http::Response response = send(std::move(request));
  auto body = parse_json(response.body);
  REQUIRE_MESSAGE(body, response.body);
  return *std::move(body);
}

Heard World::by_name(const Operation& operation, const Value& input, const std::string& key,
                     bool dry_run) {
  auto caller = engine_->callers().owner_of(tenant_);
  REQUIRE(caller);
  auto answer = engine_->dispatch().call_and_wait({.operation = &operation,
                                                   .caller = *caller,
                                                   .input = input,
                                                   .reading = Reading::words,
                                                   .idempotency_key = key,
                                                   .dry_run = dry_run,
                                                   .door = Door::command});
  if (!answer) return heard_refusal(answer.error());
  Heard heard{.fine = true};
  write_answer(heard.text, *answer);
  heard.answer = *parse_json(heard.text);
  if (const Value* effect = heard.answer.find("effect")) heard.effects = *effect;
  return heard;
}

// The connection of the tenant, as another process would have made it.
RemotePiggy& World::connection() {
  auto& connection = connections_[tenant_];
  if (!connection) {
    auto made =
        RemotePiggy::make({.base_url = fmt::format("http://127.0.0.1:{}", server_->port()),
                           .api_key = tokens_[tenant_].client},
                          {.breakers = breakers_,
                           .clock = clock_,
                           .random = std::make_unique<SecureRandom>(),
                           .sleep = [](auto) { FAIL_CHECK("nothing had to be asked twice"); }});
    REQUIRE_MESSAGE(made, made.error().message);
    connection = *std::move(made);
    auto whose = connection->check();
    REQUIRE_MESSAGE(whose, whose.error().message);
    CHECK(whose->company == tenant_);
  }
  return *connection;
}

Heard World::by_remote(const Operation& operation, const Value& input, const std::string& key,
                       bool dry_run) {
  auto answer = connection().call(operation, input, key, dry_run);
  if (!answer) return heard_refusal(answer.error());
  CHECK(answer->dry_run == (dry_run && operation.writes()));
  Heard heard{.fine = true};
  write_json(heard.text, *operation.output, answer->output.data());
  heard.answer = *parse_json(heard.text);
  CHECK_MESSAGE(answer->told == heard.answer, heard.text);
  if (!answer->dry_run) return heard;
  std::string effects;
  write_json(effects, shape_of<std::vector<EffectLine>>(), &answer->effects);
  heard.effects = *parse_json(effects);
  return heard;
}

}  // namespace piggy
