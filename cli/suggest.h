/*
 * suggest.h - "did you mean": the known word that is nearest to a mistyped one
 */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

/* Keeps the best candidate so far; begin with SUGGEST_INIT. */
struct suggest {
    const char *typed;
    const char *best; /* NULL: nothing near enough */
    size_t distance;
};

#define SUGGEST_INIT(word)                                                                                             \
    {                                                                                                                  \
        (word), NULL, 0                                                                                                \
    }

/* Offer CANDIDATE (kept by pointer). A third of the word may differ; the first of equals stays. */
void suggest_offer(struct suggest *s, const char *candidate);

#endif
