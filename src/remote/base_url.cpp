#include "remote/base_url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <memory>
#include <optional>

namespace piggy {
namespace {

std::optional<std::string> part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return std::nullopt;
  std::string copy = text;
  curl_free(text);
  return copy;
}

bool names_this_machine(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address = {};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

std::unexpected<Error> refuse_url(std::string_view why) {
  return fail_field("/base_url", fmt::format("The base_url {}.", why));
}

}  // namespace

Result<BaseUrl> read_base_url(const std::string& text) {
  std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  ASSERT(url != nullptr);
  bool readable = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
  auto host = part_of(url.get(), CURLUPART_HOST);
  if (!readable || !host || host->empty()) {
    return refuse_url("must be an address such as https://api.piggy.eu");
  }
  auto has = [&](CURLUPart part) { return part_of(url.get(), part).has_value(); };
  if (has(CURLUPART_USER) || has(CURLUPART_PASSWORD)) {
    return refuse_url("must not hold a user or a password");
  }
  if (has(CURLUPART_QUERY) || has(CURLUPART_FRAGMENT)) {
    return refuse_url("must end before any ? or #");
  }
  std::string scheme = part_of(url.get(), CURLUPART_SCHEME).value_or("");
  BaseUrl base{.host = *host, .encrypted = scheme == "https"};
  if (!base.encrypted && (scheme != "http" || !names_this_machine(*host))) {
    return refuse_url("must begin with https://");
  }
  if (auto port = part_of(url.get(), CURLUPART_PORT)) base.host += ":" + *port;
  std::string path = part_of(url.get(), CURLUPART_PATH).value_or("");
  while (path.ends_with('/')) path.pop_back();
  base.prefix = fmt::format("{}://{}{}", scheme, base.host, path);
  return base;
}

}  // namespace piggy
