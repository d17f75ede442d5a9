/*
 * json_rows.h - JSON objects that each are one turn of some conversation: JSON Lines of them, arrays, lists in an
 * object
 *
 * The objects go to the grouper (grouper.h), which makes conversations of them.
 */
#ifndef INGEST_JSON_ROWS_H
#define INGEST_JSON_ROWS_H

#include "ingest/grouper.h"

/* One file. */
struct json_rows {
    const struct reader_options *o;
    const struct reader_sink *sink;
    struct grouper *grouper;
    struct arena *a; /* forgotten after each document */
};

/* What a format's objects are. */
struct json_rows_kind {
    bool (*is_row)(struct json v);
    /* Add V, whatever it is, to r->grouper, or refuse it. */
    enum err_code (*add)(const struct json_rows *r, struct json v, const struct place *at, struct err *e);
};

/* Add all objects of IN: documents, and the items of documents that are lists or hold a list of rows. What came before
 * a text breaks off is kept. */
CHECKED enum err_code json_rows_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                                     const struct reader_sink *sink, const struct json_rows_kind *kind, struct err *e);

#endif
