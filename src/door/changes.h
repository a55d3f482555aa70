#pragma once

// The stream on which the console's pages follow an account: that something changed, never what it
// is now. Pages ask again by the operations that their reader may call.

#include <functional>
#include <memory>

#include "database/database.h"
#include "http/message.h"
#include "operation/operation.h"

namespace piggy {

class Changes {
 public:
  // Whether whoever opened a stream may still follow it. Asked about once a second.
  using StillMay = std::function<bool()>;

  // Both are borrowed and outlive it.
  Changes(Database& database, const Catalogue& catalogue);
  ~Changes();

  // GET /platform/events: one event `change` for each news of the account (event/news.h) as it is
  // committed, {"type", "subject"}, from the one after Last-Event-ID on, or from now on. Where too
  // much happened at once to be told one by one, a single one of type `any`.
  static bool serves(const http::Request& request);
  void follow(const http::Request& request, std::shared_ptr<const Caller> caller, StillMay still,
              http::Responder responder);

  // All streams are served by one thread.
  void start();
  // Ends all streams: the server stops.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piggy
