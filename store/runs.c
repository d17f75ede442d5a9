/* runs.c - the tables run, source_file and reject */
#include "core/when.h"
#include "store/db.h"

enum err_code store_run_begin(struct store *db, const char *command, int64_t now_ms, int64_t *run_id, struct err *e)
{
    char at[WHEN_ISO_BYTES];
    struct stmt *s = stmt_get(db, query_run_insert);
    stmt_bind_text(s, "command", slice_of(command));
    stmt_bind_text(s, "version", slice_of(BROACH_VERSION));
    stmt_bind_text(s, "started_at", slice_of(when_format_iso(now_ms, at)));
    enum err_code rc = stmt_run(s, e);
    if (rc == ERR_OK)
        *run_id = db_last_id(db);
    return rc;
}

enum err_code store_run_end(struct store *db, int64_t run_id, int64_t now_ms, int exit_status, struct err *e)
{
    char at[WHEN_ISO_BYTES];
    struct stmt *s = stmt_get(db, query_run_end);
    stmt_bind_int(s, "run_id", run_id);
    stmt_bind_text(s, "ended_at", slice_of(when_format_iso(now_ms, at)));
    stmt_bind_int(s, "exit_status", exit_status);
    return stmt_run(s, e);
}

enum err_code store_file_is_known(struct store *db, const struct store_file *f, bool *known, struct err *e)
{
    struct stmt *s = stmt_get(db, query_file_known);
    stmt_bind_text(s, "path", slice_of(f->path));
    stmt_bind_int(s, "bytes", f->bytes);
    stmt_bind_int(s, "mtime_ns", f->mtime_ns);
    stmt_bind_text(s, "settings", f->settings);
    enum err_code rc = stmt_step(s, known, e);
    (void)stmt_get(db, query_file_known);
    return rc;
}

enum err_code store_file_begin(struct store *db, const struct store_file *f, int64_t run_id, int64_t *file_id,
                               struct err *e)
{
    struct stmt *s = stmt_get(db, query_file_begin);
    stmt_bind_text(s, "path", slice_of(f->path));
    stmt_bind_int(s, "bytes", f->bytes);
    stmt_bind_int(s, "mtime_ns", f->mtime_ns);
    stmt_bind_text(s, "settings", f->settings);
    stmt_bind_int(s, "run_id", run_id);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    if (rc == ERR_OK && has) {
        *file_id = stmt_int(s, 0);
        rc = stmt_step(s, &has, e);
    }
    if (rc != ERR_OK)
        return rc;
    s = stmt_get(db, query_reject_delete);
    stmt_bind_int(s, "source_file_id", *file_id);
    return stmt_run(s, e);
}

enum err_code store_file_end(struct store *db, int64_t file_id, const struct store_file_end *end, struct err *e)
{
    struct stmt *s = stmt_get(db, query_file_end);
    stmt_bind_text(s, "format", slice_of(end->format));
    stmt_bind_text(s, "encoding", slice_of(end->encoding));
    stmt_bind_int(s, "conversations", end->conversations);
    stmt_bind_int(s, "added", end->added);
    stmt_bind_int(s, "replaced", end->replaced);
    stmt_bind_int(s, "skipped", end->skipped);
    stmt_bind_int(s, "turns", end->turns);
    stmt_bind_int(s, "rejects", end->rejects);
    stmt_bind_int(s, "masked", end->masked);
    stmt_bind_int(s, "is_whole", end->is_whole ? 1 : 0);
    stmt_bind_int(s, "source_file_id", file_id);
    return stmt_run(s, e);
}

enum err_code store_reject(struct store *db, int64_t file_id, long line, int64_t offset, const char *reason,
                           struct err *e)
{
    struct stmt *s = stmt_get(db, query_reject_insert);
    stmt_bind_int(s, "source_file_id", file_id);
    if (line >= 0)
        stmt_bind_int(s, "line", line);
    else
        stmt_bind_null(s, "line");
    if (offset >= 0)
        stmt_bind_int(s, "byte_offset", offset);
    else
        stmt_bind_null(s, "byte_offset");
    stmt_bind_text(s, "reason", slice_of(reason));
    return stmt_run(s, e);
}
