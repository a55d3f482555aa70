#pragma once

// The page on which people sign in, and what the authorization server is told of them.

#include <string>
#include <string_view>

#include "access/access.h"
#include "door/dispatch.h"
#include "http/message.h"
#include "oauth/people.h"

namespace piggy {

class SignInPage {
 public:
  // All are borrowed and outlive it.
  SignInPage(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers, bool https)
      : catalogue_(catalogue), dispatch_(dispatch), callers_(callers), https_(https) {}

  static constexpr std::string_view path = "/sign-in";
  // Its address, from where somebody who has signed in comes back to a path on this server.
  static std::string url(std::string_view return_to);
  // Shows the form, or takes it and sends the person on to `return_to`, a path on this server.
  void handle(http::Request request, http::Responder responder);

 private:
  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  Callers& callers_;
  bool https_;
};

// People by their sessions, and the personas of their account that a client can act as.
class SignedInPeople final : public oauth::People {
 public:
  SignedInPeople(const Catalogue& catalogue, Database& database, Callers& callers)
      : catalogue_(catalogue), database_(database), callers_(callers) {}

  std::optional<oauth::SignedIn> who(const http::Request& request) override;
  std::string sign_in_url(std::string_view return_to) override;
  Result<std::vector<oauth::Choice>> choices(const oauth::SignedIn& person) override;

 private:
  const Catalogue& catalogue_;
  Database& database_;
  Callers& callers_;
};

}  // namespace piggy
