#include "mcp/listener.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::size_t listeners_per_principal_max = 64;
constexpr std::size_t names_max = 1000;
constexpr std::string_view subscription_id = "io.modelcontextprotocol/subscriptionId";

bool wants(const Value& filter, std::string_view name) {
  const Value* value = filter.find(name);
  return value && value->boolean() && *value->boolean();
}

std::set<std::string, std::less<>> names_in(const Value& filter, std::string_view name) {
  std::set<std::string, std::less<>> names;
  const Value* list = filter.find(name);
  if (!list || !list->items()) return names;
  for (const Value& item : *list->items()) {
    if (item.text() && names.size() < names_max) names.insert(*item.text());
  }
  return names;
}

Filter read_filter(const Value& asked, const Exchange& exchange, const Options& options) {
  Filter filter{.tools = wants(asked, "toolsListChanged")};
  filter.prompts = options.prompts && wants(asked, "promptsListChanged");
  filter.resources = options.resources && wants(asked, "resourcesListChanged");
  if (options.resources) filter.uris = names_in(asked, "resourceSubscriptions");
  if (options.task_notices && exchange.client_takes_tasks())
    filter.tasks = names_in(asked, "taskIds");
  return filter;
}

void write_names(Members& members, std::string_view name,
                 const std::set<std::string, std::less<>>& names) {
  if (names.empty()) return;
  Value list = Value::list();
  for (const std::string& each : names) list.push(each);
  members.value(name, list);
}

void write_meta(Members& params, const Exchange& exchange) {
  Members meta(params.open("_meta"));
  meta.json(subscription_id, exchange.id());
  meta.close();
}

std::string acknowledgement(const Exchange& exchange, const Filter& filter) {
  std::string out;
  Members params(out);
  write_meta(params, exchange);
  Members honoured(params.open("notifications"));
  if (filter.tools) honoured.boolean("toolsListChanged", true);
  if (filter.prompts) honoured.boolean("promptsListChanged", true);
  if (filter.resources) honoured.boolean("resourcesListChanged", true);
  write_names(honoured, "resourceSubscriptions", filter.uris);
  write_names(honoured, "taskIds", filter.tasks);
  honoured.close();
  params.close();
  return call_message({}, "notifications/subscriptions/acknowledged", out);
}

// `members` as in Listeners::tell.
void notify(Exchange& exchange, std::string_view method, std::string_view members) {
  std::string out;
  Members params(out);
  write_meta(params, exchange);
  if (!members.empty()) {
    out += ',';
    out += members;
  }
  params.close();
  exchange.send(call_message({}, method, out));
}

void end(Exchange& exchange) {
  auto id = parse_json(exchange.id());
  std::string out;
  Members result =
      exchange.begin(out, "complete", Value::object({{std::string(subscription_id), *id}}));
  exchange.finish(result, out);
}

}  // namespace

// The tools are looked at before the acknowledgement leaves, so that no change after it is missed;
// it leaves before the listener is kept, so that nothing can overtake it.
void Listeners::add(const std::shared_ptr<Exchange>& exchange, const Message& message,
                    const Options& options, Service& service) {
  const Value* asked = message.params.find("notifications");
  if (!asked || !asked->members()) {
    return exchange->refuse(
        {.code = Code::invalid_params, .message = "`notifications` says what to listen for."});
  }
  if (!exchange->can_send()) {
    return exchange->refuse({.code = Code::invalid_request,
                             .message = "Listening needs `Accept: text/event-stream`.",
                             .status = 406});
  }
  exchange->listens = true;
  Filter filter = read_filter(*asked, *exchange, options);
  auto tools = service.tools(exchange->principal());
  exchange->send(acknowledgement(*exchange, filter));
  if (!keep({exchange, std::move(filter), std::move(tools)})) {
    exchange->refuse({.code = Code::invalid_request, .message = "Too many listeners at once."});
  }
}

bool Listeners::keep(Listener kept) {
  std::shared_ptr<Exchange> exchange = kept.exchange;
  {
    std::scoped_lock lock(mutex_);
    auto same = std::ranges::count_if(listeners_, [&](const auto& entry) {
      return entry.second.exchange->principal().key == exchange->principal().key;
    });
    if (static_cast<std::size_t>(same) >= listeners_per_principal_max) return false;
    listeners_.emplace(exchange.get(), std::move(kept));
  }
  exchange->on_done([self = shared_from_this(), key = exchange.get()] {
    Listener gone;  // Let go of without the lock.
    std::scoped_lock lock(self->mutex_);
    auto found = self->listeners_.find(key);
    if (found == self->listeners_.end()) return;
    gone = std::move(found->second);
    self->listeners_.erase(found);
  });
  return true;
}

void Listeners::tell(std::string_view principal_key, std::string_view method,
                     std::string_view members, const std::function<bool(const Filter&)>& wants) {
  std::vector<std::shared_ptr<Exchange>> told;
  {
    std::scoped_lock lock(mutex_);
    for (auto& [key, listener] : listeners_) {
      bool theirs = principal_key.empty() || listener.exchange->principal().key == principal_key;
      if (theirs && wants(listener.filter)) told.push_back(listener.exchange);
    }
  }
  for (auto& exchange : told) notify(*exchange, method, members);
}

void Listeners::refresh(Service& service) {
  std::vector<std::shared_ptr<Exchange>> all;
  {
    std::scoped_lock lock(mutex_);
    for (auto& [key, listener] : listeners_) all.push_back(listener.exchange);
  }
  for (auto& exchange : all) {
    bool let_in = service.still_let_in(exchange->principal());
    auto tools = let_in ? service.tools(exchange->principal()) : nullptr;
    bool tell = false;
    {
      std::scoped_lock lock(mutex_);
      auto found = listeners_.find(exchange.get());
      if (found == listeners_.end()) continue;
      tell = found->second.filter.tools && found->second.told != tools;
      found->second.told.swap(tools);
    }
    if (tell) notify(*exchange, "notifications/tools/list_changed", {});
    if (!let_in) end(*exchange);
  }
}

void Listeners::stop() {
  std::unordered_map<const Exchange*, Listener> all;
  {
    std::scoped_lock lock(mutex_);
    all.swap(listeners_);
  }
  for (auto& [key, listener] : all) {
    end(*listener.exchange);
  }
}

}  // namespace piggy::mcp
