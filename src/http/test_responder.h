#pragma once

// For tests of what answers requests.

#include <future>
#include <memory>

#include "http/message.h"

namespace piggy::http {

// Keeps the answer for whoever waits for it. Opens no stream.
class WaitedFor final : public Responder::Target {
 public:
  void respond(Response response) override { answer.set_value(std::move(response)); }
  std::shared_ptr<EventStream> stream(Response) override { return nullptr; }
  std::promise<Response> answer;
};

// What `handle` answers, called with a Responder.
template <class Handle>
Response answer_of(Handle handle) {
  auto target = std::make_shared<WaitedFor>();
  auto answer = target->answer.get_future();
  handle(Responder(target));
  return answer.get();
}

}  // namespace piggy::http
