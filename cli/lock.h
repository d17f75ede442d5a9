/*
 * lock.h - one writing command a database at a time
 *
 * A lock on the file DB.lock, kept by the system, so that it is gone with the process whatever kills it. The file
 * itself stays: deleting it would let two runs hold two files of one name.
 */
#ifndef CLI_LOCK_H
#define CLI_LOCK_H

#include "core/err.h"

/* Lock the database DB_PATH. ERR_BUSY says which process holds it; ERR_IO if the file cannot be made. *fd is for
 * lock_release(). A database in memory needs no lock: *fd is -1. */
CHECKED enum err_code lock_take(const char *db_path, int *fd, struct err *e);

void lock_release(int fd); /* -1 is fine */

#endif
