/*
 * json_fields.h - what objects say of the conversation in them: id, source, start, channel, queue, agent, customer
 *
 * Borrows: what is read borrows from the tree or lives in the arena.
 * Errors:  false when out of memory.
 */
#ifndef INGEST_JSON_FIELDS_H
#define INGEST_JSON_FIELDS_H

#include "ingest/reader.h"

/* An object on the way down to a conversation. */
struct json_owner {
    struct json object;
    const struct json_owner *outer; /* the object whose member it is; NULL if it is an item of a list or the document */
    size_t ncontainers;             /* members that are objects or lists */
};

/* Fill *C from the members of O and of those it stands in, by their keys (json_keys.h); the nearest counts. */
bool json_fields_read(const struct json_owner *o, const struct reader_options *options, struct arena *a,
                      struct conversation *c);

/* V as text, a number written out; empty if it is neither. */
bool json_word(struct arena *a, struct json v, struct slice *out);

/* The first member of V that is there and not null among KEYS (the last is NULL), as text; empty if there is none. */
bool json_member_word(struct arena *a, struct json v, const char *const *keys, struct slice *out);

#endif
