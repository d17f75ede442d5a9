#include "store/pending.h"

#include <stdlib.h>
#include <string.h>

#include "store/db.h"

#define MOST_ROWS 128 /* of a table */

/* The columns of each, as schemas/pending/ has them. */
#define PENDING_ROW(id, name, sql) static const char id[] = sql;
#include "gen/pending.inc"
#undef PENDING_ROW

static const struct {
    const char *name, *columns;
    enum query insert;
} tables[PENDING_COUNT] = {
    [PENDING_DELIVERY] = {"pending_delivery", pending_delivery, query_delivery_insert},
    [PENDING_REACTION] = {"pending_reaction", pending_reaction, query_reaction_insert},
    [PENDING_HIT_LIST] = {"pending_hit_list", pending_hit_list, query_hit_list_insert},
    [PENDING_EPISODE] = {"pending_episode", pending_episode, query_episode_insert},
};

/* ---- the virtual tables -------------------------------------------------------------------------------------------
 */

struct rows_table {
    sqlite3_vtab base; /* SQLite's */
    const struct pending_rows *rows;
};

struct rows_cursor {
    sqlite3_vtab_cursor base; /* SQLite's */
    const struct pending_rows *rows;
    size_t at;
};

static const struct rows_cursor *cursor_of(const sqlite3_vtab_cursor *c)
{
    return (const struct rows_cursor *)c;
}

static int rows_connect(sqlite3 *conn, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **why)
{
    const struct pending_rows *rows = aux;
    (void)argc, (void)argv, (void)why;
    int rc = sqlite3_declare_vtab(conn, tables[rows->table].columns);
    if (rc == SQLITE_OK)
        rc = sqlite3_vtab_config(conn, SQLITE_VTAB_DIRECTONLY); /* no use for triggers and views of a file */
    if (rc != SQLITE_OK)
        return rc;
    struct rows_table *table = calloc(1, sizeof *table);
    if (table == NULL)
        return SQLITE_NOMEM;
    table->rows = rows;
    *out = &table->base;
    return SQLITE_OK;
}

static int rows_disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

static int rows_plan(sqlite3_vtab *table, sqlite3_index_info *plan)
{
    (void)table;
    plan->estimatedRows = MOST_ROWS;
    return SQLITE_OK;
}

static int rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct rows_cursor *c = calloc(1, sizeof *c);
    if (c == NULL)
        return SQLITE_NOMEM;
    c->rows = ((struct rows_table *)table)->rows;
    *out = &c->base;
    return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *c)
{
    free(c);
    return SQLITE_OK;
}

static int rows_first(sqlite3_vtab_cursor *c, int plan, const char *text, int argc, sqlite3_value **argv)
{
    (void)plan, (void)text, (void)argc, (void)argv;
    ((struct rows_cursor *)c)->at = 0;
    return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *c)
{
    ((struct rows_cursor *)c)->at++;
    return SQLITE_OK;
}

static int rows_at_end(sqlite3_vtab_cursor *c)
{
    return cursor_of(c)->at >= cursor_of(c)->rows->n;
}

static int rows_column(sqlite3_vtab_cursor *c, sqlite3_context *to, int column)
{
    const struct pending_rows *rows = cursor_of(c)->rows;
    const struct value *v = &rows->values[cursor_of(c)->at * rows->ncolumns + (size_t)column];
    switch (v->type) {
    case VALUE_INT:
        sqlite3_result_int64(to, v->as.integer);
        break;
    case VALUE_REAL:
        sqlite3_result_double(to, v->as.real);
        break;
    case VALUE_TEXT:
    case VALUE_WORD:
        sqlite3_result_text64(to, v->as.text.n != 0 ? v->as.text.s : "", v->as.text.n, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case VALUE_NULL:
        sqlite3_result_null(to);
        break;
    }
    return SQLITE_OK;
}

static int rows_rowid(sqlite3_vtab_cursor *c, sqlite3_int64 *id)
{
    *id = (sqlite3_int64)cursor_of(c)->at;
    return SQLITE_OK;
}

int pending_register(struct pending *p, sqlite3 *conn)
{
    static const sqlite3_module module = {
        .xConnect = rows_connect, /* and no xCreate: there is one table, of the module's name */
        .xDisconnect = rows_disconnect,
        .xBestIndex = rows_plan,
        .xOpen = rows_open,
        .xClose = rows_close,
        .xFilter = rows_first,
        .xNext = rows_next,
        .xEof = rows_at_end,
        .xColumn = rows_column,
        .xRowid = rows_rowid,
    };
    int rc = SQLITE_OK;
    for (int t = 0; t < PENDING_COUNT && rc == SQLITE_OK; t++) {
        p->rows[t].table = (enum pending_table)t;
        rc = sqlite3_create_module(conn, tables[t].name, &module, &p->rows[t]);
    }
    return rc;
}

/* ---- rows ---------------------------------------------------------------------------------------------------------
 */

/* V gets a copy of its own. */
static enum err_code keep_text(struct pending *p, struct value *v, struct err *e)
{
    if (v->type != VALUE_TEXT || v->as.text.n == 0)
        return ERR_OK;
    if (p->texts == NULL && (p->texts = arena_new(0)) == NULL)
        return err_nomem(e);
    v->as.text = arena_dup(p->texts, v->as.text);
    return v->as.text.s != NULL ? ERR_OK : err_nomem(e);
}

enum err_code pending_add(struct store *db, enum pending_table t, const struct value *row, size_t n, struct err *e)
{
    struct pending_rows *rows = &db->pending.rows[t];
    enum err_code rc = rows->n == MOST_ROWS ? pending_flush(db, e) : ERR_OK;
    if (rc == ERR_OK && rows->values == NULL) {
        rows->ncolumns = n;
        rows->values = calloc(MOST_ROWS * n, sizeof *rows->values);
        rc = rows->values != NULL ? ERR_OK : err_nomem(e);
    }
    if (rc != ERR_OK)
        return rc;
    struct value *to = &rows->values[rows->n * n];
    memcpy(to, row, n * sizeof *row);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = keep_text(&db->pending, &to[i], e);
    rows->n += rc == ERR_OK;
    return rc;
}

enum err_code pending_flush(struct store *db, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (int t = 0; t < PENDING_COUNT && rc == ERR_OK; t++)
        if (db->pending.rows[t].n != 0)
            rc = stmt_run(stmt_get(db, tables[t].insert), e);
    if (rc == ERR_OK)
        pending_forget(db);
    return rc;
}

void pending_forget(struct store *db)
{
    for (int t = 0; t < PENDING_COUNT; t++)
        db->pending.rows[t].n = 0;
    if (db->pending.texts != NULL)
        arena_reset(db->pending.texts);
}

void pending_free(struct pending *p)
{
    for (int t = 0; t < PENDING_COUNT; t++)
        free(p->rows[t].values);
    arena_free(p->texts);
    *p = (struct pending){.texts = NULL};
}
