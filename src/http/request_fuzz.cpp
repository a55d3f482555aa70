// Feeds any bytes to the part of the server that reads requests, whole and in pieces. Where a
// request ends must not depend on how the network cut its bytes: that is what smuggling lives on.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "http/request_reader.h"

namespace piggy::http {
namespace {

constexpr RequestLimits limits{.body_bytes_max = 1000, .header_bytes_max = 400};

// All whole requests, each as one text; the last is "refused" if what follows was.
std::vector<std::string> read_all(std::string_view bytes, std::size_t piece) {
  using State = RequestReader::State;
  RequestReader reader(limits);
  std::vector<std::string> requests;
  std::string buffer;
  while (true) {
    std::size_t used = reader.feed(buffer);
    ASSERT(used <= buffer.size());
    buffer.erase(0, used);
    if (reader.state() == State::refused) {
      requests.push_back("refused");
      return requests;
    }
    if (reader.state() == State::complete) {
      Request request = reader.take();
      ASSERT(request.body.size() <= limits.body_bytes_max);
      std::string text = request.path + '?' + request.query + '\n';
      for (const Header& header : request.headers) text += header.name + ':' + header.value + '\n';
      requests.push_back(text + '\n' + request.body);
      if (!buffer.empty()) continue;
    }
    ASSERT(buffer.size() < limits.header_bytes_max);
    if (bytes.empty()) return requests;
    // As in the server: the buffer never holds more than the header may have.
    std::size_t count = std::min({piece, bytes.size(), limits.header_bytes_max - buffer.size()});
    buffer += bytes.substr(0, count);
    bytes.remove_prefix(count);
  }
}

}  // namespace
}  // namespace piggy::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using piggy::http::read_all;
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  auto whole = read_all(bytes, bytes.size());
  auto pieces = read_all(bytes, 1 + data[0]);
  // One of them may have come further before it noticed what is wrong; up to there they agree.
  std::size_t common = std::min(whole.size(), pieces.size());
  for (std::size_t i = 0; i < common; i++) {
    bool refused = whole[i] == "refused" || pieces[i] == "refused";
    ASSERT(whole[i] == pieces[i] || refused);
  }
  return 0;
}
