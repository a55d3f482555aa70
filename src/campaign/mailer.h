#pragma once

// Hands over what is queued, on its own threads.
//
// A lot is marked `sending`, durably, before any of it leaves, and marked with what became of it
// afterwards. What a process before this one was handing over when it ended is `unknown`: it may
// have arrived, and nothing is sent twice. So a message is handed over at most once, and one that
// was never begun is never lost.

#include <memory>

#include "access/access.h"
#include "campaign/transport.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

class Mailer {
 public:
  // All are borrowed and outlive it.
  Mailer(Database& database, Callers& callers, const Settings& settings, MailTransport transport);
  ~Mailer();  // Stops.

  // What was left in `sending` becomes `unknown`. Only for whoever knows that the process before is
  // gone; before `start`.
  Result<> take_over();
  void start(std::size_t threads = 2);
  // Lets the lots under way finish.
  void stop();
  // Hands over what is due on this thread until nothing is: for tests and one-shot commands.
  Result<> send_all_due();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Tries of one message, with pauses of 1, 5, 25 minutes, 2 and 6 hours between them.
constexpr std::int64_t mail_attempts_max = 6;

}  // namespace piggy
