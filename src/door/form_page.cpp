#include "door/form_page.h"

#include <fmt/format.h>

#include "contact/language.h"
#include "contact/referral_code.h"
#include "door/dress.h"
#include "door/words.h"
#include "form/consent.h"
#include "form/operations.h"
#include "form/page.h"
#include "form/submission_operations.h"
#include "http/accept_language.h"
#include "http/form.h"
#include "oauth/answers.h"
#include "oauth/page.h"
#include "shape/json.h"

namespace piggy {
namespace {

namespace words = door_words;
using http::language_of;
using oauth::html_escape;

constexpr std::string_view folder = "/forms/";
constexpr std::string_view confirm_folder = "/forms/confirm/";
constexpr std::string_view api_folder = "/api/v1/forms/";
constexpr std::string_view api_end = "/public/submit";
constexpr std::string_view api_confirm_folder = "/api/v1/form-confirmations/";
constexpr std::size_t uuid_length = 36;
constexpr std::size_t user_agent_max = 300;

constexpr std::string_view cross_site =
    "Access-Control-Allow-Origin: *\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Cache-Control: no-store\r\n";

constexpr std::string_view confirm_form = R"html(<form method="post" action="{path}{uuid}">
<input type="hidden" name="secret" value="{secret}">
<div class="buttons"><button class="allow">{agree}</button></div>
</form>
)html";

bool is_api(std::string_view path) {
  return path.starts_with(api_folder) && path.ends_with(api_end);
}

// What the error says is English for programs, but for a conflict: that tells the visitor what
// became of the mail's link (form/consent.h).
std::string told_of(const Error& error, Language language) {
  switch (error.code) {
    case ErrorCode::not_found:
      return words::no_form_here.in(language);
    case ErrorCode::conflict:
      return error.message;
    case ErrorCode::too_many:
      return words::too_many.in(language);
    case ErrorCode::invalid:
      return words::cannot_be_read.in(language);
    default:
      return words::try_later.in(language);
  }
}

http::Response problem_page(const Error& error, Language language) {
  const auto& title = error.code == ErrorCode::not_found ? words::no_form : words::does_not_work;
  http::Response response = oauth::message_page(
      error_response(error, true).status, title.in(language), told_of(error, language), language);
  if (error.retry_after_seconds) {
    response.headers.push_back({"Retry-After", std::to_string(error.retry_after_seconds)});
  }
  return response;
}

// Printable ASCII: what else a program says of itself is nobody's business.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, user_agent_max));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

Error too_many(int seconds, Language language) {
  return {.code = ErrorCode::too_many,
          .message = words::too_many.in(language),
          .number = 429,
          .retry_after_seconds = seconds};
}

// What was sent, whichever way; an empty object for what cannot be read.
Value body_of(const http::Request& request) {
  auto body = http::parse_body(request.header("content-type"), request.body);
  return body && body->members() ? *std::move(body) : Value::object();
}

// What a link with a referral code leads to stands in the page as if it had been sent already.
Value referral_in(std::string_view query) {
  auto said = http::parse_form(query);
  std::string_view code = said && said->members() ? said->text_of("referral_code") : "";
  if (code.size() > referral_code_length_max) code = {};
  return Value::object({{std::string(referral_field), code}});
}

}  // namespace

struct FormPage::Open {
  std::shared_ptr<const Caller> account = {};
  oauth::Dress dress = {};
  FormRow form = {};
  Questionnaire asked = {};
  Language language = Language::en;
};

FormPage::FormPage(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers, Rest& rest,
                   const Settings& settings, const Options& options)
    : submit_(*catalogue.find(SubmitForm::info.name)),
      confirm_(*catalogue.find(ConfirmFormConsents::info.name)),
      dispatch_(dispatch),
      callers_(callers),
      rest_(rest),
      settings_(settings),
      proxies_(options.proxies),
      limits_(options.limits) {}

bool FormPage::serves(std::string_view path) {
  return path.starts_with(folder) || is_api(path) || path.starts_with(api_confirm_folder);
}

void FormPage::handle(http::Request request, http::Responder responder) {
  std::string_view path = request.path;
  auto after = [&](std::string_view start) {
    return std::string_view(path.substr(std::min(path.size(), start.size())));
  };
  auto uuid_after = [&](std::string_view start) {
    return parse_uuid(after(start).substr(0, uuid_length)).value_or(Uuid{});
  };
  if (path.starts_with(api_confirm_folder)) {
    auto visit = std::make_shared<const Visit>(visit_of(request));
    return rest_.handle(std::move(request), std::move(responder), confirm_, std::move(visit));
  }
  if (is_api(path)) {
    Uuid uuid = uuid_after(api_folder);
    return send_api(std::move(request), uuid, std::move(responder));
  }
  if (path.starts_with(confirm_folder)) {
    Uuid uuid = uuid_after(confirm_folder);
    return confirmation(std::move(request), uuid, std::move(responder));
  }
  std::string rest(after(folder).substr(std::min(after(folder).size(), uuid_length)));
  Uuid uuid = uuid_after(folder);
  page(std::move(request), uuid, rest, std::move(responder));
}

Result<std::shared_ptr<const Caller>> FormPage::account_of(
    const std::function<Result<std::int64_t>(Transaction&)>& look) {
  std::int64_t id = 0;
  TRY(dispatch_.database().read(0, [&](Transaction& transaction) -> Result<> {
    id = TRY(look(transaction));
    return {};
  }));
  return callers_.by_account(id);
}

Result<FormPage::Open> FormPage::open(const Uuid& uuid, Language language) {
  Open open{.language = language};
  open.account =
      TRY(account_of([&](Transaction& transaction) { return account_of_form(transaction, uuid); }));
  std::int64_t account_id = open.account->account_id;
  TRY(dispatch_.database().read(account_id, [&](Transaction& transaction) -> Result<> {
    Call call{.transaction = transaction, .caller = *open.account, .settings = settings_};
    open.form = TRY(open_form(transaction, uuid));
    open.dress = TRY(dress_of(transaction, *open.account));
    open.asked = TRY(questionnaire(call, fields_of(open.form)));
    return {};
  }));
  return open;
}

Visit FormPage::visit_of(const http::Request& request) const {
  return {.address = proxies_.client_of(request),
          .user_agent = printable(request.header("user-agent")),
          .key = printable(request.header("idempotency-key")),
          .language = language_of(request)};
}

std::optional<http::Response> FormPage::too_often(const http::Request& request, const Uuid& uuid) {
  auto wait =
      limits_.wait_seconds(proxies_.client_of(request), uuid, dispatch_.database().clock().now());
  if (!wait) return std::nullopt;
  Language language = language_of(request);
  Error error = too_many(*wait, language);
  return is_api(request.path) ? error_response(error, true) : problem_page(error, language);
}

http::Response FormPage::page_of(const Open& form, int status, const Value& answers,
                                 const std::vector<AnswerProblem>& problems,
                                 std::string_view note) {
  std::string introduction = page_texts_of(form.form).introduction.value_or("");
  FormFilling filling{.answers = answers, .problems = problems};
  std::string body = fmt::format("<h1><bdi>{}</bdi></h1>\n", html_escape(form.form.name));
  if (!introduction.empty()) {
    body += fmt::format("<p><bdi>{}</bdi></p>\n", html_escape(introduction));
  }
  if (!note.empty()) {
    body += fmt::format("<p class=\"warn\" role=\"alert\">{}</p>\n", html_escape(note));
  }
  body += problems_element(form.asked, problems, form.language);
  body += form_element(
      {.form = form.form,
       .asked = form.asked,
       .filling = filling,
       .language = form.language,
       .action = fmt::format("{}{}", folder, to_string(form.form.uuid)),
       .stamp = form_stamp(*form.account, form.form.uuid, dispatch_.database().clock().now()),
       .referral_code = std::string(answers.text_of(referral_field))});
  return oauth::form_page(status, form.form.name, body, form.language, &form.dress);
}

http::Response FormPage::thanks_page(const Open& form, bool by_mail) {
  std::string body =
      fmt::format("<h1><bdi>{}</bdi></h1>\n<p role=\"status\"><bdi>{}</bdi></p>\n",
                  html_escape(form.form.name), html_escape(thanks_of(form.form, form.language)));
  if (by_mail) body += fmt::format("<p>{}</p>\n", words::look_at_your_mail.in(form.language));
  return oauth::html_page(200, form.form.name, body, form.language, &form.dress);
}

void FormPage::page(http::Request request, const Uuid& uuid, std::string_view rest,
                    http::Responder responder) {
  bool posts = request.method == http::Method::post && rest.empty();
  if (posts) return send_page(std::move(request), uuid, std::move(responder));
  if (request.method != http::Method::get) {
    return responder.respond(oauth::wrong_method(rest.empty() ? "GET, POST" : "GET"));
  }
  Language language = language_of(request);
  auto form = open(uuid, language);
  if (!form) return responder.respond(problem_page(form.error(), language));
  if (rest.empty()) {
    return responder.respond(page_of(*form, 200, referral_in(request.query), {}));
  }
  if (rest == "/sent") {
    return responder.respond(thanks_page(*form, request.query == "by=mail"));
  }
  if (rest == "/form.js") {
    return responder.respond({.body = std::string(form_script()),
                              .content_type = "text/javascript; charset=utf-8",
                              .fixed_headers = cross_site});
  }
  if (rest == "/stamp") {
    std::string stamp = form_stamp(*form->account, uuid, dispatch_.database().clock().now());
    return responder.respond(
        {.body = to_json(Value::object({{"stamp", stamp}})), .fixed_headers = cross_site});
  }
  responder.respond(problem_page({.code = ErrorCode::not_found}, language));
}

void FormPage::send_page(http::Request request, const Uuid& uuid, http::Responder responder) {
  if (auto refused = too_often(request, uuid)) return responder.respond(*std::move(refused));
  Language language = language_of(request);
  auto opened = open(uuid, language);
  if (!opened) return responder.respond(problem_page(opened.error(), language));
  Time now = dispatch_.database().clock().now();
  Value sent = body_of(request);
  Answers answers = answers_in(opened->asked, sent, now);
  if (!answers.problems.empty()) {
    return responder.respond(page_of(*opened, 422, sent, answers.problems));
  }
  // From a snippet whose script did not run, or after a day: it is shown once, and sent from here.
  Stamp stamp = stamp_in(*opened->account, uuid, sent.text_of(stamp_field), now);
  if (stamp == Stamp::none || stamp == Stamp::broken || stamp == Stamp::too_old) {
    return responder.respond(page_of(*opened, 200, sent, {}, words::not_sent_yet.in(language)));
  }
  sent.set("uuid", to_string(uuid));
  sent.erase("dry_run");
  auto form = std::make_shared<Open>(*std::move(opened));
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  dispatch_.call(
      {.operation = &submit_,
       .caller = callers_.owner(),
       .input = std::move(sent),
       .reading = Reading::lenient,
       .prepared = std::make_shared<const Visit>(visit_of(request))},
      [answer_to, form, path = request.path](Result<Answer> answer) {
        if (!answer) return answer_to->respond(problem_page(answer.error(), form->language));
        const auto& output = *static_cast<const SubmitForm::Output*>(answer->output.data());
        answer_to->respond(
            oauth::redirect_to(path + (output.confirmation ? "/sent?by=mail" : "/sent")));
      });
}

void FormPage::send_api(http::Request request, const Uuid& uuid, http::Responder responder) {
  // The shape of errors is the route's; what browsers ask before they send is not.
  if (request.method == http::Method::options) {
    auto form = open(uuid, Language::en);
    if (!form) return responder.respond(error_response(form.error(), true));
    http::Response response{.status = 204, .content_type = {}, .fixed_headers = cross_site};
    response.headers.push_back({"Access-Control-Allow-Methods", "POST"});
    response.headers.push_back({"Access-Control-Allow-Headers", "Content-Type, Idempotency-Key"});
    response.headers.push_back({"Access-Control-Max-Age", "3600"});
    return responder.respond(std::move(response));
  }
  if (request.method != http::Method::post) {
    return rest_.handle(std::move(request), std::move(responder));
  }
  if (auto refused = too_often(request, uuid)) return responder.respond(*std::move(refused));
  if (auto form = open(uuid, language_of(request))) {
    auto body = http::parse_body(request.header("content-type"), request.body);
    if (body && body->members() && request.query.empty()) {
      Answers answers = answers_in(form->asked, *body, dispatch_.database().clock().now());
      if (!answers.problems.empty()) {
        Error refused = refuse_answers(answers.problems, form->language).error();
        return responder.respond(error_response(refused, false));
      }
    }
  }
  auto visit = std::make_shared<const Visit>(visit_of(request));
  // A stranger's key must not stand in the way of the shop's own: it names the submission alone.
  std::erase_if(request.headers, [](const http::Header& header) {
    http::Request one{.headers = {header}};
    return !one.header("idempotency-key").empty() || !one.header("piggy-dry-run").empty();
  });
  rest_.handle(std::move(request), std::move(responder), submit_, std::move(visit));
}

// Programs that look at mails follow links: a GET changes nothing.
void FormPage::confirmation(http::Request request, const Uuid& uuid, http::Responder responder) {
  bool posts = request.method == http::Method::post;
  if (!posts && request.method != http::Method::get) {
    return responder.respond(oauth::wrong_method("GET, POST"));
  }
  auto said = http::parse_form(posts ? request.body : request.query);
  std::string secret(said && said->members() ? said->text_of("secret") : "");
  Visit visit = visit_of(request);
  auto gone = [](const Error& error, Language language) {
    if (error.code != ErrorCode::not_found) return problem_page(error, language);
    return oauth::message_page(404, words::broken_link.in(language), words::whole_link.in(language),
                               language);
  };
  auto account = account_of(
      [&](Transaction& transaction) { return account_of_confirmation(transaction, uuid); });
  if (!account) return responder.respond(gone(account.error(), visit.language));
  oauth::Dress dress;
  std::string items;
  Result<> found =
      dispatch_.database().read((*account)->account_id, [&](Transaction& transaction) -> Result<> {
        Call call{.transaction = transaction, .caller = **account, .settings = settings_};
        dress = TRY(dress_of(transaction, **account));
        auto whose = TRY(contact_of_confirmation(call, uuid, secret));
        visit.language = TRY(language_for(transaction, whose, visit.language));
        if (posts) return {};
        auto open = TRY(open_confirmation(call, uuid, secret, visit.language));
        items.clear();
        for (const std::string& statement : open.statements) {
          items += fmt::format("<li><bdi>{}</bdi></li>", html_escape(statement));
        }
        return {};
      });
  if (!found) return responder.respond(gone(found.error(), visit.language));
  if (posts) {
    auto answer_to = std::make_shared<http::Responder>(std::move(responder));
    return dispatch_.call(
        {.operation = &confirm_,
         .caller = callers_.owner(),
         .input = Value::object({{"uuid", to_string(uuid)}, {"secret", secret}}),
         .prepared = std::make_shared<const Visit>(visit)},
        [answer_to, gone, dress, language = visit.language](Result<Answer> answer) {
          if (!answer) return answer_to->respond(gone(answer.error(), language));
          answer_to->respond(oauth::message_page(200, words::thank_you.in(language),
                                                 words::confirmed.in(language), language, &dress));
        });
  }
  std::string body =
      fmt::format("<h1>{}</h1>\n<ul>{}</ul>\n", words::did_you_agree.in(visit.language), items);
  body += fmt::format(confirm_form, fmt::arg("path", confirm_folder),
                      fmt::arg("uuid", to_string(uuid)), fmt::arg("secret", html_escape(secret)),
                      fmt::arg("agree", words::i_agree.in(visit.language)));
  responder.respond(oauth::form_page(200, words::please_confirm.in(visit.language), body,
                                     visit.language, &dress));
}

}  // namespace piggy
