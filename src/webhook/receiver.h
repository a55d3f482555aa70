#pragma once

// The addresses that are told, over HTTP. They are strangers: no redirect is followed, no more of
// an answer is read than is kept, and the network of this machine is not theirs to be reached.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "http/transfer.h"

namespace piggy {

struct WebhookRequest {
  std::string url = {};
  std::vector<std::string> headers = {};  // "Name: value".
  std::string body = {};
};

struct WebhookAnswer {
  std::optional<std::int64_t> status = {};
  std::string words = {};    // How the answer begins, as text: a stranger's.
  std::string problem = {};  // A sentence of ours; "" when it was taken.

  bool taken() const { return status && *status / 100 == 2; }
};

using WebhookTransport = std::function<WebhookAnswer(const WebhookRequest&)>;

// What is wrong with an address that is to be told, as one sentence under `/url`.
Result<> may_be_told(const std::string& url);

class WebhookReceivers {
 public:
  // Private addresses are those that are no address of the public internet.
  explicit WebhookReceivers(bool allow_private_addresses);

  // Blocks for ten seconds at most. Any thread.
  WebhookAnswer send(const WebhookRequest& request);

 private:
  http::Transfers encrypted_;
  http::Transfers plain_;  // To this machine alone.
};

}  // namespace piggy
