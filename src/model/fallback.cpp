// Patience with providers: who is tried how often, and how long it waits in between.

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/assert.h"
#include "base/random.h"
#include "model/model.h"

namespace piggy::model {
namespace {

using std::chrono::milliseconds;

bool wait_by_clock(milliseconds time, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

bool may_pass(const Error& error) {
  return error.code == ErrorCode::too_many || error.code == ErrorCode::unavailable;
}

class Fallback final : public Model {
 public:
  Fallback(std::vector<std::unique_ptr<Model>> models, RetryPolicy policy)
      : models_(std::move(models)), policy_(std::move(policy)) {
    ASSERT(!models_.empty() && policy_.tries_max > 0);
    if (!policy_.wait) policy_.wait = wait_by_clock;
  }

  Result<Reply> ask(const Request& request, const Listener& listener,
                    std::stop_token stop) override {
    bool shown = false;
    Listener watched{.on_text =
                         [&](std::string_view piece) {
                           shown = true;
                           if (listener.on_text) listener.on_text(piece);
                         },
                     .on_tool_call =
                         [&](const ToolCall& call) {
                           shown = true;
                           if (listener.on_tool_call) listener.on_tool_call(call);
                         }};
    Result<Reply> reply;
    for (const auto& model : models_) {
      for (int tried = 1;; tried++) {
        reply = model->ask(request, watched, stop);
        if (reply || shown || !may_pass(reply.error()) || stop.stop_requested()) return reply;
        milliseconds asked_for = std::chrono::seconds(reply.error().retry_after_seconds);
        if (tried == policy_.tries_max || asked_for > policy_.retry_after_max) break;
        if (!policy_.wait(std::max(asked_for, pause_after(tried)), stop)) return reply;
      }
    }
    return reply;
  }

 private:
  // Somewhere between half and all of the doubled wait, so that many who were refused together do
  // not come back together.
  milliseconds pause_after(int tried) const {
    milliseconds full = policy_.first_wait;
    for (int i = 1; i < tried && full < policy_.wait_max; i++) full *= 2;
    full = std::min(full, policy_.wait_max);
    auto half = static_cast<std::uint64_t>(full.count() / 2);
    SecureRandom random;
    return milliseconds(half + random.below(half + 1));
  }

  std::vector<std::unique_ptr<Model>> models_;
  RetryPolicy policy_;
};

}  // namespace

std::unique_ptr<Model> with_fallback(std::vector<std::unique_ptr<Model>> models,
                                     RetryPolicy policy) {
  return std::make_unique<Fallback>(std::move(models), std::move(policy));
}

}  // namespace piggy::model
