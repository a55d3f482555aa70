#include "http/message.h"

#include <algorithm>

#include "base/assert.h"
#include "shape/json.h"

namespace piggy::http {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (same_name(header.name, name)) return header.value;
  }
  return {};
}

}  // namespace

std::string_view Request::header(std::string_view name) const { return find_header(headers, name); }
std::string_view Response::header(std::string_view name) const {
  return find_header(headers, name);
}

Response error_response(int status, std::string_view message) {
  Response response;
  response.status = status;
  response.body = "{\"message\":";
  write_json_text(response.body, message);
  std::string number = std::to_string(status);
  response.body += ",\"code\":" + number + ",\"status_code\":" + number + "}";
  return response;
}

Responder::~Responder() {
  if (target_) respond(error_response(500, "The request was not answered."));
}

// What is overwritten must still be answered, so the old target goes through a destructor.
Responder& Responder::operator=(Responder&& other) {
  Responder old(std::exchange(target_, std::move(other.target_)));
  return *this;
}

void Responder::respond(Response response) {
  ASSERT(target_);
  std::exchange(target_, nullptr)->respond(std::move(response));
}

void Responder::respond_by(std::move_only_function<Response()> make) {
  ASSERT(target_);
  std::exchange(target_, nullptr)->respond_by(std::move(make));
}

std::shared_ptr<EventStream> Responder::stream(Response head) {
  ASSERT(target_);
  return std::exchange(target_, nullptr)->stream(std::move(head));
}

std::string_view name_of(Method method) {
  constexpr std::string_view names[] = {"GET",   "HEAD",   "POST",    "PUT",
                                        "PATCH", "DELETE", "OPTIONS", "other"};
  return names[static_cast<std::size_t>(method)];
}

}  // namespace piggy::http
