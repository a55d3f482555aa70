#include "door/approval_page.h"

#include <fmt/format.h>

#include "door/rest.h"
#include "door/session_cookie.h"
#include "door/sign_in.h"
#include "http/form.h"
#include "oauth/answers.h"
#include "oauth/page.h"
#include "persona/approval_operations.h"
#include "shape/json.h"

namespace piggy {
namespace {

using oauth::html_escape;

constexpr std::string_view decision_form = R"html(<form method="post" action="{path}{uuid}">
<input type="hidden" name="proof" value="{proof}">
<input type="text" name="note" maxlength="1000" autocomplete="off" aria-label="A word with it"
 placeholder="A word with it, if you like">
<div class="buttons">
<button name="verdict" value="deny">Deny</button>
<button class="allow" name="verdict" value="approve">Approve</button>
</div>
</form>
)html";

std::string text_of(const Value& value) { return value.text() ? *value.text() : to_json(value); }

std::string part(std::string_view title, const std::string& html) {
  return html.empty() ? html : fmt::format("<h2>{}</h2>\n{}\n", title, html);
}

std::string paragraph(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("<p><bdi>{}</bdi></p>", html_escape(text));
}

std::string arguments_of(const Value& arguments) {
  if (!arguments.members() || arguments.members()->empty()) return "<p>Nothing.</p>";
  std::string html = "<dl>";
  for (const auto& [name, value] : *arguments.members()) {
    html += fmt::format("<dt><bdi>{}</bdi></dt><dd><bdi>{}</bdi></dd>", html_escape(name),
                        html_escape(text_of(value)));
  }
  return html + "</dl>";
}

std::string effects_of(const std::vector<EffectLine>& effects) {
  if (effects.empty()) return {};
  std::string html = "<ul>";
  for (const EffectLine& line : effects) {
    html += fmt::format("<li><bdi>{}</bdi>: {} \u2192 {}</li>", html_escape(line.what),
                        html_escape(text_of(line.before)), html_escape(text_of(line.after)));
  }
  return html + "</ul>";
}

std::string ending_of(const Approval& approval) {
  std::string by = approval.decided_by.empty() ? "the owner of the data" : approval.decided_by;
  switch (approval.state) {
    case ApprovalState::pending:
      return {};
    case ApprovalState::executing:
      return fmt::format("Approved by {}, and on its way to where it is done.", by);
    case ApprovalState::executed:
      return fmt::format("Approved by {}, and done.", by);
    case ApprovalState::failed:
      return fmt::format("Approved by {}, but it could not be done: {}", by,
                         text_of(approval.answer));
    case ApprovalState::denied:
      return fmt::format("Denied by {}.", by);
    case ApprovalState::expired:
      return "Nobody decided in time. Nothing was done.";
  }
  return {};
}

http::Response problem(const Error& error) {
  return oauth::form_page(
      error_response(error, true).status, "This does not work",
      fmt::format("<h1>This does not work</h1>\n<p>{}</p>\n", html_escape(error.message)),
      Language::en);
}

http::Response shown(const Approval& approval, std::string_view title, const Caller& who) {
  bool pending = approval.state == ApprovalState::pending;
  bool may_decide = who.may(DecideApproval::info.scope);
  std::string on_behalf =
      approval.requested_by.empty()
          ? std::string()
          : fmt::format(" It acts for <bdi>{}</bdi>.", html_escape(approval.requested_by));
  std::string body =
      fmt::format("<h1><bdi>{}</bdi> {} for leave: {}</h1>\n", html_escape(approval.persona),
                  pending ? "asks" : "asked", html_escape(title));
  body += fmt::format("<p class=\"soft\">You are signed in as <bdi>{}</bdi>.{}</p>\n",
                      html_escape(who.person), on_behalf);
  body += part("How it ended", paragraph(ending_of(approval)) + paragraph(approval.note));
  body += part("With exactly this", arguments_of(approval.arguments));
  body += part(pending ? "What would change" : "What it would have changed when it asked",
               effects_of(approval.effects));
  body += part("Why it must ask", paragraph(approval.reason));
  body += part("What was said to it", paragraph(approval.prompt));
  body += part("Price", fmt::format("<p>{} plan credits</p>", approval.price));
  body += fmt::format("<p class=\"soft\">Asked at {}{}.</p>\n", to_atom(approval.created_at),
                      pending ? ", open until " + to_atom(approval.expires_at) : "");
  if (approval.state == ApprovalState::executed) {
    std::string answer =
        approval.answer.members() ? pretty_json(approval.answer) : text_of(approval.answer);
    body += part("The answer", fmt::format("<pre><bdi>{}</bdi></pre>", html_escape(answer)));
  }
  if (pending && may_decide) {
    body += fmt::format(decision_form, fmt::arg("path", ApprovalPage::folder),
                        fmt::arg("uuid", to_string(approval.uuid)),
                        fmt::arg("proof", html_escape(who.session_proof)));
  } else if (pending) {
    body += "<p class=\"warn\">Your role may look, but not decide.</p>\n";
  }
  return oauth::form_page(200, fmt::format("{} asks for leave", approval.persona), body,
                          Language::en);
}

}  // namespace

void ApprovalPage::handle(http::Request request, http::Responder responder) {
  std::string_view uuid = std::string_view(request.path).substr(folder.size());
  if (!parse_uuid(uuid)) {
    return responder.respond(
        problem({.code = ErrorCode::not_found, .message = "There is no such page."}));
  }
  auto who = callers_.by_session(session_in(request));
  if (!who) {
    return responder.respond(oauth::redirect_to(SignInPage::url(request.path)));
  }
  if (request.method == http::Method::post) {
    return decide(*std::move(who), request, uuid, std::move(responder));
  }
  show(*std::move(who), uuid, std::move(responder));
}

void ApprovalPage::show(Who who, std::string_view uuid, http::Responder responder) {
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  Invocation invocation{.operation = catalogue_.find(GetApproval::info.name),
                        .caller = who,
                        .input = Value::object({{"approval_uuid", uuid}})};
  dispatch_.call(std::move(invocation), [this, who, answer_to](Result<Answer> answer) {
    if (!answer) return answer_to->respond(problem(answer.error()));
    const auto& approval = *static_cast<const Approval*>(answer->output.data());
    const Operation* tool = catalogue_.find(approval.tool);
    answer_to->respond(
        shown(approval, tool ? tool->info.title : std::string_view(approval.tool), *who));
  });
}

// A page of another site may make the browser send the cookie, but cannot know the proof.
void ApprovalPage::decide(Who who, const http::Request& request, std::string_view uuid,
                          http::Responder responder) {
  auto form = http::parse_form(request.body);
  if (!form || form->text_of("proof") != who->session_proof) {
    return responder.respond(
        problem({.code = ErrorCode::forbidden,
                 .message = "This did not come from the page, or you have signed in anew since. "
                            "Nothing was decided. Open the page again."}));
  }
  auto answer_to = std::make_shared<http::Responder>(std::move(responder));
  Invocation invocation{
      .operation = catalogue_.find(DecideApproval::info.name),
      .caller = who,
      .input = Value::object({{"approval_uuid", uuid}, {"verdict", form->text_of("verdict")}})};
  if (auto note = form->text_of("note"); !note.empty()) invocation.input.set("note", note);
  dispatch_.call(std::move(invocation), [answer_to, path = request.path](Result<Answer> answer) {
    // What was approved and could not be done is shown by the page as well.
    bool decided = answer || answer.error().code == ErrorCode::conflict;
    answer_to->respond(decided ? oauth::redirect_to(path) : problem(answer.error()));
  });
}

}  // namespace piggy
