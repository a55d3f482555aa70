#include "model/format.h"

#include "base/assert.h"

namespace piggy::model {
namespace {

std::string_view word_of(WireFormat format) {
  switch (format) {
    case WireFormat::openai_chat:
      return "openai_chat";
    case WireFormat::openai_responses:
      return "openai_responses";
    case WireFormat::anthropic:
      return "anthropic";
  }
  ASSERT(false);
}

bool has_path(std::string_view url) {
  std::size_t scheme = url.find("://");
  return scheme != std::string_view::npos && url.find('/', scheme + 3) != std::string_view::npos;
}

// Without a slash at its end, the version within.
std::string versioned_url(const Endpoint& endpoint) {
  bool anthropic = endpoint.format == WireFormat::anthropic;
  std::string url = endpoint.base_url;
  if (url.empty()) url = anthropic ? "https://api.anthropic.com" : "https://api.openai.com";
  while (url.ends_with('/')) url.pop_back();
  // With OpenAI's a path holds the version already, under whatever name (…/v1beta/openai).
  if (!url.ends_with("/v1") && (anthropic || !has_path(url))) url += "/v1";
  return url;
}

}  // namespace

Value body_of(const Endpoint& endpoint, const Request& request) {
  switch (endpoint.format) {
    case WireFormat::openai_chat:
      return openai_chat_body(endpoint, request);
    case WireFormat::openai_responses:
      return openai_responses_body(endpoint, request);
    case WireFormat::anthropic:
      return anthropic_body(endpoint, request);
  }
  ASSERT(false);
}

std::unique_ptr<ReplyParser> parser_of(WireFormat format, ParserSetting setting) {
  switch (format) {
    case WireFormat::openai_chat:
      return openai_chat_parser(std::move(setting));
    case WireFormat::openai_responses:
      return openai_responses_parser(std::move(setting));
    case WireFormat::anthropic:
      return anthropic_parser(std::move(setting));
  }
  ASSERT(false);
}

std::string url_of(const Endpoint& endpoint) {
  switch (endpoint.format) {
    case WireFormat::openai_chat:
      return versioned_url(endpoint) + "/chat/completions";
    case WireFormat::openai_responses:
      return versioned_url(endpoint) + "/responses";
    case WireFormat::anthropic:
      return versioned_url(endpoint) + "/messages";
  }
  ASSERT(false);
}

std::vector<std::string> headers_of(const Endpoint& endpoint) {
  std::vector<std::string> headers = {"Content-Type: application/json",
                                      "Accept: text/event-stream"};
  bool anthropic = endpoint.format == WireFormat::anthropic;
  if (anthropic) headers.push_back("anthropic-version: 2023-06-01");
  if (!endpoint.api_key.empty()) {
    headers.push_back((anthropic ? "x-api-key: " : "Authorization: Bearer ") + endpoint.api_key);
  }
  return headers;
}

// A url may hold a password, which is no part of a name.
std::string origin_of(const Endpoint& endpoint) {
  std::string url = versioned_url(endpoint);
  std::size_t host = url.find("://");
  host = host == std::string::npos ? 0 : host + 3;
  std::size_t at = url.substr(0, url.find('/', host)).rfind('@');
  if (at != std::string::npos && at >= host) url.erase(host, at + 1 - host);
  return std::string(word_of(endpoint.format)) + " " + url;
}

}  // namespace piggy::model
