#include <sqlite3.h>

// Swift cannot call functions with a variable number of arguments.

/// Whether closing the last connection leaves the write-ahead log alone.
static inline int drydock_keep_wal_on_close(sqlite3 *connection) {
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
