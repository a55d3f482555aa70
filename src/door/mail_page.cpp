#include "door/mail_page.h"

#include <fmt/format.h>

#include "campaign/mail_event.h"
#include "campaign/send.h"
#include "contact/subscription_operations.h"
#include "door/dress.h"
#include "http/form.h"
#include "oauth/answers.h"
#include "oauth/page.h"

namespace piggy {
namespace {

// One transparent dot.
constexpr std::string_view dot(
    "GIF89a\1\0\1\0\200\0\0\0\0\0\0\0\0\41\371\4\1\0\0\0\0\54\0\0\0\0\1\0\1\0\0\2\2\104\1\0\73",
    43);

http::Response picture() {
  return {.body = std::string(dot),
          .content_type = "image/gif",
          .fixed_headers = "Cache-Control: no-store, private\r\n"};
}

http::Response no_such_page() {
  return oauth::message_page(404, "This link does not work",
                             "It is incomplete, or it is not one of ours. Please use the link as "
                             "it stands in the mail.");
}

http::Response try_later() {
  return oauth::message_page(503, "Please try again",
                             "This cannot be done right now. Please try again in a minute.");
}

std::string ask_body(const std::string& company, const std::string& purpose) {
  return fmt::format(
      "<h1>Unsubscribe?</h1>\n<p>You will get no more <strong><bdi>{}</bdi></strong> from "
      "<bdi>{}</bdi>.</p>\n<form method=\"post\">\n<input type=\"hidden\" "
      "name=\"List-Unsubscribe\" "
      "value=\"One-Click\">\n<div class=\"buttons\"><button class=\"allow\">Unsubscribe</button>"
      "</div>\n</form>\n",
      oauth::html_escape(purpose), oauth::html_escape(company));
}

// Whether this is the first time.
Result<> unsubscribe_by(Call& call, const Uuid& uuid) {
  auto send = TRY(send_by_uuid(call.transaction, uuid));
  if (!send) return fail(ErrorCode::not_found, "There is no such mail.");
  ContactRow contact = TRY(contact_by_id(call.transaction, send->contact_id));
  if (contact.is_anonymous) return {};  // Deleted since, and gets nothing any more.
  SubscriptionType purpose = TRY(purpose_of(call.transaction, send->subscription_type_id));
  SubscriptionStatus status = TRY(subscription_status(call.transaction, contact.id, purpose));
  if (status == SubscriptionStatus::UNSUBSCRIBED) return {};
  TRY(unsubscribe(call, contact, purpose));
  TRY(record_mail_event(call.transaction, *send, {MailEventKind::unsubscribed, purpose.name}));
  return {};
}

}  // namespace

struct MailPage::Visit {
  std::shared_ptr<const Caller> caller = {};
  Uuid send = {};
  std::string to = {};
  bool machine = false;
  bool counts = true;  // A HEAD is asked by programs alone, and only to look.
};

void MailPage::handle(http::Request request, http::Responder responder) {
  std::string_view rest = std::string_view(request.path).substr(mail_path.size());
  bool reads = request.method == http::Method::get || request.method == http::Method::head;
  bool known = rest.size() > 2 && rest[1] == '/' && std::string_view("ocu").contains(rest[0]);
  if (!known) return responder.respond(no_such_page());
  auto kind = static_cast<MailLink>(rest[0]);
  bool posts = kind == MailLink::unsubscribe && request.method == http::Method::post;
  if (!reads && !posts) {
    return responder.respond(
        oauth::wrong_method(kind == MailLink::unsubscribe ? "GET, HEAD, POST" : "GET, HEAD"));
  }
  Visit visit{.machine = is_machine(request.header("user-agent")),
              .counts = request.method == http::Method::get};
  if (kind == MailLink::click) {
    auto said = http::parse_form(request.query);
    if (said) visit.to = said->text_of("u");
  }
  auto token = read_mail_token(rest.substr(2));
  if (token) {
    if (auto caller = callers_.by_account(token->account_id)) visit.caller = *std::move(caller);
  }
  bool genuine = visit.caller && is_genuine(*visit.caller, *token, kind, visit.to);
  if (kind == MailLink::open && (!genuine || !visit.counts)) return responder.respond(picture());
  if (!genuine) return responder.respond(no_such_page());
  visit.send = token->send;
  if (kind == MailLink::open) return open(std::move(visit), std::move(responder));
  if (kind == MailLink::click) return click(std::move(visit), std::move(responder));
  if (posts) return unsubscribe(std::move(visit), std::move(responder));
  show(std::move(visit), std::move(responder));
}

void MailPage::open(Visit visit, http::Responder responder) {
  MailEventKind kind = visit.machine ? MailEventKind::opened_by_machine : MailEventKind::opened;
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  database_.submit(
      visit.caller->account_id,
      [send = visit.send, kind](Transaction& transaction) -> Result<> {
        auto row = TRY(send_by_uuid(transaction, send));
        if (row) TRY(record_mail_event(transaction, *row, {.kind = kind}));
        return {};
      },
      [answer_to](Result<>) { answer_to->respond(picture()); });
}

// The way goes on also when it cannot be counted.
void MailPage::click(Visit visit, http::Responder responder) {
  if (!visit.counts) return responder.respond(oauth::redirect_to(visit.to));
  MailEventKind kind = visit.machine ? MailEventKind::clicked_by_machine : MailEventKind::clicked;
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  database_.submit(
      visit.caller->account_id,
      [send = visit.send, kind, to = visit.to](Transaction& transaction) -> Result<> {
        auto row = TRY(send_by_uuid(transaction, send));
        if (row) TRY(record_mail_event(transaction, *row, {.kind = kind, .detail = to}));
        return {};
      },
      [answer_to, to = visit.to](Result<>) { answer_to->respond(oauth::redirect_to(to)); });
}

// Changes nothing: programs that look for viruses follow every link.
void MailPage::show(Visit visit, http::Responder responder) {
  std::string purpose;
  oauth::Dress dress;
  Result<> found =
      database_.read(visit.caller->account_id, [&](Transaction& transaction) -> Result<> {
        auto row = TRY(send_by_uuid(transaction, visit.send));
        if (!row) return fail(ErrorCode::not_found, "There is no such mail.");
        purpose = TRY(purpose_of(transaction, row->subscription_type_id)).name;
        dress = TRY(dress_of(transaction, *visit.caller));
        return {};
      });
  if (!found) return responder.respond(no_such_page());
  responder.respond(
      oauth::form_page(200, "Unsubscribe", ask_body(visit.caller->company, purpose), &dress));
}

void MailPage::unsubscribe(Visit visit, http::Responder responder) {
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  auto dress = std::make_shared<oauth::Dress>();
  database_.submit(
      visit.caller->account_id,
      [this, visit, dress](Transaction& transaction) -> Result<> {
        *dress = TRY(dress_of(transaction, *visit.caller));
        Call call{.transaction = transaction, .caller = *visit.caller, .settings = settings_};
        return unsubscribe_by(call, visit.send);
      },
      [answer_to, dress](Result<> done) {
        if (!done) {
          bool missing = done.error().code == ErrorCode::not_found;
          return answer_to->respond(missing ? no_such_page() : try_later());
        }
        answer_to->respond(oauth::message_page(
            200, "You are unsubscribed",
            fmt::format("You will get no more of these mails from {}.", dress->name), dress.get()));
      });
}

}  // namespace piggy
