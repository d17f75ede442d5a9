/*
 * json_turn.h - an object that is a turn, by the meaning of its keys (json_keys.h): text, who speaks, when
 *
 * Borrows: texts borrow from the tree or live in the arena; so do the caches, which hold for one tree only.
 * Errors:  ERR_NOMEM.
 */
#ifndef INGEST_JSON_TURN_H
#define INGEST_JSON_TURN_H

#include "ingest/json_keys.h"
#include "ingest/reader.h"

#define JSON_CACHED_KEYS  32
#define JSON_CACHED_ROLES 8
#define JSON_NO_RANK      1000u

/* Reads the turns of one tree: they have the same few keys and the same few words for roles, which are remembered.
 * Begin with all zero but O and A. */
struct json_turns {
    const struct reader_options *o;
    struct arena *a;
    struct slice key[JSON_CACHED_KEYS];
    enum turn_key kind[JSON_CACHED_KEYS];
    unsigned rank[JSON_CACHED_KEYS];
    struct slice word[JSON_CACHED_ROLES];
    enum role role[JSON_CACHED_ROLES];
};

/* The members of an object that matter; rank JSON_NO_RANK where there is none. */
struct json_item {
    struct json value[TURN_KEY_COUNT];
    unsigned rank[TURN_KEY_COUNT];
    bool has_lists; /* a member is a list that is not empty */
};

/* A turn's time as it was found. */
struct json_stamp {
    enum { STAMP_NONE, STAMP_MS, STAMP_NUMBER, STAMP_INSTANT } kind;
    int64_t ms;    /* offset or instant */
    double number; /* an offset whose unit is not known yet */
    bool has_zone; /* of an instant */
};

void json_item_read(struct json_turns *r, struct json v, struct json_item *out);
bool json_item_has_text(const struct json_item *it);
bool json_item_has_speaker(const struct json_item *it);

/* Is V [speaker, text]? */
bool json_is_pair(struct json v, struct slice *speaker, struct slice *text);

/* Read V, an object or a pair. *T has no text if V is no turn, or what a tool was asked or answered. Its times are in
 * STAMPS (start, end) only. */
CHECKED enum err_code json_turn_read(struct json_turns *r, struct json v, struct turn *t, struct json_stamp stamps[2],
                                     struct err *e);

#endif
