#pragma once

// How what SQLite writes reaches the disk: a virtual file system (https://www.sqlite.org/vfs.html)
// on top of the system's.
//
// A commit is many small appends to the write-ahead log, two for each page, and one sync. They
// gather in memory and are written at once, right before the sync, or as soon as anybody asks for
// them. Nobody can miss what is not written yet: other connections look only at pages that the
// index of the log names, and SQLite names none before it has synced them.
//
// A checkpoint is many writes all over the database. Left to the system until the last one, they
// would be synced in one go, for which commits would have to wait; so whoever makes checkpoints can
// ask for a sync every now and then.

// Who reads the database from page to page, to check or to copy all of it, would ask the system for
// each page of 2 KiB by itself; a reader that does so is given many at once.

struct sqlite3;

namespace piggy {

// Its name, for sqlite3_open_v2. Registered at the first call; any thread.
const char* sqlite_files();

// From now on what this connection writes into its database itself, by checkpoints, is synced every
// quarter of a megabyte. One such connection a thread.
void sync_often(sqlite3* connection);

}  // namespace piggy
