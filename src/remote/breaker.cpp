#include "remote/breaker.h"

namespace piggy {

int Breaker::closed_for_seconds(Time now) {
  std::lock_guard lock(mutex_);
  if (failures_ < failures_max) return 0;
  std::int64_t left = rests_until_ - now;
  if (left > 0) {
    return static_cast<int>((left + microseconds_per_second - 1) / microseconds_per_second);
  }
  if (probing_) return 1;
  probing_ = true;
  return 0;
}

void Breaker::succeeded() {
  std::lock_guard lock(mutex_);
  failures_ = 0;
  probing_ = false;
}

void Breaker::failed(Time now) {
  std::lock_guard lock(mutex_);
  probing_ = false;
  if (failures_ < failures_max) failures_++;
  if (failures_ == failures_max) rests_until_ = now + rest_seconds * microseconds_per_second;
}

Breaker& Breakers::of(const std::string& host) {
  std::lock_guard lock(mutex_);
  auto& breaker = breakers_[host];
  if (!breaker) breaker = std::make_unique<Breaker>();
  return *breaker;
}

}  // namespace piggy
