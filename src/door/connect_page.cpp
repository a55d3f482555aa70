#include "door/connect_page.h"

#include <fmt/format.h>

#include "connection/sign_in_operations.h"
#include "door/rest.h"
#include "door/session_cookie.h"
#include "door/sign_in.h"
#include "http/form.h"
#include "oauth/answers.h"
#include "oauth/page.h"

namespace piggy {
namespace {

using oauth::html_escape;

http::Response connected(const ConnectionView& connection) {
  std::string whose = connection.whose.empty()
                          ? std::string()
                          : fmt::format(" It opens the account of <strong><bdi>{}</bdi></strong>.",
                                        html_escape(connection.whose));
  std::string body = fmt::format(
      "<h1><bdi>{}</bdi> is connected</h1>\n<p>{} tools can now be given to personas; their names "
      "begin with <strong>{}_</strong>.{}</p>\n<p class=\"soft\">No persona has been given any "
      "yet. "
      "You can close this page.</p>\n",
      html_escape(connection.name), connection.tools.size(), html_escape(connection.handle), whose);
  return oauth::html_page(200, "Connected", body, Language::en);
}

http::Response problem(const Error& error) {
  return oauth::message_page(error_response(error, true).status, "Nothing was connected",
                             error.fields.empty() ? error.message : error.fields[0].message,
                             Language::en);
}

}  // namespace

void ConnectPage::handle(http::Request request, http::Responder responder) {
  if (request.method != http::Method::get) return responder.respond(oauth::wrong_method("GET"));
  auto who = callers_.by_session(session_in(request));
  if (!who) {
    std::string here = fmt::format("{}?{}", request.path, request.query);
    return responder.respond(oauth::redirect_to(SignInPage::url(here)));
  }
  auto said = http::parse_form(request.query);
  if (!said || said->text_of("state").empty()) {
    return responder.respond(problem({.code = ErrorCode::invalid,
                                      .message = "This is where you are sent back to from another "
                                                 "service. Begin there where you connect it."}));
  }
  Value input = Value::object();
  for (const char* name : {"state", "code", "iss", "error"}) {
    if (const Value* value = said->find(name)) input.set(name, *value);
  }
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  dispatch_.call({.operation = catalogue_.find(FinishConnection::info.name),
                  .caller = *std::move(who),
                  .input = std::move(input)},
                 [answer_to](Result<Answer> answer) {
                   answer_to->respond(answer ? connected(*static_cast<const ConnectionView*>(
                                                   answer->output.data()))
                                             : problem(answer.error()));
                 });
}

}  // namespace piggy
