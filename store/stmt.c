#include "store/stmt.h"

#include "store/db.h"

static const struct {
    const char *name, *sql;
} queries[] = {
#define SQL_ROW(id, name, sql) {name, sql},
#include "gen/queries.inc"
#undef SQL_ROW
};

/* Is there more than blanks and comments? */
static bool has_more(sqlite3 *conn, const char *tail)
{
    sqlite3_stmt *next = NULL;
    int rc = sqlite3_prepare_v2(conn, tail, -1, &next, NULL);
    sqlite3_finalize(next);
    return rc != SQLITE_OK || next != NULL;
}

static enum err_code prepare(struct store *db, size_t q, struct err *e)
{
    struct stmt *s = &db->stmts[q];
    *s = (struct stmt){.db = db, .name = queries[q].name};
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(db->conn, queries[q].sql, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, &tail);
    if (rc != SQLITE_OK)
        return db_fail(db, rc, s->name, e);
    if (s->handle == NULL)
        return err_set(e, ERR_INTERNAL, "%s: no statement", s->name);
    if (has_more(db->conn, tail))
        return err_set(e, ERR_INTERNAL, "%s: more than one statement", s->name);
    s->nparams = sqlite3_bind_parameter_count(s->handle);
    if (s->nparams > DB_MAX_PARAMS)
        return err_set(e, ERR_INTERNAL, "%s: more than %d parameters", s->name, DB_MAX_PARAMS);
    for (int i = 0; i < s->nparams; i++) {
        s->params[i] = sqlite3_bind_parameter_name(s->handle, i + 1);
        if (s->params[i] == NULL || s->params[i][0] != ':')
            return err_set(e, ERR_INTERNAL, "%s: a parameter without a name", s->name);
        s->all |= UINT32_C(1) << i;
    }
    return ERR_OK;
}

enum err_code stmt_prepare_all(struct store *db, struct err *e)
{
    for (size_t q = 0; q < QUERY_COUNT; q++) {
        enum err_code rc = prepare(db, q, e);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

void stmt_finalize_all(struct store *db)
{
    for (size_t q = 0; q < QUERY_COUNT; q++) {
        sqlite3_finalize(db->stmts[q].handle);
        db->stmts[q].handle = NULL;
    }
}

struct stmt *stmt_get(struct store *db, enum query q)
{
    struct stmt *s = &db->stmts[q];
    sqlite3_reset(s->handle);
    s->next = 0;
    s->bound = 0;
    s->is_running = false;
    s->wrong = NULL;
    s->bind_rc = SQLITE_OK;
    return s;
}

/* ---- binding ---- */

/* The place of NAME (with or without its colon), from 1; 0 if the query has none of that name, which is remembered. */
static int place_of(struct stmt *s, const char *name)
{
    if (s->next < s->nparams && s->names[s->next] == name) { /* the same literal as the last time */
        s->bound |= UINT32_C(1) << s->next;
        return ++s->next;
    }
    const char *plain = name + (name[0] == ':');
    for (int tries = 0, i = s->next; tries < s->nparams; tries++, i++) {
        if (i >= s->nparams)
            i = 0;
        if (strcmp(s->params[i] + 1, plain) == 0) {
            s->bound |= UINT32_C(1) << i;
            s->names[i] = name;
            s->next = i + 1;
            return i + 1;
        }
    }
    if (s->wrong == NULL)
        s->wrong = name;
    return 0;
}

static void note(struct stmt *s, int rc)
{
    if (rc != SQLITE_OK && s->bind_rc == SQLITE_OK)
        s->bind_rc = rc;
}

void stmt_bind_int(struct stmt *s, const char *name, int64_t v)
{
    int at = place_of(s, name);
    if (at != 0)
        note(s, sqlite3_bind_int64(s->handle, at, v));
}

void stmt_bind_real(struct stmt *s, const char *name, double v)
{
    int at = place_of(s, name);
    if (at != 0)
        note(s, sqlite3_bind_double(s->handle, at, v));
}

void stmt_bind_text(struct stmt *s, const char *name, struct slice v)
{
    int at = place_of(s, name);
    if (at != 0)
        note(s, sqlite3_bind_text64(s->handle, at, v.n != 0 ? v.s : "", v.n, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_bind_blob(struct stmt *s, const char *name, const void *bytes, size_t n)
{
    int at = place_of(s, name);
    if (at != 0)
        note(s, sqlite3_bind_blob64(s->handle, at, n != 0 ? bytes : "", n, SQLITE_STATIC));
}

void stmt_bind_null(struct stmt *s, const char *name)
{
    int at = place_of(s, name);
    if (at != 0)
        note(s, sqlite3_bind_null(s->handle, at));
}

void stmt_bind_id(struct stmt *s, const char *name, int64_t row)
{
    if (row != 0)
        stmt_bind_int(s, name, row);
    else
        stmt_bind_null(s, name);
}

void stmt_bind_ms(struct stmt *s, const char *name, int64_t ms)
{
    if (ms != MS_NONE)
        stmt_bind_int(s, name, ms);
    else
        stmt_bind_null(s, name);
}

/* ---- running ---- */

static enum err_code check_binds(struct stmt *s, struct err *e)
{
    if (s->wrong != NULL)
        return err_set(e, ERR_INTERNAL, "%s: no parameter %s", s->name, s->wrong);
    if (s->bind_rc != SQLITE_OK)
        return db_fail(s->db, s->bind_rc, s->name, e);
    for (int i = 0; s->bound != s->all && i < s->nparams; i++)
        if ((s->bound >> i & 1) == 0)
            return err_set(e, ERR_INTERNAL, "%s: parameter %s is not bound", s->name, s->params[i]);
    return s->db->in_txn ? db_need_sound_txn(s->db, s->name, e) : ERR_OK;
}

enum err_code stmt_step(struct stmt *s, bool *has, struct err *e)
{
    *has = false;
    if (!s->is_running) {
        enum err_code rc = check_binds(s, e);
        if (rc != ERR_OK)
            return rc;
        s->is_running = true;
    }
    int rc = sqlite3_step(s->handle);
    if (rc == SQLITE_ROW) {
        *has = true;
        return ERR_OK;
    }
    s->is_running = false;
    if (rc != SQLITE_DONE) {
        s->db->is_spoilt = true;
        (void)db_fail(s->db, rc, s->name, e);
        sqlite3_reset(s->handle);
        return e->code;
    }
    sqlite3_reset(s->handle);
    return ERR_OK;
}

enum err_code stmt_run(struct stmt *s, struct err *e)
{
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    if (rc == ERR_OK && has) {
        sqlite3_reset(s->handle);
        s->is_running = false;
        return err_set(e, ERR_INTERNAL, "%s: gives rows where none were expected", s->name);
    }
    return rc;
}

/* ---- reading ---- */

int stmt_columns(const struct stmt *s)
{
    return sqlite3_column_count(s->handle);
}

const char *stmt_column_name(const struct stmt *s, int col)
{
    return sqlite3_column_name(s->handle, col);
}

bool stmt_is_null(const struct stmt *s, int col)
{
    return sqlite3_column_type(s->handle, col) == SQLITE_NULL;
}

int64_t stmt_int(const struct stmt *s, int col)
{
    return sqlite3_column_int64(s->handle, col);
}

double stmt_real(const struct stmt *s, int col)
{
    return sqlite3_column_double(s->handle, col);
}

struct slice stmt_text(const struct stmt *s, int col)
{
    const char *text = sqlite3_column_type(s->handle, col) == SQLITE_BLOB
                           ? sqlite3_column_blob(s->handle, col)
                           : (const char *)sqlite3_column_text(s->handle, col);
    int n = sqlite3_column_bytes(s->handle, col);
    return text != NULL ? (struct slice){text, (size_t)n} : (struct slice){NULL, 0};
}
