#include "oauth/fetch.h"

#include <fmt/format.h>

#include "http/transfer.h"

namespace piggy::oauth {
namespace {

constexpr std::chrono::seconds timeout{5};
constexpr std::size_t document_bytes_max = 64 << 10;

std::string_view word_of(http::Fault fault) {
  switch (fault) {
    case http::Fault::refused_address:
      return "lies at no public address";
    case http::Fault::too_long:
      return "is larger than 64 KiB";
    case http::Fault::no_trust:
      return "lies behind a certificate that is not trusted";
    case http::Fault::timed_out:
      return "does not come in time";
    case http::Fault::not_connected:
    case http::Fault::cut:
      return "cannot be read";
  }
  return {};
}

}  // namespace

Result<std::string> fetch_public_document(const std::string& url) {
  http::Transfers transfers({.connect_timeout = timeout,
                             .answer_bytes_max = document_bytes_max,
                             .allow_private_addresses = false});
  auto response =
      transfers.send({.url = url, .headers = {"User-Agent: Piggy"}, .timeout = timeout});
  if (!response) {
    return fail(ErrorCode::unavailable,
                fmt::format("The client's document {}.", word_of(response.error())));
  }
  if (response->status == 200) return std::move(response->body);
  return fail(
      ErrorCode::unavailable,
      fmt::format("Where the client's document should be, the answer is {}.", response->status));
}

}  // namespace piggy::oauth
