/*
 * reader.h - the table of formats: each row is a name, a probe and a way to read
 *
 * A reader turns text (UTF-8 by now; containers and encodings are behind it) into conversations. There are two kinds:
 *   documents  the splitter cuts the text into JSON documents, and workers call parse() on each, in parallel;
 *   rows       read() runs on the producer's thread, because one record is only a part of a conversation; it gives
 *              conversations to the sink as they become complete (see grouper.h).
 * Both leave masking, default ids and sources to the caller (finish.h), so that no format can forget them.
 */
#ifndef INGEST_READER_H
#define INGEST_READER_H

#include "core/arena.h"
#include "core/err.h"
#include "core/json.h"
#include "core/model.h"

/* The beginning of a file, decoded. */
struct sample {
    struct slice text;
    bool is_all;      /* the whole file */
    const char *path; /* for its extension, as a tie-breaker only */
};

/* Where a record stands; for rejects and for ids of conversations that have none. */
struct place {
    const char *path;
    long line;      /* from 1; -1 if unknown */
    int64_t offset; /* bytes from the start of the decoded text; -1 if unknown */
};

/* Settings a reader may need. */
struct reader_options {
    const char *columns;     /* see ingest_options */
    const char *date_format; /* see ingest_options */
    const char *own_domains; /* see ingest_options */
    char delimiter;          /* rows: the one the probe found; 0: the reader looks for itself */
    bool is_assumed;    /* documents: the first is longer than what the probe sees, so each tells its format itself */
    bool ids_repeat;    /* rows: the probe saw one id on several conversations, so ids alone tell nothing */
    bool times_are_odd; /* rows: the probe could read no time at all: rows are taken without theirs */
    bool ids_are_rows;  /* rows: the probe saw that the column "id" is the row's own */
    bool
        offsets_in_ms; /* rows: the probe saw that whole numbers for times are ms: they lie too far apart for seconds */
    bool channel_is_speaker; /* rows: the probe saw that the channel of the audio tells who speaks */
    size_t max_record_bytes;
};

/* How the splitter has to cut (split.h), decided by the probe of a document format. */
struct layout {
    enum { LAYOUT_STREAM, LAYOUT_ARRAY, LAYOUT_KEY, LAYOUT_WHOLE } kind;
    char key[64]; /* LAYOUT_KEY: the member of the top object whose array holds the documents */
};

/* What a reader gives its results to. The conversation's slices must stay valid during the call only. */
struct reader_sink {
    void *ctx;
    enum err_code (*conversation)(void *ctx, const struct conversation *c, const struct place *at, struct err *e);
    enum err_code (*reject)(void *ctx, const struct place *at, const char *reason, struct err *e);
};

/* Where read() gets its decoded text. */
struct reader_input {
    void *ctx;
    enum err_code (*read)(void *ctx, void *buf, size_t cap, size_t *n, struct err *e);
};

struct format {
    const char *name;  /* "csv-turns": option --format, column source_file.format */
    const char *title; /* one line for people */
    /* JSON: is DOC, a document or the envelope around a list of them, of this format? Tells by its keys. Else NULL. */
    bool (*fits)(struct json doc);
    /* Other text: how sure is it that S is of this format: 0 no .. 100 certainly. Fills o->delimiter where it needs it.
     * If 0, it may set *e to the reason a user should hear (else e->code stays ERR_OK). NULL for JSON. */
    int (*probe)(const struct sample *s, struct reader_options *o, struct err *e);
    /* Documents: the conversations of one document; strings may borrow from DOC and A. NULL for rows. */
    enum err_code (*parse)(struct json doc, const struct place *at, const struct reader_options *o, struct arena *a,
                           const struct reader_sink *sink, struct err *e);
    /* Rows: the conversations of a whole file. NULL for documents. */
    enum err_code (*read)(const struct reader_input *in, const char *path, const struct reader_options *o,
                          const struct reader_sink *sink, struct err *e);
};

/* The table (formats/formats.def), in the order of preference; ends with a row whose name is NULL. */
extern const struct format formats[];

#endif
