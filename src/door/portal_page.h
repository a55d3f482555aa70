#pragma once

// Where a shop's customers see and change what is theirs: they sign in by a code that is mailed to
// them, or by a one-time token, and then call a few operations as themselves alone. The page is a
// file of the console.

#include <optional>
#include <string>
#include <string_view>

#include "access/access.h"
#include "door/dispatch.h"
#include "http/message.h"

namespace piggy {

class PortalPage {
 public:
  // All are borrowed and outlive it.
  PortalPage(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers, bool https)
      : catalogue_(catalogue), dispatch_(dispatch), callers_(callers), https_(https) {}

  // Below /portal/ACCOUNT: POST and DELETE session; POST code; POST operations/NAME.
  static constexpr std::string_view folder = "/portal/";
  static constexpr std::int64_t session_lifetime = microseconds_per_day;

  // Whether it is something else than the page itself.
  static bool serves(const http::Request& request);
  void handle(http::Request request, http::Responder responder);

 private:
  struct Visit;
  void send_code(const std::shared_ptr<Visit>& visit, const Value& input);
  void sign_in(const std::shared_ptr<Visit>& visit, const Value& input);
  void call(const std::shared_ptr<Visit>& visit, std::string_view operation, Value input);

  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  Callers& callers_;
  bool https_;
};

// A session is a contact and a time, under the account's own key. Nothing for what was not made
// here, or has run out.
std::string make_portal_session(const Caller& account, const Uuid& contact, Time expires_at);
std::optional<Uuid> contact_of_portal_session(const Caller& account, std::string_view session,
                                              Time now);

}  // namespace piggy
