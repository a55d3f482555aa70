#include "webhook/receiver.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <chrono>

#include "remote/base_url.h"

namespace piggy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds connect_timeout{5'000};
constexpr milliseconds answer_timeout{10'000};
constexpr std::size_t answer_bytes_max = 1 << 20;
constexpr std::size_t words_bytes_max = 500;

// Up to its path: what says where it goes.
std::string origin_of(const std::string& url) {
  std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

// A character of UTF-8 at the begin of the text: its length; 0 when it is none that can be shown.
std::size_t character_length(std::string_view text) {
  utf8proc_int32_t point = -1;
  auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &point);
  if (length <= 0 || utf8proc_category(point) == UTF8PROC_CATEGORY_CC) return 0;
  return static_cast<std::size_t>(length);
}

// As one line; what cannot be shown is a space.
std::string words_of(std::string_view body) {
  body = body.substr(0, words_bytes_max);
  std::string words;
  while (!body.empty()) {
    std::size_t length = character_length(body);
    if (length > 0) {
      words += body.substr(0, length);
    } else if (!words.ends_with(' ')) {
      words += ' ';
    }
    body.remove_prefix(std::max<std::size_t>(length, 1));
  }
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

std::string problem_of(http::Fault fault) {
  switch (fault) {
    case http::Fault::not_connected:
      return "It could not be connected to.";
    case http::Fault::refused_address:
      return "Its address is not one of the public internet.";
    case http::Fault::no_trust:
      return "Its certificate is not trusted.";
    case http::Fault::timed_out:
      return "It did not answer in time.";
    case http::Fault::cut:
      return "The connection broke.";
    case http::Fault::too_long:
      return "Its answer was too long.";
  }
  return {};
}

http::Transfers::Options options_of(bool allow_private_addresses, bool encrypted) {
  return {.connect_timeout = connect_timeout,
          .answer_bytes_max = answer_bytes_max,
          .allow_private_addresses = allow_private_addresses,
          .encrypted = encrypted};
}

}  // namespace

Result<> may_be_told(const std::string& url) {
  bool plain = std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7f; });
  if (!plain || url.contains('#')) {
    return fail_field("/url", "The url must be an address such as https://example.com/hook.");
  }
  auto base = read_base_url(origin_of(url));
  if (base) return {};
  std::string why =
      base.error().fields.empty() ? base.error().message : base.error().fields.front().message;
  if (std::size_t name = why.find("base_url"); name != std::string::npos)
    why.replace(name, 8, "url");
  return fail_field("/url", std::move(why));
}

WebhookReceivers::WebhookReceivers(bool allow_private_addresses)
    : encrypted_(options_of(allow_private_addresses, true)),
      plain_(options_of(allow_private_addresses, false)) {}

WebhookAnswer WebhookReceivers::send(const WebhookRequest& request) {
  bool encrypted = request.url.starts_with("https:");
  // Twice does no harm: a receiver knows a delivery by its id.
  auto response = (encrypted ? encrypted_ : plain_)
                      .send({.method = "POST",
                             .url = request.url,
                             .headers = request.headers,
                             .body = request.body,
                             .timeout = answer_timeout});
  if (!response) return {.problem = problem_of(response.error())};
  WebhookAnswer answer{.status = response->status, .words = words_of(response->body)};
  if (!answer.taken()) answer.problem = fmt::format("It answered {}.", *answer.status);
  return answer;
}

}  // namespace piggy
