#include "vault/key_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/assert.h"
#include "vault/blob.h"
#include "vault/secret_source.h"
#include "vault/token_key.h"

namespace piggy {
namespace {

std::unexpected<Error> broken(std::string_view what, const std::string& path) {
  return fail(ErrorCode::unavailable, fmt::format("The master key's file {} cannot be {}: {}.",
                                                  path, what, std::strerror(errno)));
}

class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) close(number_);
  }
  File(const File&) = delete;
  operator int() const { return number_; }

 private:
  int number_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(file) == 0;
}

}  // namespace

Result<KeyFolder::Keys> KeyFolder::load() const {
  Keys keys;
  if (access(current_path().c_str(), F_OK) == 0) keys.current = TRY(read(current_path()));
  std::vector<std::string> paths;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, problem)) {
    std::string path = entry.path().string();
    if (entry.path().filename().string().starts_with("master.key.old.")) paths.push_back(path);
  }
  std::ranges::sort(paths);
  for (const std::string& path : paths) {
    auto key = read(path);
    if (!key) {
      spdlog::warn("an old master key is left out: {}", key.error().message);
      continue;
    }
    // A change that was cut short leaves the key in use under both names.
    if (keys.current && (*key)->id() == keys.current->id()) continue;
    keys.old.push_back(*std::move(key));
  }
  return keys;
}

Result<std::unique_ptr<MasterKey>> KeyFolder::read(const std::string& path) const {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return broken("read", path);
  if (status.st_mode & (S_IRWXG | S_IRWXO)) {
    return fail(ErrorCode::invalid,
                fmt::format("The master key's file {} is open to others than its owner. Close it: "
                            "chmod 600 {}",
                            path, path));
  }
  SecretBytes text = TRY(read_secret_file(path));
  return read_master_key(text, MasterKeyKind::file, path);
}

Result<std::unique_ptr<MasterKey>> KeyFolder::make() const {
  ASSERT(access(current_path().c_str(), F_OK) != 0);
  auto key = TRY(write_new(text_of_key(SecretBytes::random(seal_key_bytes))));
  if (rename(new_path().c_str(), current_path().c_str()) != 0) return broken("made", new_path());
  TRY(sync());
  return key;
}

Result<std::unique_ptr<MasterKey>> KeyFolder::replace(
    const MasterKey& current, const std::optional<std::string>& source) const {
  SecretBytes text = source ? SecretBytes::copy_of(*source + "\n")
                            : text_of_key(SecretBytes::random(seal_key_bytes));
  auto key = TRY(write_new(text));
  if (key->id() == current.id()) {
    return fail(ErrorCode::conflict, "This master key is in use already.");
  }
  std::string old = old_path(current.id());
  if (link(current_path().c_str(), old.c_str()) != 0 && errno != EEXIST) {
    return broken("kept beside its place", current_path());
  }
  TRY(sync());  // Before the next step, lest that alone gets to the disk.
  if (rename(new_path().c_str(), current_path().c_str()) != 0) return broken("moved", new_path());
  TRY(sync());
  return key;
}

// Read back from what was written, so that nothing is put in use that the next start cannot read.
Result<std::unique_ptr<MasterKey>> KeyFolder::write_new(const SecretBytes& text) const {
  std::string path = new_path();
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return broken("removed", path);
  {
    File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file < 0 || !write_all(file, text.view())) return broken("written", path);
  }
  TRY(sync());
  auto key = TRY(read(path));
  SecretBytes probe = SecretBytes::random(seal_key_bytes);
  std::string wrapped = TRY(key->wrap(probe, "probe"));
  SecretBytes back = TRY(key->unwrap(wrapped, "probe"));
  if (back.view() != probe.view()) return cannot_open();
  return key;
}

Result<> KeyFolder::sync() const {
  File directory(open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory < 0 || fsync(directory) != 0) return broken("synced", directory_);
  return {};
}

}  // namespace piggy
