#include "oauth/page.h"

#include <fmt/format.h>
#include <sodium.h>

#include "oauth/words.h"

namespace piggy::oauth {
namespace {

namespace words = oauth_words;

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --ink: #1d1b20; --soft: #655f6b; --paper: #fff; --desk: #f6f3f5;
  --line: #e2dce1; --edge: #8a828d; --pink: #c2366b; --on-pink: #fff; --focus: var(--pink);
  --alarm: #b3261e; --warn: #fff4d6; --warn-ink: #6b4a00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0ecf1; --soft: #aaa2b0; --paper: #211e24; --desk: #161418; --line: #3a353f;
    --edge: #857c8c; --pink: #e8608f; --on-pink: #1d0a12; --alarm: #ffb4ab; --warn: #3b2f10;
    --warn-ink: #f5d98c; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center;
  padding: 24px; background: var(--desk); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { width: 100%; max-width: 480px; padding: 32px; background: var(--paper);
  border: 1px solid var(--line); border-radius: 16px; overflow-wrap: anywhere; }
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.3; }
h2 { margin: 24px 0 8px; font-size: 15px; }
p { margin: 0 0 12px; }
.soft, li { color: var(--soft); font-size: 14px; }
.warn { padding: 12px 16px; border-radius: 10px; background: var(--warn); color: var(--warn-ink);
  font-size: 14px; }
ul { margin: 4px 0 0; padding-left: 20px; }
label { display: flex; gap: 12px; padding: 12px 16px; margin-bottom: 8px;
  border: 1px solid var(--line); border-radius: 10px; cursor: pointer; }
label:has(:checked) { border-color: var(--pink); }
label.field { display: block; padding: 0; margin: 16px 0 0; border: 0; font-weight: 600; cursor: auto; }
input { accent-color: var(--pink); margin-top: 5px; }
dt { color: var(--soft); font-size: 14px; }
dd { margin: 0 0 8px; white-space: pre-wrap; }
pre { margin: 0 0 12px; white-space: pre-wrap; font-size: 13px; }
input:not([type="radio"]):not([type="checkbox"]) { width: 100%; padding: 12px; border: 1px solid var(--edge);
  border-radius: 10px; background: transparent; color: inherit; font: inherit; }
textarea, select { width: 100%; margin-top: 5px; padding: 12px; border: 1px solid var(--edge); border-radius: 10px;
  background: var(--paper); color: inherit; font: inherit; }
label.tick { margin: 16px 0 0; }
label.tick input { width: auto; margin-top: 5px; }
fieldset { margin: 16px 0 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
.problem { margin: 4px 0 0; color: var(--alarm); font-size: 14px; font-weight: 600; }
.problem:empty { display: none; }
[aria-invalid] { border-color: var(--alarm) !important; }
.warn a, .warn li { color: inherit; }
[role="status"]:empty { margin: 0; }
.trap { position: absolute; left: -9999px; width: 1px; height: 1px; overflow: hidden; }
.buttons { display: flex; gap: 12px; margin-top: 24px; }
button { flex: 1; padding: 12px; border-radius: 10px; border: 1px solid var(--line);
  background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
button.allow { background: var(--pink); border-color: var(--pink); color: var(--on-pink); }
button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
)css";

// After the style, with the colour in the place of {}. It is light or dark whatever the page is, so
// that it fills what white is written on, and marks nothing that must be seen against the page.
constexpr std::string_view dress_style = R"css(
:root { --pink: {}; --on-pink: #fff; --focus: var(--ink); }
main { border-top-color: var(--pink); box-shadow: inset 0 7px 0 var(--pink); }
header { display: flex; align-items: center; gap: 12px; margin: 0 0 24px; font-size: 18px;
  font-weight: 600; }
header img { height: 40px; max-width: 160px; object-fit: contain; }
)css";

// {language}, {title}, {style}, {header}, {body}.
constexpr std::string_view frame = R"html(<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{header}{body}</main>
</body>
</html>
)html";

constexpr std::string_view consent_form = R"html(<h1>{question}</h1>
<p class="soft">{person}</p>
<p class="soft">{vouched}</p>
<p class="soft">{sent_next}</p>
{warning}<form method="post" action="/oauth/authorize">
<h2>{acts_as}</h2>
{choices}{scopes}<p class="soft">{take_back}</p>
<input type="hidden" name="request" value="{request}">
<input type="hidden" name="seal" value="{seal}">
<div class="buttons">
<button name="decision" value="deny">{deny}</button>
<button class="allow" name="decision" value="allow">{allow}</button>
</div>
</form>
)html";

std::string policy_of(std::string_view the_style) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(the_style.data()),
                     the_style.size());
  constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
  char text[sodium_base64_ENCODED_LEN(sizeof digest, variant)];
  sodium_bin2base64(text, sizeof text, digest, sizeof digest, variant);
  // No form-action: browsers apply it to the redirects that follow the form, which lead to wherever
  // the client's own pages send people.
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; frame-ancestors 'none'", text);
}

// A picture of the shop's stands in the page itself.
std::string policy_of(std::string_view the_style, const Dress& dress) {
  return policy_of(the_style) + (dress.logo.empty() ? "" : "; img-src data:");
}

std::string style_of(const Dress& dress) {
  std::string own(dress_style);
  own.replace(own.find("{}"), 2, dress.colour);
  return std::string(style) + own;
}

std::string header_of(const Dress& dress) {
  std::string picture = dress.logo.empty()
                            ? std::string()
                            : fmt::format("<img src=\"{}\" alt=\"\">", html_escape(dress.logo));
  return fmt::format("<header>{}<bdi>{}</bdi></header>\n", picture, html_escape(dress.name));
}

std::string list_of(const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string html = "<ul>";
  for (const std::string& line : lines) html += fmt::format("<li>{}</li>", html_escape(line));
  return html + "</ul>";
}

// The first is chosen, so that the form can be sent with one key when there is only one.
std::string radio_of(const Choice& choice, bool first) {
  return fmt::format(
      "<label><input type=\"radio\" name=\"subject\" value=\"{}\" required{}>"
      "<span><bdi>{}</bdi>{}</span></label>\n",
      choice.id, first ? " checked" : "", html_escape(choice.name), list_of(choice.lines));
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

http::Response html_page(int status, std::string_view title, std::string_view body,
                         Language language, const Dress* dress) {
  static const std::string security_policy = policy_of(style);
  std::string own = dress ? style_of(*dress) : std::string();
  return {
      .status = status,
      .body = fmt::format(
          frame, fmt::arg("language", tag_of(language)), fmt::arg("title", html_escape(title)),
          fmt::arg("style", dress ? std::string_view(own) : style),
          fmt::arg("header", dress ? header_of(*dress) : std::string()), fmt::arg("body", body)),
      .content_type = "text/html; charset=utf-8",
      .headers = {{"Content-Security-Policy", dress ? policy_of(own, *dress) : security_policy}},
      // Those that are English alone say so too: it costs nothing, and none can forget it.
      .fixed_headers =
          "Cache-Control: no-store\r\nX-Frame-Options: DENY\r\n"
          "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
          "Vary: Accept-Language\r\n"};
}

http::Response consent_page(const ConsentPage& consent) {
  Language language = consent.language;
  auto isolated = [](std::string_view text) {
    return fmt::format("<bdi>{}</bdi>", html_escape(text));
  };
  auto strong = [](std::string_view text) {
    return fmt::format("<strong>{}</strong>", html_escape(text));
  };
  std::string choices;
  for (const Choice& choice : consent.choices) choices += radio_of(choice, choices.empty());
  std::string vouched = consent.client_host.empty()
                            ? words::unchecked.in(language)
                            : words::vouched.in(language, strong(consent.client_host));
  std::string warning, scopes;
  if (consent.loopback) {
    warning = fmt::format("<p class=\"warn\">{}</p>\n", words::on_your_computer.in(language));
  }
  if (!consent.scopes.empty()) {
    scopes = fmt::format("<h2>{}</h2>\n{}\n", words::rights.in(language), list_of(consent.scopes));
  }
  std::string name =
      consent.client_name.empty() ? words::nameless.in(language) : consent.client_name;
  std::string body = fmt::format(
      consent_form,
      fmt::arg("question",
               words::question.in(language, isolated(name), html_escape(consent.product))),
      fmt::arg("person", words::signed_in_as.in(language, isolated(consent.person))),
      fmt::arg("vouched", vouched),
      fmt::arg("sent_next", words::sent_next.in(language, strong(consent.redirect_host))),
      fmt::arg("warning", warning), fmt::arg("acts_as", words::acts_as.in(language)),
      fmt::arg("choices", choices), fmt::arg("scopes", scopes),
      fmt::arg("take_back", words::take_back.in(language)),
      fmt::arg("request", html_escape(consent.request)), fmt::arg("seal", consent.seal),
      fmt::arg("deny", words::deny.in(language)), fmt::arg("allow", words::allow.in(language)));
  return html_page(200, words::title.in(language, name), body, language);
}

http::Response form_page(int status, std::string_view title, std::string_view body,
                         Language language, const Dress* dress) {
  http::Response response = html_page(status, title, body, language, dress);
  response.headers[0].value += "; form-action 'self'";
  return response;
}

http::Response message_page(int status, std::string_view title, std::string_view text,
                            Language language, const Dress* dress) {
  return html_page(status, title,
                   fmt::format("<h1>{}</h1>\n<p>{}</p>\n", html_escape(title), html_escape(text)),
                   language, dress);
}

}  // namespace piggy::oauth
