#include "email/bounce.h"

#include <algorithm>
#include <optional>

#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::size_t message_bytes_max = 4 << 20;
constexpr int levels_max = 8;
constexpr int parts_max = 200;
constexpr std::size_t recipients_max = 100;
constexpr std::size_t header_bytes_max = 8 * 1024;  // The rest of a longer one is left out.
constexpr std::size_t words_max = 500;
constexpr std::size_t told_bytes_max = 64 * 1024;

char lower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::string plain(std::string_view text) {
  std::string out;
  for (char c : trim(text).substr(0, words_max)) out += c >= ' ' && c <= '~' ? c : ' ';
  return out;
}

struct Field {
  std::string name;  // Lower case.
  std::string value;
};

using Fields = std::vector<Field>;

// Takes a line off the text; lines may end in LF alone, as files of mail programs do.
std::string_view take_line(std::string_view& text) {
  std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Takes fields off the text, up to an empty line, which goes too.
Fields take_fields(std::string_view& text) {
  Fields fields;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    if (trim(line).empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      if (fields.empty()) continue;
      std::string& value = fields.back().value;
      if (value.size() < header_bytes_max) {
        value += ' ';
        value += trim(line).substr(0, header_bytes_max - value.size());
      }
      continue;
    }
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields.push_back({lower(trim(line.substr(0, std::min<std::size_t>(colon, 100)))),
                      std::string(trim(line.substr(colon + 1)).substr(0, header_bytes_max))});
  }
  return fields;
}

std::string_view value_of(const Fields& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return field.value;
  }
  return {};
}

// "multipart/report" of `multipart/report; boundary="x"`.
std::string media_type(std::string_view value) {
  return lower(trim(value.substr(0, value.find(';'))));
}

std::string parameter(std::string_view value, std::string_view name) {
  while (true) {
    std::size_t semicolon = value.find(';');
    if (semicolon == std::string_view::npos) return {};
    value = trim(value.substr(semicolon + 1));
    std::size_t equals = value.find('=');
    if (equals == std::string_view::npos) return {};
    bool wanted = lower(trim(value.substr(0, equals))) == name;
    value = trim(value.substr(equals + 1));
    std::string text;
    if (value.starts_with('"')) {
      std::size_t at = 1;
      for (; at < value.size() && value[at] != '"'; at++) {
        if (value[at] == '\\' && at + 1 < value.size()) at++;
        text += value[at];
      }
      value.remove_prefix(std::min(at, value.size()));
    } else {
      text = trim(value.substr(0, value.find(';')));
    }
    if (wanted) return text;
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string from_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] != '=') {
      out += text[i];
    } else if (i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else if (text.substr(i + 1).starts_with("\r\n")) {
      i += 2;
    } else if (text.substr(i + 1).starts_with("\n")) {
      i += 1;
    }
  }
  return out;
}

std::string from_base64(std::string_view text) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (char c : text) {
    std::size_t value = letters.find(c);
    if (value == std::string_view::npos) continue;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xffffff;
    if ((count += 6) >= 8) out += static_cast<char>(bits >> (count -= 8) & 0xff);
  }
  return out;
}

std::string decoded(const Fields& headers, std::string_view body) {
  std::string encoding = media_type(value_of(headers, "content-transfer-encoding"));
  if (encoding == "base64") return from_base64(body);
  if (encoding == "quoted-printable") return from_quoted_printable(body);
  return std::string(body);
}

// "rfc822; Ann <ann@example.com>": the address, or nothing where none is.
std::string address_of(std::string_view value) {
  std::size_t semicolon = value.find(';');
  if (semicolon != std::string_view::npos) value = value.substr(semicolon + 1);
  std::size_t open = value.rfind('<'), close = value.rfind('>');
  if (open != std::string_view::npos && close != std::string_view::npos && close > open) {
    value = value.substr(open + 1, close - open - 1);
  }
  value = trim(value);
  bool ascii = std::ranges::all_of(value, [](char c) { return c > ' ' && c <= '~'; });
  return ascii && is_email(value) ? std::string(value) : std::string();
}

std::string message_id_in(std::string_view value) {
  std::size_t open = value.find('<'), close = value.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  value = value.substr(open + 1, close - open - 1);
  bool ascii = std::ranges::all_of(value, [](char c) { return c > ' ' && c <= '~'; });
  return ascii && value.size() <= 250 ? std::string(value) : std::string();
}

// The first "5.1.1" that stands alone in a text.
std::string status_in(std::string_view text) {
  auto digit = [&](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
  };
  for (std::size_t start = 0; start < text.size(); start++) {
    bool begins = start == 0 || (!digit(start - 1) && text[start - 1] != '.');
    if (!begins || (text[start] != '2' && text[start] != '4' && text[start] != '5')) continue;
    std::size_t at = start + 1;
    bool good = true;
    for (int part = 0; part < 2 && good; part++) {
      good = at < text.size() && text[at++] == '.';
      std::size_t digits = at;
      while (digit(at)) at++;
      good &= at > digits && at - digits <= 3;
    }
    bool ends = at >= text.size() || (text[at] != '.' && !digit(at));
    if (good && ends) return std::string(text.substr(start, at - start));
  }
  return {};
}

class Report {
 public:
  void read(std::string_view entity, int level) {
    if (level > levels_max || ++parts_ > parts_max) return;
    Fields headers = take_fields(entity);
    std::string_view content = value_of(headers, "content-type");
    std::string type = media_type(content);
    if (type.starts_with("multipart/")) {
      read_parts(entity, parameter(content, "boundary"), level);
    } else if (type == "message/delivery-status" || type == "message/global-delivery-status") {
      read_delivery(decoded(headers, entity));
    } else if (type == "message/feedback-report") {
      read_feedback(decoded(headers, entity));
    } else if (level > 0 && (type.empty() || type == "text/plain") && told_.empty()) {
      told_ = decoded(headers, entity.substr(0, told_bytes_max));
    } else if (level > 0 && (type == "message/rfc822" || type == "text/rfc822-headers" ||
                             type == "message/global" || type == "message/global-headers" ||
                             type == "message/rfc822-headers")) {
      // Our mail, as it came back. What lies in it is no report, whatever it says of itself.
      std::string returned = decoded(headers, entity);
      std::string_view rest = returned;
      if (!returned_) returned_ = take_fields(rest);
    }
  }

  Result<std::vector<Bounce>> finish() {
    if (!found_) {
      return fail(ErrorCode::invalid,
                  "This mail is neither a delivery status report nor a feedback report.");
    }
    Fields none;
    const Fields& returned = returned_ ? *returned_ : none;
    for (Bounce& bounce : bounces_) {
      take_told(bounce);
      bounce.message_id = message_id_in(value_of(returned, "message-id"));
      bool to_one = value_of(returned, "to").find(',') == std::string_view::npos;
      if (bounce.recipient.empty() && bounces_.size() == 1 && to_one) {
        bounce.recipient = address_of(value_of(returned, "to"));
      }
    }
    return std::move(bounces_);
  }

 private:
  void read_parts(std::string_view body, const std::string& boundary, int level) {
    if (boundary.empty() || boundary.size() > 70) return;
    std::string line_start = "--" + boundary;
    const char* part = nullptr;  // Where the one being read began.
    while (!body.empty()) {
      const char* at = body.data();
      std::string_view line = take_line(body);
      if (!line.starts_with(line_start)) continue;
      std::string_view after = line.substr(line_start.size());
      if (!trim(after).empty() && !after.starts_with("--")) continue;
      if (part) read({part, static_cast<std::size_t>(at - part)}, level + 1);
      part = after.starts_with("--") ? nullptr : body.data();
      if (!part || parts_ > parts_max) return;
    }
    // Cut off: what there is counts.
    if (part) read({part, static_cast<std::size_t>(body.data() - part)}, level + 1);
  }

  // OpenSMTPD says "5.0.0" of every failure, and the other server's words to people alone, in a
  // line of their own: "ann@example.com: 550 5.1.1 No such mailbox".
  void take_told(Bounce& bounce) const {
    bool vague = bounce.status.ends_with(".0.0") && bounce.words.empty();
    if (!vague || bounce.kind == BounceKind::notice || bounce.recipient.empty()) return;
    std::string_view rest = told_;
    while (!rest.empty()) {
      std::string_view line = trim(take_line(rest));
      if (!line.starts_with(bounce.recipient + ": ")) continue;
      bounce.words = plain(line.substr(bounce.recipient.size() + 2));
      std::string said = status_in(bounce.words);
      if (said.empty()) return;
      bounce.status = said;
      bounce.kind = kind_of_status(said);
      return;
    }
  }

  void read_delivery(const std::string& text) {
    found_ = true;
    std::string_view rest = text;
    // The first group is about the message; a server that leaves it out begins with a recipient.
    while (!rest.empty() && bounces_.size() < recipients_max) {
      Fields fields = take_fields(rest);
      std::string_view original = value_of(fields, "original-recipient");
      std::string_view final_one = value_of(fields, "final-recipient");
      if (original.empty() && final_one.empty()) continue;
      std::string_view words = value_of(fields, "diagnostic-code");
      Bounce bounce{.recipient = address_of(original),
                    .status = status_in(value_of(fields, "status")),
                    .action = plain(lower(value_of(fields, "action")).substr(0, 40)),
                    .words = plain(words)};
      if (bounce.recipient.empty()) bounce.recipient = address_of(final_one);
      // "5.0.0" says no more than that it failed; what the other server said may say more.
      std::string said = status_in(words);
      bool vague = bounce.status.empty() || bounce.status.ends_with(".0.0");
      if (vague && !said.empty()) bounce.status = said;
      bool failed = bounce.action == "failed" || (bounce.action.empty() && bounce.status[0] != '2');
      bounce.kind = failed ? kind_of_status(bounce.status) : BounceKind::notice;
      bounces_.push_back(std::move(bounce));
    }
  }

  void read_feedback(const std::string& text) {
    found_ = true;
    std::string_view rest = text;
    Fields fields = take_fields(rest);
    std::string type = plain(lower(value_of(fields, "feedback-type")).substr(0, 40));
    // "not-spam" takes a complaint back; "auth-failure" is about a signature.
    bool complaint = type != "not-spam" && type != "auth-failure" && type != "dmarc";
    bool told = false;
    for (const Field& field : fields) {
      if (field.name != "original-rcpt-to" || bounces_.size() >= recipients_max) continue;
      add_feedback(type, complaint, address_of(field.value));
      told = true;
    }
    if (!told && bounces_.size() < recipients_max) add_feedback(type, complaint, {});
  }

  void add_feedback(const std::string& type, bool complaint, std::string recipient) {
    bounces_.push_back({.kind = complaint ? BounceKind::complaint : BounceKind::notice,
                        .recipient = std::move(recipient),
                        .action = type});
  }

  bool found_ = false;
  int parts_ = 0;
  std::vector<Bounce> bounces_;
  std::optional<Fields> returned_;
  std::string told_;  // To people.
};

}  // namespace

Result<std::vector<Bounce>> read_bounces(std::string_view message) {
  Report report;
  report.read(message.substr(0, message_bytes_max), 0);
  return report.finish();
}

BounceKind kind_of_status(std::string_view status) {
  if (status.starts_with('2')) return BounceKind::notice;
  if (status == "5.1.7" || status == "5.1.8") return BounceKind::soft;
  if (status.starts_with("5.1.") || status == "5.2.1") return BounceKind::hard;
  return BounceKind::soft;
}

}  // namespace piggy
