/*
 * seen.h - what was seen in a file, for people (`broach ingest --dry-run`), and how many different conversations in all
 *
 * Owns: a struct seen owns its table of identities: 8 bytes each, in a table that is half full at most.
 */
#ifndef INGEST_SEEN_H
#define INGEST_SEEN_H

#include "ingest/ingest.h"

struct seen {
    uint64_t *keys; /* hashes of identities; 0 is an empty place */
    size_t nplaces, n;
};

/* Add C to the counts of FILE, and its identity to S. False when out of memory. */
bool seen_add(struct seen *s, struct ingest_file *file, const struct conversation *c);
void seen_free(struct seen *s);

/* An empty count. */
struct ingest_file seen_none(void);

#endif
