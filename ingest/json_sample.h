/*
 * json_sample.h - the first JSON documents of a file, for the probes of the JSON formats
 *
 * Finds out how the text has to be cut (struct layout), and asks whether its first documents fit.
 */
#ifndef INGEST_JSON_SAMPLE_H
#define INGEST_JSON_SAMPLE_H

#include "core/err.h"
#include "ingest/reader.h"

struct json_sample {
    bool is_json;         /* it begins with { or [ */
    size_t ndocs;         /* whole documents that were looked at */
    size_t nfit;          /* those that fit */
    bool is_first_broken; /* the first document is no JSON */
    long broken_line;
    char reason[160]; /* what is wrong with it */
};

/* Look at the first documents of S. FITS tells of each whether it is of the format. */
CHECKED enum err_code json_sample_look(const struct sample *s, void *ctx, bool (*fits)(void *ctx, struct json doc),
                                       struct layout *layout, struct json_sample *out, struct err *e);

#endif
