#include "http/inbox.h"

namespace piggy::http {

void Inbox::put(std::shared_ptr<Wakeable> wakeable) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  waiting_.push_back(std::move(wakeable));
  // Under the lock, so that `close` can promise what it does.
  if (waiting_.size() == 1) ring_();
}

void Inbox::deliver() {
  {
    std::lock_guard lock(mutex_);
    delivered_.swap(waiting_);
  }
  for (auto& wakeable : delivered_) wakeable->wake();
  delivered_.clear();
}

void Inbox::close() {
  std::vector<std::shared_ptr<Wakeable>> dropped;
  std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(waiting_);
}

}  // namespace piggy::http
