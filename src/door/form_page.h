#pragma once

// Forms as strangers meet them: their pages, the script of their snippet, the public route that
// both send to, and the page on which a consent is confirmed. See form/README.md.
//
// They speak the language that the browser asks for: what a stranger is told does not depend on
// what is known of a contact. Who holds the secret of a mail's link is answered as that contact
// chose.
//
// What can be refused is refused here, before the writer hears of it: too many, a form that nobody
// may send in, answers that do not fit.

#include <memory>
#include <string_view>

#include "access/access.h"
#include "door/dispatch.h"
#include "door/rest.h"
#include "form/form.h"
#include "form/rate_limit.h"
#include "form/submission.h"
#include "http/message.h"
#include "http/trusted_proxies.h"

namespace piggy {

class FormPage {
 public:
  struct Options {
    http::TrustedProxies proxies = {};
    FormLimits::Options limits = {};
  };
  // All are borrowed and outlive it.
  FormPage(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers, Rest& rest,
           const Settings& settings, const Options& options);

  static bool serves(std::string_view path);
  void handle(http::Request request, http::Responder responder);

 private:
  struct Open;  // A form that can be sent in, and whose it is.

  Result<Open> open(const Uuid& uuid, Language language);
  Result<std::shared_ptr<const Caller>> account_of(
      const std::function<Result<std::int64_t>(Transaction&)>& look);
  Visit visit_of(const http::Request& request) const;
  std::optional<http::Response> too_often(const http::Request& request, const Uuid& uuid);
  http::Response page_of(const Open& form, int status, const Value& answers,
                         const std::vector<AnswerProblem>& problems, std::string_view note = {});
  http::Response thanks_page(const Open& form, bool by_mail);

  void page(http::Request request, const Uuid& uuid, std::string_view rest,
            http::Responder responder);
  void send_page(http::Request request, const Uuid& uuid, http::Responder responder);
  void send_api(http::Request request, const Uuid& uuid, http::Responder responder);
  void confirmation(http::Request request, const Uuid& uuid, http::Responder responder);

  const Operation& submit_;
  const Operation& confirm_;
  Dispatch& dispatch_;
  Callers& callers_;
  Rest& rest_;
  const Settings& settings_;
  const http::TrustedProxies proxies_;
  FormLimits limits_;
};

}  // namespace piggy
