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

static const enum boundary boundary_of[FRESH_COUNT] = {
    [FRESH_NOT] = BOUNDARY_NONE,          [FRESH_TEXT] = BOUNDARY_TEXT_START,   [FRESH_CLAUSE] = BOUNDARY_CLAUSE,
    [FRESH_SENTENCE] = BOUNDARY_SENTENCE, [FRESH_QUESTION] = BOUNDARY_QUESTION,
};

static bool cue_is_of(const struct cue_entry *c, enum speaker who)
{
    bool of[SPEAKER_COUNT] = {c->for_agent, c->for_customer, c->for_others};
    return c->start != UINT32_MAX && of[who];
}

/* Rows are filled in two passes over the same walk: count, then put. */
struct filling {
    struct rows *rows;
    uint32_t *next; /* per letter the cell to fill next; NULL in the first pass */
};

static void put(struct filling *f, uint32_t letter, uint32_t value)
{
    if (f->next == NULL)
        f->rows->row[letter + 1]++;
    else
        f->rows->cells[f->next[letter]++] = value;
}

/* The letters that NODE takes lead to its successor. */
static void put_node(const struct automaton *a, struct filling *f, const struct nfa_node *x)
{
    uint32_t from = x->kind == NFA_WORD ? x->arg : 0;
    uint32_t to = x->kind == NFA_WORD ? x->arg + 1 : lexicon_count(a->lexicon);
    for (uint32_t letter = from; letter < to; letter++)
        if (nfa_takes(&a->nfa, a->lexicon, x, letter))
            put(f, letter, x->out);
}

static void reach_starts(const struct automaton *a, struct reach *r, enum speaker who, enum boundary b)
{
    reach_begin(r);
    for (uint32_t cue = 0; cue < a->ncues; cue++)
        if (cue_is_of(&a->cues[cue], who))
            reach_add(r, &a->nfa, a->cues[cue].start, b, false);
}

/* What WHO's phrases may begin with at a place that is FRESH, besides what they may begin with anywhere. */
static void walk_first(const struct automaton *a, struct reach r[2], enum speaker who, enum fresh fresh,
                       struct filling *f)
{
    reach_starts(a, &r[0], who, boundary_of[fresh]);
    if (fresh != FRESH_NOT)
        reach_starts(a, &r[1], who, BOUNDARY_NONE);
    for (uint32_t i = 0; i < r[0].n; i++)
        if (fresh == FRESH_NOT || r[1].seen[r[0].list[i]] != r[1].round)
            put_node(a, f, &a->nfa.nodes[r[0].list[i]]);
}

/* Between the passes: counts become places of cells. SCRATCH has a number per letter. */
static bool rows_lay_out(struct rows *w, uint32_t nletters, uint32_t *scratch)
{
    for (uint32_t i = 0; i < nletters; i++)
        w->row[i + 1] += w->row[i];
    w->cells = malloc(((size_t)w->row[nletters] + 1) * sizeof *w->cells);
    memcpy(scratch, w->row, nletters * sizeof *scratch);
    return w->cells != NULL;
}

static bool rows_init(struct rows *w, uint32_t nletters)
{
    w->row = calloc((size_t)nletters + 1, sizeof *w->row);
    return w->row != NULL;
}

static bool make_first(struct automaton *a, struct reach r[2], enum speaker who, enum fresh fresh, uint32_t *scratch)
{
    uint32_t nletters = lexicon_count(a->lexicon);
    struct filling f = {.rows = &a->first[who][fresh]};
    if (!rows_init(f.rows, nletters))
        return false;
    walk_first(a, r, who, fresh, &f);
    if (!rows_lay_out(f.rows, nletters, scratch))
        return false;
    f.next = scratch;
    walk_first(a, r, who, fresh, &f);
    return true;
}

/* Fill c->firsts. */
static void note_firsts(const struct automaton *a, struct reach *r, struct cue_entry *c)
{
    memset(c->firsts, 0, sizeof c->firsts);
    if (c->start == UINT32_MAX)
        return;
    reach_begin(r);
    reach_add(r, &a->nfa, c->start, BOUNDARY_TEXT_START | BOUNDARY_QUESTION, false);
    for (uint32_t i = 0; i < r->n; i++) {
        const struct nfa_node *x = &a->nfa.nodes[r->list[i]];
        uint32_t letter = x->kind == NFA_WORD ? x->arg : 0;
        uint32_t to = x->kind == NFA_WORD ? x->arg + 1 : lexicon_count(a->lexicon);
        for (; letter < to; letter++)
            if (!cue_may_begin(c, letter) && nfa_takes(&a->nfa, a->lexicon, x, letter))
                c->firsts[letter / 64 % 4] |= UINT64_C(1) << (letter % 64);
    }
}

enum err_code automaton_finish(struct automaton *a, struct err *e)
{
    uint32_t nletters = lexicon_count(a->lexicon);
    uint32_t *scratch = calloc((size_t)nletters + 1, sizeof *scratch);
    struct reach r[2];
    bool ok = reach_init(&r[0], a->nfa.n);
    ok = reach_init(&r[1], a->nfa.n) && ok && scratch != NULL;
    for (unsigned who = 0; ok && who < SPEAKER_COUNT; who++)
        for (unsigned fresh = 0; ok && fresh < FRESH_COUNT; fresh++)
            ok = make_first(a, r, (enum speaker)who, (enum fresh)fresh, scratch);
    for (uint32_t i = 0; ok && i < a->ncues; i++)
        note_firsts(a, &r[0], &a->cues[i]);
    ok = ok && nfa_same_letters(&a->nfa, a->lexicon, scratch, e) == ERR_OK;
    if (ok)
        lexicon_merge(a->lexicon, scratch);
    free(scratch);
    reach_clear(&r[0]);
    reach_clear(&r[1]);
    return ok ? ERR_OK : err_nomem(e);
}

static void rows_clear(struct rows *w)
{
    free(w->row);
    free(w->cells);
}

void automaton_clear(struct automaton *a)
{
    nfa_clear(&a->nfa);
    lexicon_free(a->lexicon);
    free(a->cues);
    for (unsigned who = 0; who < SPEAKER_COUNT; who++)
        for (unsigned fresh = 0; fresh < FRESH_COUNT; fresh++)
            rows_clear(&a->first[who][fresh]);
    *a = (struct automaton){0};
}

/* ---- the lazily made deterministic automaton -----------------------------------------------------------------------
 */

/* A state is what is in the pool from .from: .nnodes nodes that wait for a word or a place (ascending), then .ncues
 * cues that may have ended. The beginnings of phrases are always waited for and stand in no state, those with a place
 * according to .fresh. */
struct state {
    uint32_t from, nnodes, ncues;
    enum fresh fresh;
};

/* Where a symbol leads from a state: a key of both, plus 1, in the upper bits, and the state it leads to; 0: free. */
typedef uint64_t edge;
enum { EDGE_TO_BITS = 20 + STATE_BITS, EDGES_AT_FIRST = 1024, EDGES_A_STATE = 16 };

struct dfa {
    const struct automaton *a;
    enum speaker who;
    struct reach reach;
    uint32_t nsymbols; /* letters, then what may be fresh */
    struct state *states;
    uint32_t nstates, max_states;
    uint32_t *pool, npool, max_pool;
    uint32_t *by_content; /* open addressing: state + 1 */
    uint32_t content_mask;
    edge *edges; /* open addressing; as large as need be, so that the cache of the processor holds what is in use */
    uint32_t nedges, edge_mask, max_edges;
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

struct dfa *dfa_new(const struct automaton *a, enum speaker who, uint32_t states)
{
    struct dfa *d = calloc(1, sizeof *d);
    if (d == NULL)
        return NULL;
    d->a = a;
    d->who = who;
    d->nsymbols = lexicon_count(a->lexicon) + FRESH_COUNT;
    d->max_states = states == 0 ? 16384 : states < 2 ? 2 : states > 1u << 20 ? 1u << 20 : states;
    d->max_pool = d->max_states * 64 + 2 * (a->nfa.n + a->ncues);
    d->content_mask = power_of_two(d->max_states * 2) - 1;
    d->max_edges = power_of_two(d->max_states * EDGES_A_STATE);
    d->edge_mask = (d->max_edges < EDGES_AT_FIRST ? d->max_edges : EDGES_AT_FIRST) - 1;
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

static bool same_content(const struct dfa *d, const struct state *s, uint32_t nnodes, uint32_t ncues, enum fresh fresh)
{
    const uint32_t *p = d->pool + s->from;
    return s->nnodes == nnodes && s->ncues == ncues && s->fresh == fresh &&
           (nnodes == 0 || memcmp(p, d->reach.list, nnodes * sizeof *p) == 0) &&
           (ncues == 0 || memcmp(p + nnodes, d->cues, ncues * sizeof *p) == 0);
}

/* The state number I with NNODES nodes and NCUES cues, as others see it. */
static uint32_t state_of(uint32_t i, uint32_t nnodes, uint32_t ncues)
{
    return i << STATE_BITS | (ncues != 0 ? STATE_HAS_CUES : 0u) | (nnodes == 0 ? STATE_IS_DEAD : 0u);
}

static const struct state *state_at(const struct dfa *d, uint32_t state)
{
    return &d->states[state >> STATE_BITS];
}

/* The state of what was reached, before a word that is FRESH; made if it is new, in an emptied cache if there is no
 * room. */
static uint32_t intern(struct dfa *d, enum fresh fresh)
{
    uint32_t nnodes, ncues;
    sort_out(d, &nnodes, &ncues);
    uint64_t hash = hash64((struct slice){(const char *)d->reach.list, nnodes * sizeof *d->reach.list}) + fresh;
    for (uint32_t i = 0; i < ncues; i++)
        hash = (hash ^ d->cues[i]) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
    uint32_t slot = (uint32_t)hash & d->content_mask;
    for (; d->by_content[slot] != 0; slot = (slot + 1) & d->content_mask)
        if (same_content(d, &d->states[d->by_content[slot] - 1], nnodes, ncues, fresh))
            return state_of(d->by_content[slot] - 1, nnodes, ncues);
    if (d->nstates == d->max_states || d->max_pool - d->npool < nnodes + ncues) {
        flush(d);
        slot = (uint32_t)hash & d->content_mask;
    }
    d->by_content[slot] = d->nstates + 1;
    d->states[d->nstates] = (struct state){d->npool, nnodes, ncues, fresh};
    memcpy(d->pool + d->npool, d->reach.list, nnodes * sizeof *d->pool);
    memcpy(d->pool + d->npool + nnodes, d->cues, ncues * sizeof *d->pool);
    d->npool += nnodes + ncues;
    return state_of(d->nstates++, nnodes, ncues);
}

uint32_t dfa_begin(struct dfa *d)
{
    if (d->begin == UINT32_MAX) {
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

static void reach_after_word(struct dfa *d, const struct state *s, uint32_t letter)
{
    const struct automaton *a = d->a;
    for (uint32_t i = 0; i < s->nnodes; i++) {
        const struct nfa_node *x = &a->nfa.nodes[d->pool[s->from + i]];
        if (nfa_takes(&a->nfa, a->lexicon, x, letter))
            reach_add(&d->reach, &a->nfa, x->out, BOUNDARY_NONE, true);
    }
    if (d->who == SPEAKER_NONE)
        return;
    reach_first(d, FRESH_NOT, letter);
    if (s->fresh != FRESH_NOT)
        reach_first(d, s->fresh, letter);
}

/* Only what asks for a place goes across the end of a sentence; the end of a clause stops nothing. */
static void reach_after_boundary(struct dfa *d, const struct state *s, enum fresh fresh)
{
    const struct automaton *a = d->a;
    for (uint32_t i = 0; i < s->nnodes; i++) {
        uint32_t node = d->pool[s->from + i];
        if (a->nfa.nodes[node].kind == NFA_PLACE || fresh == FRESH_CLAUSE)
            reach_add(&d->reach, &a->nfa, node, boundary_of[fresh], false);
    }
}

static uint32_t edge_slot(const struct dfa *d, uint64_t key)
{
    return (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32) & d->edge_mask;
}

/* Is the edge of KEY known, and where does it lead? */
static bool find_edge(const struct dfa *d, uint64_t key, uint32_t *to)
{
    uint32_t slot = edge_slot(d, key);
    for (; d->edges[slot] != 0; slot = (slot + 1) & d->edge_mask)
        if (d->edges[slot] >> EDGE_TO_BITS == key) {
            *to = (uint32_t)d->edges[slot] & ((1u << EDGE_TO_BITS) - 1);
            return true;
        }
    return false;
}

static void place_edge(struct dfa *d, edge x)
{
    uint32_t slot = edge_slot(d, x >> EDGE_TO_BITS);
    while (d->edges[slot] != 0)
        slot = (slot + 1) & d->edge_mask;
    d->edges[slot] = x;
}

/* A table of twice the size; false where it is as large as may be, or memory is. */
static bool more_edges(struct dfa *d)
{
    uint32_t n = d->edge_mask + 1;
    edge *old = d->edges, *more = n < d->max_edges ? calloc((size_t)n * 2, sizeof *more) : NULL;
    if (more == NULL)
        return false;
    d->edges = more;
    d->edge_mask = 2 * n - 1;
    for (uint32_t i = 0; i < n; i++)
        if (old[i] != 0)
            place_edge(d, old[i]);
    free(old);
    return true;
}

static void put_edge(struct dfa *d, uint64_t key, uint32_t to)
{
    if ((uint64_t)(d->nedges + 1) * 3 > (uint64_t)d->edge_mask * 2 && !more_edges(d)) {
        memset(d->edges, 0, ((size_t)d->edge_mask + 1) * sizeof *d->edges);
        d->nedges = 0;
    }
    place_edge(d, key << EDGE_TO_BITS | to);
    d->nedges++;
}

uint32_t dfa_begin_cue(struct dfa *d, uint32_t cue, enum boundary before)
{
    uint64_t key = (uint64_t)d->max_states * d->nsymbols + (uint64_t)cue * 32 + (unsigned)before + 1;
    uint32_t known;
    if (find_edge(d, key, &known))
        return known;
    reach_begin(&d->reach);
    reach_add(&d->reach, &d->a->nfa, d->a->cues[cue].start, (unsigned)before, false);
    uint32_t state = intern(d, FRESH_NOT);
    put_edge(d, key, state);
    return state;
}

static uint32_t step(struct dfa *d, uint32_t state, uint32_t symbol, enum fresh fresh)
{
    uint64_t key = ((uint64_t)(state >> STATE_BITS) * d->nsymbols + symbol) + 1;
    uint32_t known;
    if (find_edge(d, key, &known))
        return known;
    reach_begin(&d->reach);
    if (fresh == FRESH_NOT)
        reach_after_word(d, state_at(d, state), symbol);
    else
        reach_after_boundary(d, state_at(d, state), fresh);
    uint64_t flushes = d->flushes;
    uint32_t to = intern(d, d->who == SPEAKER_NONE ? FRESH_NOT : fresh);
    if (d->flushes == flushes) /* else STATE is gone */
        put_edge(d, key, to);
    return to;
}

uint32_t dfa_word(struct dfa *d, uint32_t state, uint32_t letter)
{
    return step(d, state, letter, FRESH_NOT);
}

uint32_t dfa_boundary(struct dfa *d, uint32_t state, enum boundary b)
{
    enum fresh fresh = b == BOUNDARY_CLAUSE ? FRESH_CLAUSE : b == BOUNDARY_SENTENCE ? FRESH_SENTENCE : FRESH_QUESTION;
    return step(d, state, d->nsymbols - FRESH_COUNT + fresh, fresh);
}

const uint32_t *dfa_cues(const struct dfa *d, uint32_t state, uint32_t *n)
{
    const struct state *s = state_at(d, state);
    *n = s->ncues;
    return d->pool + s->from + s->nnodes;
}
