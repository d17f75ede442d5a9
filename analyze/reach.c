#include "analyze/reach.h"

#include <stdlib.h>

bool reach_init(struct reach *r, uint32_t nnodes)
{
    *r = (struct reach){.seen = calloc((size_t)nnodes + 1, sizeof *r->seen),
                        .stack = malloc(((size_t)nnodes * 2 + 2) * sizeof *r->stack),
                        .list = malloc(((size_t)nnodes + 1) * sizeof *r->list)};
    return r->seen != NULL && r->stack != NULL && r->list != NULL;
}

void reach_clear(struct reach *r)
{
    free(r->seen);
    free(r->stack);
    free(r->list);
}

void reach_begin(struct reach *r)
{
    r->round++;
    r->n = 0;
}

static void reach_push(struct reach *r, uint32_t node)
{
    if (r->seen[node] == r->round)
        return;
    r->seen[node] = r->round;
    r->stack[r->nstack++] = node;
}

void reach_add(struct reach *r, const struct nfa *nfa, uint32_t node, unsigned hold, bool keep_places)
{
    reach_push(r, node);
    while (r->nstack != 0) {
        uint32_t at = r->stack[--r->nstack];
        const struct nfa_node *x = &nfa->nodes[at];
        if (x->kind == NFA_SPLIT) {
            reach_push(r, x->out);
            reach_push(r, x->other);
        } else if (x->kind == NFA_GUARD || (x->kind == NFA_PLACE && (x->arg & hold) != 0)) {
            reach_push(r, x->out);
        } else if (x->kind != NFA_PLACE || keep_places) {
            r->list[r->n++] = at;
        }
    }
}
