/*
 * pending.h - private to store/: rows that wait, to be inserted many at a time
 *
 * Beginning and ending a statement and finding the place in the table take SQLite about as long as one row does. So the
 * rows of some tables are kept here, and the queries that insert them read them from virtual tables that have the same
 * columns: INSERT INTO delivery SELECT ... FROM pending_delivery. pending_flush() runs them when there are enough rows,
 * and db_flush() says when else.
 *
 * Owns:    the rows and copies of their texts, until they are flushed or forgotten; words are borrowed for good.
 * Errors:  what SQLite says of a row is told by pending_flush(); the transaction cannot be committed then.
 */
#ifndef STORE_PENDING_H
#define STORE_PENDING_H

#include "core/arena.h"
#include "core/err.h"
#include "core/slice.h"

struct store;
struct sqlite3;

enum pending_table { PENDING_DELIVERY, PENDING_REACTION, PENDING_HIT_LIST, PENDING_EPISODE, PENDING_COUNT };

struct value {
    enum { VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT, VALUE_WORD } type;
    union {
        int64_t integer;
        double real;
        struct slice text;
    } as;
};

struct pending {
    struct pending_rows {
        enum pending_table table;
        struct value *values; /* NULL until there is a row */
        size_t n, ncolumns;   /* rows; values of each */
    } rows[PENDING_COUNT];
    struct arena *texts;
};

static inline struct value value_int(int64_t x)
{
    return (struct value){VALUE_INT, {.integer = x}};
}

static inline struct value value_id(int64_t row) /* 0: NULL */
{
    return (struct value){row != 0 ? VALUE_INT : VALUE_NULL, {.integer = row}};
}

static inline struct value value_real(double x)
{
    return (struct value){VALUE_REAL, {.real = x}};
}

static inline struct value value_text(struct slice x)
{
    return (struct value){VALUE_TEXT, {.text = x}};
}

static inline struct value value_word(const char *x) /* a literal */
{
    return (struct value){VALUE_WORD, {.text = slice_of(x)}};
}

/* Make the virtual tables known to a new connection, whose rows are those of P. */
int pending_register(struct pending *p, struct sqlite3 *conn);

/* Let a row wait: its N values in the order of the columns in schemas/pending/. */
CHECKED enum err_code pending_add(struct store *db, enum pending_table t, const struct value *row, size_t n,
                                  struct err *e);

CHECKED enum err_code pending_flush(struct store *db, struct err *e);
void pending_forget(struct store *db); /* the transaction is rolled back */
void pending_free(struct pending *p);

#endif
