#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/strbuf.h"
#include "core/zone.h"
#include "store/db.h"

#define APPLICATION_ID 0x62726368 /* "brch" */
#define BUSY_MS        10000

static const struct {
    const char *name, *sql;
} migrations[] = {
#define MIGRATION_ROW(id, name, sql) {name, sql},
#include "gen/migrations.inc"
#undef MIGRATION_ROW
};

#define SCHEMA_VERSION ((int)(sizeof migrations / sizeof migrations[0]))

/* ---- errors and helpers ---- */

static bool is_full(struct store *db, int rc)
{
    if ((rc & 0xff) == SQLITE_FULL)
        return true;
    int why = sqlite3_system_errno(db->conn);
    return (rc & 0xff) == SQLITE_IOERR && (why == ENOSPC || why == EDQUOT || why == EFBIG);
}

enum err_code db_fail(struct store *db, int rc, const char *what, struct err *e)
{
    if (is_full(db, rc)) {
        err_set(e, ERR_DB, "%s: database or disk is full", what);
        return err_hint(e, "make room on the disk and run again; what was committed before is intact");
    }
    switch (rc & 0xff) {
    case SQLITE_NOMEM:
        return err_nomem(e);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, ERR_BUSY, "%s: another program is writing to the database", what);
    case SQLITE_NOTADB:
        return err_set(e, ERR_DB, "%s: this file is no database", what);
    case SQLITE_CORRUPT:
        err_set(e, ERR_DB, "%s: the database is damaged (%d)", what, rc);
        return err_hint(e, "restore it from a backup; \"sqlite3 FILE .recover\" saves what can be read");
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return err_set(e, ERR_DB, "%s: the database may not be written (%d)", what, rc);
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: {
        int why = sqlite3_system_errno(db->conn);
        return err_set(e, ERR_IO, "%s: %s (%d)", what, why != 0 ? strerror(why) : sqlite3_errstr(rc), rc);
    }
    case SQLITE_CONSTRAINT:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        return err_set(e, ERR_INTERNAL, "%s: %s (%d)", what, sqlite3_errmsg(db->conn), rc);
    default:
        return err_set(e, ERR_DB, "%s: %s (%d)", what, sqlite3_errmsg(db->conn), rc);
    }
}

enum err_code db_exec(struct store *db, const char *sql, const char *what, struct err *e)
{
    int rc = sqlite3_exec(db->conn, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? ERR_OK : db_fail(db, rc, what, e);
}

int64_t db_last_id(const struct store *db)
{
    return sqlite3_last_insert_rowid(db->conn);
}

enum err_code db_need_txn(const struct store *db, const char *what, struct err *e)
{
    return db->in_txn ? ERR_OK : err_set(e, ERR_INTERNAL, "%s: outside a transaction", what);
}

static enum err_code pragma_int(struct store *db, const char *sql, int64_t *out, int *sqlite_rc, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db->conn, sql, -1, &s, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        *out = sqlite3_column_int64(s, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(s);
    *sqlite_rc = rc;
    return rc == SQLITE_OK ? ERR_OK : db_fail(db, rc, sql, e);
}

/* ---- transactions ---- */

enum err_code db_flush(struct store *db, struct err *e)
{
    enum err_code rc = pending_flush(db, e);
    if (rc == ERR_OK)
        rc = aggregate_flush(db, e);
    if (rc == ERR_OK)
        db->waiting_first = db->waiting_last = 0;
    return rc;
}

void db_waits(struct store *db, int64_t id)
{
    if (db->waiting_first == 0 || id < db->waiting_first)
        db->waiting_first = id;
    if (id > db->waiting_last)
        db->waiting_last = id;
}

enum err_code db_flush_if_waiting(struct store *db, int64_t id, struct err *e)
{
    return id >= db->waiting_first && id <= db->waiting_last ? db_flush(db, e) : ERR_OK;
}

enum err_code db_need_sound_txn(const struct store *db, const char *what, struct err *e)
{
    if (!db->is_spoilt && sqlite3_get_autocommit(db->conn) == 0)
        return ERR_OK;
    return err_set(e, ERR_DB, "%s: the transaction was rolled back after an earlier error", what);
}

enum err_code store_begin(struct store *db, struct err *e)
{
    if (db->in_txn)
        return err_set(e, ERR_INTERNAL, "begin: a transaction is open already");
    checkpoint_if_very_long(db);
    enum err_code rc = db_exec(db, "BEGIN IMMEDIATE", "begin", e);
    db->in_txn = rc == ERR_OK;
    db->is_spoilt = false;
    return rc;
}

/* Once there are conversations, what is written goes into a log (WAL), so that others can read meanwhile. What comes
 * before, the first file, is the most that is ever written at once: with SQLite's rollback journal its pages, which are
 * all new, are written once, instead of into the log and from there into the database. */
static void use_log(struct store *db)
{
    struct err unused;
    bool has = false;
    if (db->is_logging || db_has_conversations(db, &has, &unused) != ERR_OK || !has)
        return;
    sqlite3_busy_timeout(db->conn, 0); /* if somebody reads just now, the next commit tries again */
    int rc = sqlite3_exec(db->conn,
                          "PRAGMA journal_mode = WAL;"
                          "PRAGMA synchronous = NORMAL", /* a power cut may lose the last commit, never more */
                          NULL, NULL, NULL);
    sqlite3_busy_timeout(db->conn, BUSY_MS);
    db->is_logging = rc == SQLITE_OK;
}

enum err_code store_commit(struct store *db, struct err *e)
{
    enum err_code rc = db_need_txn(db, "commit", e);
    if (rc != ERR_OK)
        return rc;
    rc = db_need_sound_txn(db, "commit", e);
    if (rc == ERR_OK && (rc = db_flush(db, e)) == ERR_OK)
        rc = db_exec(db, "COMMIT", "commit", e);
    if (rc != ERR_OK) {
        store_rollback(db);
        return rc;
    }
    db->in_txn = false;
    db->ruleset_in_txn = false;
    use_log(db);
    checkpoint_begin(db);
    return ERR_OK;
}

void store_rollback(struct store *db)
{
    if (!db->in_txn)
        return;
    for (size_t q = 0; q < QUERY_COUNT; q++) /* a query that is still being read would hold the rollback up */
        if (db->stmts[q].is_running)
            (void)stmt_get(db, (enum query)q);
    if (sqlite3_get_autocommit(db->conn) == 0)
        (void)sqlite3_exec(db->conn, "ROLLBACK", NULL, NULL, NULL);
    db->in_txn = false;
    agent_cache_clear(&db->agents);
    aggregate_forget(db);
    pending_forget(db);
    db->waiting_first = db->waiting_last = 0;
    if (db->ruleset_in_txn)
        ruleset_forget(db);
}

/* ---- opening ---- */

/* Make an empty file that nobody else can read, if there is none. O_EXCL: a file that is there is never opened here,
 * since closing it again would drop the locks that another connection of this process may hold on it. */
static enum err_code make_file(const char *path, struct err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd >= 0) {
        (void)close(fd);
        return ERR_OK;
    }
    if (errno == EEXIST)
        return ERR_OK;
    return err_set(e, ERR_IO, "cannot make the database %s: %s", path, strerror(errno));
}

static enum err_code check_file(const char *path, struct err *e)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        int why = errno;
        err_set(e, ERR_IO, "cannot open the database %s: %s", path, strerror(why));
        return why == ENOENT ? err_hint(e, "\"broach init --db %s\" or \"broach run\" makes it", path) : e->code;
    }
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_IO, "cannot open the database %s: it is no regular file", path);
    return ERR_OK;
}

static bool has_wal(const char *path, bool *known)
{
    struct strbuf wal = STRBUF_INIT;
    struct stat st;
    strbuf_puts(&wal, path);
    strbuf_puts(&wal, "-wal");
    *known = !strbuf_failed(&wal);
    bool has = *known && stat(wal.s, &st) == 0 && st.st_size > 0;
    strbuf_free(&wal);
    return has;
}

/* PATH as a URI that makes SQLite take the file for unchanging; false when out of memory. */
static bool immutable_uri(const char *path, struct strbuf *uri)
{
    strbuf_puts(uri, path[0] == '/' ? "file://" : "file:");
    for (const char *p = path; *p != '\0'; p++)
        if (strchr("?#%", *p) != NULL)
            strbuf_printf(uri, "%%%02X", (unsigned)(unsigned char)*p);
        else
            strbuf_putc(uri, *p);
    strbuf_puts(uri, "?immutable=1");
    return !strbuf_failed(uri);
}

static enum err_code connect(struct store *db, const char *name, int flags, struct err *e)
{
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    /* Nobody asks SQLite how much memory it has, and counting takes a lock each time. Once SQLite runs, this is refused
     * and nothing is lost. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int rc = sqlite3_open_v2(name, &db->conn, flags, NULL);
    if (db->conn == NULL)
        return err_nomem(e);
    if (rc != SQLITE_OK)
        return db_fail(db, rc, "open", e);
    if ((rc = pending_register(&db->pending, db->conn)) != SQLITE_OK)
        return db_fail(db, rc, "open", e);
    sqlite3_busy_timeout(db->conn, BUSY_MS);
    /* A database file may come from anywhere: nothing written in it may do more than be data. */
    sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->conn, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    return ERR_OK;
}

static void disconnect(struct store *db)
{
    sqlite3_close(db->conn);
    db->conn = NULL;
}

/* The program was killed within the first load: who only reads may not undo it, so somebody must write first. */
static enum err_code undo_killed(struct store *db, const char *path, struct err *e)
{
    int64_t version = 0;
    int sqlite_rc = SQLITE_OK;
    disconnect(db);
    enum err_code rc = connect(db, path, SQLITE_OPEN_READWRITE, e);
    if (rc == ERR_OK && pragma_int(db, "PRAGMA user_version", &version, &sqlite_rc, e) != ERR_OK)
        rc = err_hint(e, "a run was killed: the next \"broach run\" puts the database right");
    if (rc != ERR_OK)
        return rc;
    disconnect(db);
    return connect(db, path, SQLITE_OPEN_READONLY, e);
}

/* In a folder where SQLite cannot make its -shm file, a database without a pending -wal can still be read. */
static enum err_code connect_to_read(struct store *db, const char *path, struct err *e)
{
    int64_t version = 0;
    int sqlite_rc = SQLITE_OK;
    enum err_code rc = connect(db, path, SQLITE_OPEN_READONLY, e);
    if (rc != ERR_OK)
        return rc;
    rc = pragma_int(db, "PRAGMA user_version", &version, &sqlite_rc, e);
    if (rc == ERR_OK || ((sqlite_rc & 0xff) != SQLITE_CANTOPEN && (sqlite_rc & 0xff) != SQLITE_READONLY))
        return ERR_OK; /* identify() tells what is wrong */
    if (sqlite_rc == SQLITE_READONLY_ROLLBACK)
        return undo_killed(db, path, e);
    bool known = false;
    if (has_wal(path, &known) || !known)
        return known ? rc : err_nomem(e);
    struct strbuf uri = STRBUF_INIT;
    disconnect(db);
    rc = immutable_uri(path, &uri) ? connect(db, uri.s, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e) : err_nomem(e);
    strbuf_free(&uri);
    return rc;
}

/* Is it a database of broach, and of which version? 0: a new one. */
static enum err_code identify(struct store *db, const char *path, int64_t *version, struct err *e)
{
    int64_t id = 0, schema = 0;
    int sqlite_rc = SQLITE_OK;
    enum err_code rc = pragma_int(db, "PRAGMA application_id", &id, &sqlite_rc, e);
    if (rc == ERR_OK)
        rc = pragma_int(db, "PRAGMA user_version", version, &sqlite_rc, e);
    if (rc == ERR_OK)
        rc = pragma_int(db, "PRAGMA schema_version", &schema, &sqlite_rc, e);
    if ((sqlite_rc & 0xff) == SQLITE_NOTADB) {
        err_set(e, ERR_DB, "%s is no database", path);
        return err_hint(e, "give --db the path of a broach database, or of a file that does not exist yet");
    }
    if (rc != ERR_OK)
        return rc;
    bool is_new = id == 0 && *version == 0 && schema == 0;
    if (id != APPLICATION_ID && !is_new) {
        err_set(e, ERR_DB, "%s is a database, but not one of broach", path);
        return err_hint(e, "give --db the path of a broach database, or of a file that does not exist yet");
    }
    if (*version > SCHEMA_VERSION) {
        err_set(e, ERR_DB, "%s was written by a newer broach (version %lld of the tables; this one knows %d)", path,
                (long long)*version, SCHEMA_VERSION);
        return err_hint(e, "install the newer broach; this one leaves the file untouched");
    }
    return ERR_OK;
}

/* All in one transaction. */
static enum err_code migrate(struct store *db, struct err *e)
{
    int64_t version = 0;
    int sqlite_rc;
    char pragmas[96];
    enum err_code rc = store_begin(db, e);
    if (rc == ERR_OK) /* again: another process may have been faster */
        rc = pragma_int(db, "PRAGMA user_version", &version, &sqlite_rc, e);
    for (; version < SCHEMA_VERSION && rc == ERR_OK; version++)
        rc = db_exec(db, migrations[version].sql, migrations[version].name, e);
    if (rc == ERR_OK) {
        (void)snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
                       SCHEMA_VERSION);
        rc = db_exec(db, pragmas, "open", e);
    }
    if (rc == ERR_OK && (rc = db_exec(db, "COMMIT", "open", e)) == ERR_OK)
        db->in_txn = false;
    store_rollback(db);
    return rc;
}

static enum err_code set_up_writing(struct store *db, struct err *e)
{
    if (sqlite3_db_readonly(db->conn, "main") == 1)
        return db_fail(db, SQLITE_READONLY, "open", e);
    return db_exec(db,
                   "PRAGMA page_size = 8192;"   /* only has an effect on a new file */
                   "PRAGMA synchronous = FULL;" /* until there is a log: see use_log() */
                   "PRAGMA secure_delete = ON;" /* what is deleted is gone from the file */
                   "PRAGMA journal_size_limit = 67108864;",
                   "open", e);
}

static enum err_code set_up(struct store *db, const char *path, enum store_mode mode, struct err *e)
{
    int64_t version = 0;
    enum err_code rc = identify(db, path, &version, e);
    if (rc == ERR_OK)
        /* 8 MiB: each sort may take as much again; four times as much made nothing faster and doubled the peak. */
        /* Every parent is written before its children by the same functions, and triggers (0002) delete the children:
         * looking each parent up again would be a tenth of the work of writing. The tests run foreign_key_check. */
        rc = db_exec(db, "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -8192;", "open", e);
    if (rc != ERR_OK)
        return rc;
    if (mode == STORE_READ) {
        if (version < SCHEMA_VERSION) {
            err_set(e, ERR_DB, version == 0 ? "%s is empty" : "%s was written by an older broach", path);
            return err_hint(e, "\"broach run\" or \"broach ingest\" on it brings it up to date");
        }
        rc = stmt_prepare_all(db, e);
        return rc == ERR_OK ? day_zone_open(db, e) : rc;
    }
    rc = set_up_writing(db, e);
    checkpoint_watch(db);
    if (rc == ERR_OK && version < SCHEMA_VERSION)
        rc = migrate(db, e);
    if (rc == ERR_OK)
        rc = stmt_prepare_all(db, e);
    if (rc == ERR_OK)
        use_log(db);
    return rc == ERR_OK ? day_zone_open(db, e) : rc;
}

enum err_code store_open(const char *path, enum store_mode mode, struct store **out, struct err *e)
{
    bool in_memory = strcmp(path, ":memory:") == 0;
    struct store *db = calloc(1, sizeof *db);
    if (db == NULL)
        return err_nomem(e);
    enum err_code rc = ERR_OK;
    if (!in_memory && mode == STORE_CREATE)
        rc = make_file(path, e);
    if (rc == ERR_OK && !in_memory)
        rc = check_file(path, e);
    if (rc != ERR_OK)
        goto cleanup;
    if (in_memory)
        rc = connect(db, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e);
    else if (mode == STORE_READ)
        rc = connect_to_read(db, path, e);
    else
        rc = connect(db, path, SQLITE_OPEN_READWRITE, e);
    if (rc == ERR_OK)
        rc = set_up(db, path, in_memory ? STORE_CREATE : mode, e);
    if (rc != ERR_OK) {
        if (strstr(e->msg, path) == NULL)
            err_wrap(e, "database %s", path);
        goto cleanup;
    }
    *out = db;
    db = NULL;
cleanup:
    store_close(db);
    return rc;
}

void store_close(struct store *db)
{
    if (db == NULL)
        return;
    store_rollback(db);
    checkpoint_join(db);
    stmt_finalize_all(db);
    sqlite3_close(db->conn);
    agent_cache_free(&db->agents);
    strbuf_free(&db->hits);
    gz_packer_free(db->packer);
    aggregate_free(db);
    pending_free(&db->pending);
    ruleset_forget(db);
    zone_free(db->day_zone);
    free(db);
}
