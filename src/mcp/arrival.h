#pragma once

// One message that has arrived, with everything needed to deal with it, however it came.

#include <functional>
#include <memory>
#include <string>

#include "http/message.h"
#include "mcp/in_flight.h"
#include "mcp/message.h"
#include "mcp/outlet.h"
#include "mcp/service.h"

namespace piggy::mcp {

class Session;

// What a pipe (standard input and output) keeps between its messages, where HTTP has headers.
struct Pipe {
  std::function<void(std::string)> write = {};  // One message, from any thread.
  std::shared_ptr<InFlight> in_flight = std::make_shared<InFlight>();
  std::shared_ptr<Session> session = {};  // Once a legacy client has begun one.
};

struct Arrival {
  Message message = {};
  std::string text = {};
  Principal principal = {};
  std::shared_ptr<Outlet> outlet = {};
  const http::Request* http = nullptr;  // Nullptr on a pipe.
  Pipe* pipe = nullptr;                 // Nullptr over HTTP.

  // Answers at once, before there is an exchange. A notification's refusal has no id.
  void refuse(const Failure& failure) const {
    outlet->finish(failure.status, error_message(message.id, failure));
  }
};

}  // namespace piggy::mcp
