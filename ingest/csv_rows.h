/*
 * csv_rows.h - what the CSV formats share: walking the rows of a sample or of a whole file, with the header's columns
 *
 * Errors: a row that cannot be used is given to the sink as a reject, and reading goes on.
 */
#ifndef INGEST_CSV_ROWS_H
#define INGEST_CSV_ROWS_H

#include "ingest/csv_columns.h"
#include "ingest/reader.h"

/* A row under its header. To refuse the row, return ERR_INPUT with the reason; any other error stops the walk. */
typedef enum err_code csv_row(void *ctx, const struct csv_columns *c, const struct csv_record *rec, struct err *e);

/* Call ROW for each row of the file. Rows with too few or too many fields or with NUL bytes are rejects before they
 * reach ROW. An error of IN is returned after all whole rows before it. */
CHECKED enum err_code csv_rows_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                                    const struct reader_sink *sink, bool is_cell, void *ctx, csv_row *row,
                                    struct err *e);

/* The beginning of a file, for probes. */
struct csv_sample {
    char delimiter;
    struct csv_columns columns;
    size_t nrows; /* seen */
};

/* Find the delimiter and the columns of S and call ROW (may be NULL) for its first rows (at most 100, whole ones
 * only). False when S is no delimited text with a header, or its columns do not fit O's map (then *e tells). */
bool csv_rows_sample(const struct sample *s, const struct reader_options *o, bool is_cell, void *ctx, csv_row *row,
                     struct csv_sample *out, struct err *e);

/* Fill *e with "no column for ..." by the header of S, for a user who hears that nothing fits. */
void csv_rows_tell_missing(const struct sample *s, const char *what, const char *field, struct err *e);

#endif
