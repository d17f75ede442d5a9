/* the lazily made deterministic automaton of automaton.h */
#include <stdlib.h>

#include "analyze/reach.h"
#include "core/hash.h"

/* A state is the .nnodes nodes that wait for a word or a place (ascending), which are in the pool from .from, and the
 * cues that may have ended. The beginnings of phrases are always waited for and stand in no state, those with a place
 * according to .fresh. */
struct state {
    dfa_state seen; /* by others */
    uint32_t from, nnodes;
    enum fresh fresh;
};

/* What others see of a state. */
enum { FRESH_SHIFT = 3, ID_SHIFT = 6, ID_BITS = 16 };

/* Where a symbol leads from a state; key 0: free. */
struct edge {
    uint64_t key; /* of both, plus 1 */
    dfa_state to;
};
enum { EDGES_AT_FIRST = 1024, EDGES_A_STATE = 8 };

struct dfa {
    const struct automaton *a;
    enum speaker who;
    struct reach reach;
    uint32_t nletters, nsymbols; /* letters, then what may be fresh */
    struct state *states;
    uint32_t nstates, max_states;
    uint32_t *pool, npool, max_pool;
    uint32_t *ended;                    /* by state: where its cues that may have ended stand in the lists */
    uint32_t *lists, nlists, max_lists; /* how many, and which, ascending; first those of one cue alone, by cue */
    uint32_t *by_content;               /* open addressing: state + 1 */
    uint32_t content_mask;
    struct edge *edges; /* open addressing; as large as need be, so that the processor's cache holds what is in use */
    uint32_t nedges, edge_mask, max_edges;
    dfa_state *idle; /* by what is fresh, then letter: where a letter leads that no node of the state waits for; 0: not
                        known yet */
    dfa_state idle_at[FRESH_COUNT]; /* the same for the boundary after which the next word is so fresh */
    dfa_state begin;                /* 0: to be made */
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

/* Begin the lists anew: most states with cues have one; after those stands the list of none. */
static void list_singles(struct dfa *d)
{
    uint32_t *list = d->lists;
    for (uint32_t cue = 0; cue < d->a->ncues; cue++) {
        *list++ = 1;
        *list++ = cue;
    }
    *list++ = 0;
    d->nlists = (uint32_t)(list - d->lists);
}

struct dfa *dfa_new(const struct automaton *a, enum speaker who, uint32_t states)
{
    struct dfa *d = calloc(1, sizeof *d);
    if (d == NULL)
        return NULL;
    d->a = a;
    d->who = who;
    d->nletters = lexicon_count(a->lexicon);
    d->nsymbols = d->nletters + FRESH_COUNT;
    d->max_states = states == 0 ? 32768 : states < 2 ? 2 : states > 1u << ID_BITS ? 1u << ID_BITS : states;
    d->max_pool = d->max_states * 64 + 2 * a->nfa.n;
    d->max_lists = d->max_states * 8 + 4 * a->ncues + 1;
    d->content_mask = power_of_two(d->max_states * 2) - 1;
    d->max_edges = power_of_two(d->max_states * EDGES_A_STATE);
    d->edge_mask = (d->max_edges < EDGES_AT_FIRST ? d->max_edges : EDGES_AT_FIRST) - 1;
    d->states = malloc(d->max_states * sizeof *d->states);
    d->pool = malloc(d->max_pool * sizeof *d->pool);
    d->ended = malloc(d->max_states * sizeof *d->ended);
    d->lists = malloc(d->max_lists * sizeof *d->lists);
    d->by_content = calloc((size_t)d->content_mask + 1, sizeof *d->by_content);
    d->edges = calloc((size_t)d->edge_mask + 1, sizeof *d->edges);
    d->idle = calloc((size_t)FRESH_COUNT * d->nletters, sizeof *d->idle);
    d->cues = malloc(((size_t)a->nfa.n + 1) * sizeof *d->cues);
    bool ok = reach_init(&d->reach, a->nfa.n);
    if (!ok || d->states == NULL || d->pool == NULL || d->ended == NULL || d->lists == NULL || d->by_content == NULL ||
        d->edges == NULL || d->idle == NULL || d->cues == NULL) {
        dfa_free(d);
        return NULL;
    }
    list_singles(d);
    return d;
}

void dfa_free(struct dfa *d)
{
    if (d == NULL)
        return;
    reach_clear(&d->reach);
    free(d->states);
    free(d->pool);
    free(d->ended);
    free(d->lists);
    free(d->by_content);
    free(d->edges);
    free(d->idle);
    free(d->cues);
    free(d);
}

static void flush(struct dfa *d)
{
    d->nstates = d->npool = d->nedges = 0;
    list_singles(d);
    d->begin = 0;
    d->flushes++;
    memset(d->by_content, 0, ((size_t)d->content_mask + 1) * sizeof *d->by_content);
    memset(d->edges, 0, ((size_t)d->edge_mask + 1) * sizeof *d->edges);
    memset(d->idle, 0, (size_t)FRESH_COUNT * d->nletters * sizeof *d->idle);
    memset(d->idle_at, 0, sizeof d->idle_at);
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

/* Where what is in d->cues stands in the lists: one cue stands there, several are put there anew. There is room. */
static uint32_t list_cues(struct dfa *d, uint32_t ncues)
{
    uint32_t at = d->nlists;
    if (ncues < 2)
        return 2 * (ncues == 1 ? d->cues[0] : d->a->ncues);
    d->lists[at] = ncues;
    memcpy(d->lists + at + 1, d->cues, ncues * sizeof *d->cues);
    d->nlists += ncues + 1;
    return at;
}

static bool same_content(const struct dfa *d, uint32_t i, uint32_t nnodes, uint32_t ncues, enum fresh fresh)
{
    const struct state *s = &d->states[i];
    const uint32_t *cues = d->lists + d->ended[i];
    return s->nnodes == nnodes && s->fresh == fresh && cues[0] == ncues &&
           (nnodes == 0 || memcmp(d->pool + s->from, d->reach.list, nnodes * sizeof *d->pool) == 0) &&
           (ncues == 0 || memcmp(cues + 1, d->cues, ncues * sizeof *cues) == 0);
}

/* The state numbered I, of what was reached. */
static dfa_state state_of(const struct dfa *d, uint32_t i, uint32_t nnodes, uint32_t ncues, enum fresh fresh)
{
    dfa_state state = (dfa_state)i << ID_SHIFT | (dfa_state)fresh << FRESH_SHIFT | (ncues != 0 ? STATE_HAS_CUES : 0) |
                      (nnodes == 0 ? STATE_IS_DEAD : 0);
    for (uint32_t k = 0; k < nnodes; k++) {
        uint32_t node = d->reach.list[k];
        state |= d->a->nfa.nodes[node].kind == NFA_PLACE ? STATE_HAS_PLACE : d->a->takes[node];
    }
    return state;
}

static uint32_t id_of(dfa_state state)
{
    return (uint32_t)(state >> ID_SHIFT) & ((1u << ID_BITS) - 1);
}

static enum fresh fresh_of(dfa_state state)
{
    return (enum fresh)(state >> FRESH_SHIFT & ((1u << (ID_SHIFT - FRESH_SHIFT)) - 1));
}

static const struct state *state_at(const struct dfa *d, dfa_state state)
{
    return &d->states[id_of(state)];
}

/* The state of what was reached, before a word that is FRESH; made if it is new, in an emptied cache if there is no
 * room. */
static dfa_state intern(struct dfa *d, enum fresh fresh)
{
    uint32_t nnodes, ncues;
    sort_out(d, &nnodes, &ncues);
    uint64_t hash = hash64((struct slice){(const char *)d->reach.list, nnodes * sizeof *d->reach.list}) + fresh;
    for (uint32_t i = 0; i < ncues; i++)
        hash = (hash ^ d->cues[i]) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
    uint32_t slot = (uint32_t)hash & d->content_mask;
    for (; d->by_content[slot] != 0; slot = (slot + 1) & d->content_mask)
        if (same_content(d, d->by_content[slot] - 1, nnodes, ncues, fresh))
            return d->states[d->by_content[slot] - 1].seen;
    if (d->nstates == d->max_states || d->max_pool - d->npool < nnodes || d->max_lists - d->nlists <= ncues) {
        flush(d);
        slot = (uint32_t)hash & d->content_mask;
    }
    d->by_content[slot] = d->nstates + 1;
    dfa_state seen = state_of(d, d->nstates, nnodes, ncues, fresh);
    d->states[d->nstates] = (struct state){seen, d->npool, nnodes, fresh};
    d->ended[d->nstates] = list_cues(d, ncues);
    memcpy(d->pool + d->npool, d->reach.list, nnodes * sizeof *d->pool);
    d->npool += nnodes;
    d->nstates++;
    return seen;
}

dfa_state dfa_begin(struct dfa *d)
{
    if (d->begin == 0) {
        reach_begin(&d->reach);
        d->begin = intern(d, FRESH_TEXT);
    }
    return d->begin;
}

static void reach_first(struct dfa *d, enum fresh fresh, uint32_t letter)
{
    const struct rows *w = &d->a->first[d->who][fresh];
    for (uint32_t i = w->row[letter]; i < w->row[letter + 1]; i++)
        reach_add(&d->reach, &d->a->nfa, w->cells[i], BOUNDARY_NONE, true);
}

/* What LETTER leads to from where the next word is FRESH, whatever is waited for. */
static void reach_anew(struct dfa *d, enum fresh fresh, uint32_t letter)
{
    if (d->who == SPEAKER_NONE)
        return;
    reach_first(d, FRESH_NOT, letter);
    if (fresh != FRESH_NOT)
        reach_first(d, fresh, letter);
}

static void reach_after_word(struct dfa *d, const struct state *s, uint32_t letter)
{
    const struct automaton *a = d->a;
    for (uint32_t i = 0; i < s->nnodes; i++) {
        uint32_t node = d->pool[s->from + i];
        const struct nfa_node *x = &a->nfa.nodes[node];
        if ((a->takes[node] & letter_mark(letter)) != 0 && nfa_takes(&a->nfa, a->lexicon, x, letter))
            reach_add(&d->reach, &a->nfa, x->out, BOUNDARY_NONE, true);
    }
    reach_anew(d, s->fresh, letter);
}

/* Only what asks for a place goes across the end of a sentence; the end of a clause stops nothing. */
static void reach_after_boundary(struct dfa *d, const struct state *s, enum fresh fresh)
{
    const struct automaton *a = d->a;
    for (uint32_t i = 0; i < s->nnodes; i++) {
        uint32_t node = d->pool[s->from + i];
        if (a->nfa.nodes[node].kind == NFA_PLACE || fresh == FRESH_CLAUSE)
            reach_add(&d->reach, &a->nfa, node, fresh_boundary[fresh], false);
    }
}

/* The edge of KEY, or where it may be put. */
static struct edge *find_edge(const struct dfa *d, uint64_t key)
{
    uint32_t slot = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32) & d->edge_mask;
    while (d->edges[slot].key != 0 && d->edges[slot].key != key)
        slot = (slot + 1) & d->edge_mask;
    return &d->edges[slot];
}

/* A table of twice the size; false where it is as large as may be, or memory is. */
static bool more_edges(struct dfa *d)
{
    uint32_t n = d->edge_mask + 1;
    struct edge *old = d->edges, *more = n < d->max_edges ? calloc((size_t)n * 2, sizeof *more) : NULL;
    if (more == NULL)
        return false;
    d->edges = more;
    d->edge_mask = 2 * n - 1;
    for (uint32_t i = 0; i < n; i++)
        if (old[i].key != 0)
            *find_edge(d, old[i].key) = old[i];
    free(old);
    return true;
}

static void put_edge(struct dfa *d, uint64_t key, dfa_state to)
{
    if ((uint64_t)(d->nedges + 1) * 3 > (uint64_t)d->edge_mask * 2 && !more_edges(d)) {
        memset(d->edges, 0, ((size_t)d->edge_mask + 1) * sizeof *d->edges);
        d->nedges = 0;
    }
    *find_edge(d, key) = (struct edge){key, to};
    d->nedges++;
}

dfa_state dfa_begin_cue(struct dfa *d, uint32_t cue, enum boundary before)
{
    uint64_t key = (uint64_t)d->max_states * d->nsymbols + (uint64_t)cue * 32 + (unsigned)before + 1;
    const struct edge *known = find_edge(d, key);
    if (known->key == key)
        return known->to;
    reach_begin(&d->reach);
    reach_add(&d->reach, &d->a->nfa, d->a->cues[cue].start, (unsigned)before, false);
    dfa_state state = intern(d, FRESH_NOT);
    put_edge(d, key, state);
    return state;
}

/* Find out where SYMBOL leads from STATE, and remember it by KEY. */
static __attribute__((noinline)) dfa_state make_step(struct dfa *d, dfa_state state, uint32_t symbol, enum fresh fresh,
                                                     uint64_t key)
{
    reach_begin(&d->reach);
    if (fresh == FRESH_NOT)
        reach_after_word(d, state_at(d, state), symbol);
    else
        reach_after_boundary(d, state_at(d, state), fresh);
    uint64_t flushes = d->flushes;
    dfa_state to = intern(d, d->who == SPEAKER_NONE ? FRESH_NOT : fresh);
    if (d->flushes == flushes) /* else STATE is gone */
        put_edge(d, key, to);
    return to;
}

static inline dfa_state step(struct dfa *d, dfa_state state, uint32_t symbol, enum fresh fresh)
{
    uint64_t key = ((uint64_t)id_of(state) * d->nsymbols + symbol) + 1;
    const struct edge *known = find_edge(d, key);
    return known->key == key ? known->to : make_step(d, state, symbol, fresh, key);
}

static __attribute__((noinline)) dfa_state make_idle(struct dfa *d, enum fresh fresh, uint32_t letter)
{
    reach_begin(&d->reach);
    reach_anew(d, fresh, letter);
    dfa_state to = intern(d, FRESH_NOT);
    d->idle[(size_t)fresh * d->nletters + letter] = to;
    return to;
}

dfa_state dfa_word(struct dfa *d, dfa_state state, uint32_t letter)
{
    if ((state & letter_mark(letter)) != 0)
        return step(d, state, letter, FRESH_NOT);
    dfa_state idle = d->idle[(size_t)fresh_of(state) * d->nletters + letter];
    return idle != 0 ? idle : make_idle(d, fresh_of(state), letter);
}

dfa_state dfa_boundary(struct dfa *d, dfa_state state, enum boundary b)
{
    enum fresh fresh = b == BOUNDARY_CLAUSE ? FRESH_CLAUSE : b == BOUNDARY_SENTENCE ? FRESH_SENTENCE : FRESH_QUESTION;
    bool concerns = fresh == FRESH_CLAUSE ? !dfa_is_dead(state) : (state & STATE_HAS_PLACE) != 0;
    if (concerns)
        return step(d, state, d->nletters + fresh, fresh);
    if (d->idle_at[fresh] == 0) {
        reach_begin(&d->reach);
        d->idle_at[fresh] = intern(d, d->who == SPEAKER_NONE ? FRESH_NOT : fresh);
    }
    return d->idle_at[fresh];
}

const uint32_t *dfa_cues(const struct dfa *d, dfa_state state, uint32_t *n)
{
    const uint32_t *list = d->lists + d->ended[id_of(state)];
    *n = list[0];
    return list + 1;
}
