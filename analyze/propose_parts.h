/*
 * propose_parts.h - what a proposer holds; private to propose*.c: propose.c reads the terms, propose_groups.c makes
 * groups and entries of them
 */
#ifndef ANALYZE_PROPOSE_PARTS_H
#define ANALYZE_PROPOSE_PARTS_H

#include "analyze/propose.h"
#include "analyze/ruleset.h"
#include "analyze/words.h"

struct term {
    uint64_t hash;
    struct slice words; /* as they stood first, folded */
    bool is_pair;
    uint32_t n, nalive; /* statements; those in no group yet */
    uint32_t nother;    /* other turns of agents */
    uint32_t seen;      /* the number of the text that counted last */
    uint32_t from;      /* its statements in by_term */
    uint32_t in_group;  /* of n, while a group is made */
    uint32_t tried;     /* in this round of next_phrase() */
    bool is_spent;      /* began a group that was too small */
};

/* That statement S has TERM. */
struct has {
    uint32_t term, statement;
};

struct proposer {
    const struct ruleset *rules;
    struct arena *a;
    struct matcher *matcher;
    uint32_t *tally; /* for policy_in_scan() */
    struct word_reader words;
    struct strbuf pair;
    struct term *terms;
    size_t nterms, cap_terms;
    uint32_t *slots; /* open addressing; a power of two */
    size_t nslots;
    struct has *has; /* by statement */
    size_t nhas, cap_has;
    struct statement *statements;
    size_t nstatements, cap_statements;
    uint32_t ntexts, nothers;
    /* while proposing */
    uint32_t *by_term;    /* statements of each term */
    uint32_t *terms_from; /* of each statement in has, and behind the last */
    uint32_t *seeds;      /* terms that have enough statements to begin a group */
    size_t nseeds;
    uint32_t round;
    uint8_t *state;    /* of each statement: enum state */
    uint32_t *members; /* of the group */
    size_t nmembers;
    struct proposal *out;
    size_t nout, cap_out;
};

/* A catalogue's phrase finds a word with and without its final s; so one is as good as the other. */
static inline struct slice term_stem(struct slice word)
{
    if (word.n > 3 && word.s[word.n - 1] == 's' && word.s[word.n - 2] != 's')
        word.n--;
    return word;
}

#endif
