#pragma once

// Bytes that must not get about: a key, a password of another service. They lie in memory that is
// locked (not swapped), left out of core dumps, between guard pages, and wiped at the end. There is
// no way to print or compare them, and a copy must be asked for by name.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace piggy {

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  // Zeroes.
  static SecretBytes random(std::size_t size);
  // The bytes given stay where they are; wiping them is up to who holds them.
  static SecretBytes copy_of(std::string_view bytes);

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::uint8_t* data() { return bytes_.get(); }
  const std::uint8_t* data() const { return bytes_.get(); }
  // Borrowed. Who makes a string of it has made a secret that nobody wipes.
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.get()), size_}; }

 private:
  struct Wipe {
    void operator()(std::uint8_t* bytes) const;
  };
  std::unique_ptr<std::uint8_t[], Wipe> bytes_;
  std::size_t size_ = 0;
};

}  // namespace piggy
