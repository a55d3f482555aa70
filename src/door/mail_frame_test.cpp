#include "door/mail_frame.h"

#include <doctest/doctest.h>

#include "door/test_office.h"
#include "http/test_responder.h"

namespace piggy {
namespace {

http::Response framed(Office& office, std::string template_uuid, std::string session,
                      std::string query = {}) {
  MailFrame frame(office.engine->catalogue(), office.engine->dispatch(), office.engine->callers());
  http::Request request{.path = "/mail-preview/" + template_uuid, .query = std::move(query)};
  if (!session.empty()) request.headers.push_back({"Cookie", "piggy_session=" + session});
  return http::answer_of(
      [&](http::Responder responder) { frame.handle(request, std::move(responder)); });
}

}  // namespace

TEST_CASE("a mail in a frame runs nothing, and is for who may see it") {
  Office office;
  std::string purpose =
      Office::text_in(Office::must(office.call(
                          office.boss, "create_subscription_type",
                          R"({"name":"Letters","description":"Letters","strategy":"OPT_IN"})")),
                      "uuid");
  std::string mail = Office::text_in(
      Office::must(office.call(
          office.boss, "create_mail_template",
          fmt::format(
              R"({{"name":"Hello","subject":"Hello","html":"<p>Dear {{{{ contact.email }}}}</p>",)"
              R"("subscription_type_uuid":"{}"}})",
              purpose))),
      "uuid");
  std::string session = *office.session("boss@shop.example");
  http::Response shown = framed(office, mail, session, "contact_uuid=" + office.ann);
  CHECK(shown.status == 200);
  CHECK(shown.body.find("Dear ann@example.com") != std::string::npos);
  CHECK(shown.content_type == "text/html; charset=utf-8");
  CHECK(shown.fixed_headers.find("Content-Security-Policy: sandbox; default-src 'none'") !=
        std::string_view::npos);
  CHECK(shown.fixed_headers.find("script-src") == std::string_view::npos);

  CHECK(framed(office, mail, "").status == 401);
  CHECK(framed(office, mail, "forged").status == 401);
  CHECK(framed(office, "none", session).status == 400);
  CHECK(framed(office, office.ann, session).status == 404);
}

}  // namespace piggy
