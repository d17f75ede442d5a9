/* checkpoint.c - when what stands in the write-ahead log is copied into the database
 *
 * SQLite would do it within the commit that makes the log long, while everybody waits. Here a thread with a connection
 * of its own does it while reading and writing go on. As the log can only begin anew when all of it was copied and
 * nobody writes, the next transaction waits for that when the log has become very long. A killed program loses nothing:
 * the log is part of the database. */
#include <stdlib.h>

#include "store/db.h"

#define LONG_PAGES      4000  /* of the log: begin to copy */
#define VERY_LONG_PAGES 16000 /* 128 MiB: copy all before more is written */

static int note_pages(void *store, sqlite3 *conn, const char *name, int pages)
{
    struct store *db = store;
    (void)conn, (void)name;
    db->log_pages = pages;
    return SQLITE_OK;
}

void checkpoint_watch(struct store *db)
{
    (void)sqlite3_wal_hook(db->conn, note_pages, db);
}

static void *copy_log(void *path)
{
    sqlite3 *conn = NULL;
    /* a connection that has read nothing does not know of the log */
    if (sqlite3_open_v2(path, &conn, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        sqlite3_exec(conn, "PRAGMA schema_version", NULL, NULL, NULL) == SQLITE_OK)
        (void)sqlite3_wal_checkpoint_v2(conn, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sqlite3_close(conn);
    free(path);
    return NULL;
}

void checkpoint_join(struct store *db)
{
    if (db->has_checkpointer)
        (void)pthread_join(db->checkpointer, NULL);
    db->has_checkpointer = false;
}

/* Whatever fails here, the log stays as it is, and the next time more is copied. */
void checkpoint_begin(struct store *db)
{
    const char *name = sqlite3_db_filename(db->conn, "main");
    if (db->log_pages <= LONG_PAGES || name == NULL || name[0] == '\0')
        return;
    checkpoint_join(db);
    char *path = strdup(name);
    db->has_checkpointer = path != NULL && pthread_create(&db->checkpointer, NULL, copy_log, path) == 0;
    if (!db->has_checkpointer)
        free(path);
}

void checkpoint_if_very_long(struct store *db)
{
    if (db->log_pages <= VERY_LONG_PAGES)
        return;
    checkpoint_join(db);
    (void)sqlite3_wal_checkpoint_v2(db->conn, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    db->log_pages = 0;
}
