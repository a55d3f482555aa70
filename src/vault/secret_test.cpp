#include "vault/secret.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>

namespace piggy {
namespace {

// The kernel's flags of the mapping that an address lies in.
std::string mapping_flags(const void* address) {
  auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0;
    unsigned long end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) {
      inside = begin <= wanted && wanted < end;
    } else if (inside && line.starts_with("VmFlags:")) {
      return line + " ";
    }
  }
  return "";
}

}  // namespace

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);
static_assert(!fmt::is_formattable<SecretBytes>::value);

TEST_CASE("a secret lies in locked memory that no core dump holds") {
  SecretBytes secret = SecretBytes::copy_of("the key of the shop");
  std::string flags = mapping_flags(secret.data());
  CHECK_MESSAGE(flags.contains(" dd "), flags);
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
  CHECK_MESSAGE(flags.contains(" lo "), flags);  // Sanitizers lock no memory, whoever asks.
#endif
}

TEST_CASE("a moved secret leaves nothing behind") {
  SecretBytes one = SecretBytes::copy_of("abc");
  SecretBytes two = std::move(one);
  CHECK(two.view() == "abc");
  CHECK(one.empty());
  CHECK(one.view().empty());
  one = std::move(two);
  CHECK(one.view() == "abc");
  CHECK(two.empty());
}

TEST_CASE("a secret may be empty, and starts as zeroes") {
  CHECK(SecretBytes().empty());
  CHECK(SecretBytes::copy_of("").empty());
  SecretBytes zeroes(3);
  CHECK(zeroes.view() == std::string_view("\0\0\0", 3));
  CHECK(SecretBytes::random(32).view() != SecretBytes::random(32).view());
}

}  // namespace piggy
