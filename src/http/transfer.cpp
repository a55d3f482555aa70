#include "http/transfer.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/assert.h"
#include "http/address.h"

namespace piggy::http {
namespace {

constexpr std::size_t idle_handles_max = 8;
constexpr std::size_t header_bytes_max = 128 << 10;

// What an exchange gathers while it runs.
struct Gathered {
  const Transfers::Options& options;
  Response response = {};
  std::size_t header_bytes = 0;
  bool too_long = false;
  bool refused_address = false;
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* pointer) {
  auto& gathered = *static_cast<Gathered*>(pointer);
  Response& response = gathered.response;
  std::string_view line(bytes, size * count);
  gathered.header_bytes += line.size();
  if (gathered.header_bytes > header_bytes_max) return CURL_WRITEFUNC_ERROR;
  // An interim answer (100 Continue) has headers of its own.
  if (line.starts_with("HTTP/")) response.headers.clear();
  std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    response.headers.push_back(
        {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  }
  return size * count;
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* pointer) {
  auto& gathered = *static_cast<Gathered*>(pointer);
  std::string& body = gathered.response.body;
  if (body.size() + size * count > gathered.options.answer_bytes_max) {
    gathered.too_long = true;
    return CURL_WRITEFUNC_ERROR;
  }
  body.append(bytes, size * count);
  return size * count;
}

// Sees the address itself, so that no name can be resolved to one thing for a check and to another
// for the connection.
curl_socket_t open_socket(void* pointer, curlsocktype, curl_sockaddr* address) {
  auto& gathered = *static_cast<Gathered*>(pointer);
  const Transfers::Options& options = gathered.options;
  bool allowed = (options.allow_private_addresses || is_public(address->addr)) &&
                 (options.encrypted || is_loopback(address->addr));
  if (!allowed) {
    gathered.refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct Headers {
  ~Headers() { curl_slist_free_all(list); }
  void add(const std::string& header) { list = curl_slist_append(list, header.c_str()); }
  curl_slist* list = nullptr;
};

}  // namespace

struct Transfers::Handle {
  Handle() : curl(curl_easy_init()) { ASSERT(curl != nullptr); }
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;

  template <class T>
  void set(CURLoption option, T value) {
    [[maybe_unused]] CURLcode code = curl_easy_setopt(curl, option, value);
    ASSERT(code == CURLE_OK);
  }

  void prepare(const Options& options, const Sending& sending, Gathered& gathered, Headers& list) {
    set(CURLOPT_URL, sending.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, options.encrypted ? "https" : "http");
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_NOSIGNAL, 1L);  // Signals belong to the program.
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(sending.timeout.count()));
    // A proxy would be connected to in its place, whatever the address.
    if (!options.encrypted || !options.allow_private_addresses) set(CURLOPT_PROXY, "");
    if (sending.once) {
      set(CURLOPT_FRESH_CONNECT, 1L);
      set(CURLOPT_FORBID_REUSE, 1L);
    }
    for (const std::string& header : sending.headers) list.add(header);
    list.add("Expect:");
    set(CURLOPT_HTTPHEADER, list.list);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &gathered);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &gathered);
    set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(CURLOPT_OPENSOCKETDATA, &gathered);
    // A length of zero belongs to those that are expected to have a body.
    if (sending.method == "POST" || sending.method == "PUT" || !sending.body.empty()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(sending.body.size()));
      set(CURLOPT_POSTFIELDS, sending.body.c_str());
    }
    set(CURLOPT_CUSTOMREQUEST, sending.method.c_str());
  }

  // Whether any of the request can have left this machine.
  bool has_sent() const {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
    return microseconds > 0;
  }

  CURL* curl;
};

Transfers::Transfers(const Options& options) : options_(options) {}
Transfers::~Transfers() = default;

std::expected<Response, Fault> Transfers::send(const Sending& sending) {
  auto handle = take();
  Gathered gathered{.options = options_};
  Headers headers;
  handle->prepare(options_, sending, gathered, headers);
  CURLcode code = curl_easy_perform(handle->curl);
  long status = 0;
  curl_easy_getinfo(handle->curl, CURLINFO_RESPONSE_CODE, &status);
  bool sent = handle->has_sent();
  give_back(std::move(handle));
  if (code == CURLE_OK) {
    gathered.response.status = static_cast<int>(status);
    return std::move(gathered.response);
  }
  if (gathered.too_long) return std::unexpected(Fault::too_long);
  if (code == CURLE_PEER_FAILED_VERIFICATION) return std::unexpected(Fault::no_trust);
  if (sent) {
    return std::unexpected(code == CURLE_OPERATION_TIMEDOUT ? Fault::timed_out : Fault::cut);
  }
  return std::unexpected(gathered.refused_address ? Fault::refused_address : Fault::not_connected);
}

std::unique_ptr<Transfers::Handle> Transfers::take() {
  std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Handle>();
  auto handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

void Transfers::give_back(std::unique_ptr<Handle> handle) {
  curl_easy_reset(handle->curl);  // Forgets all about the request; the connection stays open.
  std::lock_guard lock(mutex_);
  if (idle_.size() < idle_handles_max) idle_.push_back(std::move(handle));
}

}  // namespace piggy::http
