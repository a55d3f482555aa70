#include "remote/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/operations.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{250};
constexpr std::size_t key_bytes_max = 255;
constexpr std::size_t api_key_bytes_max = 4096;
constexpr std::size_t api_key_bytes_hidden = 8;  // A shorter one would blot out common words.
constexpr std::string_view key_refused =
    "The api_key must be the token as the other Piggy gave it.";

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

struct DryRun {
  std::optional<bool> dry_run = {};
  static void describe(Fields<DryRun>& field) {
    field("dry_run", &DryRun::dry_run, "Whether to change nothing.");
  }
};

// `dry_run` among the members of an input is how a persona asks for one. A stranger would ignore it
// there, so it is taken out and heeded here.
Result<bool> take_dry_run(Value& input) {
  const Value* said = input.find("dry_run");
  if (!said) return false;
  DryRun read = TRY(piggy::read<DryRun>(Value::object({{"dry_run", *said}}), Reading::words));
  input.erase("dry_run");
  return read.dry_run.value_or(false);
}

void hide(std::string& text, const std::string& secret) {
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;) {
    text.replace(at, secret.size(), "[API key]");
  }
}

bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return type == "application/json" || type.ends_with("+json");
}

}  // namespace

// One question and what has become of it.
struct RemotePiggy::Task {
  http::Sending sending = {};
  bool writes = false;
  bool harmless = true;  // Asked twice it does no more than once, whoever is asked.
  int tries = tries_max;
  Time until = {};
};

Result<std::unique_ptr<RemotePiggy>> RemotePiggy::make(RemoteOptions options, Needs needs) {
  BaseUrl base = TRY(read_base_url(options.base_url));
  const std::string& key = options.api_key;
  bool usable = !key.empty() && key.size() <= api_key_bytes_max && is_visible(key) &&
                key.find(' ') == std::string::npos;
  if (!usable) return fail_field("/api_key", std::string(key_refused));
  return std::unique_ptr<RemotePiggy>(
      new RemotePiggy(std::move(options), std::move(base), std::move(needs)));
}

RemotePiggy::RemotePiggy(RemoteOptions options, BaseUrl base, Needs needs)
    : options_(std::move(options)),
      base_(std::move(base)),
      whom_(fmt::format("The other Piggy ({})", base_.host)),
      needs_(std::move(needs)),
      breaker_(needs_.breakers.of(base_.host)),
      transfers_({.connect_timeout = options_.connect_timeout,
                  .answer_bytes_max = options_.answer_bytes_max,
                  .allow_private_addresses = options_.allow_private_addresses,
                  .encrypted = base_.encrypted}) {}

Result<RemoteAnswer> RemotePiggy::call(const Operation& operation, const Value& input,
                                       std::string_view idempotency_key, bool dry_run) {
  const OperationInfo& info = operation.info;
  if (info.surface == Surface::platform) {
    return fail(
        ErrorCode::invalid,
        fmt::format("{} is for this engine alone: another Piggy does not offer it.", info.title));
  }
  if (idempotency_key.size() > key_bytes_max || !is_visible(idempotency_key)) {
    return fail_field("/Idempotency-Key",
                      "The idempotency key must be at most 255 visible ASCII characters.");
  }
  Value asked = input;
  if (operation.writes()) dry_run = TRY(take_dry_run(asked)) || dry_run;
  dry_run = dry_run && operation.writes();
  RemoteRequest request = TRY(remote_request(operation, asked));

  Task task = task_for(request.method, request.target);
  task.sending.body = std::move(request.body);
  task.writes = operation.writes() && !dry_run;
  task.harmless = !task.writes || info.idempotent;
  std::vector<std::string>& headers = task.sending.headers;
  if (info.surface == Surface::open) headers.pop_back();  // Nobody asks for the key there.
  if (!task.sending.body.empty()) headers.push_back("Content-Type: application/json");
  if (task.writes) {
    std::string key = idempotency_key.empty() ? fresh_key() : std::string(idempotency_key);
    headers.push_back("Idempotency-Key: " + key);
  }
  if (dry_run) {
    headers.push_back("Piggy-Dry-Run: true");
    http::Response known = TRY(ask_whose(task.until, tries_max));
    if (known.header("piggy-engine").empty()) {
      return fail(ErrorCode::conflict,
                  about_other("knows no dry runs: it would do it in earnest."));
    }
  }
  http::Response response = TRY(exchange(task));
  RemoteAnswer answer = TRY(read(operation, asked, response));
  if (dry_run && !answer.dry_run) {
    return fail(ErrorCode::unavailable,
                about_other("was asked for a dry run and does not say that it was one.") +
                    std::string(perhaps_done));
  }
  return answer;
}

std::string RemotePiggy::about_other(std::string_view predicate) const {
  return fmt::format("{} {}", whom_, predicate);
}

Result<WhoseAccount> RemotePiggy::check() {
  http::Response response = TRY(ask_whose(deadline(), tries_max));
  auto whole = parse_json(response.body);
  const Value* data = whole ? whole->find("data") : nullptr;
  if (!is_json(response.header("content-type")) || !data || !data->members()) {
    return fail(ErrorCode::unavailable, about_other("does not answer as a Piggy would."));
  }
  std::string_view company = data->text_of("company");
  if (company.empty()) company = data->text_of("name");
  return WhoseAccount{.company = std::string(company),
                      .uuid = std::string(data->text_of("uuid")),
                      .engine = std::string(response.header("piggy-engine"))};
}

namespace {

struct KeyAnswer {
  std::optional<std::string> token = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> rotate_at = {};
  static void describe(Fields<KeyAnswer>& field) {
    field("token", &KeyAnswer::token, "The new key.", {.format = Format::secret});
    field("expires_at", &KeyAnswer::expires_at, "When it ends.");
    field("rotate_at", &KeyAnswer::rotate_at, "When it is to be changed.");
  }
};

}  // namespace

// What is asked here can be asked again: a key that was made and not used gives way to the next.
Result<Value> RemotePiggy::ask_of_key(const OperationInfo& info) {
  std::string_view method = info.verb == Verb::get   ? "GET"
                            : info.verb == Verb::del ? "DELETE"
                                                     : "POST";
  Task task = task_for(method, fmt::format("{}{}", prefix_of(Surface::platform), info.path));
  if (info.verb == Verb::post) {
    task.sending.headers.push_back("Content-Type: application/json");
    task.sending.body = "{}";
  }
  http::Response response = TRY(exchange(task));
  auto whole = parse_json(response.body);
  const Value* data = whole ? whole->find("data") : nullptr;
  if (!data) return fail(ErrorCode::unavailable, about_other("does not answer as a Piggy would."));
  return *data;
}

Result<RemotePiggy::Key> RemotePiggy::about_key() {
  auto answer = TRY(piggy::read<KeyAnswer>(TRY(ask_of_key(GetOwnToken::info)), Reading::lenient));
  return Key{.expires_at = answer.expires_at, .rotate_at = answer.rotate_at};
}

Result<RemotePiggy::Key> RemotePiggy::rotate_key() {
  Value data = TRY(ask_of_key(RotateOwnToken::info));
  auto answer = TRY(piggy::read<KeyAnswer>(data, Reading::lenient));
  if (!answer.token) return fail(ErrorCode::unavailable, about_other("gave no new key."));
  return Key{.key = *std::move(answer.token),
             .expires_at = answer.expires_at,
             .rotate_at = answer.rotate_at};
}

Result<> RemotePiggy::revoke_key() {
  TRY(ask_of_key(RevokeOwnToken::info));
  return {};
}

RemotePiggy::Task RemotePiggy::task_for(std::string_view method, std::string_view target) const {
  Task task{.sending = {.method = std::string(method), .url = base_.prefix + std::string(target)}};
  task.sending.headers = {"Accept: application/json", "Authorization: Bearer " + options_.api_key};
  task.until = deadline();
  return task;
}

Time RemotePiggy::deadline() const {
  return needs_.clock.now() + options_.total_timeout.count() * 1000;
}

// Asks the health route, whose answer also tells what kind of Piggy it is.
Result<http::Response> RemotePiggy::ask_whose(Time until, int tries) {
  const OperationInfo& info = GetAccount::info;
  Task task = task_for("GET", fmt::format("{}{}", prefix_of(info.surface), info.path));
  task.until = until;
  task.tries = tries;
  return exchange(task);
}

Result<http::Response> RemotePiggy::exchange(Task& task) {
  Failure failure;
  for (int attempt = 1;; attempt++) {
    if (int seconds = breaker_.closed_for_seconds(needs_.clock.now())) {
      if (attempt > 1) return std::unexpected(std::move(failure.error));
      return fail({.code = ErrorCode::unavailable,
                   .message = about_other(
                       fmt::format("has not answered several times in a row. It is asked "
                                   "again in {} seconds.",
                                   seconds)),
                   .retry_after_seconds = seconds});
    }
    auto response = try_once(task);
    if (response) return *std::move(response);
    failure = std::move(response.error());
    if (attempt >= task.tries || !may_repeat(task, failure)) break;
    milliseconds pause = pause_after(attempt, failure.error);
    bool too_late = needs_.clock.now() + pause.count() * 1000 >= task.until;
    if (pause > options_.retry_after_max || too_late) break;
    needs_.sleep(pause);
  }
  return std::unexpected(std::move(failure.error));
}

std::expected<http::Response, Failure> RemotePiggy::try_once(Task& task) {
  std::int64_t left = std::max<std::int64_t>(1, (task.until - needs_.clock.now()) / 1000);
  task.sending.timeout = std::min(options_.answer_timeout, milliseconds(left));
  task.sending.once = !task.harmless && engine_ != Engine::ours;
  auto response = transfers_.send(task.sending);
  Time now = needs_.clock.now();
  Failure failure;
  if (!response) {
    failure = failure_of(whom_, response.error(), task.writes);
  } else {
    learn(*response);
    // Whatever the other side repeats of what it was sent, the key is not told to anybody.
    if (options_.api_key.size() >= api_key_bytes_hidden) {
      hide(response->body, options_.api_key);
      for (http::Header& header : response->headers) hide(header.value, options_.api_key);
    }
    if (response->status / 100 != 2) failure = failure_of(whom_, *response, task.writes, now);
  }
  failure.of_host ? breaker_.failed(now) : breaker_.succeeded();
  if (response && response->status / 100 == 2) return *std::move(response);
  return std::unexpected(std::move(failure));
}

// A write that may have been done is sent again only to those who would not do it twice.
bool RemotePiggy::may_repeat(const Task& task, const Failure& failure) {
  if (failure.again != Again::if_harmless || task.harmless) return failure.again != Again::never;
  if (engine_ == Engine::unknown) (void)ask_whose(task.until, 1);
  return engine_ == Engine::ours;
}

milliseconds RemotePiggy::pause_after(int attempt, const Error& error) {
  if (error.retry_after_seconds) return std::chrono::seconds(error.retry_after_seconds);
  milliseconds whole = first_pause * (1 << (attempt - 1));
  std::lock_guard lock(random_mutex_);
  // Half by chance, so that many who failed together do not come back together.
  auto chance = needs_.random->below(static_cast<std::uint64_t>(whole.count() / 2 + 1));
  return whole / 2 + milliseconds(static_cast<std::int64_t>(chance));
}

void RemotePiggy::learn(const http::Response& response) {
  if (!response.header("piggy-engine").empty()) {
    engine_ = Engine::ours;
  } else if (response.status / 100 == 2) {
    engine_ = Engine::foreign;
  }
}

Result<RemoteAnswer> RemotePiggy::read(const Operation& operation, const Value& input,
                                       const http::Response& response) const {
  std::string problem = "is no Piggy's answer";
  if (is_json(response.header("content-type"))) {
    auto answer = read_remote_answer(operation, input, response.body);
    if (answer) {
      answer->replayed = response.header("idempotency-replayed") == "true";
      return *std::move(answer);
    }
    problem = std::move(answer.error());
  }
  std::string message = about_other(fmt::format("gave an answer that {}.", problem));
  if (message.ends_with("..")) message.pop_back();
  if (operation.writes()) message += perhaps_done;
  return fail(ErrorCode::unavailable, std::move(message));
}

std::string RemotePiggy::fresh_key() {
  std::lock_guard lock(random_mutex_);
  return needs_.random->text(32, alphanumerics);
}

}  // namespace piggy
