#include "connection/service_client.h"

#include <fmt/format.h>

#include <thread>

#include "remote/failure.h"

namespace piggy {
namespace {

using std::chrono::milliseconds;

constexpr int tries_max = 3;
constexpr milliseconds first_pause{250};
constexpr milliseconds pause_max{15'000};  // Who is asked to wait longer gives up.
constexpr std::size_t answer_bytes_max = 1 << 20;
constexpr milliseconds connect_timeout{5'000};

}  // namespace

ServiceClient::ServiceClient(std::string title, Options options, const Clock& clock)
    : title_(std::move(title)),
      options_(std::move(options)),
      clock_(clock),
      encrypted_({.connect_timeout = connect_timeout,
                  .answer_bytes_max = answer_bytes_max,
                  .allow_private_addresses = options_.allow_private_addresses,
                  .encrypted = true}),
      plain_({.connect_timeout = connect_timeout,
              .answer_bytes_max = answer_bytes_max,
              .allow_private_addresses = options_.allow_private_addresses,
              .encrypted = false}) {}

Result<http::Response> ServiceClient::ask(const ServiceRequest& request) {
  std::size_t end = request.url.find_first_of("/?#", request.url.find("://") + 3);
  BaseUrl base = TRY(read_base_url(request.url.substr(0, end)));
  std::string whom = fmt::format("{} ({})", title_, base.host);
  Breaker& breaker = breakers_.of(base.host);
  http::Sending sending{.method = request.method,
                        .url = request.url,
                        .headers = request.headers,
                        .body = request.body,
                        .timeout = options_.answer_timeout,
                        .once = !request.harmless};
  Failure failure;
  for (int attempt = 1;; attempt++) {
    if (int seconds = breaker.closed_for_seconds(clock_.now())) {
      if (attempt > 1) break;
      return fail({.code = ErrorCode::unavailable,
                   .message = fmt::format("{} has not answered several times in a row. It is asked "
                                          "again in {} seconds.",
                                          whom, seconds),
                   .retry_after_seconds = seconds});
    }
    auto response = (base.encrypted ? encrypted_ : plain_).send(sending);
    bool fine =
        response && (response->status / 100 == 2 ||
                     (request.refusals && response->status / 100 == 4 && response->status != 429));
    if (!fine) {
      failure = response ? failure_of(whom, *response, request.writes, clock_.now())
                         : failure_of(whom, response.error(), request.writes);
    }
    !fine&& failure.of_host ? breaker.failed(clock_.now()) : breaker.succeeded();
    if (fine) return *std::move(response);
    bool again =
        failure.again == Again::always || (failure.again == Again::if_harmless && request.harmless);
    milliseconds pause = failure.error.retry_after_seconds
                             ? std::chrono::seconds(failure.error.retry_after_seconds)
                             : first_pause * (1 << (attempt - 1));
    if (!again || attempt == tries_max || pause > pause_max) break;
    options_.sleep ? options_.sleep(pause) : std::this_thread::sleep_for(pause);
  }
  return std::unexpected(std::move(failure.error));
}

}  // namespace piggy
