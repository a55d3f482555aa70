#include "app/backend.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "app/engine.h"
#include "door/presentation.h"
#include "http/client.h"
#include "http/form.h"
#include "shape/json.h"

namespace piggy {
namespace {

class LocalBackend final : public Backend {
 public:
  explicit LocalBackend(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  Result<Value> call(std::string_view name, const Value& input,
                     const CallOptions& options) override {
    Invocation invocation{.caller = options.account.empty()
                                        ? engine_->callers().owner()
                                        : TRY(engine_->callers().owner_of(options.account)),
                          .input = input,
                          .reading = Reading::words,
                          .idempotency_key = options.idempotency_key,
                          .door = Door::command};
    TRY(engine_->dispatch().name(invocation, name));
    const Operation* operation = invocation.operation;
    invocation.dry_run = options.dry_run && operation->writes();
    Answer answer = TRY(engine_->dispatch().call_and_wait(std::move(invocation)));
    // Nobody else would: what follows from this call is done before the command ends.
    if (operation->writes()) TRY(engine_->scheduler().run_all_due());
    std::string json;
    write_answer(json, answer);
    return parse_json(json);
  }

  bool is_running_server() const override { return false; }

 private:
  std::unique_ptr<Engine> engine_;
};

// The envelope of an error, read back.
Error error_in(const Value& body) {
  Error error{.code = ErrorCode::internal, .message = std::string(body.text_of("message"))};
  const Value* status = body.find("status_code");
  std::int64_t number = status && status->integer() ? *status->integer() : 500;
  error.code = number == 400   ? ErrorCode::invalid
               : number == 401 ? ErrorCode::unauthenticated
               : number == 403 ? ErrorCode::forbidden
               : number == 404 ? ErrorCode::not_found
               : number == 409 ? ErrorCode::conflict
               : number == 422 ? ErrorCode::conflict
               : number == 429 ? ErrorCode::too_many
               : number == 503 ? ErrorCode::unavailable
                               : ErrorCode::internal;
  if (const Value* code = body.find("code"); code && code->integer()) {
    error.number = static_cast<int>(*code->integer());
  }
  const Value* fields = body.find("errors");
  if (!fields || !fields->members()) return error;
  for (const Member& field : *fields->members()) {
    for (const Value& message : field.value.items() ? *field.value.items() : Value::List{}) {
      if (message.text()) error.fields.push_back({"/" + field.name, *message.text()});
    }
  }
  return error;
}

class RemoteBackend final : public Backend {
 public:
  explicit RemoteBackend(std::string socket)
      : client_({.local_socket = std::move(socket)}, {.answer_timeout = std::chrono::minutes(60)}) {
  }

  Result<Value> call(std::string_view name, const Value& input,
                     const CallOptions& options) override {
    std::vector<http::Header> headers = {{"Content-Type", "application/json"}};
    if (!options.account.empty()) headers.push_back({"Piggy-Account", options.account});
    if (options.dry_run) headers.push_back({"Piggy-Dry-Run", "true"});
    if (!options.idempotency_key.empty()) {
      headers.push_back({"Idempotency-Key", options.idempotency_key});
    }
    http::Response response = TRY(client_.request(
        http::Method::post, fmt::format("/platform/operations/{}", http::percent_encode(name)),
        headers, to_json(input)));
    Value body = TRY(parse_json(response.body));
    if (response.status >= 400) return fail(error_in(body));
    Value* data = body.find("data");
    if (!data) return fail(ErrorCode::internal, "The server's answer has no data.");
    return std::move(*data);
  }

  bool is_running_server() const override { return true; }

 private:
  http::Client client_;
};

}  // namespace

std::string socket_path(const RunConfiguration& configuration) {
  return configuration.data + "/piggy.sock";
}

Result<std::unique_ptr<Backend>> open_backend(const RunConfiguration& configuration) {
  auto engine = Engine::open(configuration, false);
  if (engine) return std::make_unique<LocalBackend>(*std::move(engine));
  if (engine.error().code != ErrorCode::in_progress) return std::unexpected(engine.error());
  return std::make_unique<RemoteBackend>(socket_path(configuration));
}

}  // namespace piggy
