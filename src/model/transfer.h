#pragma once

// One POST whose answer is a stream of events: the only user of libcurl here.

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"

namespace piggy::model {

struct Post {
  std::string url = {};
  std::vector<std::string> headers = {};  // "name: value"
  std::string body = {};
  Timeouts timeouts = {};
};

struct Answer {
  long status = 0;
  int retry_after_seconds = 0;  // 0: the server does not say.
  bool is_stream = false;       // Its bytes were given to `take`.
  std::string body = {};        // The beginning of what is no stream, for its words.
};

// Blocks until the answer has ended, `take` has said false (enough), time is up or a stop is
// requested, which ends it at once. Errors: unavailable (not reached, broken, time is up) and
// conflict (a bad URL, a bad certificate, a stop); never with a header in the sentence.
Result<Answer> post(const Post& post, const std::function<bool(std::string_view)>& take,
                    std::stop_token stop);

}  // namespace piggy::model
