/*
 * reply_threads.h - rows that say only which other row they answer -> conversations
 *
 * A row has an id and maybe the id that it answers; all that hang together are one conversation, whose id is that of
 * the row at its top (it need not be in the file). An answer may stand before what it answers. Rows are held, up to a
 * bound; then what is held goes on, and a thread whose top becomes known later is two.
 *
 * Memory: the bound, and about 24 bytes for each id.
 * Owns:   copies what it is given.
 */
#ifndef INGEST_REPLY_THREADS_H
#define INGEST_REPLY_THREADS_H

#include "ingest/grouper.h"

struct reply_threads;

/* Rows go on to TO. Holds about MAX_BYTES (0: 48 MiB). NULL when out of memory. */
struct reply_threads *reply_threads_new(struct grouper *to, size_t max_bytes);

#define REPLY_THREADS_NAME_BYTES 32

/* The id of the conversation whose top is the row TOP. */
void reply_threads_name(struct slice top, char out[REPLY_THREADS_NAME_BYTES]);

/* The row BELOW answers ABOVE; neither need be in the file. Nothing happens if BELOW answers something already. */
CHECKED enum err_code reply_threads_link(struct reply_threads *r, struct slice below, struct slice above,
                                         struct err *e);

/* ROW at LINE has the id OWN and answers TO (may be empty); ANSWERS are ids of rows that answer it, "1,2", or empty. A
 * row whose id was there before is passed over. */
CHECKED enum err_code reply_threads_add(struct reply_threads *r, const struct grouper_row *row, long line,
                                        struct slice own, struct slice to, struct slice answers, struct err *e);

/* Everything that is held goes on. */
CHECKED enum err_code reply_threads_flush(struct reply_threads *r, struct err *e);

void reply_threads_free(struct reply_threads *r); /* NULL is fine */

#endif
