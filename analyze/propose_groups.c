/* propose_groups.c - terms of statements -> groups -> entries of the catalogue */
#include <math.h>
#include <stdlib.h>

#include "analyze/propose_parts.h"
#include "core/array.h"

/* How a group is made. A term is special if statements have it so much more often than other turns (see special()). */
#define SPECIAL_WORD 0.7
#define SPECIAL_PAIR 0.4
#define PAIR_WORTH   4   /* a pair says so much more of what a rule is about than a word */
#define MOSTLY       0.6 /* of a term's statements are in the group: it belongs to it ... */
#define LIFT         3.0 /* ... if that is so much more than the group's share of all */
#define SURE         0.7 /* of a phrase's statements are in the group */
#define COMPANY      0.3 /* of the statements of a word have another one as well: it is about something */

enum { GROW_ROUNDS = 4, PHRASES_MAX = 8, TITLE_TERMS = 3 };

enum state { FREE, MEMBER, FOUND, TAKEN };

/* ---- groups ---- */

/* How much more often statements have T than other turns do: 0.5 as often, 1 only they have it. */
static double special(const struct proposer *p, const struct term *t)
{
    double in = (double)t->n / (double)p->nstatements;
    double out = ((double)t->nother + 1) / ((double)p->nothers + (double)p->nstatements);
    return in / (in + out);
}

static bool is_special(const struct proposer *p, const struct term *t)
{
    return special(p, t) >= (t->is_pair ? SPECIAL_PAIR : SPECIAL_WORD);
}

/* Statements by term, and where each statement's terms are. */
static bool make_index(struct proposer *p, uint32_t least)
{
    p->seeds = calloc(p->nterms + 1, sizeof *p->seeds);
    p->by_term = malloc((p->nhas + 1) * sizeof *p->by_term);
    p->terms_from = calloc(p->nstatements + 1, sizeof *p->terms_from);
    p->state = calloc(p->nstatements + 1, sizeof *p->state);
    p->members = malloc((p->nstatements + 1) * sizeof *p->members);
    uint32_t *next = calloc(p->nterms + 1, sizeof *next);
    bool is_made = p->seeds != NULL && p->by_term != NULL && p->terms_from != NULL && p->state != NULL &&
                   p->members != NULL && next != NULL;
    uint32_t from = 0;
    for (size_t i = 0; is_made && i < p->nterms; i++) {
        p->terms[i].from = next[i] = from;
        p->terms[i].nalive = p->terms[i].n;
        from += p->terms[i].n;
        if (p->terms[i].n >= least && is_special(p, &p->terms[i]))
            p->seeds[p->nseeds++] = (uint32_t)i;
    }
    for (size_t i = 0; is_made && i < p->nhas; i++) {
        p->by_term[next[p->has[i].term]++] = p->has[i].statement;
        p->terms_from[p->has[i].statement + 1] = (uint32_t)i + 1;
    }
    for (size_t i = 1; is_made && i <= p->nstatements; i++) /* those without terms have none */
        if (p->terms_from[i] == 0)
            p->terms_from[i] = p->terms_from[i - 1];
    free(next);
    return is_made;
}

/* The term to begin a group with; NULL: none is left. */
static struct term *find_seed(const struct proposer *p, uint32_t least)
{
    struct term *best = NULL;
    double most = 0;
    for (size_t i = 0; i < p->nseeds; i++) {
        struct term *t = &p->terms[p->seeds[i]];
        if (t->nalive < least || t->is_spent)
            continue;
        double s = special(p, t), score = (double)t->nalive * s * s * (t->is_pair ? PAIR_WORTH : 1);
        if (score > most)
            most = score, best = t;
    }
    return best;
}

/* Take the free statements of T into the group. */
static void take(struct proposer *p, const struct term *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t s = p->by_term[t->from + i];
        if (p->state[s] != FREE)
            continue;
        p->state[s] = MEMBER;
        p->members[p->nmembers++] = s;
        for (uint32_t k = p->terms_from[s]; k < p->terms_from[s + 1]; k++)
            p->terms[p->has[k].term].in_group++;
    }
}

/* Are so many more of T's statements in a group of SIZE than by chance? Where the group is much of all, two thirds
 * of what is outside by chance will do. */
static bool is_drawn(const struct proposer *p, const struct term *t, size_t size)
{
    double share = (double)size / (double)p->nstatements;
    return t->in_group > 1 && (double)t->in_group >= fmin(LIFT * share, (1 + 2 * share) / 3) * (double)t->nalive;
}

/* A word alone may be in many rules that have nothing to do with each other; in what is about one thing, other words
 * come with it. */
static bool has_company(const struct proposer *p, const struct term *seed)
{
    for (size_t m = 0; m < p->nmembers; m++) {
        uint32_t s = p->members[m];
        for (uint32_t k = p->terms_from[s]; k < p->terms_from[s + 1]; k++) {
            const struct term *t = &p->terms[p->has[k].term];
            if (!t->is_pair && t != seed && (double)t->in_group >= COMPANY * (double)p->nmembers &&
                is_drawn(p, t, p->nmembers))
                return true;
        }
    }
    return false;
}

/* The group of SEED: its statements and what belongs to them. False if they have too little in common. */
static bool grow(struct proposer *p, const struct term *seed)
{
    p->nmembers = 0;
    take(p, seed);
    if (!seed->is_pair && !has_company(p, seed))
        return false;
    size_t first = p->nmembers;
    size_t most = 3 * first; /* farther from its beginning it would be something else */
    for (int round = 0; round < GROW_ROUNDS; round++) {
        size_t before = p->nmembers;
        for (size_t m = 0; m < before; m++) {
            uint32_t s = p->members[m];
            for (uint32_t k = p->terms_from[s]; k < p->terms_from[s + 1]; k++) {
                const struct term *t = &p->terms[p->has[k].term];
                bool is_mostly = (double)t->in_group >= MOSTLY * (double)t->nalive && is_drawn(p, t, first);
                if (is_mostly && t->in_group < t->nalive && is_special(p, t) &&
                    p->nmembers + t->nalive - t->in_group <= most)
                    take(p, t);
            }
        }
        if (p->nmembers == before)
            break;
    }
    return true;
}

/* How many members that no phrase found yet T would find. */
static uint32_t would_find(const struct proposer *p, const struct term *t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->n; i++)
        n += p->state[p->by_term[t->from + i]] == MEMBER;
    return n;
}

static void find(struct proposer *p, const struct term *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (p->state[p->by_term[t->from + i]] == MEMBER)
            p->state[p->by_term[t->from + i]] = FOUND;
}

/* The next phrase: the term that finds most of what is not found yet, pairs being the surer ones; NULL if none is worth
 * it. */
static const struct term *next_phrase(struct proposer *p)
{
    const struct term *best = NULL;
    double most = 0;
    p->round++;
    for (size_t m = 0; m < p->nmembers; m++) {
        uint32_t s = p->members[m];
        if (p->state[s] != MEMBER)
            continue;
        for (uint32_t k = p->terms_from[s]; k < p->terms_from[s + 1]; k++) {
            struct term *t = &p->terms[p->has[k].term];
            bool is_new = t->tried != p->round && t->in_group > 1 && (double)t->in_group * 1.25 >= most;
            t->tried = p->round;
            if (!is_new || (double)t->in_group < SURE * (double)t->n || !is_special(p, t) ||
                !is_drawn(p, t, p->nmembers))
                continue;
            uint32_t n = would_find(p, t);
            double score = (double)n * (t->is_pair ? 1.25 : 1);
            if (n > 1 && 10 * (size_t)n >= p->nmembers && (score > most || (score >= most && t < best)))
                most = score, best = t;
        }
    }
    return best;
}

/* The phrases of the group, SEED first. */
static uint32_t choose_phrases(struct proposer *p, const struct term *seed, const struct term *phrases[PHRASES_MAX])
{
    const struct term *t = seed;
    uint32_t n = 0;
    while (t != NULL) {
        phrases[n++] = t;
        find(p, t);
        t = n < PHRASES_MAX ? next_phrase(p) : NULL;
    }
    return n;
}

/* What was found stays in the group, the others are free again. */
static void settle(struct proposer *p)
{
    size_t n = 0;
    for (size_t m = 0; m < p->nmembers; m++) {
        uint32_t s = p->members[m];
        if (p->state[s] == FOUND) {
            p->members[n++] = s;
            continue;
        }
        p->state[s] = FREE;
        for (uint32_t k = p->terms_from[s]; k < p->terms_from[s + 1]; k++)
            p->terms[p->has[k].term].in_group--;
    }
    p->nmembers = n;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Count the group into X; the members come into the order of the statements, conversation by conversation. */
static void sum_up(struct proposer *p, struct proposal *x)
{
    int64_t conversation = INT64_MIN;
    bool was_disputed = false;
    if (p->nmembers > 1)
        qsort(p->members, p->nmembers, sizeof *p->members, by_number);
    for (size_t m = 0; m < p->nmembers; m++) {
        const struct statement *s = &p->statements[p->members[m]];
        bool is_new = m == 0 || s->conversation != conversation;
        was_disputed = was_disputed && !is_new;
        conversation = s->conversation;
        x->nconversations += is_new;
        x->nstatements++;
        x->ndeliveries += s->ndeliveries;
        x->styles[s->style]++;
        x->ndisputed += s->is_disputed && !was_disputed;
        was_disputed = was_disputed || s->is_disputed;
    }
}

/* The group is done (it is PROPOSED) or given up. */
static void leave(struct proposer *p, bool is_proposed)
{
    for (size_t m = 0; m < p->nmembers; m++) {
        uint32_t s = p->members[m];
        p->state[s] = is_proposed ? TAKEN : FREE;
        for (uint32_t k = p->terms_from[s]; k < p->terms_from[s + 1]; k++) {
            p->terms[p->has[k].term].in_group--;
            p->terms[p->has[k].term].nalive -= is_proposed;
        }
    }
}

/* ---- entries ---- */

static bool is_id_taken(const struct proposer *p, struct slice id)
{
    const struct catalogue *c = &p->rules->catalogue;
    for (uint32_t i = 0; i < c->npolicies; i++)
        if (slice_eq(c->policies[i].id, id))
            return true;
    for (size_t i = 0; i < p->nout; i++)
        if (slice_eq(p->out[i].id, id))
            return true;
    return false;
}

/* "travel-insurance" of "travel insurance"; "travel-insurance-2" if there is one. */
static struct slice make_id(const struct proposer *p, struct slice words, struct strbuf *b)
{
    struct slice id = {NULL, 0};
    for (unsigned nth = 1; !strbuf_failed(b); nth++) {
        strbuf_clear(b);
        for (size_t i = 0; i < words.n; i++)
            if (words.s[i] >= 'a' && words.s[i] <= 'z')
                strbuf_putc(b, words.s[i]);
            else if (words.s[i] == ' ' && b->n > 0)
                strbuf_putc(b, '-');
        if (b->n == 0)
            strbuf_puts(b, "policy");
        if (nth > 1)
            strbuf_printf(b, "-%u", nth);
        id = strbuf_slice(b);
        if (!is_id_taken(p, id))
            break;
    }
    return strbuf_failed(b) ? (struct slice){NULL, 0} : arena_dup(p->a, id);
}

/* Does B have a word of A? */
static bool share_word(struct slice a, struct slice b)
{
    for (size_t i = 0; i < a.n;) {
        size_t n = 0;
        while (i + n < a.n && a.s[i + n] != ' ')
            n++;
        struct slice word = term_stem((struct slice){a.s + i, n});
        for (size_t k = 0; k + word.n <= b.n; k++)
            if ((k == 0 || b.s[k - 1] == ' ') && memcmp(b.s + k, word.s, word.n) == 0)
                return true;
        i += n + 1;
    }
    return false;
}

/* Of the words that come with SEED: the one in most of the group that TITLE does not have; NULL if none is in enough.
 */
static const struct term *next_of_title(const struct proposer *p, struct slice title)
{
    const struct term *best = NULL;
    for (size_t m = 0; m < p->nmembers; m++) {
        uint32_t s = p->members[m];
        for (uint32_t k = p->terms_from[s]; k < p->terms_from[s + 1]; k++) {
            const struct term *t = &p->terms[p->has[k].term];
            bool is_more = best == NULL || t->in_group > best->in_group || (t->in_group == best->in_group && t < best);
            if (is_more && !t->is_pair && (double)t->in_group >= COMPANY * (double)p->nmembers &&
                is_drawn(p, t, p->nmembers) && !share_word(t->words, title))
                best = t;
        }
    }
    return best;
}

/* "Travel insurance, medical": SEED and the words that come with it. */
static struct slice make_title(const struct proposer *p, const struct term *seed, struct strbuf *b)
{
    strbuf_clear(b);
    strbuf_add_slice(b, seed->words);
    for (int i = 1; i < TITLE_TERMS; i++) {
        const struct term *t = next_of_title(p, strbuf_slice(b));
        if (t == NULL)
            break;
        strbuf_puts(b, ", ");
        strbuf_add_slice(b, t->words);
    }
    if (strbuf_failed(b))
        return (struct slice){NULL, 0};
    if (b->s[0] >= 'a' && b->s[0] <= 'z')
        b->s[0] = (char)(b->s[0] - 'a' + 'A');
    return arena_dup(p->a, strbuf_slice(b));
}

static struct slice make_phrases(const struct proposer *p, const struct term *const *phrases, uint32_t n,
                                 struct strbuf *b)
{
    strbuf_clear(b);
    for (uint32_t i = 0; i < n; i++) {
        strbuf_puts(b, i > 0 ? ";" : "");
        strbuf_add_slice(b, phrases[i]->words);
    }
    return strbuf_failed(b) ? (struct slice){NULL, 0} : arena_dup(p->a, strbuf_slice(b));
}

/* The surest statements, one of a conversation; the first of equals. */
static bool pick_examples(const struct proposer *p, uint32_t most, struct proposal *x)
{
    const struct statement **examples = arena_zalloc(p->a, (size_t)most + 1, sizeof(const struct statement *));
    for (size_t m = 0; examples != NULL && m < p->nmembers; m++) {
        const struct statement *s = &p->statements[p->members[m]];
        uint32_t at, same = 0;
        while (same < x->nexamples && examples[same]->conversation != s->conversation)
            same++;
        if (same < x->nexamples && examples[same]->p >= s->p)
            continue;
        if (same < x->nexamples) { /* a better one of the same conversation takes its place */
            for (x->nexamples--; same < x->nexamples; same++)
                examples[same] = examples[same + 1];
        }
        for (at = x->nexamples; at > 0 && examples[at - 1]->p < s->p; at--)
            if (at < most)
                examples[at] = examples[at - 1];
        if (at < most) {
            examples[at] = s;
            x->nexamples += x->nexamples < most;
        }
    }
    x->examples = examples;
    return examples != NULL;
}

static enum err_code put_entry(struct proposer *p, const struct term *const *phrases, uint32_t n, uint32_t nexamples,
                               struct proposal *x, struct err *e)
{
    struct strbuf b = STRBUF_INIT;
    x->id = make_id(p, phrases[0]->words, &b);
    x->title = make_title(p, phrases[0], &b);
    x->phrases = make_phrases(p, phrases, n, &b);
    strbuf_free(&b);
    if (x->id.s == NULL || x->title.s == NULL || x->phrases.s == NULL || !pick_examples(p, nexamples, x) ||
        !array_grow(&p->out, p->nout, &p->cap_out, sizeof *p->out))
        return err_nomem(e);
    p->out[p->nout++] = *x;
    return ERR_OK;
}

static int by_conversations(const void *a, const void *b)
{
    const struct proposal *x = a, *y = b;
    if (x->nconversations != y->nconversations)
        return x->nconversations < y->nconversations ? 1 : -1;
    return slice_cmp(x->id, y->id);
}

enum err_code proposer_run(struct proposer *p, const struct propose_options *o, const struct proposal **out, size_t *n,
                           struct err *e)
{
    uint32_t least = o->least > 2 ? o->least : 2;
    enum err_code rc = make_index(p, least) ? ERR_OK : err_nomem(e);
    struct term *seed;
    while (rc == ERR_OK && (seed = find_seed(p, least)) != NULL) {
        const struct term *phrases[PHRASES_MAX] = {seed};
        struct proposal x = {.nconversations = 0};
        uint32_t nphrases = grow(p, seed) ? choose_phrases(p, seed, phrases) : 0;
        settle(p);
        sum_up(p, &x);
        bool is_enough = x.nconversations >= least;
        seed->is_spent = !is_enough;
        if (is_enough)
            rc = put_entry(p, phrases, nphrases, o->examples, &x, e);
        leave(p, is_enough);
    }
    if (p->nout > 1)
        qsort(p->out, p->nout, sizeof *p->out, by_conversations);
    *out = p->out;
    *n = p->nout;
    return rc;
}
