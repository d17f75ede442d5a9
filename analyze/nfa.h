/*
 * nfa.h - phrases as one nondeterministic automaton over letters (lexicon.h), built from trees (phrase.h)
 *
 * Thompson's construction; each cue has its own nodes, so that one cue alone can be run too.
 *
 * Owns:    the caller owns struct nfa's arrays; free with nfa_clear().
 */
#ifndef ANALYZE_NFA_H
#define ANALYZE_NFA_H

#include "analyze/lexicon.h"
#include "analyze/phrase.h"

enum nfa_kind {
    NFA_WORD,   /* takes one word: of letter .arg */
    NFA_PREFIX, /* ... that begins as letter .arg says */
    NFA_ANY,
    NFA_NUMBER,
    NFA_MONEY,
    NFA_SET,   /* ... that one of the atoms of set .arg takes: alternatives of one word each stay one node */
    NFA_SPLIT, /* to .out and .other, taking nothing */
    NFA_PLACE, /* to .out at a place of .arg (enum phrase_place) */
    NFA_GUARD, /* to .out if the phrase at node .arg is not in the words before */
    NFA_MATCH  /* phrase .arg (the cue) is complete; UINT32_MAX for a guard's */
};

struct nfa_node {
    uint32_t kind; /* enum nfa_kind */
    uint32_t arg, out, other;
};

/* A word-taking node without successor. */
struct nfa_atom {
    uint32_t kind, arg, set;
};

struct nfa {
    struct nfa_node *nodes;
    uint32_t n, cap;
    struct nfa_atom *atoms; /* of all sets */
    uint32_t natoms, cap_atoms, nsets;
    uint64_t *bits; /* per set a row of bits by letter */
    size_t row;     /* words of a row */
};

#define NFA_NODES_MAX (1u << 20)

/* Told the name of a list, gives its phrases (linked by .next); NULL if there is none of this name. */
typedef const struct phrase *nfa_list(const void *ctx, struct slice name);

/* A phrase that was built: its first node, how many words it takes, and whether it has a guard. */
struct nfa_part {
    uint32_t start, least, most;
    bool has_guard;
};

/* Build X with the lists it refers to; MATCH is what its end says. ERR_CONFIG without a place: an unknown list, a list
 * that refers to itself, too large. */
CHECKED enum err_code nfa_build(struct nfa *n, struct lexicon *l, const struct phrase *x, uint32_t match,
                                nfa_list *list, const void *ctx, struct nfa_part *out, struct err *e);

/* A node that leads to A and B. */
CHECKED enum err_code nfa_split(struct nfa *n, uint32_t a, uint32_t b, uint32_t *node, struct err *e);

/* After the last node, with L finished: lay out the sets. ERR_NOMEM only. */
CHECKED enum err_code nfa_finish(struct nfa *n, const struct lexicon *l, struct err *e);

/* Does NODE take a word of LETTER? After nfa_finish(). */
bool nfa_takes(const struct nfa *n, const struct lexicon *l, const struct nfa_node *node, uint32_t letter);

/* The first letter from LETTER on that NODE takes; lexicon_count() if there is none. After nfa_finish(). */
uint32_t nfa_next_taken(const struct nfa *n, const struct lexicon *l, const struct nfa_node *node, uint32_t letter);

/* Write to SAME, for each letter of L, the least letter that is no other to any node (never one that stands for words
 * without a letter of their own, but for these themselves). ERR_NOMEM only. */
CHECKED enum err_code nfa_same_letters(const struct nfa *n, const struct lexicon *l, uint32_t *same, struct err *e);

void nfa_clear(struct nfa *n);

#endif
