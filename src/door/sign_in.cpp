#include "door/sign_in.h"

#include <fmt/format.h>

#include "access/person_operations.h"
#include "door/session_cookie.h"
#include "door/words.h"
#include "http/accept_language.h"
#include "http/form.h"
#include "oauth/page.h"
#include "persona/persona.h"

namespace piggy {
namespace {

namespace words = door_words;

constexpr std::string_view form_html = R"html(<h1>{title}</h1>
{wrong}<form method="post" action="/sign-in">
<input type="hidden" name="return_to" value="{return_to}">
<label class="field" for="email">{address}</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus value="{email}">
<label class="field" for="password">{password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<div class="buttons"><button class="allow">{sign_in}</button></div>
</form>
)html";

// A path on this server; anything else would send people elsewhere.
std::string local_path(std::string_view said) {
  bool local = said.starts_with('/') && !said.starts_with("//") && !said.starts_with("/\\");
  for (char c : said) local = local && static_cast<unsigned char>(c) > ' ' && c != '\\';
  return local ? std::string(said) : "/";
}

http::Response form_page(int status, std::string_view return_to, std::string_view email,
                         std::string_view wrong, Language language) {
  using oauth::html_escape;
  std::string told;
  if (!wrong.empty()) {
    told = fmt::format("<p class=\"warn\" role=\"alert\">{}</p>\n", html_escape(wrong));
  }
  std::string title = words::sign_in_title.in(language);
  return oauth::form_page(status, title,
                          fmt::format(form_html, fmt::arg("title", title), fmt::arg("wrong", told),
                                      fmt::arg("return_to", html_escape(return_to)),
                                      fmt::arg("address", words::address.in(language)),
                                      fmt::arg("email", html_escape(email)),
                                      fmt::arg("password", words::password.in(language)),
                                      fmt::arg("sign_in", words::sign_in.in(language))),
                          language);
}

// What seldom happens is told as programs are told it, in English.
std::string told_of(const Error& error, Language language) {
  if (error.code == ErrorCode::unauthenticated) return words::wrong_password.in(language);
  if (error.code == ErrorCode::too_many) return words::too_many_passwords.in(language);
  return error.fields.empty() ? error.message : error.fields[0].message;
}

// A form that a page of another site sends would sign people in as somebody else.
bool from_elsewhere(const http::Request& request) {
  std::string_view site = request.header("sec-fetch-site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  std::string_view origin = request.header("origin");
  return !origin.empty() && !origin.ends_with(fmt::format("//{}", request.header("host")));
}

}  // namespace

std::string SignInPage::url(std::string_view return_to) {
  return fmt::format("{}?return_to={}", path, http::percent_encode(return_to));
}

void SignInPage::handle(http::Request request, http::Responder responder) {
  bool posts = request.method == http::Method::post;
  auto form = http::parse_form(posts ? request.body : request.query);
  if (!form || !form->members()) form = Value::object();
  std::string return_to = local_path(form->text_of("return_to"));
  std::string email(form->text_of("email"));
  Language language = http::language_of(request);
  if (!posts || from_elsewhere(request)) {
    return responder.respond(form_page(posts ? 403 : 200, return_to, email,
                                       posts ? words::sign_in_here.in(language) : "", language));
  }
  Invocation invocation{
      .operation = catalogue_.find("sign_in"),
      .caller = callers_.owner(),
      .input = Value::object({{"email", email}, {"password", form->text_of("password")}})};
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  dispatch_.call(
      std::move(invocation), [this, answer_to, email, return_to, language](Result<Answer> answer) {
        if (!answer) {
          const Error& error = answer.error();
          int status = error.code == ErrorCode::too_many ? 429 : 401;
          return answer_to->respond(
              form_page(status, return_to, email, told_of(error, language), language));
        }
        const Session& session = *static_cast<const Session*>(answer->output.data());
        http::Response response{.status = 303, .content_type = {}};
        response.headers.push_back({"Location", return_to});
        response.headers.push_back({"Set-Cookie", session_cookie(session.session, https_)});
        answer_to->respond(std::move(response));
      });
}

std::optional<oauth::SignedIn> SignedInPeople::who(const http::Request& request) {
  auto caller = callers_.by_session(session_in(request));
  if (!caller || !(*caller)->may("personas:write")) return std::nullopt;
  return oauth::SignedIn{.user_id = (*caller)->person_id,
                         .account_id = (*caller)->account_id,
                         .name = (*caller)->person};
}

std::string SignedInPeople::sign_in_url(std::string_view return_to) {
  return SignInPage::url(return_to);
}

Result<std::vector<oauth::Choice>> SignedInPeople::choices(const oauth::SignedIn& person) {
  std::vector<oauth::Choice> choices;
  TRY(database_.read(person.account_id, [&](Transaction& transaction) -> Result<> {
    choices.clear();
    auto given = TRY(grants(transaction));
    for (const PersonaRow& row : TRY(personas(transaction))) {
      if (row.state != PersonaState::active) continue;
      oauth::Choice choice{.id = row.id, .name = row.name};
      for (const auto& [persona_id, grant] : given) {
        const Operation* tool = persona_id == row.id ? catalogue_.find(grant.tool) : nullptr;
        if (tool) choice.lines.emplace_back(tool->info.title);
      }
      choices.push_back(std::move(choice));
    }
    return {};
  }));
  return choices;
}

}  // namespace piggy
