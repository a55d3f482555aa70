#include "campaign/layout.h"

#include <fmt/format.h>

#include "campaign/words.h"
#include "email/email.h"

namespace piggy {
namespace {

namespace words = campaign_words;

// Styles stand at the elements, since some mail programs drop all others; those of dark mode
// cannot, and who drops them shows a light page.
constexpr std::string_view page = R"html(<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
@media (prefers-color-scheme: dark) {{
  .desk {{ background: #161418 !important; }}
  .paper {{ background: #211e24 !important; color: #f0ecf1 !important; }}
  .soft, .soft a {{ color: #aaa2b0 !important; }}
}}
</style>
</head>
<body class="desk" style="margin:0;padding:0;background:#f6f3f5;">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">{preheader}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="desk" style="background:#f6f3f5;">
<tr><td align="center" style="padding:24px 12px;">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px;">
<tr><td class="paper" style="padding:32px;background:#ffffff;color:#1d1b20;font:16px/1.5 Arial,Helvetica,sans-serif;border-radius:12px;">
{body}
</td></tr>
<tr><td class="soft" style="padding:20px 32px;color:#655f6b;font:13px/1.5 Arial,Helvetica,sans-serif;">
{sender}{address}<br>
{why} <a href="{unsubscribe}" class="soft" style="color:#655f6b;">{unsubscribe_word}</a>
</td></tr>
</table>
</td></tr>
</table>
{pixel}</body>
</html>
)html";

std::string lines_as_html(const std::string& text) {
  std::string html;
  for (char c : escape_html(text)) {
    if (c == '\n') {
      html += "<br>";
    } else {
      html += c;
    }
  }
  return html;
}

}  // namespace

std::string mail_page(const LayoutParts& parts) {
  std::string pixel;
  if (!parts.pixel_url.empty()) {
    pixel = fmt::format("<img src=\"{}\" width=\"1\" height=\"1\" alt=\"\">\n",
                        escape_html(parts.pixel_url));
  }
  std::string address =
      parts.postal_address.empty() ? "" : "<br>" + lines_as_html(parts.postal_address);
  return fmt::format(
      page, fmt::arg("language", tag_of(parts.language)),
      fmt::arg("subject", escape_html(parts.subject)),
      fmt::arg("preheader", escape_html(parts.preheader)), fmt::arg("body", parts.body),
      fmt::arg("sender", escape_html(parts.sender)), fmt::arg("address", address),
      fmt::arg("why", words::why_you_get_this.in(parts.language, escape_html(parts.purpose))),
      fmt::arg("unsubscribe", escape_html(parts.unsubscribe_url)),
      fmt::arg("unsubscribe_word", words::unsubscribe.in(parts.language)),
      fmt::arg("pixel", pixel));
}

std::string mail_text(const LayoutParts& parts, const std::string& text) {
  return fmt::format("{}\n-- \n{}\n{}{}{}\n{}: {}\n", text, parts.sender, parts.postal_address,
                     parts.postal_address.empty() ? "" : "\n",
                     words::why_you_get_this.in(parts.language, parts.purpose),
                     words::unsubscribe.in(parts.language), parts.unsubscribe_url);
}

}  // namespace piggy
