#include "analyze/automaton.h"

#include <stdlib.h>

#include "analyze/reach.h"

const enum boundary fresh_boundary[FRESH_COUNT] = {
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
    uint32_t letter = nfa_next_taken(&a->nfa, a->lexicon, x, 0);
    for (; letter < lexicon_count(a->lexicon); letter = nfa_next_taken(&a->nfa, a->lexicon, x, letter + 1))
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
    reach_starts(a, &r[0], who, fresh_boundary[fresh]);
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
        uint32_t letter = nfa_next_taken(&a->nfa, a->lexicon, x, 0);
        for (; letter < lexicon_count(a->lexicon); letter = nfa_next_taken(&a->nfa, a->lexicon, x, letter + 1))
            c->firsts[letter % FIRST_BITS / 64] |= UINT64_C(1) << (letter % 64);
    }
}

/* Which letters each node takes, roughly, of those that come back from the lexicon. */
static bool note_takes(struct automaton *a, const uint32_t *same)
{
    a->takes = calloc((size_t)a->nfa.n + 1, sizeof *a->takes);
    for (uint32_t i = 0; a->takes != NULL && i < a->nfa.n; i++) {
        const struct nfa_node *x = &a->nfa.nodes[i];
        uint32_t letter = nfa_next_taken(&a->nfa, a->lexicon, x, 0);
        for (; letter < lexicon_count(a->lexicon); letter = nfa_next_taken(&a->nfa, a->lexicon, x, letter + 1))
            a->takes[i] |= letter_mark(same[letter]);
    }
    return a->takes != NULL;
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
    ok = ok && note_takes(a, scratch);
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
    free(a->takes);
    for (unsigned who = 0; who < SPEAKER_COUNT; who++)
        for (unsigned fresh = 0; fresh < FRESH_COUNT; fresh++)
            rows_clear(&a->first[who][fresh]);
    *a = (struct automaton){0};
}
