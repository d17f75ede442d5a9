/*
 * exchange_load.h - what is shown of an exchange, from the store; private to exchange*.c
 */
#ifndef REPORT_EXCHANGE_LOAD_H
#define REPORT_EXCHANGE_LOAD_H

#include "core/arena.h"
#include "report/exchange.h"
#include "store/stmt.h"
#include "store/store.h"

enum { MAX_TAGS = 64, MAX_HITS = 256 }; /* of one exchange */

struct exchange_tag {
    int64_t turn;
    bool is_delivery, is_uncertain;
    struct slice word, title;
};

struct exchange_hit {
    int64_t turn;
    struct span span;
    struct slice kind, cue;
    double weight; /* its share in log-odds; below 0 it spoke against the tag */
    bool is_marked;
};

/* What is loaded of one exchange, in an arena. */
struct loaded {
    struct exchange x;
    const struct naming *naming;
    struct conversation c;
    struct slice source, external_id, started_at, channel, agent, title, style, outcome;
    int64_t dispute_turn; /* -1: none */
    struct exchange_tag tags[MAX_TAGS];
    struct exchange_hit hits[MAX_HITS];
    size_t ntags, nhits;
    int64_t from, to; /* the turns that are shown; to is exclusive */
    bool is_uncertain;
    bool has_lost; /* memory ran out while copying */
};

/* Do two hits have a byte in common? */
bool exchange_hits_overlap(const struct exchange_hit *x, const struct exchange_hit *y);

/* Bound, to be stepped to its end; columns as in exchange_head.sql. */
struct stmt *exchange_head(struct store *db, struct exchange x);

/* *out lives in A. */
CHECKED enum err_code exchange_load(struct store *db, const struct naming *naming, struct arena *a, struct exchange x,
                                    struct loaded **out, struct err *e);

#endif
