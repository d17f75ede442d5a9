/*
 * cell.h - the rows of a table and what stands in their cells, whatever they are written to (CSV, workbook)
 *
 * Owns: a text belongs to the row, or to the scratch buffer given; it is valid until either changes.
 */
#ifndef REPORT_CELL_H
#define REPORT_CELL_H

#include "core/strbuf.h"
#include "report/findings.h"
#include "report/naming.h"
#include "report/summary.h"
#include "report/table.h"
#include "report/unlisted.h"

/* What the whole report was made of. */
struct report_data {
    const struct period *period;
    const struct findings *findings;
    const struct summary *summary;
    const struct unlisted *unlisted;
    const struct naming *naming;
    struct slice listen; /* the conversations to listen to: see listen_write() */
};

struct row {
    const struct report_data *data;
    const struct stmt *sql;     /* NULL for a table that is made in memory: */
    const struct field *fields; /* then these */
};

int64_t row_int(const struct row *row, int col);
double row_real(const struct row *row, int col);
struct slice row_text(const struct row *row, int col);
bool row_is_null(const struct row *row, int col);

enum cell_kind {
    CELL_EMPTY, /* not known, or cannot be estimated */
    CELL_INT,
    CELL_REAL,
    CELL_TEXT
};

struct cell {
    enum cell_kind kind;
    int64_t integer;
    double real;
    int decimals;  /* of a REAL */
    bool is_share; /* a REAL that is a share, or a difference of shares */
    struct slice text;
};

/* The value of column C. SCRATCH is cleared and used for texts that are put together. */
void cell_of(const struct row *row, const struct column *c, struct strbuf *scratch, struct cell *out);

/* Whom to coach on what: the card INDEX from 0; false if there are no more (table_agents.c). */
bool coaching_at(const struct report_data *data, size_t index, const struct finding_agent **agent,
                 const struct finding_cell **cell);

/* All rows of a table, one after the other. */
struct rows {
    const struct table *table;
    struct stmt *sql;
    struct row row;
    size_t n; /* rows given so far */
    struct field fields[TABLE_FIELDS];
};

/* LIMIT bounds tables that know BIND_LIMIT; -1: none. */
void rows_begin(struct rows *r, struct store *db, const struct table *t, const struct report_data *data, int64_t limit);
CHECKED enum err_code rows_next(struct rows *r, bool *has, struct err *e);

#endif
