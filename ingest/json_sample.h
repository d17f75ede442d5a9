/*
 * json_sample.h - the first JSON documents of a file: how has the text to be cut, and which format do they have?
 */
#ifndef INGEST_JSON_SAMPLE_H
#define INGEST_JSON_SAMPLE_H

#include "core/err.h"
#include "ingest/reader.h"

struct json_sample {
    bool is_json;                /* it begins with { or [ */
    size_t ndocs;                /* whole documents that were looked at */
    const struct format *format; /* that fits most of them, the earlier in the table where equally many; NULL: none */
    bool is_first_broken;        /* the first document is no JSON */
    long broken_line, broken_column;
    char reason[160]; /* what is wrong with it */
};

/* Look at the first documents of S. Only ONLY's fits() is asked, or, if it is NULL, that of every format. */
CHECKED enum err_code json_sample_look(const struct sample *s, const struct format *only, struct layout *layout,
                                       struct json_sample *out, struct err *e);

/* Does TEXT, the beginning of a file, end within its first JSON document or list item? Then more of it should be seen
 * before its format is judged. */
bool json_sample_is_short(struct slice text);

#endif
