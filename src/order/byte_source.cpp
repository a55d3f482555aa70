#include "order/byte_source.h"

#include "base/assert.h"

#include <fmt/format.h>
#include <lzma.h>

#include <array>
#include <cstdio>
#include <cstring>

namespace piggy {
namespace {

constexpr std::size_t piece_bytes = 1 << 16;
constexpr std::uint64_t unpack_memory_max = 256 << 20;

class FileSource final : public ByteSource {
 public:
  FileSource(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}
  FileSource(const FileSource&) = delete;
  ~FileSource() override { std::fclose(file_); }

  Result<std::string_view> next() override {
    std::size_t size = std::fread(piece_.data(), 1, piece_.size(), file_);
    if (size == 0 && std::ferror(file_))
      return fail(ErrorCode::unavailable, fmt::format("{} cannot be read.", name_));
    return std::string_view(piece_.data(), size);
  }

 private:
  std::FILE* file_;
  std::string name_;
  std::array<char, piece_bytes> piece_ = {};
};

class XzSource final : public ByteSource {
 public:
  XzSource(std::unique_ptr<ByteSource> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)) {
    lzma_ret ready = lzma_stream_decoder(&stream_, unpack_memory_max, LZMA_CONCATENATED);
    ASSERT(ready == LZMA_OK);
  }
  XzSource(const XzSource&) = delete;
  ~XzSource() override { lzma_end(&stream_); }

  Result<std::string_view> next() override {
    stream_.next_out = reinterpret_cast<std::uint8_t*>(piece_.data());
    stream_.avail_out = piece_.size();
    while (stream_.avail_out > 0 && !ended_) {
      if (stream_.avail_in == 0 && action_ == LZMA_RUN) TRY(feed());
      lzma_ret result = lzma_code(&stream_, action_);
      ended_ = result == LZMA_STREAM_END;
      if (result != LZMA_OK && !ended_) {
        return fail(ErrorCode::invalid,
                    fmt::format("{} is damaged or cut off: it cannot be unpacked.", name_));
      }
    }
    return std::string_view(piece_.data(), piece_.size() - stream_.avail_out);
  }

 private:
  Result<> feed() {
    std::string_view piece = TRY(packed_->next());
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(piece.data());
    stream_.avail_in = piece.size();
    if (piece.empty()) action_ = LZMA_FINISH;
    return {};
  }

  std::unique_ptr<ByteSource> packed_;
  std::string name_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_action action_ = LZMA_RUN;
  bool ended_ = false;
  std::array<char, piece_bytes> piece_ = {};
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& file) {
  std::FILE* handle = std::fopen(file.c_str(), "rb");
  if (!handle) {
    return fail(ErrorCode::not_found,
                fmt::format("{} cannot be opened: {}.", file, std::strerror(errno)));
  }
  std::unique_ptr<ByteSource> source = std::make_unique<FileSource>(handle, file);
  if (file.ends_with(".xz")) source = std::make_unique<XzSource>(std::move(source), file);
  return source;
}

}  // namespace piggy
