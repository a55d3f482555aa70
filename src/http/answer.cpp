#include "http/answer.h"

#include <algorithm>
#include <charconv>

#include "base/assert.h"

namespace piggy::http {

namespace {

std::string_view reason_of(int status);
void append_head(std::string& out, const Response& response, AnswerForm form,
                 std::string_view content_type);
void append_header(std::string& out, std::string_view name, std::string_view value);
bool is_token(std::string_view text);
bool is_framing(std::string_view name);
void append_number(std::string& out, std::size_t number, int base = 10);

bool has_body(int status) { return status != 204 && status != 304; }

}  // namespace

void append_answer(std::string& out, const Response& response, AnswerForm form) {
  bool body = has_body(response.status);
  append_head(out, response, form, body ? response.content_type : std::string_view());
  if (body) {
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  out += "\r\n";
  if (body && !form.head) out += response.body;
}

void append_stream_head(std::string& out, const Response& head, AnswerForm form) {
  append_head(out, head, form, "text/event-stream");
  // The second keeps a buffering proxy (nginx) from holding events back.
  out += "Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\n";
  if (form.http_1_1) out += "Transfer-Encoding: chunked\r\n";
  out += "\r\n";
}

void append_piece(std::string& out, std::string_view piece, AnswerForm form) {
  if (piece.empty()) return;  // An empty chunk would be the last.
  if (form.http_1_1) {
    append_number(out, piece.size(), 16);
    out += "\r\n";
  }
  out += piece;
  if (form.http_1_1) out += "\r\n";
}

void append_last_piece(std::string& out, AnswerForm form) {
  if (form.http_1_1) out += "0\r\n\r\n";
}

namespace {

void append_head(std::string& out, const Response& response, AnswerForm form,
                 std::string_view content_type) {
  ASSERT(response.status >= 200 && response.status <= 599);
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(response.status));
  out += ' ';
  out += reason_of(response.status);
  out += "\r\n";
  if (!content_type.empty()) append_header(out, "Content-Type", content_type);
  for (const Header& header : response.headers) {
    if (!is_framing(header.name)) append_header(out, header.name, header.value);
  }
  out += response.fixed_headers;
  if (!form.keep_alive) {
    out += "Connection: close\r\n";
  } else if (!form.http_1_1) {
    out += "Connection: keep-alive\r\n";
  }
}

// A value may hold what a person typed. With a line break in it, it could forge further headers or
// a whole second answer, so no control character ever leaves.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  ASSERT(is_token(name));
  out += name;
  out += ": ";
  auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  };
  std::size_t begin = out.size();
  out += value;
  out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_control),
            out.end());
  out += "\r\n";
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  for (char c : text) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && marks.find(c) == marks.npos) return false;
  }
  return !text.empty();
}

// Two answers to the question where this one ends would be an invitation.
bool is_framing(std::string_view name) {
  for (std::string_view framing : {"content-length", "transfer-encoding", "connection"}) {
    if (name.size() != framing.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < name.size(); i++) same &= (name[i] | 0x20) == framing[i];
    if (same) return true;
  }
  return false;
}

void append_number(std::string& out, std::size_t number, int base) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number, base).ptr);
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

}  // namespace

}  // namespace piggy::http
