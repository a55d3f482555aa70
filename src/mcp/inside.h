#pragma once

// What a Server is made of. Only server.cpp and pipe.cpp include this.

#include <functional>
#include <memory>
#include <string_view>

#include "mcp/describe.h"
#include "mcp/in_flight.h"
#include "mcp/legacy.h"
#include "mcp/listener.h"
#include "mcp/methods.h"
#include "mcp/modern.h"
#include "mcp/server.h"
#include "mcp/session.h"

namespace piggy::mcp {

// Whether a message says that its client speaks 2026-07-28 or later.
bool is_modern_message(const Message& message);

// Members are built in the order in which they need each other.
struct Server::Inside {
  Inside(Service& offered, const Clock& server_clock, Options server_options)
      : service(offered),
        clock(server_clock),
        options(std::move(server_options)),
        description(describe(options)),
        methods(service, clock, options),
        sessions(clock, options.sessions_max),
        modern(service, clock, options, description, methods, *listeners, *waiting),
        legacy(service, clock, options, description, methods, sessions, *waiting) {}

  void post(http::Request request, Principal principal, http::Responder responder);
  bool has_streams(const http::Request& request) const;
  void changed(std::string_view principal_key, std::string_view method,
               const std::function<bool(const Filter&)>& wants);

  Service& service;
  const Clock& clock;
  const Options options;
  const Description description;
  const std::shared_ptr<Listeners> listeners = std::make_shared<Listeners>();
  const std::shared_ptr<Waiting> waiting = std::make_shared<Waiting>();
  Methods methods;
  Sessions sessions;
  Modern modern;
  Legacy legacy;
  Time sessions_heard = {};  // When quiet streams of sessions were last kept alive; tick's own.
};

}  // namespace piggy::mcp
