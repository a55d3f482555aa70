#pragma once

// Sends what waits for receivers, on its own threads.
//
// One receiver gets one delivery after the other, in the order of what happened, and one that fails
// rests: so whoever does not answer holds a thread for ten seconds now and then, and never more
// than one. Of an account no more than a few are under way, of all no more than there are threads.
//
// A delivery is marked after it was sent. What a process was at when it ended is sent again, under
// the same `webhook-id`: at least once.

#include <memory>

#include "database/database.h"
#include "event/signal.h"
#include "vault/vault.h"
#include "webhook/receiver.h"

namespace piggy {

class WebhookSender {
 public:
  // All are borrowed and outlive it.
  WebhookSender(Database& database, const std::unique_ptr<Vault>& vault,
                WebhookTransport transport);
  ~WebhookSender();  // Stops.

  void start(std::size_t threads = 16);
  // Lets the requests under way finish.
  void stop();
  // Sends what is due on this thread until nothing is: for tests and one-shot commands.
  Result<> send_all_due();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Given when something may wait for a receiver.
Signal& webhook_signal();

}  // namespace piggy
