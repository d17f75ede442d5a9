/*
 * sense_draft.h - files of sense.c in the making, for its tests
 */
#ifndef TESTS_SENSE_DRAFT_H
#define TESTS_SENSE_DRAFT_H

#include "analyze/sense_pool.h"
#include "core/strbuf.h"

enum { H = SENSE_HIDDEN, C = SENSE_CHANNELS, NWORDS = 10, GOOD = 8, BAD = 9 }; /* words 0 to 7 are the special ones */
enum { BEFORE, AT, AFTER };

/* A side of the network. */
struct side_draft {
    float scale[C];
    int32_t bias[C]; /* 0: what of three words that say nothing is left */
    float now[2 * C][H], customer[2 * C][H], own[2 * C][H], past[SENSE_PAST][H], base[H];
    float out[SENSE_CLASSES][H], out_base[SENSE_CLASSES];
    int8_t rows[NWORDS][3][C]; /* -8 to 7 */
};

struct draft {
    uint32_t sizes[7];
    struct side_draft sides[SENSE_SIDES]; /* agents', customers' */
    size_t ngrams;                        /* bytes of what ngrams.c reads, all zero: see test_ngrams.c */
};

/* The agents' side: one detector for "good", one for "bad" right after "good"; hidden unit 0 sums them up for class 0;
 * one for "bad", twice as strong, for class 9. The customers' side: one for "good", one for "bad", for class 17. */
void draft_plain(struct draft *d);

/* Write the file of D to B, which is emptied first. */
void draft_write(const struct draft *d, struct strbuf *b);

#endif
