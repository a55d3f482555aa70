#include "app/serve.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#include "base/log.h"

#include <charconv>
#include <thread>

#include "app/backend.h"
#include "app/demo.h"
#include "app/engine.h"
#include "app/metrics.h"
#include "app/version.h"
#include "door/approval_page.h"
#include "door/bearers.h"
#include "door/changes.h"
#include "door/connect_page.h"
#include "door/console.h"
#include "door/form_page.h"
#include "door/mail_frame.h"
#include "door/mail_page.h"
#include "door/manual.h"
#include "door/portal_page.h"
#include "door/rest.h"
#include "door/sign_in.h"
#include "door/toolbox.h"
#include "http/server.h"
#include "mcp/server.h"
#include "oauth/server.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::chrono::hours upkeep_interval{1};
// Mails, turns of conversations: what waits for others holds up nobody.
constexpr std::size_t job_workers = 4;

constexpr std::string_view instructions =
    "Piggy keeps a store's loyalty programme: contacts, credits, vouchers, bookings. Credits and "
    "vouchers are worth money: use dry_run first when in doubt, and send "
    "_meta piggy/idempotencyKey with every write that you may have to repeat.";

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

Result<Address> address_of(const std::string& listen) {
  std::size_t colon = listen.rfind(':');
  Address address{.host = listen.substr(0, colon)};
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  std::string_view digits =
      colon == std::string::npos ? "" : std::string_view(listen).substr(colon + 1);
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (error != std::errc() || end != digits.data() + digits.size() || address.host.empty()) {
    return fail(ErrorCode::invalid,
                fmt::format("listen must be HOST:PORT, such as 127.0.0.1:8080, not {}.", listen));
  }
  return address;
}

// The host of a URL, without its port.
std::string_view host_of(std::string_view url) {
  std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  if (url.starts_with('[')) return url.substr(0, url.find(']') + 1);
  return url.substr(0, url.find_first_of(":/"));
}

mcp::Options mcp_options(const RunConfiguration& configuration) {
  mcp::Options options{
      .version = std::string(version), .instructions = std::string(instructions), .tasks = true};
  if (configuration.public_url) options.hosts.emplace_back(host_of(*configuration.public_url));
  std::string_view rest;
  if (configuration.allowed_hosts) rest = *configuration.allowed_hosts;
  while (!rest.empty()) {
    std::string_view host = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), host.size() + 1));
    if (!host.empty()) options.hosts.emplace_back(host);
  }
  return options;
}

// What is wrong with the list was said when the settings were read.
FormPage::Options form_options(const RunConfiguration& configuration) {
  FormPage::Options options{.limits = {.per_address = configuration.form_rate_per_address,
                                       .per_form = configuration.form_rate_per_form}};
  if (configuration.trusted_proxies) {
    options.proxies = http::TrustedProxies::parse(*configuration.trusted_proxies)
                          .value_or(http::TrustedProxies());
  }
  return options;
}

// What answers each request: the doors, and the few pages that are no operation.
class Doors {
 public:
  Doors(Engine& engine, const RunConfiguration& configuration, std::span<const ConsoleFile> console)
      : engine_(engine),
        console_(console, configuration.console_folder),
        rest_(engine.catalogue(), engine.dispatch(), engine.callers(), engine.bearers(),
              configuration.public_url.value_or("")),
        toolbox_(engine.catalogue(), engine.dispatch(),
                 {.public_url = engine.settings().public_url,
                  .who =
                      [this](std::string_view header) {
                        return engine_.bearers().who(header, TokenKind::mcp);
                      }}),
        mcp_(toolbox_, engine.database().clock(), mcp_options(configuration)),
        sign_in_(engine.catalogue(), engine.dispatch(), engine.callers(),
                 engine.settings().public_url.starts_with("https:")),
        approval_page_(engine.catalogue(), engine.dispatch(), engine.callers()),
        connect_page_(engine.catalogue(), engine.dispatch(), engine.callers()),
        mail_frame_(engine.catalogue(), engine.dispatch(), engine.callers()),
        changes_(engine.database(), engine.catalogue()),
        mail_page_(engine.database(), engine.callers(), engine.settings()),
        form_page_(engine.catalogue(), engine.dispatch(), engine.callers(), rest_,
                   engine.settings(), form_options(configuration)),
        portal_(engine.catalogue(), engine.dispatch(), engine.callers(),
                engine.settings().public_url.starts_with("https:")),
        people_(engine.catalogue(), engine.database(), engine.callers()),
        oauth_(engine.database(), people_,
               {.public_url = engine.settings().public_url,
                .scopes = {"tools"},
                .resource_paths = resource_paths()}) {}

  void handle(http::Request request, http::Responder responder) {
    requests_.fetch_add(1, std::memory_order_relaxed);
    if (request.path == "/mcp" || request.path == "/mcp/") {
      return handle_mcp(std::move(request), std::move(responder));
    }
    if (oauth::AuthorizationServer::serves(request.path)) {
      return oauth_.handle(std::move(request), std::move(responder));
    }
    if (request.path == SignInPage::path) {
      return sign_in_.handle(std::move(request), std::move(responder));
    }
    if (request.path == ConnectPage::path) {
      return connect_page_.handle(std::move(request), std::move(responder));
    }
    if (MailPage::serves(request.path)) {
      return mail_page_.handle(std::move(request), std::move(responder));
    }
    if (PortalPage::serves(request))
      return portal_.handle(std::move(request), std::move(responder));
    if (request.method == http::Method::get && MailFrame::serves(request.path)) {
      return mail_frame_.handle(request, std::move(responder));
    }
    if (ApprovalPage::serves(request.path)) {
      return approval_page_.handle(std::move(request), std::move(responder));
    }
    if (FormPage::serves(request.path)) {
      return form_page_.handle(std::move(request), std::move(responder));
    }
    if (request.method == http::Method::get) {
      if (request.path == "/healthz") return text(std::move(responder), "ok\n");
      if (request.path == "/readyz") return ready(std::move(responder));
      if (request.path == "/metrics") return metrics(std::move(responder));
      if (request.path == "/openapi.json") {
        return responder.respond({.body = openapi_text_});
      }
      if (auto page = written_manual(request)) return markdown(std::move(responder), *page);
    }
    if (Changes::serves(request)) return follow_changes(std::move(request), std::move(responder));
    if (Chat::serves(request.path)) return follow(std::move(request), std::move(responder));
    if (console_.serves(request)) return responder.respond(console_.answer(request));
    rest_.handle(std::move(request), std::move(responder));
  }

  // Once a second, by one thread.
  void tick() {
    mcp_.tick();
    toolbox_.tick();
  }
  void start() { changes_.start(); }
  // Whoever listens over MCP is told what has changed for them; by the same thread.
  void refresh() { mcp_.refresh(); }
  // What waits or listens is answered.
  void stop() {
    stopping = true;
    toolbox_.stop();
    mcp_.stop();
    changes_.stop();
  }
  void serve_metrics_of(const http::Server& server) { server_ = &server; }
  std::atomic<bool> stopping{false};

 private:
  // For programs, and by names that end in .md. A browser gets the same as pages of the console.
  std::optional<std::string_view> written_manual(const http::Request& request) const {
    std::string_view path = request.path;
    if (!path.ends_with(".md") && request.header("accept").contains("text/html")) return {};
    if (path == "/manual" || path == "/manual.md") return manual_;
    return manual_page(path);
  }

  static void markdown(http::Responder responder, std::string_view page) {
    responder.respond({.body = std::string(page), .content_type = "text/markdown; charset=utf-8"});
  }

  static void text(http::Responder responder, std::string body, int status = 200) {
    responder.respond(
        {.status = status, .body = std::move(body), .content_type = "text/plain; charset=utf-8"});
  }

  void ready(http::Responder responder) {
    bool fine = !stopping;
    text(std::move(responder), fine ? "ready\n" : "stopping\n", fine ? 200 : 503);
  }

  void metrics(http::Responder responder) {
    text(std::move(responder), metrics_text({.requests = requests_.load(std::memory_order_relaxed),
                                             .connections = server_ ? server_->connections() : 0,
                                             .store = engine_.database().kind(),
                                             .database = &engine_.database().counters()}));
  }

  void follow(http::Request request, http::Responder responder) {
    auto caller = rest_.caller_on_platform(request);
    if (!caller) return responder.respond(error_response(caller.error(), true));
    engine_.chat().follow(request, *std::move(caller), std::move(responder));
  }

  // By the same header or cookie as at first, so that whoever is out is out within a second.
  void follow_changes(http::Request request, http::Responder responder) {
    auto caller = rest_.caller_on_platform(request);
    if (!caller) return responder.respond(error_response(caller.error(), true));
    auto still = [this, request, token = (*caller)->token_id] {
      auto now = rest_.caller_on_platform(request);
      return now && (*now)->token_id == token;
    };
    changes_.follow(request, *std::move(caller), std::move(still), std::move(responder));
  }

  void handle_mcp(http::Request request, http::Responder responder) {
    std::string_view authorization = request.header("authorization");
    auto caller = engine_.bearers().who(authorization, TokenKind::mcp);
    if (!caller) return responder.respond(not_let_in(request, caller.error()));
    auto principal = Toolbox::principal_of(*std::move(caller), authorization);
    mcp_.handle(std::move(request), std::move(principal), std::move(responder));
  }

  static std::vector<std::string> resource_paths() {
    std::vector<std::string> paths;
    for (const Resource& resource : resources) paths.emplace_back(resource.path);
    return paths;
  }

  // With where to get a token (RFC 9728, section 5.1).
  http::Response not_let_in(const http::Request& request, const Error& error) const {
    http::Response response = error_response(error, true);
    if (response.status != 401) return response;
    std::erase_if(response.headers,
                  [](const http::Header& header) { return header.name == "WWW-Authenticate"; });
    bool sent = !request.header("authorization").empty();
    response.headers.push_back(
        {"WWW-Authenticate", oauth_.challenge("/mcp", sent ? "invalid_token" : "")});
    return response;
  }

  Engine& engine_;
  Console console_;
  Rest rest_;
  Toolbox toolbox_;
  mcp::Server mcp_;
  SignInPage sign_in_;
  ApprovalPage approval_page_;
  ConnectPage connect_page_;
  MailFrame mail_frame_;
  Changes changes_;
  MailPage mail_page_;
  FormPage form_page_;
  PortalPage portal_;
  SignedInPeople people_;
  oauth::AuthorizationServer oauth_;
  const http::Server* server_ = nullptr;
  std::atomic<std::uint64_t> requests_{0};
  const std::string openapi_text_ = openapi_json(engine_.catalogue());
  const std::string manual_ = manual_text(engine_.catalogue());
};

// The tools over standard input and output: through the running server or on the data, as every
// command.
class BackendTools final : public mcp::Service {
 public:
  BackendTools(Backend& backend, std::string account)
      : backend_(backend), account_(std::move(account)) {
    DescribedOperations described;
    tools_ = mcp::ToolList::make(tools_of(described.catalogue));
  }

  std::shared_ptr<const mcp::ToolList> tools(const mcp::Principal&) override { return tools_; }

  void call_tool(mcp::ToolCall call, std::shared_ptr<mcp::Context>, mcp::ToolDone done) override {
    auto key = idempotency_key_in(call.meta);
    if (!key) return done(std::unexpected(key.error()));
    CallOptions options{.account = account_, .idempotency_key = *key};
    if (const Value* said = call.arguments.find("dry_run")) {
      auto dry_run = read_dry_run(*said, Reading::strict);
      if (!dry_run) return done(std::unexpected(dry_run.error()));
      options.dry_run = *dry_run;
      call.arguments.erase("dry_run");
    }
    auto answer = backend_.call(operation_name(call.name), call.arguments, options);
    if (!answer) return done(std::unexpected(answer.error()));
    done(mcp::ToolResult{.structured = to_json(*answer)});
  }

 private:
  Backend& backend_;
  std::string account_;
  std::shared_ptr<const mcp::ToolList> tools_;
};

// Once a second what is small, once an hour what is not, and at once what somebody waits for.
class Keeper {
 public:
  // Both are borrowed and outlive it.
  Keeper(Engine& engine, Doors& doors) : engine_(engine), doors_(doors) {}

  void start() {
    thread_ = std::jthread([this](std::stop_token stop) { keep(stop); });
  }
  void stop() {
    thread_.request_stop();
    thread_.join();
  }

  // Something was written: on the writer's thread, after what was known by heart was forgotten.
  void written() {
    std::uint64_t forgotten = engine_.callers().times_forgotten();
    if (std::exchange(forgotten_, forgotten) == forgotten) return;
    std::lock_guard lock(mutex_);
    changed_ = true;
    woken_.notify_one();
  }

 private:
  void keep(std::stop_token stop) {
    auto next_tick = std::chrono::steady_clock::now();
    auto next_long = next_tick + std::chrono::minutes(5);
    while (!stop.stop_requested()) {
      std::unique_lock lock(mutex_);
      woken_.wait_until(lock, stop, next_tick, [&] { return changed_; });
      bool changed = std::exchange(changed_, false);
      lock.unlock();
      if (changed) doors_.refresh();
      auto now = std::chrono::steady_clock::now();
      if (now >= next_tick) {
        next_tick = now + std::chrono::seconds(1);
        doors_.tick();
      }
      if (now >= next_long) {
        next_long = now + upkeep_interval;
        forget_old();
      }
    }
  }

  void forget_old() {
    auto forgotten = engine_.dispatch().remembered_answers().forget_old();
    if (!forgotten) spdlog::warn("old idempotency keys stay: {}", forgotten.error().message);
    auto expired = oauth::forget_expired(engine_.database());
    if (!expired) spdlog::warn("expired tokens stay: {}", expired.error().message);
  }

  Engine& engine_;
  Doors& doors_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool changed_ = false;
  std::uint64_t forgotten_ = 0;  // The writer's own.
  std::jthread thread_;
};

// Signals go to the thread that waits for them; blocked before any other thread starts.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

// One line each on standard error, with the moment in UTC.
void begin_log(LogLevel level) {
  constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info,
                                                  spdlog::level::warn, spdlog::level::err};
  auto logger = spdlog::stderr_logger_mt("piggy");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(levels[static_cast<std::size_t>(level)]);
  spdlog::set_default_logger(std::move(logger));
  for (const std::string& name : unknown_variables()) spdlog::warn("{} is no setting", name);
}

// After a crash the lease of the process before us runs for a moment longer: that is waited for
// once, so that whoever starts us again need not try several times.
Result<std::unique_ptr<Engine>> open_engine(const RunConfiguration& configuration,
                                            const Clock* clock) {
  auto engine = Engine::open(configuration, true, clock);
  if (engine || engine.error().retry_after_seconds == 0) return engine;
  spdlog::info("waiting: {}", engine.error().message);
  std::this_thread::sleep_for(std::chrono::seconds(engine.error().retry_after_seconds));
  return Engine::open(configuration, true, clock);
}

}  // namespace

Result<> serve(const RunConfiguration& configuration, std::span<const ConsoleFile> console) {
  sigset_t signals = block_signals();
  begin_log(configuration.log_level);
  Address address = TRY(address_of(configuration.listen));
  if (configuration.trusted_proxies)
    TRY(http::TrustedProxies::parse(*configuration.trusted_proxies));
  DemoClock demo_clock;
  // A sandbox has a clock of its own.
  bool has_past =
      configuration.demo && !demo_is_made(configuration) && !configuration.sandbox_clock;
  auto engine = TRY(open_engine(configuration, has_past ? &demo_clock : nullptr));
  if (configuration.sandbox_clock) {
    spdlog::warn("a sandbox: it is {}", to_atom(engine->database().clock().now()));
  }
  if (configuration.demo) TRY(make_demo(*engine, configuration, demo_clock));
  // The data directory's lock, or the lease, says that no other process is at them.
  TRY(engine->scheduler().take_over());
  TRY(engine->mailer().take_over());
  Doors doors(*engine, configuration, console);
  // Shared with the dispatch, which may write until it ends.
  auto keeper = std::make_shared<Keeper>(*engine, doors);
  engine->dispatch().after_write([&scheduler = engine->scheduler(), keeper] {
    scheduler.wake();
    keeper->written();
  });
  engine->scheduler().start(job_workers);
  engine->followers().start();
  engine->runner().start();
  engine->sequence_runner().start();
  engine->mailer().start();
  engine->webhooks().start();
  engine->dispatch().resume();
  engine->vault().rotation().start();
  auto server = TRY(http::Server::start(
      {.host = address.host,
       .port = address.port,
       .local_socket = socket_path(configuration),
       .threads = static_cast<std::size_t>(configuration.threads),
       .connections_max = static_cast<std::size_t>(configuration.connections_max),
       .receive_timeout = std::chrono::seconds(configuration.receive_timeout_seconds),
       .idle_timeout = std::chrono::seconds(configuration.idle_timeout_seconds)},
      [&](http::Request request, http::Responder responder) {
        doors.handle(std::move(request), std::move(responder));
      }));
  doors.serve_metrics_of(*server);
  keeper->start();
  doors.start();
  fmt::print("piggy {} serves http://{}:{} ({}, data in {})\n", version, address.host,
             server->port(), engine->database().kind(), configuration.data);
  if (std::string code = TRY(engine->setup_code()); !code.empty()) {
    fmt::print("Open http://{}:{}/?setup={} to begin.\n", address.host, server->port(), code);
  }
  if (configuration.demo) print_demo_help(*engine, configuration, address.host, server->port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  fmt::print("piggy stops: answering what was received\n");
  std::fflush(stdout);
  doors.stop();
  engine->chat().stop();
  server->stop(std::chrono::seconds(configuration.stop_timeout_seconds));
  keeper->stop();
  engine->mailer().stop();
  engine->webhooks().stop();
  engine->followers().stop();
  engine->runner().stop();
  engine->scheduler().stop();
  engine->vault().rotation().stop();
  return {};
}

Result<> serve_stdio(const RunConfiguration& configuration, const std::string& account) {
  signal(SIGPIPE, SIG_IGN);
  auto backend = TRY(open_backend(configuration));
  TRY(backend->call("get_account", Value::object(), {.account = account}));
  BackendTools tools(*backend, account);
  SystemClock clock;
  mcp::Options options = mcp_options(configuration);
  options.tasks = false;
  mcp::Server server(tools, clock, options);
  server.run_stdio(STDIN_FILENO, STDOUT_FILENO, {.key = "stdio"});
  return {};
}

}  // namespace piggy
