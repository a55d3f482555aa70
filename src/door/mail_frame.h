#pragma once

// A mail as its receivers will see it, for a frame on a page of the console: its styles stand in
// line, which the console's own policy forbids, so it comes with a policy of its own, under which
// nothing of it runs, is sent or leads anywhere.

#include <string_view>

#include "access/access.h"
#include "door/dispatch.h"
#include "http/message.h"

namespace piggy {

class MailFrame {
 public:
  // All are borrowed and outlive it.
  MailFrame(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers)
      : catalogue_(catalogue), dispatch_(dispatch), callers_(callers) {}

  // /mail-preview/UUID of a mail template; ?contact_uuid= merges it for a contact.
  static constexpr std::string_view folder = "/mail-preview/";
  static bool serves(std::string_view path) { return path.starts_with(folder); }
  // For who is signed in and may preview_mail_template.
  void handle(const http::Request& request, http::Responder responder);

 private:
  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  Callers& callers_;
};

}  // namespace piggy
