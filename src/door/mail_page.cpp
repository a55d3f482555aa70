#include "door/mail_page.h"

#include <fmt/format.h>

#include "campaign/mail_event.h"
#include "campaign/send.h"
#include "contact/language.h"
#include "contact/subscription_operations.h"
#include "door/dress.h"
#include "door/words.h"
#include "http/accept_language.h"
#include "http/form.h"
#include "oauth/answers.h"
#include "oauth/page.h"

namespace piggy {
namespace {

namespace words = door_words;

// One transparent dot.
constexpr std::string_view dot(
    "GIF89a\1\0\1\0\200\0\0\0\0\0\0\0\0\41\371\4\1\0\0\0\0\54\0\0\0\0\1\0\1\0\0\2\2\104\1\0\73",
    43);

http::Response picture() {
  return {.body = std::string(dot),
          .content_type = "image/gif",
          .fixed_headers = "Cache-Control: no-store, private\r\n"};
}

http::Response no_such_page(Language language) {
  return oauth::message_page(404, words::broken_link.in(language),
                             words::incomplete_link.in(language), language);
}

http::Response try_later(Language language) {
  return oauth::message_page(503, words::try_again.in(language), words::try_later.in(language),
                             language);
}

std::string ask_body(const std::string& company, const std::string& purpose, Language language) {
  return fmt::format(
      "<h1>{}</h1>\n<p>{}</p>\n<form method=\"post\">\n<input type=\"hidden\" "
      "name=\"List-Unsubscribe\" value=\"One-Click\">\n<div class=\"buttons\">"
      "<button class=\"allow\">{}</button></div>\n</form>\n",
      words::unsubscribe_question.in(language),
      words::no_more_of.in(
          language, fmt::format("<strong><bdi>{}</bdi></strong>", oauth::html_escape(purpose)),
          fmt::format("<bdi>{}</bdi>", oauth::html_escape(company))),
      words::unsubscribe.in(language));
}

// The language becomes that of the contact, if it chose one.
Result<> unsubscribe_by(Call& call, const Uuid& uuid, Language& language) {
  auto send = TRY(send_by_uuid(call.transaction, uuid));
  if (!send) return fail(ErrorCode::not_found, "There is no such mail.");
  ContactRow contact = TRY(contact_by_id(call.transaction, send->contact_id));
  language = TRY(language_for(call.transaction, contact.id, language));
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
  Language language = Language::en;
};

void MailPage::handle(http::Request request, http::Responder responder) {
  std::string_view rest = std::string_view(request.path).substr(mail_path.size());
  bool reads = request.method == http::Method::get || request.method == http::Method::head;
  bool known = rest.size() > 2 && rest[1] == '/' && std::string_view("ocu").contains(rest[0]);
  Language language = http::language_of(request);
  if (!known) return responder.respond(no_such_page(language));
  auto kind = static_cast<MailLink>(rest[0]);
  bool posts = kind == MailLink::unsubscribe && request.method == http::Method::post;
  if (!reads && !posts) {
    return responder.respond(
        oauth::wrong_method(kind == MailLink::unsubscribe ? "GET, HEAD, POST" : "GET, HEAD"));
  }
  Visit visit{.machine = is_machine(request.header("user-agent")),
              .counts = request.method == http::Method::get,
              .language = language};
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
  if (!genuine) return responder.respond(no_such_page(language));
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
        visit.language = TRY(language_for(transaction, row->contact_id, visit.language));
        dress = TRY(dress_of(transaction, *visit.caller));
        return {};
      });
  if (!found) return responder.respond(no_such_page(visit.language));
  responder.respond(oauth::form_page(200, words::unsubscribe.in(visit.language),
                                     ask_body(visit.caller->company, purpose, visit.language),
                                     visit.language, &dress));
}

void MailPage::unsubscribe(Visit visit, http::Responder responder) {
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  struct Look {
    oauth::Dress dress = {};
    Language language = Language::en;
  };
  auto look = std::make_shared<Look>(Look{.language = visit.language});
  database_.submit(
      visit.caller->account_id,
      [this, visit, look](Transaction& transaction) -> Result<> {
        look->dress = TRY(dress_of(transaction, *visit.caller));
        Call call{.transaction = transaction, .caller = *visit.caller, .settings = settings_};
        return unsubscribe_by(call, visit.send, look->language);
      },
      [answer_to, look](Result<> done) {
        Language language = look->language;
        if (!done) {
          bool missing = done.error().code == ErrorCode::not_found;
          return answer_to->respond(missing ? no_such_page(language) : try_later(language));
        }
        answer_to->respond(oauth::message_page(200, words::unsubscribed.in(language),
                                               words::no_more_mails.in(language, look->dress.name),
                                               language, &look->dress));
      });
}

}  // namespace piggy
