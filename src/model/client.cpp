// One provider: the request goes out, the stream comes in, and what went wrong becomes a sentence.

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "model/format.h"
#include "model/transfer.h"
#include "shape/json.h"

namespace piggy::model {
namespace {

constexpr std::size_t sentence_max = 400;

std::set<std::string> ids_in(const Request& request) {
  std::set<std::string> ids;
  for (const Message& message : request.messages) {
    for (const Part& part : message.parts) {
      if (const auto* call = std::get_if<ToolCall>(&part)) ids.insert(call->id);
    }
  }
  return ids;
}

// All three say {"error": {"message": …}}; some others a text in its place.
std::string words_in(const std::string& body) {
  auto value = parse_json(body);
  if (!value) return "";
  const Value& error = member_of(*value, "error");
  if (error.text()) return *error.text();
  return std::string(error.members() ? error.text_of("message") : value->text_of("message"));
}

Error error_of(const Answer& answer) {
  std::string said = words_in(answer.body);
  if (!said.empty()) said = ": " + said;
  Error error{.code = ErrorCode::conflict, .retry_after_seconds = answer.retry_after_seconds};
  if (answer.status == 200) {
    error.message = fmt::format("The model's server did not answer with a stream{}", said);
  } else if (answer.status == 401) {
    // Nothing of what it says: providers repeat parts of the key here.
    error.message = "The model's server does not accept the API key.";
  } else if (answer.status == 429) {
    error.code = ErrorCode::too_many;
    error.message = fmt::format("The model's server is asked too often{}", said);
  } else if (answer.status == 408 || answer.status >= 500) {
    error.code = ErrorCode::unavailable;
    error.message = fmt::format("The model's server failed ({}){}", answer.status, said);
  } else {
    error.message =
        fmt::format("The model's server refuses the request ({}){}", answer.status, said);
  }
  return error;
}

// A server may repeat what it was sent, hence first without the key, then short: half a key would
// not be found.
void make_sentence(std::string& text, const std::string& key) {
  constexpr std::string_view ellipsis = "…";
  for (std::size_t at = 0; !key.empty() && (at = text.find(key, at)) != std::string::npos;) {
    text.replace(at, key.size(), ellipsis);
    at += ellipsis.size();
  }
  if (text.size() > sentence_max) {
    text.resize(beginning_of(text, sentence_max).size());
    text += ellipsis;
  }
  if (!text.ends_with('.') && !text.ends_with(ellipsis)) text += '.';
}

class Client final : public Model {
 public:
  explicit Client(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}

  std::string name() const override {
    return endpoint_.name.empty() ? origin_of(endpoint_) : endpoint_.name;
  }

  Result<Reply> ask(const Request& request, const Listener& listener,
                    std::stop_token stop) override {
    auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(endpoint_.api_key, is_control)) {
      return fail(ErrorCode::conflict, "The API key holds a character that no key can hold.");
    }
    auto reply = exchange(request, listener, stop);
    if (!reply) {
      make_sentence(reply.error().message, endpoint_.api_key);
    } else if (!reply->why.empty()) {
      make_sentence(reply->why, endpoint_.api_key);
    }
    return reply;
  }

 private:
  Result<Reply> exchange(const Request& request, const Listener& listener, std::stop_token stop) {
    auto parser = parser_of(endpoint_.format, {.listener = listener,
                                               .used_ids = ids_in(request),
                                               .origin = origin_of(endpoint_),
                                               .bytes_max = endpoint_.reply_bytes_max});
    std::optional<Error> problem;
    auto take = [&](std::string_view bytes) {
      auto fed = parser->feed(bytes);
      if (!fed) problem = fed.error();
      return fed && !parser->finished();
    };
    auto answer = post({.url = url_of(endpoint_),
                        .headers = headers_of(endpoint_),
                        .body = to_json(body_of(endpoint_, request)),
                        .timeouts = endpoint_.timeouts},
                       take, stop);
    if (!answer) {
      problem = answer.error();
    } else if (!answer->is_stream) {
      return fail(error_of(*answer));
    }
    return parser->finish(std::move(problem));
  }

  const Endpoint endpoint_;
};

}  // namespace

std::unique_ptr<Model> make_model(Endpoint endpoint) {
  return std::make_unique<Client>(std::move(endpoint));
}

}  // namespace piggy::model
