// Patience with providers: who is tried how often, and how long it waits in between.

#include "base/log.h"

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

bool may_help_to_wait(const Error& error) {
  return error.code == ErrorCode::too_many || error.code == ErrorCode::unavailable;
}

class Fallback final : public Model {
 public:
  Fallback(std::vector<std::unique_ptr<Model>> models, RetryPolicy policy)
      : models_(std::move(models)), policy_(std::move(policy)) {
    ASSERT(!models_.empty() && policy_.tries_max > 0);
    if (!policy_.wait) policy_.wait = wait_by_clock;
  }

  std::string name() const override { return models_.front()->name(); }

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
    std::size_t first = first_of(request);
    std::vector<bool> hopeless(models_.size(), false);
    for (int tried = 1;; tried++) {
      Result<Reply> reply;
      std::optional<milliseconds> asked_for;
      for (std::size_t i = first; i < models_.size(); i++) {
        if (hopeless[i]) continue;
        reply = models_[i]->ask(request, watched, stop);
        if (reply) {
          reply->server = models_[i]->name();
          reply->is_fallback = i > 0;
          reply->has_next = i + 1 < models_.size();
        }
        if (reply || shown || stop.stop_requested()) return reply;
        if (i + 1 < models_.size()) tell_of_failure(i, reply.error());
        milliseconds patience = std::chrono::seconds(reply.error().retry_after_seconds);
        hopeless[i] = !may_help_to_wait(reply.error()) || patience > policy_.retry_after_max;
        if (!hopeless[i]) asked_for = std::min(patience, asked_for.value_or(patience));
      }
      if (!asked_for || tried == policy_.tries_max) return reply;
      if (!policy_.wait(std::max(*asked_for, pause_after(tried)), stop)) return reply;
    }
  }

 private:
  // A name that is known no more, after a change of the settings, passes nobody over.
  std::size_t first_of(const Request& request) const {
    auto after = std::ranges::find_if(
        models_, [&](const auto& model) { return model->name() == request.after_server; });
    auto at = static_cast<std::size_t>(after - models_.begin()) + 1;
    return request.after_server.empty() || at >= models_.size() ? 0 : at;
  }

  // Without the error's sentence: a server may repeat in it what it was asked.
  void tell_of_failure(std::size_t at, const Error& error) const {
    std::string_view how = error.code == ErrorCode::too_many      ? "it is asked too often"
                           : error.code == ErrorCode::unavailable ? "it is not available"
                                                                  : "it refuses the request";
    spdlog::warn("the model's server {} has failed: {}; the next one is asked", models_[at]->name(),
                 how);
  }

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
