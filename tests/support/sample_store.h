/*
 * sample_store.h - fill a store with believable conversations, the same ones every time, for tests and benches
 */
#ifndef TESTS_SAMPLE_STORE_H
#define TESTS_SAMPLE_STORE_H

#include "store/store.h"

struct sample {
    unsigned conversations, agents, weeks;
    int64_t last_day; /* of the last week, since 1970-01-01 */
};

/* The ruleset of the samples: "unlisted", five policies, and the cues. */
extern const struct ruleset_info sample_rules;

enum { SAMPLE_POLICIES = 6 };

/* Use the ruleset and put the conversations of S, in one transaction, under the file FILE_ID. */
CHECKED enum err_code sample_store_fill(struct store *db, const struct sample *s, struct err *e);

/* Put one conversation with its tags. */
CHECKED enum err_code sample_store_put(struct store *db, int64_t file_id, const struct conversation *c,
                                       const struct tags *t, struct err *e);

/* Begin a run and a file to put conversations under. */
CHECKED enum err_code sample_store_file(struct store *db, int64_t *file_id, struct err *e);

#endif
