#include "database/sqlite_files.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "base/assert.h"

namespace piggy {
namespace {

constexpr std::size_t gathered_bytes_max = 8 << 20;
// SQLite's own files take no more than 128 KiB at once.
constexpr std::size_t piece_bytes = 64 << 10;
constexpr int unsynced_bytes_max = 256 << 10;
constexpr int ahead_bytes = 64 << 10;
constexpr int reads_in_order_min = 4;

// SQLite allocates it and looks at the first member alone. The file itself lies behind it.
struct LogFile {
  sqlite3_file base = {};
  std::string gathered = {};
  sqlite3_int64 start = 0;  // Where in the file `gathered` belongs.

  sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods* methods() { return inner()->pMethods; }

  int write_gathered() {
    int code = SQLITE_OK;
    for (std::size_t at = 0; at < gathered.size() && code == SQLITE_OK; at += piece_bytes) {
      int count = static_cast<int>(std::min(piece_bytes, gathered.size() - at));
      code = methods()->xWrite(inner(), gathered.data() + at, count,
                               start + static_cast<sqlite3_int64>(at));
    }
    gathered.clear();
    return code;
  }
};

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

int close(sqlite3_file* file) {
  LogFile& log = log_of(file);
  int written = log.write_gathered();
  int closed = log.methods()->xClose(log.inner());
  log.~LogFile();
  return written ? written : closed;
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  bool follows = at == log.start + static_cast<sqlite3_int64>(log.gathered.size());
  if (!follows || log.gathered.size() > gathered_bytes_max) {
    if (int code = log.write_gathered()) return code;
  }
  if (log.gathered.empty()) log.start = at;
  log.gathered.append(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  if (int code = log.write_gathered()) return code;
  return log.methods()->xRead(log.inner(), bytes, count, at);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  LogFile& log = log_of(file);
  if (int code = log.write_gathered()) return code;
  return log.methods()->xTruncate(log.inner(), size);
}

int sync(sqlite3_file* file, int flags) {
  LogFile& log = log_of(file);
  if (int code = log.write_gathered()) return code;
  return log.methods()->xSync(log.inner(), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  LogFile& log = log_of(file);
  if (int code = log.write_gathered()) return code;
  return log.methods()->xFileSize(log.inner(), size);
}

int lock(sqlite3_file* file, int level) {
  return log_of(file).methods()->xLock(log_of(file).inner(), level);
}

int unlock(sqlite3_file* file, int level) {
  return log_of(file).methods()->xUnlock(log_of(file).inner(), level);
}

int check_reserved_lock(sqlite3_file* file, int* held) {
  return log_of(file).methods()->xCheckReservedLock(log_of(file).inner(), held);
}

int control(sqlite3_file* file, int what, void* argument) {
  return log_of(file).methods()->xFileControl(log_of(file).inner(), what, argument);
}

int sector_size(sqlite3_file* file) {
  return log_of(file).methods()->xSectorSize(log_of(file).inner());
}

int characteristics(sqlite3_file* file) {
  return log_of(file).methods()->xDeviceCharacteristics(log_of(file).inner());
}

constexpr sqlite3_io_methods log_methods = {.iVersion = 1,
                                            .xClose = close,
                                            .xRead = read,
                                            .xWrite = write,
                                            .xTruncate = truncate,
                                            .xSync = sync,
                                            .xFileSize = file_size,
                                            .xLock = lock,
                                            .xUnlock = unlock,
                                            .xCheckReservedLock = check_reserved_lock,
                                            .xFileControl = control,
                                            .xSectorSize = sector_size,
                                            .xDeviceCharacteristics = characteristics};

sqlite3_vfs* system_files = nullptr;

// What a reader was given beyond what it asked for, because it goes through the file from page to
// page. It is good for as long as one view is open: a page that the view does not find in the log
// is not written to in the meantime. A new view begins with a lock.
struct Ahead {
  std::string bytes = {};
  sqlite3_int64 start = 0;
  sqlite3_int64 next = 0;  // Where the last read ended.
  int in_order = 0;        // Reads that went forward by little, one after the other.

  sqlite3_int64 end() const { return start + static_cast<sqlite3_int64>(bytes.size()); }
};

const sqlite3_io_methods* read_methods = nullptr;  // The system's.

// It lies behind the system's file, as a log's lies before it.
Ahead& ahead_of(sqlite3_file* file) {
  auto* behind = reinterpret_cast<std::byte*>(file) + system_files->szOsFile;
  return *reinterpret_cast<Ahead*>(behind);
}

int read_ahead(sqlite3_file* file, void* bytes, int count, sqlite3_int64 at) {
  Ahead& ahead = ahead_of(file);
  if (at >= ahead.start && at + count <= ahead.end()) {
    std::memcpy(bytes, ahead.bytes.data() + (at - ahead.start), static_cast<std::size_t>(count));
    ahead.next = at + count;
    return SQLITE_OK;
  }
  bool little_forward = at >= ahead.next && at - ahead.next < ahead_bytes;
  ahead.in_order = little_forward ? ahead.in_order + 1 : 0;
  ahead.next = at + count;
  if (ahead.in_order >= reads_in_order_min && count < ahead_bytes) {
    ahead.bytes.resize(ahead_bytes);
    ahead.start = at;
    if (read_methods->xRead(file, ahead.bytes.data(), ahead_bytes, at) == SQLITE_OK) {
      std::memcpy(bytes, ahead.bytes.data(), static_cast<std::size_t>(count));
      return SQLITE_OK;
    }
    ahead = {.next = ahead.next};  // The end of the file is near.
  }
  return read_methods->xRead(file, bytes, count, at);
}

int forget_and_lock(sqlite3_file* file, int level) {
  ahead_of(file) = {};
  return read_methods->xLock(file, level);
}

int forget_and_lock_log(sqlite3_file* file, int first, int count, int flags) {
  ahead_of(file) = {};
  return read_methods->xShmLock(file, first, count, flags);
}

int close_read(sqlite3_file* file) {
  ahead_of(file).~Ahead();
  return read_methods->xClose(file);
}

// A reader's file is the system's but for these.
void let_read_ahead(sqlite3_file* file) {
  ASSERT(system_files->szOsFile % static_cast<int>(alignof(Ahead)) == 0);
  static const sqlite3_io_methods methods = [&] {
    read_methods = file->pMethods;
    sqlite3_io_methods methods = *read_methods;
    methods.xRead = read_ahead;
    methods.xLock = forget_and_lock;
    methods.xShmLock = forget_and_lock_log;
    methods.xClose = close_read;
    return methods;
  }();
  if (file->pMethods != read_methods) return;  // Files of another kind are left as they are.
  new (&ahead_of(file)) Ahead();
  file->pMethods = &methods;
}

// All other files are the system's own.
int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  if (!(flags & SQLITE_OPEN_WAL)) {
    int code = system_files->xOpen(system_files, name, file, flags, flags_out);
    bool reader = flags & SQLITE_OPEN_MAIN_DB && flags & SQLITE_OPEN_READONLY;
    if (code == SQLITE_OK && reader) let_read_ahead(file);
    return code;
  }
  auto* log = new (file) LogFile();
  int code = system_files->xOpen(system_files, name, log->inner(), flags, flags_out);
  if (code == SQLITE_OK) {
    log->base.pMethods = &log_methods;
  } else {
    log->~LogFile();
    file->pMethods = nullptr;
  }
  return code;
}

const char* register_file_system() {
  static sqlite3_vfs files;
  system_files = sqlite3_vfs_find(nullptr);
  ASSERT(system_files);
  files = *system_files;  // All but `open` as the system does it.
  files.zName = "piggy";
  files.szOsFile =
      static_cast<int>(std::max(sizeof(LogFile), sizeof(Ahead))) + system_files->szOsFile;
  files.xOpen = open;
  ASSERT(sqlite3_vfs_register(&files, 0) == SQLITE_OK);
  return files.zName;
}

int (*write_database)(sqlite3_file*, const void*, int, sqlite3_int64) = nullptr;
thread_local int unsynced_bytes = 0;

int write_and_sync(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  if (int code = write_database(file, bytes, count, at)) return code;
  unsynced_bytes += count;
  if (unsynced_bytes < unsynced_bytes_max) return SQLITE_OK;
  unsynced_bytes = 0;
  return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

}  // namespace

const char* sqlite_files() {
  static const char* name = register_file_system();
  return name;
}

void sync_often(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  ASSERT(file && file->pMethods);
  // The methods of the system's files, but for one.
  static const sqlite3_io_methods methods = [&] {
    sqlite3_io_methods methods = *file->pMethods;
    write_database = std::exchange(methods.xWrite, write_and_sync);
    return methods;
  }();
  file->pMethods = &methods;
}

}  // namespace piggy
