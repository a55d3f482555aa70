#include "remote/failure.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>

#include "remote/wire.h"

namespace piggy {
namespace {

constexpr std::int64_t retry_after_seconds_max = 86'400;

// Retry-After, in seconds or as a date (RFC 9110, 10.2.3). 0 when there is none.
int retry_after_of(const http::Response& response, Time now) {
  std::string text(response.header("retry-after"));
  if (text.empty()) return 0;
  std::int64_t seconds = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc() || end != text.data() + text.size()) {
    std::int64_t moment = curl_getdate(text.c_str(), nullptr);
    if (moment < 0) return 0;
    seconds = moment - now.microseconds / microseconds_per_second;
  }
  return static_cast<int>(std::clamp<std::int64_t>(seconds, 0, retry_after_seconds_max));
}

std::string sentence(std::string_view whom, std::string_view predicate) {
  return fmt::format("{} {}", whom, predicate);
}

std::string wait_of(int seconds) {
  if (seconds == 0) return "a while";
  return seconds == 1 ? "1 second" : fmt::format("{} seconds", seconds);
}

// What the other side says of its own trouble, where it says it in words.
std::string said(const std::optional<Error>& refusal) {
  return refusal ? fmt::format(" It says: {}", refusal->message) : std::string();
}

Failure failure_of_server(std::string_view whom, int status, int retry_after,
                          const std::optional<Error>& refusal, bool writes) {
  Failure failure{.error = {.code = ErrorCode::unavailable, .retry_after_seconds = retry_after},
                  .of_host = true};
  std::string& message = failure.error.message;
  if (status == 503) {
    failure.again = Again::always;
    message = sentence(whom, fmt::format("cannot take it now and asks to wait {}.{}",
                                         wait_of(retry_after), said(refusal)));
  } else if (status == 502 || status == 504) {
    failure.again = Again::if_harmless;
    message = sentence(whom, fmt::format("does not answer its own gateway ({}).", status));
    if (writes) message += perhaps_done;
  } else {
    message = sentence(whom, fmt::format("failed ({}).{}", status, said(refusal)));
    if (writes) message += perhaps_done;
  }
  return failure;
}

}  // namespace

Failure failure_of(std::string_view whom, http::Fault fault, bool writes) {
  auto make = [&](std::string_view predicate, Again again, bool of_host, bool perhaps) {
    std::string message = sentence(whom, predicate);
    if (perhaps && writes) message += perhaps_done;
    return Failure{.error = {.code = ErrorCode::unavailable, .message = std::move(message)},
                   .again = again,
                   .of_host = of_host};
  };
  switch (fault) {
    case http::Fault::not_connected:
      return make("does not answer.", Again::always, true, false);
    case http::Fault::refused_address:
      return make("is at an address that may not be connected to.", Again::never, false, false);
    case http::Fault::no_trust:
      return make("shows a certificate that is not trusted.", Again::never, false, false);
    case http::Fault::timed_out:
      return make("does not answer in time.", Again::if_harmless, true, true);
    case http::Fault::cut:
      return make("broke off before it had answered.", Again::if_harmless, true, true);
    case http::Fault::too_long:
      return make("gave an answer that is too long to be read.", Again::never, false, true);
  }
  return {};
}

Failure failure_of(std::string_view whom, const http::Response& response, bool writes, Time now) {
  int status = response.status;
  int retry_after = retry_after_of(response, now);
  std::optional<Error> refusal = read_remote_refusal(status, response.body);
  if (status >= 500) return failure_of_server(whom, status, retry_after, refusal, writes);
  Failure failure;
  Error& error = failure.error;
  if (status == 401) {
    error = {.code = ErrorCode::unauthenticated,
             .message = sentence(whom, "refused the API key: reconnect."),
             .number = 401};
  } else if (status == 429) {
    failure.again = Again::always;
    error = {.code = ErrorCode::too_many,
             .message = sentence(whom, fmt::format("asks to wait {}.", wait_of(retry_after))),
             .number = 429};
  } else if (refusal) {
    error = *std::move(refusal);
    if (status == 409 && retry_after) {
      failure.again = Again::always;  // Another call under this key is still being worked on.
      error.code = ErrorCode::in_progress;
    }
  } else if (status < 400) {
    error = {.code = ErrorCode::unavailable,
             .message = sentence(whom, "has moved: connect to its new address.")};
  } else if (status == 404) {
    error = {.code = ErrorCode::not_found,
             .message = sentence(whom, "has no such route: is its address right?"),
             .number = 404};
  } else {
    error = {.code = status == 403 ? ErrorCode::forbidden : ErrorCode::invalid,
             .message = sentence(whom, fmt::format("refused it ({}).", status))};
  }
  error.retry_after_seconds = retry_after;
  return failure;
}

}  // namespace piggy
