#include "audit/many_hashes.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"

// Written for vectors of any width, and compiled for those that a processor may have. It decides
// nothing that the record depends on: calls are put on record with libsodium's hash, and the two
// are compared in the tests.

namespace piggy {
namespace {

constexpr std::size_t block_bytes = 128;
constexpr std::size_t words_of_hash = sizeof(Hash) / sizeof(std::uint64_t);
constexpr int rounds = 12;

constexpr std::array<std::uint64_t, 8> initial = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
// No key, one message and no tree, 32 bytes of hash.
constexpr std::uint64_t parameters = 0x01010000 + sizeof(Hash);

// Which words of a block each round takes; after ten it begins anew.
constexpr std::array<std::array<std::uint8_t, 16>, 10> order = {{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}};

// One word of each lane. All that works on it is inlined into the functions below that say for
// which processor they are, so nothing of a width that is not there is ever handed over.
template <int lanes>
using Words [[gnu::vector_size(8 * lanes)]] = std::uint64_t;

template <int bits, class W>
[[gnu::always_inline]] inline void rotate(W& words) {
  words = words >> bits | words << (64 - bits);
}

template <class W>
[[gnu::always_inline]] inline void mix(W& a, W& b, W& c, W& d, const W& first, const W& second) {
  a += b + first;
  d ^= a;
  rotate<32>(d);
  c += d;
  b ^= c;
  rotate<24>(b);
  a += b + second;
  d ^= a;
  rotate<16>(d);
  c += d;
  b ^= c;
  rotate<63>(b);
}

template <class W>
[[gnu::always_inline]] inline void mix_round(W (&v)[16], const W (&m)[16],
                                             const std::array<std::uint8_t, 16>& at) {
  mix(v[0], v[4], v[8], v[12], m[at[0]], m[at[1]]);
  mix(v[1], v[5], v[9], v[13], m[at[2]], m[at[3]]);
  mix(v[2], v[6], v[10], v[14], m[at[4]], m[at[5]]);
  mix(v[3], v[7], v[11], v[15], m[at[6]], m[at[7]]);
  mix(v[0], v[5], v[10], v[15], m[at[8]], m[at[9]]);
  mix(v[1], v[6], v[11], v[12], m[at[10]], m[at[11]]);
  mix(v[2], v[7], v[8], v[13], m[at[12]], m[at[13]]);
  mix(v[3], v[4], v[9], v[14], m[at[14]], m[at[15]]);
}

// A lane that is done with a message takes the next one, while the others go on with theirs.
template <int lanes>
struct Lanes {
  using W = Words<lanes>;

  W state[8] = {};
  W bytes_taken = {};
  W is_last = {};  // All bits, where the block is the last one of its message.
  std::size_t message[lanes] = {};
  std::string_view rest[lanes] = {};
  const char* block[lanes] = {};
  char last_block[lanes][block_bytes] = {};  // With zeros where the message has ended.
  bool busy[lanes] = {};
  int busy_count = 0;

  [[gnu::always_inline]] void begin(int lane, std::size_t index, std::string_view bytes) {
    for (std::size_t i = 0; i < 8; i++) state[i][lane] = initial[i];
    state[0][lane] ^= parameters;
    bytes_taken[lane] = 0;
    is_last[lane] = 0;
    message[lane] = index;
    rest[lane] = bytes;
    busy[lane] = true;
    busy_count++;
  }

  [[gnu::always_inline]] void take_block(int lane) {
    std::string_view& left = rest[lane];
    std::size_t count = std::min(left.size(), block_bytes);
    block[lane] = left.data();
    bytes_taken[lane] += count;
    if (count == left.size()) {
      is_last[lane] = ~std::uint64_t{0};
      block[lane] = last_block[lane];
      std::memset(last_block[lane], 0, block_bytes);
      if (count) std::memcpy(last_block[lane], left.data(), count);
    }
    left.remove_prefix(count);
  }

  [[gnu::always_inline]] void compress() {
    W m[16];
    for (int i = 0; i < 16; i++) {
      for (int lane = 0; lane < lanes; lane++) {
        std::uint64_t word = 0;
        std::memcpy(&word, block[lane] + 8 * i, sizeof word);
        m[i][lane] = word;
      }
    }
    W v[16];
    for (std::size_t i = 0; i < 8; i++) {
      v[i] = state[i];
      v[i + 8] = W{} + initial[i];
    }
    v[12] ^= bytes_taken;
    v[14] ^= is_last;
#pragma clang loop unroll(full)
    for (std::size_t round = 0; round < rounds; round++) mix_round(v, m, order[round % 10]);
    for (int i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8];
  }

  [[gnu::always_inline]] void end(int lane, Hash& hash) {
    for (std::size_t i = 0; i < words_of_hash; i++) {
      std::uint64_t word = state[i][lane];
      std::memcpy(hash.data() + i * sizeof word, &word, sizeof word);
    }
    busy[lane] = false;
    busy_count--;
  }
};

template <int lane_count>
[[gnu::always_inline]] inline void hash_in_lanes(std::span<const std::string_view> messages,
                                                 std::span<Hash> hashes) {
  Lanes<lane_count> lanes;
  for (int lane = 0; lane < lane_count; lane++) lanes.block[lane] = lanes.last_block[lane];
  std::size_t next = 0;
  for (;;) {
    for (int lane = 0; lane < lane_count; lane++) {
      if (!lanes.busy[lane] && next < messages.size()) {
        lanes.begin(lane, next, messages[next]);
        next++;
      }
      if (lanes.busy[lane]) lanes.take_block(lane);
    }
    if (lanes.busy_count == 0) return;
    lanes.compress();
    for (int lane = 0; lane < lane_count; lane++) {
      if (lanes.busy[lane] && lanes.is_last[lane]) lanes.end(lane, hashes[lanes.message[lane]]);
    }
  }
}

void hash_each(std::span<const std::string_view> messages, std::span<Hash> hashes) {
  for (std::size_t i = 0; i < messages.size(); i++) {
    crypto_generichash(hashes[i].data(), hashes[i].size(),
                       reinterpret_cast<const unsigned char*>(messages[i].data()),
                       messages[i].size(), nullptr, 0);
  }
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void hash_four(std::span<const std::string_view> messages,
                                       std::span<Hash> hashes) {
  hash_in_lanes<4>(messages, hashes);
}
[[gnu::target("avx512f")]] void hash_eight(std::span<const std::string_view> messages,
                                           std::span<Hash> hashes) {
  hash_in_lanes<8>(messages, hashes);
}
#endif

}  // namespace

int hash_lanes_here() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) return 8;
  if (__builtin_cpu_supports("avx2")) return 4;
#endif
  return 1;  // Two lanes in 128 bits would be no faster than libsodium.
}

void hash_many(std::span<const std::string_view> messages, std::span<Hash> hashes, int lanes) {
  ASSERT(messages.size() <= hashes.size());
  switch (lanes) {
#ifdef __x86_64__
    case 8:
      return hash_eight(messages, hashes);
    case 4:
      return hash_four(messages, hashes);
#endif
    default:
      return hash_each(messages, hashes);
  }
}

}  // namespace piggy
