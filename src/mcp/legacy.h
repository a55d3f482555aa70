#pragma once

// Revisions 2025-11-25, 2025-06-18 and 2025-03-26: a client begins with `initialize` and may get a
// session, which remembers what it declared. A client that never begins is served as well, one
// request at a time: then nothing can be asked of it and nothing can be resumed.

#include <memory>
#include <string>

#include "mcp/arrival.h"
#include "mcp/describe.h"
#include "mcp/methods.h"
#include "mcp/session.h"

namespace piggy::mcp {

class Legacy {
 public:
  Legacy(Service& service, const Clock& clock, const Options& options,
         const Description& description, Methods& methods, Sessions& sessions, Waiting& waiting)
      : service_(service),
        clock_(clock),
        options_(options),
        description_(description),
        methods_(methods),
        sessions_(sessions),
        waiting_(waiting) {}

  // One POST, already read: a message, or in 2025-03-26 a list of them.
  void post(const http::Request& request, Message message, std::string text, Principal principal,
            http::Responder responder);
  void post_batch(const http::Request& request, Value list, const Principal& principal,
                  http::Responder responder);
  void get(const http::Request& request, const Principal& principal, http::Responder responder);
  void remove(const http::Request& request, const Principal& principal, http::Responder responder);

  // One message of a pipe.
  void handle(Arrival arrival, std::shared_ptr<Session> session);

 private:
  using Ref = std::shared_ptr<Exchange>;

  // The session the headers name; nullptr for none named. Refused: an unknown one, an unknown
  // version.
  Checked<std::shared_ptr<Session>> session_of(const http::Request& request,
                                               const Principal& principal);
  void initialize(Arrival& arrival);
  void notification(const Arrival& arrival, const std::shared_ptr<Session>& session);
  void request(Arrival arrival, std::shared_ptr<Session> session);
  void dispatch(const Ref& exchange, Message message);
  void set_log_level(const Ref& exchange, const Message& message);
  void subscribe(const Ref& exchange, const Message& message);

  Service& service_;
  const Clock& clock_;
  const Options& options_;
  const Description& description_;
  Methods& methods_;
  Sessions& sessions_;
  Waiting& waiting_;
};

}  // namespace piggy::mcp
