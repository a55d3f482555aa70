#include "email/email.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "base/utf8.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::size_t encoded_word_bytes = 39;  // Leaves a line below 76 characters.
constexpr std::size_t body_line_max = 76;
constexpr std::string_view boundary = "=_piggy_part";  // `=_` cannot stand in quoted-printable.

bool printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string base64(std::string_view text) {
  std::string out(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()),
                    text.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // The terminating zero.
  return out;
}

// Text in a header (RFC 2047). Whatever is not plain goes into encoded words, so that no line break
// in it can begin a header of its own. A word never ends within a character.
std::string header_text(std::string_view text) {
  if (printable_ascii(text) && text.size() <= 200 && !text.contains("=?")) return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::string_view word = beginning_of(text, encoded_word_bytes);
    if (!out.empty()) out += "\r\n ";
    out += fmt::format("=?UTF-8?B?{}?=", base64(word));
    text.remove_prefix(word.size());
  }
  return out;
}

Result<std::string> mailbox(std::string_view text, std::string_view header) {
  std::string_view address = address_in(text);
  if (!printable_ascii(address) || (!is_email(address) && !address.ends_with("@localhost"))) {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" cannot stand in the {} of an e-mail.",
                            printable_ascii(text) ? text : "This address", header));
  }
  if (address.size() == text.size()) return std::string(address);
  std::string_view name = text.substr(0, text.find('<'));
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ';
  });
  if (plain) return fmt::format("{} <{}>", name, address);
  return fmt::format("=?UTF-8?B?{}?= <{}>", base64(name.substr(0, encoded_word_bytes)), address);
}

// RFC 5322, section 3.3, in English whatever the machine speaks.
std::string date_text(Time time) {
  constexpr const char* days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::string atom = to_atom(time);
  Date date = local_date(time, "Etc/UTC");
  auto day = static_cast<std::size_t>(time.microseconds / microseconds_per_day % 7);
  return fmt::format("{}, {} {} {} {} +0000", days[day], date.day, months[date.month - 1],
                     date.year, atom.substr(11, 8));
}

// Lines end in CR LF, whatever they ended in before.
std::string canonical_lines(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\r' || text[i] == '\n') {
      out += "\r\n";
    } else {
      out += text[i];
    }
  }
  return out;
}

// RFC 2045, section 6.7: readable where the text is, and safe on every way.
std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  auto put = [&](std::string_view piece) {
    if (column + piece.size() >= body_line_max) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  };
  std::string lines = canonical_lines(text);
  for (std::size_t i = 0; i < lines.size(); i++) {
    char c = lines[i];
    bool line_ends = i + 1 == lines.size() || lines[i + 1] == '\r';
    if (c == '\r') {
      out += "\r\n";
      column = 0;
      i++;
    } else if (c == '=' || c < ' ' || c > '~' || (c == ' ' && line_ends) ||
               (c == '.' && column == 0)) {
      put(fmt::format("={:02X}", static_cast<unsigned char>(c)));
    } else {
      put({&c, 1});
    }
  }
  return out;
}

std::string part(std::string_view type, std::string_view content) {
  return fmt::format(
      "Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n\r\n{}\r\n",
      type, quoted_printable(content));
}

constexpr std::size_t header_value_max = 900;  // A line has 998 characters at most.

// Written by the message, by who signs it or by who carries it.
bool is_reserved(std::string_view lower_name) {
  constexpr std::string_view names[] = {"from",        "to",           "cc",
                                        "bcc",         "subject",      "date",
                                        "message-id",  "mime-version", "dkim-signature",
                                        "return-path", "received",     "sender"};
  return std::ranges::find(names, lower_name) != std::end(names) ||
         lower_name.starts_with("content-") || lower_name.starts_with("resent-") ||
         lower_name.starts_with("arc-");
}

Result<std::string> extra_headers(std::span<const EmailHeader> headers) {
  std::string out;
  std::set<std::string> seen;
  for (const EmailHeader& header : headers) {
    std::string name;
    bool plain = !header.name.empty() && header.name.size() <= 64;
    for (char c : header.name) {
      name += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      bool letter = (name.back() >= 'a' && name.back() <= 'z') || (c >= '0' && c <= '9');
      plain &= letter || c == '-';
    }
    if (!plain || is_reserved(name) || !seen.insert(name).second) {
      return fail(ErrorCode::invalid, "An e-mail cannot be given this header, or not twice.");
    }
    if (name == "reply-to") {
      out += fmt::format("{}: {}\r\n", header.name, TRY(mailbox(header.value, header.name)));
      continue;
    }
    bool blank = header.value.find_first_not_of(' ') == std::string::npos;
    if (blank || !printable_ascii(header.value) || header.value.size() > header_value_max) {
      return fail(ErrorCode::invalid, fmt::format("The header {} of an e-mail must be one line of "
                                                  "plain text, of 900 characters at most.",
                                                  header.name));
    }
    out += fmt::format("{}: {}\r\n", header.name, header.value);
  }
  if (!seen.contains("auto-submitted")) out += "Auto-Submitted: auto-generated\r\n";
  return out;
}

}  // namespace

Result<> queue_email(Transaction& transaction, const Email& email) {
  Value payload = Value::object({{"from", email.from},
                                 {"to", email.to},
                                 {"subject", email.subject},
                                 {"text", email.text},
                                 {"html", email.html}});
  TRY(add_job(transaction, send_email_job, payload));
  return {};
}

Result<std::string> email_message(const Email& email, const EmailStamp& stamp,
                                  std::span<const EmailHeader> headers) {
  ASSERT(printable_ascii(stamp.message_id));
  std::string message;
  message += fmt::format("From: {}\r\n", TRY(mailbox(email.from, "sender")));
  message += fmt::format("To: {}\r\n", TRY(mailbox(email.to, "recipient")));
  message += fmt::format("Subject: {}\r\n", header_text(email.subject));
  message += fmt::format("Date: {}\r\n", date_text(stamp.date));
  message += fmt::format("Message-ID: <{}>\r\n", stamp.message_id);
  message += TRY(extra_headers(headers));
  message += "MIME-Version: 1.0\r\n";
  if (email.html.empty()) return message + part("text/plain", email.text);
  message += fmt::format("Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n", boundary);
  message += fmt::format("--{}\r\n{}", boundary, part("text/plain", email.text));
  message += fmt::format("--{}\r\n{}", boundary, part("text/html", email.html));
  message += fmt::format("--{}--\r\n", boundary);
  return message;
}

std::string_view address_in(std::string_view mailbox) {
  std::size_t open = mailbox.rfind('<');
  if (open == std::string_view::npos || !mailbox.ends_with('>')) return mailbox;
  return mailbox.substr(open + 1, mailbox.size() - open - 2);
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace piggy
