#pragma once

// The REST door: the Piggy v3 wire on /api/v3/…, and our own operations on /platform/…. What
// differs between operations stands in their declarations; this file knows none of them by name.

#include <map>
#include <memory>
#include <string>

#include "access/access.h"
#include "door/bearers.h"
#include "door/dispatch.h"
#include "door/router.h"
#include "http/message.h"

namespace piggy {

class Rest {
 public:
  // All are borrowed and outlive it. `public_url` is what links to further pages begin with; left
  // empty, the Host of each request.
  Rest(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers, const Bearers& bearers,
       std::string public_url = {});

  void handle(http::Request request, http::Responder responder);
  // The same, where the door knows already what this operation has before its transaction
  // (Invocation::prepared).
  void handle(http::Request request, http::Responder responder, const Operation& operation,
              std::shared_ptr<const void> prepared);
  // Who asks at /platform: by session, token, or as the owner of the data.
  Result<std::shared_ptr<const Caller>> caller_on_platform(const http::Request& request);

 private:
  Result<std::shared_ptr<const Caller>> caller_of(const http::Request& request, Surface surface);

  Result<std::shared_ptr<const Caller>> signed_in(const http::Request& request,
                                                  std::string_view session);
  Match by_name(const http::Request& request) const;
  void route(http::Request request, http::Responder responder, const Operation* operation,
             std::shared_ptr<const void> prepared);
  void call_tool(http::Request request, http::Responder responder);
  void call(http::Request request, const Match& match, Invocation invocation,
            http::Responder responder);

  Router router_;
  std::map<std::string, Route, std::less<>> named_;
  Dispatch& dispatch_;
  Callers& callers_;
  const Bearers& bearers_;
  std::string public_url_;
};

// An error in the wire's envelope (section 6). `platform` uses the HTTP statuses of the field, the
// v3 routes 400 for nearly everything.
http::Response error_response(const Error& error, bool platform);

}  // namespace piggy
