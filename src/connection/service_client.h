#pragma once

// Requests to a service on the network, as connectors make them: within bounds of time and size, a
// few tries where that is safe, and a rest for who does not answer.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "http/message.h"
#include "http/transfer.h"
#include "remote/base_url.h"
#include "remote/breaker.h"

namespace piggy {

struct ServiceRequest {
  std::string method = "GET";
  std::string url = {};
  std::vector<std::string> headers = {};
  std::string body = {};
  bool writes = false;    // Errors say when it may have been done.
  bool harmless = false;  // Sent twice it does no more than once.
  bool refusals = false;  // A status of 4xx is an answer, too, but for 429.
};

class ServiceClient {
 public:
  struct Options {
    bool allow_private_addresses = false;
    std::chrono::milliseconds answer_timeout{20'000};
    std::function<void(std::chrono::milliseconds)> sleep = {};  // By many threads.
  };

  // `title` begins the sentences about it: "Slack". The clock outlives it.
  ServiceClient(std::string title, Options options, const Clock& clock);

  // The answer with a status of 2xx, or a refusal that is asked for. Blocks, for a minute at most.
  // Any thread. Errors are sentences and repeat nothing that was sent.
  Result<http::Response> ask(const ServiceRequest& request);

 private:
  const std::string title_;
  const Options options_;
  const Clock& clock_;
  Breakers breakers_;
  http::Transfers encrypted_;
  http::Transfers plain_;  // To this machine alone.
};

}  // namespace piggy
