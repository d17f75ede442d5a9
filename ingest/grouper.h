/*
 * grouper.h - rows that each hold one turn -> conversations, in bounded memory
 *
 * The rows of a conversation may stand anywhere in a file, mixed with others and out of order. Conversations are held
 * until the end of the file, or until all that is held exceeds a bound: then the one that was touched longest ago is
 * given to the sink. A row for a conversation that was already given is a reject, with the hint to sort the file: to
 * take it for a new conversation would count it twice. To know these rows, 8 to 16 bytes are kept for each conversation
 * given early.
 *
 * An instant that is the same on all rows of a conversation is the conversation's start and no turn's time.
 * Within a conversation turns are ordered by their index if all have one and no two the same, else by their times if
 * all have one, else they stay in file order. Turns with equal times stay in file order.
 *
 * Owns:   the grouper copies what it is given.
 * Errors: ERR_NOMEM, and what the sink returns; after an error only grouper_free() may follow.
 */
#ifndef INGEST_GROUPER_H
#define INGEST_GROUPER_H

#include "ingest/reader.h"

struct grouper;

/* One turn, and what its row says about its conversation. */
struct grouper_row {
    struct turn turn; /* start_ms and end_ms: offsets from the conversation's start if the row has them, else MS_NONE */
    int64_t at_ms;    /* the instant of the turn, or MS_NONE */
    bool at_has_zone;
    int64_t index; /* the turn's number, or MS_NONE */
    /* external_id tells which conversation; of the other members the first that is not empty (or MS_NONE) in file order
     * counts. If none says started_at_ms, the conversation starts with the earliest at_ms. turns is not looked at. */
    struct conversation about;
};

/* A row that says nothing: all empty, all times MS_NONE. */
struct grouper_row grouper_row_none(void);

/* Holds at most about MAX_BYTES (0: 48 MiB). PATH and SINK must outlive the grouper. NULL when out of memory. */
struct grouper *grouper_new(const char *path, size_t max_bytes, const struct reader_sink *sink);

/* Add a row that stands at LINE. May give conversations and rejects to the sink. */
CHECKED enum err_code grouper_add(struct grouper *g, const struct grouper_row *row, long line, struct err *e);

/* Give all that is held to the sink, in the order in which conversations were touched last. */
CHECKED enum err_code grouper_finish(struct grouper *g, struct err *e);

void grouper_free(struct grouper *g); /* NULL is fine */

#endif
