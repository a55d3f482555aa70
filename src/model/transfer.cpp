#include "model/transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/assert.h"

namespace piggy::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kept_body_max = 64 << 10;
constexpr std::size_t headers_bytes_max = 256 << 10;
constexpr milliseconds look_again{1'000};  // How long one wait may be; a stop wakes it.
constexpr int retry_after_seconds_max = 86'400;

Error stopped() { return {ErrorCode::conflict, "The model was stopped."}; }
Error late() { return {ErrorCode::unavailable, "The model's server did not answer in time."}; }

class Exchange {
 public:
  Exchange(const Post& post, const std::function<bool(std::string_view)>& take)
      : post_(post), take_(take), easy_(curl_easy_init()), multi_(curl_multi_init()) {
    ASSERT(easy_ && multi_);
    for (const std::string& header : post.headers) {
      headers_ = curl_slist_append(headers_, header.c_str());
    }
    // Otherwise a long body waits a second for a permission that most servers never give.
    headers_ = curl_slist_append(headers_, "Expect:");
    set_options();
    ASSERT(curl_multi_add_handle(multi_, easy_) == CURLM_OK);
  }
  Exchange(const Exchange&) = delete;
  ~Exchange() {
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }

  Result<Answer> run(std::stop_token stop) {
    std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
    for (;;) {
      int running = 0;
      if (curl_multi_perform(multi_, &running) != CURLM_OK) {
        return fail(ErrorCode::unavailable, "The connection to the model's server failed.");
      }
      if (enough_) return std::move(answer_);
      if (running == 0) return outcome();
      if (stop.stop_requested()) return fail(stopped());
      auto left =
          std::chrono::ceil<milliseconds>(last_byte_ + post_.timeouts.idle - steady_clock::now());
      if (left <= milliseconds(0)) return fail(late());
      int wait = static_cast<int>(std::min(left, look_again).count());
      curl_multi_poll(multi_, nullptr, 0, wait, nullptr);
    }
  }

 private:
  void set_options() {
    auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
    set(CURLOPT_URL, post_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_USERAGENT, "piggy");
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post_.body.size()));
    set(CURLOPT_POSTFIELDS, post_.body.c_str());
    set(CURLOPT_NOSIGNAL, 1L);    // Signals belong to the program.
    set(CURLOPT_QUICK_EXIT, 1L);  // A stop does not wait for the name server.
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(post_.timeouts.connect.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(post_.timeouts.total.count()));
    set(CURLOPT_ERRORBUFFER, problem_);
    set(CURLOPT_HEADERFUNCTION, &Exchange::take_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Exchange::take_body);
    set(CURLOPT_WRITEDATA, this);
  }

  static std::size_t take_header(char*, std::size_t size, std::size_t count, void* pointer) {
    auto& self = *static_cast<Exchange*>(pointer);
    self.last_byte_ = steady_clock::now();
    self.header_bytes_ += size * count;
    return self.header_bytes_ > headers_bytes_max ? 0 : size * count;  // 0 is a failure.
  }

  static std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* pointer) {
    auto& self = *static_cast<Exchange*>(pointer);
    std::string_view piece(bytes, size * count);
    if (!std::exchange(self.has_body_, true)) self.read_head();
    if (self.answer_.is_stream) {
      self.enough_ = !self.take_(piece);
    } else {
      std::size_t room = kept_body_max - self.answer_.body.size();
      self.answer_.body += piece.substr(0, room);
      self.enough_ = piece.size() > room;
    }
    self.last_byte_ = steady_clock::now();  // After `take`, whose time is not the server's.
    return self.enough_ ? 0 : piece.size();
  }

  void read_head() {
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &answer_.status);
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy_, CURLINFO_RETRY_AFTER, &seconds);
    answer_.retry_after_seconds =
        static_cast<int>(std::clamp<curl_off_t>(seconds, 0, retry_after_seconds_max));
    const char* type = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_CONTENT_TYPE, &type);
    std::string_view content_type = type ? type : "";
    // Not every server names its stream rightly, but pages and plain JSON are none.
    answer_.is_stream = answer_.status == 200 && !content_type.starts_with("text/html") &&
                        !content_type.starts_with("application/json");
  }

  Result<Answer> outcome() {
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    ASSERT(message && message->msg == CURLMSG_DONE);
    CURLcode code = message->data.result;
    if (code == CURLE_OK) {
      if (!has_body_) read_head();
      return std::move(answer_);
    }
    switch (code) {
      case CURLE_OPERATION_TIMEDOUT:
        return fail(late());
      case CURLE_URL_MALFORMAT:
      case CURLE_UNSUPPORTED_PROTOCOL:
        return fail(ErrorCode::conflict, "The model's server has no URL of http or https.");
      case CURLE_PEER_FAILED_VERIFICATION:
        return fail(ErrorCode::conflict, reached_not(code));
      default:
        return fail(ErrorCode::unavailable, has_body_ ? broken(code) : reached_not(code));
    }
  }

  std::string words_of(CURLcode code) const {
    return problem_[0] ? problem_ : curl_easy_strerror(code);
  }
  std::string reached_not(CURLcode code) const {
    return fmt::format("The model's server cannot be reached: {}.", words_of(code));
  }
  std::string broken(CURLcode code) const {
    return fmt::format("The connection to the model's server broke: {}.", words_of(code));
  }

  const Post& post_;
  const std::function<bool(std::string_view)>& take_;
  CURL* easy_;
  CURLM* multi_;
  curl_slist* headers_ = nullptr;
  char problem_[CURL_ERROR_SIZE] = "";
  Answer answer_;
  std::size_t header_bytes_ = 0;
  bool has_body_ = false;
  bool enough_ = false;
  steady_clock::time_point last_byte_ = steady_clock::now();
};

}  // namespace

Result<Answer> post(const Post& post, const std::function<bool(std::string_view)>& take,
                    std::stop_token stop) {
  if (stop.stop_requested()) return fail(stopped());
  return Exchange(post, take).run(stop);
}

}  // namespace piggy::model
