#pragma once

// Where mails lead back to: the picture that tells that one was opened, links, and the page that
// unsubscribes (campaign/mail_token.h). None asks who you are: the address in the mail says it.

#include <string_view>

#include "access/access.h"
#include "campaign/mail_token.h"
#include "database/database.h"
#include "http/message.h"

namespace piggy {

class MailPage {
 public:
  // All are borrowed and outlive it.
  MailPage(Database& database, Callers& callers, const Settings& settings)
      : database_(database), callers_(callers), settings_(settings) {}

  static bool serves(std::string_view path) { return path.starts_with(mail_path); }
  void handle(http::Request request, http::Responder responder);

 private:
  struct Visit;
  void open(Visit visit, http::Responder responder);
  void click(Visit visit, http::Responder responder);
  void show(Visit visit, http::Responder responder);
  void unsubscribe(Visit visit, http::Responder responder);

  Database& database_;
  Callers& callers_;
  const Settings& settings_;
};

}  // namespace piggy
