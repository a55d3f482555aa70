#include "audit/many_hashes.h"

#include <doctest/doctest.h>
#include <sodium.h>

#include <string>
#include <vector>

namespace piggy {
namespace {

std::vector<Hash> hashes_by_libsodium(const std::vector<std::string>& messages) {
  std::vector<Hash> hashes(messages.size());
  for (std::size_t i = 0; i < messages.size(); i++) {
    crypto_generichash(hashes[i].data(), hashes[i].size(),
                       reinterpret_cast<const unsigned char*>(messages[i].data()),
                       messages[i].size(), nullptr, 0);
  }
  return hashes;
}

std::string message_of(std::size_t size) {
  std::string message(size, '\0');
  randombytes_buf(message.data(), size);
  return message;
}

// In as many lanes as are asked for, where the processor has them.
void check_in_lanes(const std::vector<std::string>& messages) {
  std::vector<std::string_view> views(messages.begin(), messages.end());
  for (int lanes : {1, 4, 8}) {
    if (lanes > hash_lanes_here()) continue;
    CAPTURE(lanes);
    CAPTURE(messages.size());
    std::vector<Hash> hashes(messages.size());
    hash_many(views, hashes, lanes);
    CHECK((hashes == hashes_by_libsodium(messages)));
  }
}

}  // namespace

TEST_CASE("many hashes at once are those that libsodium makes, whatever the messages' sizes") {
  std::vector<std::string> messages;
  for (std::size_t size = 0; size <= 600; size++) messages.push_back(message_of(size));
  messages.push_back(message_of(100'000));
  messages.push_back("");
  messages.push_back(message_of(1));
  check_in_lanes(messages);
}

TEST_CASE("fewer messages than lanes are hashed as well") {
  std::vector<std::string> messages;
  for (std::size_t count = 0; count <= 9; count++) {
    check_in_lanes(messages);
    messages.push_back(message_of(count % 3 * 128));
  }
}

}  // namespace piggy
