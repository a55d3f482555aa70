#include "mcp/exchange.h"

#include <fmt/format.h>

#include "base/assert.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::string_view log_levels[] = {"debug", "info",     "notice", "warning",
                                           "error", "critical", "alert",  "emergency"};

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
  for (std::size_t i = 0; i < std::size(log_levels); i++) {
    if (log_levels[i] == text) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

std::string_view to_text(LogLevel level) { return log_levels[static_cast<std::size_t>(level)]; }

// Extension names hold a slash themselves, so "extensions/" takes the rest as one name. A client
// that declares elicitation without saying how means forms, as all did before there was a choice.
bool declares(const Value& capabilities, std::string_view path) {
  std::size_t slash = path.find('/');
  const Value* outer = capabilities.find(path.substr(0, slash));
  if (!outer || outer->is_null()) return false;
  if (slash == path.npos) return true;
  std::string_view rest = path.substr(slash + 1);
  if (path == "elicitation/form" && outer->members() && !outer->find("url")) return true;
  return outer->find(rest) != nullptr;
}

Value capability_object(std::string_view path) {
  std::size_t slash = path.find('/');
  Value inner = Value::object();
  if (slash != path.npos) inner.set(path.substr(slash + 1), Value::object());
  return Value::object({{std::string(path.substr(0, slash)), std::move(inner)}});
}

void Exchange::on_cancel(std::function<void()> call) {
  {
    std::scoped_lock lock(calls_mutex_);
    if (!cancelled_) {
      cancel_calls_.push_back(std::move(call));
      return;
    }
  }
  call();
}

void Exchange::progress(double progress, double total, std::string_view message) {
  if (parts_.terms.progress_token.empty()) return;
  std::string params;
  Members members(params);
  members.json("progressToken", parts_.terms.progress_token);
  members.value("progress", Value(progress));
  if (total > 0) members.value("total", Value(total));
  members.text_if("message", message);
  members.close();
  std::scoped_lock lock(outlet_mutex_);
  if (done_ || progress <= progress_) return;
  progress_ = progress;
  parts_.outlet->send(call_message({}, "notifications/progress", params));
}

void Exchange::log(LogLevel level, std::string_view logger, const Value& data) {
  if (!parts_.terms.log_level || level < *parts_.terms.log_level) return;
  std::string params;
  Members members(params);
  members.text("level", to_text(level));
  members.text_if("logger", logger);
  members.value("data", data);
  members.close();
  send(call_message({}, "notifications/message", params));
}

bool Exchange::client_can(std::string_view capability) const {
  return parts_.terms.capabilities && declares(*parts_.terms.capabilities, capability);
}

void Exchange::release_stream() {
  std::scoped_lock lock(outlet_mutex_);
  if (!done_) parts_.outlet->release();
}

Members Exchange::begin(std::string& out, std::string_view type, const Value& meta) {
  out += R"({"jsonrpc":"2.0","id":)";
  out += parts_.id;
  out += R"(,"result":)";
  Members result(out);
  if (modern()) result.text("resultType", type);
  if (!modern() && meta.is_null()) return result;
  Members members(result.open("_meta"));
  if (modern()) members.json("io.modelcontextprotocol/serverInfo", parts_.server_info);
  if (meta.members()) {
    for (const Member& member : *meta.members()) members.value(member.name, member.value);
  }
  members.close();
  return result;
}

void Exchange::finish(Members& result, std::string& out) {
  result.close();
  out += '}';
  if (!end()) return;
  {
    std::scoped_lock lock(outlet_mutex_);
    parts_.outlet->finish(200, std::move(out));
  }
  ended();
}

void Exchange::acknowledge() {
  std::string out;
  Members result = begin(out);
  finish(result, out);
}

void Exchange::refuse(const Failure& failure) {
  if (!end()) return;
  {
    std::scoped_lock lock(outlet_mutex_);
    parts_.outlet->finish(failure.status, error_message(parts_.id, failure));
  }
  ended();
}

void Exchange::send(std::string message) {
  std::scoped_lock lock(outlet_mutex_);
  if (!done_) parts_.outlet->send(std::move(message));
}

// Also called when a stream ends after its answer, which changes nothing any more.
void Exchange::cancel() {
  if (!end()) return;
  std::vector<std::function<void()>> calls;
  {
    std::scoped_lock lock(calls_mutex_);
    cancelled_ = true;
    calls.swap(cancel_calls_);
  }
  for (auto& call : calls) call();
  {
    std::scoped_lock lock(outlet_mutex_);
    parts_.outlet->abandon();
  }
  ended();
}

void Exchange::keep_alive() {
  std::scoped_lock lock(outlet_mutex_);
  if (!done_) parts_.outlet->keep_alive();
}

void Exchange::on_done(std::function<void()> call) {
  {
    std::scoped_lock lock(calls_mutex_);
    if (!done_) {
      done_calls_.push_back(std::move(call));
      return;
    }
  }
  call();
}

bool Exchange::end() {
  std::scoped_lock lock(calls_mutex_);
  return !done_.exchange(true);
}

void Exchange::ended() {
  std::vector<std::function<void()>> calls;
  {
    std::scoped_lock lock(calls_mutex_);
    calls.swap(done_calls_);
  }
  for (auto& call : calls) call();
}

}  // namespace piggy::mcp
