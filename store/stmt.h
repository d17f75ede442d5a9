/*
 * stmt.h - prepared statements: got by enum, bound by name, stepped, read
 *
 * Every statement is a file in schemas/queries/ or schemas/reports/, embedded at build time and prepared when the store
 * is opened, so that a mistake in any of them fails the first test. A query writes :name, stmt_bind_x() takes "name" or
 * ":name". Binding to a name that the query does not have, or leaving a name unbound, is ERR_INTERNAL, told by
 * stmt_step(): bind calls need no check of their own. Binding in the order of the query is fastest.
 *
 * Owns:    the store owns the statements.
 * Borrows: text and blobs that are bound must live until the statement is stepped to its end or got again;
 *          slices read from a row are valid until the next step.
 */
#ifndef STORE_STMT_H
#define STORE_STMT_H

#include "core/err.h"
#include "core/slice.h"

/* The enum of all queries: query_<file name> for schemas/queries, report_<file name> for schemas/reports. */
enum query {
#define SQL_ROW(id, name, sql) id,
#include "gen/queries.inc"
#undef SQL_ROW
    QUERY_COUNT
};

struct store;
struct stmt;

/* The statement, reset and with nothing bound. */
struct stmt *stmt_get(struct store *db, enum query q);

void stmt_bind_int(struct stmt *s, const char *name, int64_t v);
void stmt_bind_real(struct stmt *s, const char *name, double v);
void stmt_bind_text(struct stmt *s, const char *name, struct slice v); /* empty stays '' */
void stmt_bind_blob(struct stmt *s, const char *name, const void *bytes, size_t n);
void stmt_bind_id(struct stmt *s, const char *name, int64_t row); /* 0: NULL */
void stmt_bind_ms(struct stmt *s, const char *name, int64_t ms);  /* MS_NONE: NULL */
void stmt_bind_null(struct stmt *s, const char *name);

/* The next row; *has is false at the end (and the statement is reset). */
CHECKED enum err_code stmt_step(struct stmt *s, bool *has, struct err *e);

/* For a statement that gives no rows. */
CHECKED enum err_code stmt_run(struct stmt *s, struct err *e);

/* Columns of the row, from 0. */
int stmt_columns(const struct stmt *s);
const char *stmt_column_name(const struct stmt *s, int col);
bool stmt_is_null(const struct stmt *s, int col);
int64_t stmt_int(const struct stmt *s, int col);
double stmt_real(const struct stmt *s, int col);
struct slice stmt_text(const struct stmt *s, int col); /* also for blobs */

#endif
