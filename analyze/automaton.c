#include "analyze/automaton.h"

#include <stdlib.h>

#include "core/hash.h"

/* ---- the index of first words ------------------------------------------------------------------------------------ */

/* Nodes reached without taking a word, each once. */
struct reach {
    uint64_t *seen; /* per node: the round in which it was reached */
    uint32_t *stack, nstack;
    uint32_t *list, n;
    uint64_t round;
};

static bool reach_init(struct reach *r, uint32_t nnodes)
{
    *r = (struct reach){.seen = calloc((size_t)nnodes + 1, sizeof *r->seen),
                        .stack = malloc(((size_t)nnodes * 2 + 2) * sizeof *r->stack),
                        .list = malloc(((size_t)nnodes + 1) * sizeof *r->list)};
    return r->seen != NULL && r->stack != NULL && r->list != NULL;
}

static void reach_clear(struct reach *r)
{
    free(r->seen);
    free(r->stack);
    free(r->list);
}

static void reach_begin(struct reach *r)
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

/* Add NODE and all that it leads to without a word, through the places in HOLD. Places that do not hold are added to
 * the list themselves if KEEP_PLACES: they may hold at a boundary that comes next. */
static void reach_add(struct reach *r, const struct nfa *nfa, uint32_t node, unsigned hold, bool keep_places)
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

/* Two passes over the same walk: count, then fill. */
struct rows {
    uint32_t *row, *cells, *fill;
};

static void rows_put(struct rows *w, uint32_t letter, uint32_t value)
{
    if (w->cells == NULL)
        w->row[letter + 1]++;
    else
        w->cells[w->fill[letter]++] = value;
}

static void index_go(const struct automaton *a, const struct reach *start, struct rows *w)
{
    uint32_t nletters = lexicon_count(a->lexicon);
    for (uint32_t i = 0; i < start->n; i++) {
        const struct nfa_node *x = &a->nfa.nodes[start->list[i]];
        if (x->kind == NFA_WORD) {
            rows_put(w, x->arg, x->out);
            continue;
        }
        for (uint32_t letter = 0; x->kind != NFA_PLACE && letter < nletters; letter++)
            if (nfa_takes(&a->nfa, a->lexicon, x, letter))
                rows_put(w, letter, x->out);
    }
}

/* The letters with which CUE may begin, each once; LAST is per letter the last cue that was put there, plus 1. */
static void index_may(const struct automaton *a, const struct reach *start, uint32_t cue, uint32_t *last,
                      struct rows *w)
{
    uint32_t nletters = lexicon_count(a->lexicon);
    for (uint32_t i = 0; i < start->n; i++) {
        const struct nfa_node *x = &a->nfa.nodes[start->list[i]];
        uint32_t from = x->kind == NFA_WORD ? x->arg : 0, to = x->kind == NFA_WORD ? x->arg + 1 : nletters;
        for (uint32_t letter = from; letter < to; letter++)
            if (last[letter] != cue + 1 && nfa_takes(&a->nfa, a->lexicon, x, letter)) {
                last[letter] = cue + 1;
                rows_put(w, letter, cue);
            }
    }
}

static void index_all(const struct automaton *a, struct reach *r, uint32_t *last, struct rows *go, struct rows *may)
{
    memset(last, 0, lexicon_count(a->lexicon) * sizeof *last);
    for (uint32_t cue = 0; cue < a->ncues; cue++) {
        if (a->cues[cue].start == UINT32_MAX)
            continue;
        reach_begin(r);
        reach_add(r, &a->nfa, a->cues[cue].start, ~0u, false);
        index_may(a, r, cue, last, may);
        reach_begin(r);
        reach_add(r, &a->nfa, a->cues[cue].start, 0, true);
        index_go(a, r, go);
    }
}

static bool rows_count_done(struct rows *w, uint32_t nletters)
{
    for (uint32_t i = 0; i < nletters; i++)
        w->row[i + 1] += w->row[i];
    w->cells = malloc(((size_t)w->row[nletters] + 1) * sizeof *w->cells);
    w->fill = malloc(((size_t)nletters + 1) * sizeof *w->fill);
    if (w->cells == NULL || w->fill == NULL)
        return false;
    memcpy(w->fill, w->row, nletters * sizeof *w->fill);
    return true;
}

/* The places in front of phrases, over all cues. */
static bool collect_places(struct automaton *a, struct reach *r)
{
    reach_begin(r);
    for (uint32_t cue = 0; cue < a->ncues; cue++)
        if (a->cues[cue].start != UINT32_MAX)
            reach_add(r, &a->nfa, a->cues[cue].start, 0, true);
    a->places = malloc(((size_t)r->n + 1) * sizeof *a->places);
    if (a->places == NULL)
        return false;
    for (uint32_t i = 0; i < r->n; i++)
        if (a->nfa.nodes[r->list[i]].kind == NFA_PLACE)
            a->places[a->nplaces++] = r->list[i];
    return true;
}

enum err_code automaton_finish(struct automaton *a, struct err *e)
{
    uint32_t nletters = lexicon_count(a->lexicon);
    struct rows go = {.row = calloc((size_t)nletters + 1, sizeof *go.row)};
    struct rows may = {.row = calloc((size_t)nletters + 1, sizeof *may.row)};
    uint32_t *last = calloc((size_t)nletters + 1, sizeof *last);
    struct reach r;
    bool ok = reach_init(&r, a->nfa.n) && go.row != NULL && may.row != NULL && last != NULL;
    if (ok) {
        index_all(a, &r, last, &go, &may);
        ok = rows_count_done(&go, nletters) && rows_count_done(&may, nletters) && collect_places(a, &r);
    }
    if (ok)
        index_all(a, &r, last, &go, &may);
    a->go_row = go.row;
    a->go = go.cells;
    a->may_row = may.row;
    a->may = may.cells;
    free(go.fill);
    free(may.fill);
    free(last);
    reach_clear(&r);
    return ok ? ERR_OK : err_nomem(e);
}

void automaton_clear(struct automaton *a)
{
    nfa_clear(&a->nfa);
    lexicon_free(a->lexicon);
    free(a->cues);
    free(a->go_row);
    free(a->go);
    free(a->may_row);
    free(a->may);
    free(a->places);
    *a = (struct automaton){0};
}

bool automaton_may_begin(const struct automaton *a, uint32_t cue, uint32_t letter)
{
    for (uint32_t i = a->may_row[letter]; i < a->may_row[letter + 1]; i++)
        if (a->may[i] == cue)
            return true;
    return false;
}

/* ---- the lazily made deterministic automaton -----------------------------------------------------------------------
 */

/* A state is what is in the pool from .from: .nnodes nodes that wait for a word or a place (ascending), then .ncues
 * cues that may have ended. The beginnings of phrases are always waited for and stand in no state. */
struct state {
    uint32_t from, nnodes, ncues;
};

struct edge {
    uint64_t key; /* state and symbol, plus 1; 0: free */
    uint32_t to;
};

struct dfa {
    const struct automaton *a;
    struct reach reach;
    uint32_t nsymbols; /* letters, then three boundaries */
    struct state *states;
    uint32_t nstates, max_states;
    uint32_t *pool, npool, max_pool;
    uint32_t *by_content; /* open addressing: state + 1 */
    uint32_t content_mask;
    struct edge *edges;
    uint32_t nedges, edge_mask;
    uint32_t begin; /* UINT32_MAX: to be made */
    uint64_t flushes;
    uint32_t *cues; /* scratch */
};

static uint32_t power_of_two(uint32_t least)
{
    uint32_t n = 16;
    while (n < least && n < 1u << 30)
        n *= 2;
    return n;
}

struct dfa *dfa_new(const struct automaton *a, uint32_t states)
{
    struct dfa *d = calloc(1, sizeof *d);
    if (d == NULL)
        return NULL;
    d->a = a;
    d->nsymbols = lexicon_count(a->lexicon) + 3;
    d->max_states = states == 0 ? 4096 : states < 2 ? 2 : states > 1u << 20 ? 1u << 20 : states;
    d->max_pool = d->max_states * 64 + 2 * (a->nfa.n + a->ncues);
    d->content_mask = power_of_two(d->max_states * 2) - 1;
    d->edge_mask = power_of_two(d->max_states * 16) - 1;
    d->states = malloc(d->max_states * sizeof *d->states);
    d->pool = malloc(d->max_pool * sizeof *d->pool);
    d->by_content = calloc((size_t)d->content_mask + 1, sizeof *d->by_content);
    d->edges = calloc((size_t)d->edge_mask + 1, sizeof *d->edges);
    d->cues = malloc(((size_t)a->nfa.n + 1) * sizeof *d->cues);
    d->begin = UINT32_MAX;
    bool ok = reach_init(&d->reach, a->nfa.n);
    if (!ok || d->states == NULL || d->pool == NULL || d->by_content == NULL || d->edges == NULL || d->cues == NULL) {
        dfa_free(d);
        return NULL;
    }
    return d;
}

void dfa_free(struct dfa *d)
{
    if (d == NULL)
        return;
    reach_clear(&d->reach);
    free(d->states);
    free(d->pool);
    free(d->by_content);
    free(d->edges);
    free(d->cues);
    free(d);
}

static void flush(struct dfa *d)
{
    d->nstates = d->npool = d->nedges = 0;
    d->begin = UINT32_MAX;
    d->flushes++;
    memset(d->by_content, 0, ((size_t)d->content_mask + 1) * sizeof *d->by_content);
    memset(d->edges, 0, ((size_t)d->edge_mask + 1) * sizeof *d->edges);
}

static int by_value(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* Most sets are small. */
static void sort(uint32_t *v, uint32_t n)
{
    if (n > 64) {
        qsort(v, n, sizeof *v, by_value);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        uint32_t x = v[i], k = i;
        for (; k > 0 && v[k - 1] > x; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

/* Part what was reached into nodes that wait and cues that ended, both ascending and unique. */
static void sort_out(struct dfa *d, uint32_t *nnodes, uint32_t *ncues)
{
    uint32_t n = 0, c = 0, unique = 0;
    for (uint32_t i = 0; i < d->reach.n; i++) {
        const struct nfa_node *x = &d->a->nfa.nodes[d->reach.list[i]];
        if (x->kind == NFA_MATCH)
            d->cues[c++] = x->arg;
        else
            d->reach.list[n++] = d->reach.list[i];
    }
    sort(d->reach.list, n);
    sort(d->cues, c);
    for (uint32_t i = 0; i < c; i++)
        if (unique == 0 || d->cues[unique - 1] != d->cues[i])
            d->cues[unique++] = d->cues[i];
    *nnodes = n;
    *ncues = unique;
}

static bool same_content(const struct dfa *d, const struct state *s, uint32_t nnodes, uint32_t ncues)
{
    const uint32_t *p = d->pool + s->from;
    return s->nnodes == nnodes && s->ncues == ncues &&
           (nnodes == 0 || memcmp(p, d->reach.list, nnodes * sizeof *p) == 0) &&
           (ncues == 0 || memcmp(p + nnodes, d->cues, ncues * sizeof *p) == 0);
}

/* The state of what was reached; made if it is new, in an emptied cache if there is no room. */
static uint32_t intern(struct dfa *d)
{
    uint32_t nnodes, ncues;
    sort_out(d, &nnodes, &ncues);
    uint64_t hash = hash64((struct slice){(const char *)d->reach.list, nnodes * sizeof *d->reach.list}) ^
                    (hash64((struct slice){(const char *)d->cues, ncues * sizeof *d->cues}) * 31);
    uint32_t slot = (uint32_t)hash & d->content_mask;
    for (; d->by_content[slot] != 0; slot = (slot + 1) & d->content_mask)
        if (same_content(d, &d->states[d->by_content[slot] - 1], nnodes, ncues))
            return d->by_content[slot] - 1;
    if (d->nstates == d->max_states || d->max_pool - d->npool < nnodes + ncues) {
        flush(d);
        slot = (uint32_t)hash & d->content_mask;
    }
    d->by_content[slot] = d->nstates + 1;
    d->states[d->nstates] = (struct state){d->npool, nnodes, ncues};
    memcpy(d->pool + d->npool, d->reach.list, nnodes * sizeof *d->pool);
    memcpy(d->pool + d->npool + nnodes, d->cues, ncues * sizeof *d->pool);
    d->npool += nnodes + ncues;
    return d->nstates++;
}

uint32_t dfa_begin(struct dfa *d)
{
    if (d->begin == UINT32_MAX) {
        reach_begin(&d->reach);
        for (uint32_t i = 0; i < d->a->nplaces; i++)
            reach_add(&d->reach, &d->a->nfa, d->a->places[i], BOUNDARY_TEXT_START, false);
        d->begin = intern(d);
    }
    return d->begin;
}

static void reach_after_word(struct dfa *d, const struct state *s, uint32_t letter)
{
    const struct automaton *a = d->a;
    for (uint32_t i = 0; i < s->nnodes; i++) {
        const struct nfa_node *x = &a->nfa.nodes[d->pool[s->from + i]];
        if (nfa_takes(&a->nfa, a->lexicon, x, letter))
            reach_add(&d->reach, &a->nfa, x->out, 0, true);
    }
    for (uint32_t i = a->go_row[letter]; i < a->go_row[letter + 1]; i++)
        reach_add(&d->reach, &a->nfa, a->go[i], 0, true);
}

/* Only what asks for a place goes across the end of a sentence; the end of a clause stops nothing. */
static void reach_after_boundary(struct dfa *d, const struct state *s, enum boundary b)
{
    const struct automaton *a = d->a;
    for (uint32_t i = 0; i < s->nnodes; i++) {
        uint32_t node = d->pool[s->from + i];
        if (a->nfa.nodes[node].kind == NFA_PLACE || b == BOUNDARY_CLAUSE)
            reach_add(&d->reach, &a->nfa, node, b, false);
    }
    for (uint32_t i = 0; i < a->nplaces; i++)
        reach_add(&d->reach, &a->nfa, a->places[i], b, false);
}

static uint32_t step(struct dfa *d, uint32_t state, uint32_t symbol, enum boundary b)
{
    uint64_t key = ((uint64_t)state * d->nsymbols + symbol) + 1;
    uint32_t slot = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32) & d->edge_mask;
    for (; d->edges[slot].key != 0; slot = (slot + 1) & d->edge_mask)
        if (d->edges[slot].key == key)
            return d->edges[slot].to;
    reach_begin(&d->reach);
    if (b == BOUNDARY_NONE)
        reach_after_word(d, &d->states[state], symbol);
    else
        reach_after_boundary(d, &d->states[state], b);
    uint64_t flushes = d->flushes;
    uint32_t to = intern(d);
    if (d->flushes != flushes) /* STATE is gone */
        return to;
    if ((d->nedges + 1) * 2 > d->edge_mask) {
        memset(d->edges, 0, ((size_t)d->edge_mask + 1) * sizeof *d->edges);
        d->nedges = 0;
        slot = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32) & d->edge_mask;
    }
    d->edges[slot] = (struct edge){key, to};
    d->nedges++;
    return to;
}

uint32_t dfa_word(struct dfa *d, uint32_t state, uint32_t letter)
{
    return step(d, state, letter, BOUNDARY_NONE);
}

uint32_t dfa_boundary(struct dfa *d, uint32_t state, enum boundary b)
{
    uint32_t which = b == BOUNDARY_CLAUSE ? 0 : b == BOUNDARY_SENTENCE ? 1 : 2;
    return step(d, state, d->nsymbols - 3 + which, b);
}

const uint32_t *dfa_cues(const struct dfa *d, uint32_t state, uint32_t *n)
{
    const struct state *s = &d->states[state];
    *n = s->ncues;
    return d->pool + s->from + s->nnodes;
}
