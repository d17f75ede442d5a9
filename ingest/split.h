/*
 * split.h - decoded text -> single JSON documents, in batches, without parsing
 *
 * LAYOUT_STREAM is JSON Lines if, of the first lines, at least half (or the very first) are whole documents: then each
 * line that is not blank is a document, good or bad, and a bad one disturbs nobody. Else, and in the other layouts,
 * brackets are counted. There a line end inside a string, which JSON forbids, ends a document early: it is refused and
 * the splitter goes on at the next line that begins with a bracket and is indented no deeper than that document was.
 * A document of more than max_record_bytes is refused and passed over without being held.
 *
 * Owns:    a batch owns its text and its documents' places; free with split_batch_free().
 * Memory:  a batch holds about the bytes that were wanted, or one document.
 */
#ifndef INGEST_SPLIT_H
#define INGEST_SPLIT_H

#include "core/err.h"
#include "ingest/reader.h"

struct splitter;

/* A document, or a refused piece of text. */
struct split_doc {
    size_t from, n;     /* bytes of the batch's text */
    long line;          /* of its first byte, from 1 */
    int64_t offset;     /* of its first byte in the decoded text */
    int64_t column;     /* bytes before it on its line */
    bool is_other;      /* LAYOUT_KEY: of another list than the one named; if it is no conversation, it is no reject */
    const char *reason; /* not NULL: it is refused, and this is why (a literal); n is 0. A line end in a string: the
                           place is the line end's */
};

struct split_batch {
    char *text; /* JSON_PADDING bytes follow behind each document */
    size_t ntext, cap;
    struct split_doc *docs;
    size_t ndocs, docs_cap;
};

#define SPLIT_BATCH_INIT                                                                                               \
    {                                                                                                                  \
        NULL, 0, 0, NULL, 0, 0                                                                                         \
    }

/* Cut the text that IN gives. NULL when out of memory. */
struct splitter *splitter_new(const struct reader_input *in, const struct layout *layout, size_t max_record_bytes);
void splitter_free(struct splitter *s);

/* Fill B (what was in it is forgotten) with the next documents, about WANT bytes of them. *has is false at the end. An
 * error of IN comes after all documents before it. */
CHECKED enum err_code splitter_next(struct splitter *s, struct split_batch *b, size_t want, bool *has, struct err *e);

void split_batch_free(struct split_batch *b);

/* The bytes of the whole JSON value at the start of X, which must be { or [ or a string; 0 if it is cut off or is
 * none. */
size_t split_value(struct slice x);

#endif
