#pragma once

// The page to which people are sent back from the other side, where they signed in to connect it
// (connection/sign_in_operations.h). It finishes the sign-in and says what came of it.

#include <string_view>

#include "access/access.h"
#include "connection/oauth_client.h"
#include "door/dispatch.h"
#include "http/message.h"

namespace piggy {

class ConnectPage {
 public:
  // All are borrowed and outlive it.
  ConnectPage(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers)
      : catalogue_(catalogue), dispatch_(dispatch), callers_(callers) {}

  static constexpr std::string_view path = OAuthClient::callback_path;
  // Whoever is not signed in is asked to, and comes back.
  void handle(http::Request request, http::Responder responder);

 private:
  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  Callers& callers_;
};

}  // namespace piggy
