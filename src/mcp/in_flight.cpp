#include "mcp/in_flight.h"

#include <algorithm>

namespace piggy::mcp {

bool InFlight::add(const std::shared_ptr<Exchange>& exchange) {
  {
    std::scoped_lock lock(mutex_);
    if (!exchanges_.emplace(exchange->id(), exchange).second) return false;
  }
  exchange->on_done([self = shared_from_this(), id = exchange->id()] { self->remove(id); });
  return true;
}

void InFlight::cancel(std::string_view id) {
  std::shared_ptr<Exchange> exchange;
  {
    std::scoped_lock lock(mutex_);
    auto found = exchanges_.find(std::string(id));
    if (found != exchanges_.end()) exchange = found->second.lock();
  }
  if (exchange) exchange->cancel();
}

void InFlight::cancel_all() {
  std::vector<std::shared_ptr<Exchange>> all;
  {
    std::scoped_lock lock(mutex_);
    for (auto& [id, weak] : exchanges_) {
      if (auto exchange = weak.lock()) all.push_back(std::move(exchange));
    }
  }
  for (auto& exchange : all) exchange->cancel();
}

void InFlight::wait(std::chrono::seconds at_most) {
  std::unique_lock lock(mutex_);
  removed_.wait_for(lock, at_most, [&] {
    return std::ranges::all_of(exchanges_, [](const auto& entry) {
      auto exchange = entry.second.lock();
      return !exchange || exchange->listens;
    });
  });
}

void InFlight::remove(const std::string& id) {
  std::scoped_lock lock(mutex_);
  exchanges_.erase(id);
  removed_.notify_all();
}

void Waiting::add(const std::shared_ptr<Exchange>& exchange, Time now) {
  {
    std::scoped_lock lock(mutex_);
    entries_[exchange.get()] = {exchange, now};
  }
  exchange->on_done([self = shared_from_this(), key = exchange.get()] {
    std::scoped_lock lock(self->mutex_);
    self->entries_.erase(key);
  });
}

void Waiting::keep_alive(Time before, Time now) {
  std::vector<std::shared_ptr<Exchange>> silent;
  {
    std::scoped_lock lock(mutex_);
    for (auto& [key, entry] : entries_) {
      if (entry.heard > before) continue;
      entry.heard = now;
      if (auto exchange = entry.exchange.lock()) silent.push_back(std::move(exchange));
    }
  }
  for (auto& exchange : silent) exchange->keep_alive();
}

}  // namespace piggy::mcp
