/*
 * reach.h - which nodes of an automaton are reached without taking a word; private to automaton.c and dfa.c
 *
 * Owns:    a struct reach owns its arrays; free with reach_clear(), also where reach_init() failed.
 */
#ifndef ANALYZE_REACH_H
#define ANALYZE_REACH_H

#include "analyze/automaton.h"

/* Nodes reached without taking a word, each once. */
struct reach {
    uint64_t *seen; /* per node: the round in which it was reached */
    uint32_t *stack, nstack;
    uint32_t *list, n;
    uint64_t round;
};

bool reach_init(struct reach *r, uint32_t nnodes); /* false when out of memory */
void reach_clear(struct reach *r);

/* Nothing is reached. */
void reach_begin(struct reach *r);

/* Add NODE and all that it leads to without a word, through the places in HOLD. Places that do not hold are added to
 * the list themselves if KEEP_PLACES: they may hold at a boundary that comes next. */
void reach_add(struct reach *r, const struct nfa *nfa, uint32_t node, unsigned hold, bool keep_places);

#endif
