#include <stdlib.h>

#include "analyze/cueset.h"
#include "analyze/words.h"
#include "core/array.h"
#include "core/hash.h"

/* A run of one cue's phrases, or of a guard's, from one place. */
struct run {
    uint64_t *seen; /* per node: 2 * round, + 1 if it was reached in a way that may take the next word */
    uint32_t *stack, *now, *next, nnow, nnext;
    uint64_t round;
};

/* Somewhere CUE may end with the word TOKEN. The places of one cue are linked, in the order of the text. */
struct ending {
    uint32_t token, next;
};

/* Letters of words that had to be looked up by their beginning. What it holds never changes a result. */
struct cached_letter {
    uint64_t hash;
    uint32_t letter; /* UINT32_MAX: free */
};

/* What was found for a word of at most WORDS_READABLE bytes, which it is found by. This holds no result either. */
struct cached_word {
    uint64_t bytes[2]; /* 0: free */
    uint64_t hash;
    uint32_t letter, number;
};

#define CACHED_LETTERS    4096u
#define CACHED_WORDS_BITS 12
#define NO_ENDING         UINT32_MAX

struct matcher {
    const struct automaton *a;
    struct word_numbers numbers;
    struct dfa *dfas[SPEAKER_COUNT], *single;
    struct word_reader reader;
    struct token *tokens;
    uint32_t ntokens, cap_tokens;
    struct cached_letter *letters;
    struct cached_word *words;
    struct ending *endings;
    uint32_t nendings, cap_endings;
    uint32_t *first, *last, *touched, ntouched; /* endings per cue; cues that have some */
    struct cue_match *matches;
    uint32_t nmatches, cap_matches;
    struct run run, guard;
    struct room {
        struct token *tokens;
        struct cue_match *matches;
        uint32_t cap_tokens, cap_matches;
    } rooms[MATCHER_SCANS - 1]; /* of the last scans, which are still looked at */
    uint32_t oldest;
};

static bool run_init(struct run *r, uint32_t nnodes)
{
    size_t n = (size_t)nnodes + 1;
    *r = (struct run){.seen = calloc(n, sizeof *r->seen),
                      .stack = malloc(4 * n * sizeof *r->stack),
                      .now = malloc(n * sizeof *r->now),
                      .next = malloc(n * sizeof *r->next)};
    return r->seen != NULL && r->stack != NULL && r->now != NULL && r->next != NULL;
}

static void run_clear(struct run *r)
{
    free(r->seen);
    free(r->stack);
    free(r->now);
    free(r->next);
}

static uint32_t no_number(const void *of, uint64_t hash)
{
    (void)of, (void)hash;
    return 0;
}

static void no_fetch(const void *of, enum role role, uint32_t number)
{
    (void)of, (void)role, (void)number;
}

struct matcher *matcher_new_sized(const struct cueset *s, uint32_t states)
{
    struct matcher *m = calloc(1, sizeof *m);
    if (m == NULL)
        return NULL;
    m->a = &s->automaton;
    m->numbers = (struct word_numbers){NULL, no_number, no_fetch};
    m->reader = (struct word_reader)WORDS_INIT;
    size_t ncues = (size_t)m->a->ncues + 1;
    m->letters = malloc(CACHED_LETTERS * sizeof *m->letters);
    m->words = calloc((size_t)1 << CACHED_WORDS_BITS, sizeof *m->words);
    m->first = malloc(ncues * sizeof *m->first);
    m->last = malloc(ncues * sizeof *m->last);
    m->touched = malloc(ncues * sizeof *m->touched);
    bool ok = run_init(&m->run, m->a->nfa.n);
    ok = run_init(&m->guard, m->a->nfa.n) && ok;
    for (unsigned who = 0; who < SPEAKER_COUNT; who++) {
        m->dfas[who] = dfa_new(m->a, (enum speaker)who, states);
        ok = m->dfas[who] != NULL && ok;
    }
    m->single = dfa_new(m->a, SPEAKER_NONE, states);
    ok = m->single != NULL && ok;
    if (!ok || m->letters == NULL || m->words == NULL || m->first == NULL || m->last == NULL || m->touched == NULL) {
        matcher_free(m);
        return NULL;
    }
    for (size_t i = 0; i < ncues; i++)
        m->first[i] = NO_ENDING;
    for (size_t i = 0; i < CACHED_LETTERS; i++)
        m->letters[i] = (struct cached_letter){0, UINT32_MAX};
    return m;
}

struct matcher *matcher_new(const struct cueset *s)
{
    return matcher_new_sized(s, 0);
}

void matcher_number(struct matcher *m, struct word_numbers numbers)
{
    m->numbers = numbers;
}

void matcher_free(struct matcher *m)
{
    if (m == NULL)
        return;
    for (unsigned who = 0; who < SPEAKER_COUNT; who++)
        dfa_free(m->dfas[who]);
    dfa_free(m->single);
    words_free(&m->reader);
    free(m->tokens);
    free(m->letters);
    free(m->words);
    free(m->endings);
    free(m->first);
    free(m->last);
    free(m->touched);
    free(m->matches);
    for (uint32_t i = 0; i < MATCHER_SCANS - 1; i++) {
        free(m->rooms[i].tokens);
        free(m->rooms[i].matches);
    }
    run_clear(&m->run);
    run_clear(&m->guard);
    free(m);
}

/* Make room for one more of SIZE bytes in *array. */
static bool grow(void *array, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    if (*cap > UINT32_MAX / 2)
        return false;
    uint32_t more = *cap != 0 ? *cap * 2 : 256;
    if (!array_resize(array, more, size))
        return false;
    *cap = more;
    return true;
}

/* ---- one cue from one place
 * ------------------------------------------------------------------------------------------ */

/* What is before token AT. */
static enum boundary boundary_at(const struct matcher *m, uint32_t at)
{
    if (at == 0)
        return BOUNDARY_TEXT_START;
    const struct token *before = &m->tokens[at - 1];
    if (before->ends_question)
        return BOUNDARY_QUESTION;
    if (before->ends_sentence)
        return BOUNDARY_SENTENCE;
    return at < m->ntokens && m->tokens[at].starts_clause ? BOUNDARY_CLAUSE : BOUNDARY_NONE;
}

static bool guard_sees(struct matcher *m, uint32_t node, uint32_t at);

static void run_push(struct run *r, uint32_t *n, uint32_t node, bool may_go)
{
    uint64_t mark = r->round * 2 + may_go;
    if (r->seen[node] >= mark)
        return;
    r->seen[node] = mark;
    r->stack[(*n)++] = node;
}

/* Add NODE and what it leads to before token AT to r->next; true if a match is complete. MAY_GO: the next word may be
 * taken, as no sentence ends here; otherwise only what comes through a place may. */
static bool run_add(struct matcher *m, struct run *r, uint32_t node, uint32_t at, bool may_go)
{
    const struct nfa *nfa = &m->a->nfa;
    uint32_t n = 0;
    bool done = false;
    run_push(r, &n, node, may_go);
    while (n != 0) {
        uint32_t i = r->stack[--n];
        const struct nfa_node *x = &nfa->nodes[i];
        bool go = (r->seen[i] & 1) != 0;
        if (x->kind == NFA_SPLIT) {
            run_push(r, &n, x->out, go);
            run_push(r, &n, x->other, go);
        } else if (x->kind == NFA_PLACE) {
            if ((x->arg & (unsigned)boundary_at(m, at)) != 0)
                run_push(r, &n, x->out, true);
        } else if (x->kind == NFA_GUARD) {
            if (!guard_sees(m, x->arg, at))
                run_push(r, &n, x->out, go);
        } else if (x->kind == NFA_MATCH) {
            done = true;
        } else if (go) {
            r->next[r->nnext++] = i;
        }
    }
    return done;
}

static void run_turn(struct run *r)
{
    uint32_t *t = r->now;
    r->now = r->next;
    r->next = t;
    r->nnow = r->nnext;
    r->nnext = 0;
    r->round++;
}

/* The token after the longest match of what starts at node START, from token AT, before token LIMIT; AT if there is
 * none. */
static uint32_t run_longest(struct matcher *m, struct run *r, uint32_t start, uint32_t at, uint32_t limit)
{
    uint32_t end = at;
    r->nnext = 0;
    r->round++;
    (void)run_add(m, r, start, at, true);
    for (uint32_t i = at; i < limit && r->nnext != 0; i++) {
        run_turn(r);
        bool done = false, may_go = (boundary_at(m, i + 1) & PLACE_SENTENCE_END) == 0;
        for (uint32_t k = 0; k < r->nnow; k++) {
            const struct nfa_node *x = &m->a->nfa.nodes[r->now[k]];
            if (nfa_takes(&m->a->nfa, m->a->lexicon, x, m->tokens[i].word))
                done = run_add(m, r, x->out, i + 1, may_go) || done;
        }
        if (done)
            end = i + 1;
    }
    return end;
}

/* Is the phrase at NODE in the words before token AT, in its sentence? */
static bool guard_sees(struct matcher *m, uint32_t node, uint32_t at)
{
    uint32_t from = at;
    while (from > 0 && at - from < GUARD_WORDS && (boundary_at(m, from) & PLACE_SENTENCE_END) == 0)
        from--;
    for (; from < at; from++)
        if (run_longest(m, &m->guard, node, from, at) != from)
            return true;
    return false;
}

/* ---- the whole turn
 * ---------------------------------------------------------------------------------------------------- */

static uint32_t letter_of(struct matcher *m, uint64_t hash, struct slice folded)
{
    uint32_t letter = lexicon_word(m->a->lexicon, hash);
    if (letter != LETTER_OTHER)
        return letter;
    struct cached_letter *c = &m->letters[hash % CACHED_LETTERS];
    if (c->hash != hash || c->letter == UINT32_MAX)
        *c = (struct cached_letter){hash, lexicon_beginning(m->a->lexicon, folded)};
    return c->letter;
}

/* Fill in T's hash, word and number. Most words were met lately. */
static void look_up(struct matcher *m, struct token *t, struct slice folded)
{
    const struct word_numbers *numbers = &m->numbers;
    if (folded.n == 0 || folded.n > WORDS_READABLE) { /* 0: what only changes an emoji */
        t->hash = hash64(folded);
        t->word = letter_of(m, t->hash, folded);
        t->number = numbers->number(numbers->of, t->hash);
        return;
    }
    bool is_long = folded.n > 8;
    uint64_t lo = words_eight(folded.s), hi = is_long ? words_eight(folded.s + 8) << (128 - 8 * folded.n) : 0;
    if (!is_long)
        lo <<= 64 - 8 * folded.n;
    struct cached_word *c = &m->words[((lo ^ hi >> 7) * 0x9E3779B97F4A7C15u) >> (64 - CACHED_WORDS_BITS)];
    if (c->bytes[0] != lo || c->bytes[1] != hi) {
        uint64_t hash = hash64(folded);
        *c = (struct cached_word){{lo, hi}, hash, letter_of(m, hash, folded), numbers->number(numbers->of, hash)};
    }
    t->hash = c->hash;
    t->word = c->letter;
    t->number = c->number;
}

/* Remember the cues that may end with token AT, as STATE of D says. */
static bool note_endings(struct matcher *m, const struct dfa *d, dfa_state state, uint32_t at)
{
    uint32_t n;
    const uint32_t *cues = dfa_cues(d, state, &n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t cue = cues[i];
        if (!grow(&m->endings, m->nendings, &m->cap_endings, sizeof *m->endings))
            return false;
        m->endings[m->nendings] = (struct ending){at, NO_ENDING};
        if (m->first[cue] == NO_ENDING) {
            m->first[cue] = m->nendings;
            m->touched[m->ntouched++] = cue;
        } else {
            m->endings[m->last[cue]].next = m->nendings;
        }
        m->last[cue] = m->nendings++;
    }
    return true;
}

/* Let D see what is between token AT and the one before it. */
static bool see_boundary(struct matcher *m, struct dfa *d, dfa_state *state, uint32_t at)
{
    enum boundary b = boundary_at(m, at);
    if (at == 0 || b == BOUNDARY_NONE)
        return true;
    *state = dfa_boundary(d, *state, b);
    return !dfa_has_cues(*state) || note_endings(m, d, *state, at - 1);
}

/* Read the words and find where cues may end, in one go: the processor can wait for the automaton's memory while it
 * reads the next word. */
static bool read_tokens(struct matcher *m, struct slice text, enum role role)
{
    struct dfa *d = m->dfas[role == ROLE_AGENT      ? SPEAKER_AGENT
                            : role == ROLE_CUSTOMER ? SPEAKER_CUSTOMER
                                                    : SPEAKER_OTHER];
    struct slice folded;
    dfa_state state = dfa_begin(d);
    m->ntokens = m->nendings = 0;
    words_start(&m->reader, text);
    while (grow(&m->tokens, m->ntokens, &m->cap_tokens, sizeof *m->tokens)) {
        uint32_t at = m->ntokens;
        struct token *t = &m->tokens[at];
        if (!words_next(&m->reader, t, &folded))
            return !words_failed(&m->reader) && see_boundary(m, d, &state, at);
        look_up(m, t, folded);
        m->numbers.fetch(m->numbers.of, role, t->number);
        m->ntokens++;
        if (t->starts_clause && !see_boundary(m, d, &state, at)) /* else there is none */
            return false;
        state = dfa_word(d, state, t->word);
        if (dfa_has_cues(state) && !note_endings(m, d, state, at))
            return false;
    }
    return false;
}

/* The token after the longest match of CUE from token AT if all its guards are fulfilled; AT if there is none. LIMIT:
 * it ends before that token. */
static uint32_t longest_unguarded(struct matcher *m, uint32_t cue, uint32_t at, uint32_t limit)
{
    struct dfa *d = m->single;
    uint32_t end = at;
    dfa_state state = dfa_begin_cue(d, cue, boundary_at(m, at));
    for (uint32_t i = at; i < limit && !dfa_is_dead(state); i++) {
        state = dfa_word(d, state, m->tokens[i].word);
        end = dfa_has_cues(state) ? i + 1 : end;
        enum boundary b = boundary_at(m, i + 1);
        if (b == BOUNDARY_NONE)
            continue;
        state = dfa_boundary(d, state, b);
        end = dfa_has_cues(state) ? i + 1 : end;
    }
    return end;
}

/* The token after the longest hit of CUE from token AT; AT if there is none. */
static uint32_t hit_end(struct matcher *m, uint32_t cue, uint32_t at)
{
    const struct cue_entry *entry = &m->a->cues[cue];
    uint32_t limit = m->endings[m->last[cue]].token + 1;
    uint32_t end = longest_unguarded(m, cue, at, limit);
    return end == at || !entry->has_guard ? end : run_longest(m, &m->run, entry->start, at, limit);
}

/* Is there but one token, from FROM on, at which hits may begin that end with ending K, and with those after it that
 * are in its reach? Then the longest of these is a hit, and need not be verified: the token after it; else 0. */
static uint32_t sure_end(const struct matcher *m, const struct cue_entry *entry, uint32_t from, uint32_t k)
{
    uint32_t start = UINT32_MAX, end = 0;
    for (; k != NO_ENDING && !entry->has_guard; k = m->endings[k].next) {
        uint32_t last = m->endings[k].token;
        if (start != UINT32_MAX && last >= start + entry->most)
            break;
        for (; from <= last && from + entry->least <= last + 1; from++) {
            if (!cue_may_begin(entry, m->tokens[from].word))
                continue;
            if (start != UINT32_MAX)
                return 0;
            start = from;
        }
        end = last + 1;
    }
    return end;
}

/* The hits of CUE: from each start in reach of an ending, in the order of the text. */
static bool verify_cue(struct matcher *m, uint32_t cue)
{
    const struct cue_entry *entry = &m->a->cues[cue];
    uint32_t least = entry->least > 0 ? entry->least : 1;
    uint32_t at = 0; /* starts before it are done with */
    for (uint32_t k = m->first[cue]; k != NO_ENDING; k = m->endings[k].next) {
        uint32_t last = m->endings[k].token;
        uint32_t from = last + 1 > entry->most ? last + 1 - entry->most : 0;
        uint32_t sure = at <= from ? sure_end(m, entry, from, k) : 0; /* else there is mostly nothing left to find */
        at = from > at ? from : at;
        for (; at + least <= last + 1; at++) {
            if (!cue_may_begin(entry, m->tokens[at].word))
                continue;
            uint32_t end = sure != 0 ? sure : hit_end(m, cue, at);
            if (end == at)
                continue;
            if (!grow(&m->matches, m->nmatches, &m->cap_matches, sizeof *m->matches))
                return false;
            m->matches[m->nmatches++] = (struct cue_match){
                .cue = cue, .span = {m->tokens[at].span.from, m->tokens[end - 1].span.to}, .from = at, .to = end};
            at = end - 1;
        }
    }
    return true;
}

static int by_place(const void *x, const void *y)
{
    const struct cue_match *a = x, *b = y;
    if (a->span.from != b->span.from)
        return a->span.from < b->span.from ? -1 : 1;
    if (a->span.to != b->span.to)
        return a->span.to < b->span.to ? -1 : 1;
    return (a->cue > b->cue) - (a->cue < b->cue);
}

/* Nearly all turns have few hits, for which qsort() takes longer than all else. */
static void sort_matches(struct cue_match *v, uint32_t n)
{
    if (n > 32) {
        qsort(v, n, sizeof *v, by_place);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        struct cue_match x = v[i];
        uint32_t k = i;
        for (; k > 0 && by_place(&v[k - 1], &x) > 0; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

/* Leave what the last scan found where it is, and take the memory of the oldest one. */
static void change_rooms(struct matcher *m)
{
    struct room x = m->rooms[m->oldest];
    m->rooms[m->oldest] = (struct room){m->tokens, m->matches, m->cap_tokens, m->cap_matches};
    m->tokens = x.tokens;
    m->matches = x.matches;
    m->cap_tokens = x.cap_tokens;
    m->cap_matches = x.cap_matches;
    m->oldest = (m->oldest + 1) % (MATCHER_SCANS - 1);
}

enum err_code matcher_scan(struct matcher *m, struct slice text, enum role role, struct turn_scan *out, struct err *e)
{
    *out = (struct turn_scan){0};
    if (text.n >= UINT32_MAX)
        return err_set(e, ERR_INPUT, "a turn of %zu bytes is too long", text.n);
    change_rooms(m);
    m->nmatches = 0;
    bool ok = read_tokens(m, text, role);
    for (uint32_t i = 0; i < m->ntouched; i++) {
        ok = ok && verify_cue(m, m->touched[i]);
        m->first[m->touched[i]] = NO_ENDING;
    }
    m->ntouched = 0;
    if (!ok)
        return err_nomem(e);
    sort_matches(m->matches, m->nmatches);
    *out = (struct turn_scan){m->tokens, m->ntokens, m->matches, m->nmatches};
    return ERR_OK;
}
