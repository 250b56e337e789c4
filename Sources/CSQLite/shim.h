#include <sqlite3.h>

// What Swift cannot say itself: functions with a variable number of arguments, casts of numbers to
// functions, and the methods of an open file.

/// Whether closing the last connection leaves the write-ahead log, and so the database, alone.
static inline int drydock_keep_wal_on_close(sqlite3 *connection) {
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

/// Binds a copy of a text; no bytes are an empty text, not NULL.
static inline int drydock_bind_text(
    sqlite3_stmt *statement, int place, const void *bytes, int count) {
  return sqlite3_bind_text(
      statement, place, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT);
}

/// Binds a copy of some bytes.
static inline int drydock_bind_blob(
    sqlite3_stmt *statement, int place, const void *bytes, int count) {
  return sqlite3_bind_blob(statement, place, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}

/// Reads the first bytes of the database file as they are, through the connection's own descriptor.
///
/// Opening and closing the file beside SQLite would drop the locks that this process has on it.
static inline int drydock_read_head(
    sqlite3 *connection, void *bytes, int count, sqlite3_int64 *size) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return code;
  if (!file || !file->pMethods) return SQLITE_CANTOPEN;
  code = file->pMethods->xFileSize(file, size);
  if (code != SQLITE_OK) return code;
  // A file that is shorter fills the rest with zeros.
  code = file->pMethods->xRead(file, bytes, count, 0);
  return code == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : code;
}
