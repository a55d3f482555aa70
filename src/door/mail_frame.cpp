#include "door/mail_frame.h"

#include "campaign/template_operations.h"
#include "door/rest.h"
#include "door/session_cookie.h"
#include "http/form.h"

namespace piggy {
namespace {

constexpr std::string_view frame_headers =
    "Cache-Control: no-store\r\nContent-Security-Policy: sandbox; default-src 'none'; img-src "
    "https: http: data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";

}  // namespace

void MailFrame::handle(const http::Request& request, http::Responder responder) {
  auto who = callers_.by_session(session_in(request));
  if (!who) return responder.respond(error_response(who.error(), true));
  auto input = http::parse_form(request.query);
  if (!input) return responder.respond(error_response(input.error(), true));
  input->set("uuid", std::string_view(request.path).substr(folder.size()));
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  Invocation invocation{.operation = catalogue_.find(PreviewMailTemplate::info.name),
                        .caller = *who,
                        .input = *std::move(input)};
  dispatch_.call(std::move(invocation), [answer_to](Result<Answer> answer) {
    if (!answer) return answer_to->respond(error_response(answer.error(), true));
    const auto& mail = *static_cast<const PreviewMailTemplate::Output*>(answer->output.data());
    answer_to->respond({.body = mail.html,
                        .content_type = "text/html; charset=utf-8",
                        .fixed_headers = frame_headers});
  });
}

}  // namespace piggy
