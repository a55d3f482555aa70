#include "database/sqlite_backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

namespace piggy {
namespace {

constexpr int pages_per_step = 1'000;  // 4 MB.

// Between two steps the disk belongs to those who work.
constexpr std::chrono::milliseconds pause_between_steps(1);

std::unexpected<Error> cannot_write(const std::string& file, std::string_view why) {
  return fail(ErrorCode::unavailable, fmt::format("The backup {} was not made: {}.", file, why));
}

Result<> make_private_file(const std::string& file) {
  int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made >= 0) {
    ::close(made);
    return {};
  }
  if (errno == EEXIST) {
    return fail(ErrorCode::conflict,
                fmt::format("{} exists already; a backup does not write over anything.", file));
  }
  return cannot_write(file, std::strerror(errno));
}

int copy_pages(sqlite3* source, sqlite3* target) {
  sqlite3_exec(target, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", nullptr, nullptr,
               nullptr);
  // With a view of its own the copy need not begin again whenever somebody writes.
  int code =
      sqlite3_exec(source, "BEGIN; SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return code;
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", source, "main");
  if (!backup) return sqlite3_errcode(target);
  while ((code = sqlite3_backup_step(backup, pages_per_step)) == SQLITE_OK) {
    std::this_thread::sleep_for(pause_between_steps);
  }
  int finished = sqlite3_backup_finish(backup);
  return code == SQLITE_DONE ? finished : code;
}

Result<> sync(const std::string& path, int flags) {
  int opened = ::open(path.c_str(), flags | O_CLOEXEC);
  if (opened < 0) return cannot_write(path, std::strerror(errno));
  int failed = ::fsync(opened) == 0 ? 0 : errno;
  ::close(opened);
  return failed ? Result<>(cannot_write(path, std::strerror(failed))) : Result<>();
}

Result<> fill(sqlite3* source, const std::string& file) {
  sqlite3* target = nullptr;
  int code =
      sqlite3_open_v2(file.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code == SQLITE_OK) code = copy_pages(source, target);
  sqlite3_close(target);
  if (code != SQLITE_OK) return cannot_write(file, sqlite3_errstr(code));
  TRY(sync(file, O_RDONLY));
  std::filesystem::path folder = std::filesystem::path(file).parent_path();
  return sync(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace

Result<> back_up(sqlite3* source, const std::string& file) {
  TRY(make_private_file(file));
  Result<> filled = fill(source, file);
  if (!filled) ::unlink(file.c_str());
  return filled;
}

}  // namespace piggy
