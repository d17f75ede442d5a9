#include "analyze/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A word that adds less is passed over. */
#define WORD_LEAST 0.25f

struct pieces {
    struct cue_hit *hits;
    uint32_t n;
    uint32_t turn;
    const struct ruleset *rules;
    const struct turn_result *r;
    uint16_t spoken[FEATURES_MAX]; /* the features with words of the turn behind them */
    uint32_t nspoken;
};

/* Add what each token adds to CLASS, a style or a practice, by the n-grams of what is told. */
static void add_told(const struct ruleset *rules, const struct turn_result *r, uint32_t class,
                     float out[SENSE_SYMBOLS_MAX])
{
    float part[NGRAM_TOLD] = {0};
    for (uint32_t i = 0; i < r->features->n; i++) {
        struct feature f = r->features->f[i];
        uint32_t ngram = feature_ngram(&rules->space, f.index);
        f.value = 1;
        if (ngram >= NGRAM_CLASSES && ngram < NGRAM_FEATURES)
            part[ngram - NGRAM_CLASSES] = (float)decide_share(rules->weights, &f, class);
    }
    ngrams_told_shares(sense_ngrams(rules->sense), r->read, r->told, part, out);
}

/* Add what each token adds by the n-grams that it stands in. */
static void add_ngrams(const struct ruleset *rules, const struct turn_result *r, const uint32_t *classes, uint32_t n,
                       struct sense_share *out)
{
    for (uint32_t i = 0; i < r->features->n; i++) {
        struct feature f = r->features->f[i];
        uint32_t ngram = feature_ngram(&rules->space, f.index);
        if (ngram >= NGRAM_CLASSES)
            continue;
        float shares[SENSE_SYMBOLS_MAX];
        ngrams_shares(sense_ngrams(rules->sense), r->read, r->grams, (enum ngram_class)ngram, shares);
        f.value = 1;
        for (uint32_t k = 0; k < n; k++) {
            float part = (float)decide_share(rules->weights, &f, classes[k]);
            for (uint32_t token = 0; token < r->read->n; token++)
                out[k].shares[token] += part * shares[token];
        }
    }
    for (uint32_t k = 0; k < n; k++)
        if (class_is_of_delivery(classes[k]))
            add_told(rules, r, classes[k], out[k].shares);
}

uint32_t evidence_words(const struct ruleset *rules, const struct turn_result *r, const uint32_t *classes, uint32_t n,
                        struct sense_share *out)
{
    for (uint32_t k = 0; k < n; k++)
        memset(out[k].part, 0, sizeof out[k].part);
    for (uint32_t i = 0; i < r->features->n; i++) {
        struct feature f = r->features->f[i];
        uint32_t sense = feature_sense_class(&rules->space, f.index);
        if (sense == SENSE_CLASSES)
            continue;
        f.value = 1;
        for (uint32_t k = 0; k < n; k++)
            out[k].part[sense] = (float)decide_share(rules->weights, &f, classes[k]);
    }
    sense_shares(rules->sense, r->read, r->hidden, out, n);
    add_ngrams(rules, r, classes, n, out);
    return r->scan->ntokens < r->read->n ? r->scan->ntokens : r->read->n;
}

/* A cue and its family speak with one voice: what they add to a class is summed on the hit. */
static void gather(struct pieces *p, uint32_t class, enum tag_kind kind)
{
    uint32_t first = p->n;
    for (uint32_t i = 0; i < p->nspoken; i++) {
        const struct feature *f = &p->r->features->f[p->spoken[i]];
        double share = decide_share(p->rules->weights, f, class);
        if (share == 0)
            continue;
        const struct cue_match *m = &p->r->scan->matches[f->match];
        uint32_t k = first;
        while (k < p->n && !(p->hits[k].cue == m->cue && p->hits[k].span.from == m->span.from))
            k++;
        if (k == EVIDENCE_MAX)
            return;
        if (k == p->n)
            p->hits[p->n++] = (struct cue_hit){p->turn, m->cue, m->span, kind, 0};
        p->hits[k].weight += (float)share;
    }
}

/* N words that spoke through sense: the next to one another that speak for the same side are one piece. */
static void gather_words(struct pieces *p, const float *shares, uint32_t n, enum tag_kind kind)
{
    const struct turn_scan *scan = p->r->scan;
    struct cue_hit *last = NULL;
    for (uint32_t i = 0; i < n; i++) {
        bool speaks = fabsf(shares[i]) >= WORD_LEAST;
        if (speaks && last != NULL && (last->weight > 0) == (shares[i] > 0)) {
            last->span.to = scan->tokens[i].span.to;
            last->weight += shares[i];
        } else if (speaks && p->n < EVIDENCE_MAX) {
            last = &p->hits[p->n++];
            *last = (struct cue_hit){p->turn, p->rules->space.ncues, scan->tokens[i].span, kind, shares[i]};
        } else {
            last = NULL;
        }
    }
}

static void gather_agent(struct pieces *p)
{
    const struct agent_verdict *v = &p->r->agent;
    if (!v->is_delivery)
        return;
    const uint32_t classes[] = {CLASS_DELIVERY, CLASS_STYLE + (uint32_t)v->style - 1};
    struct sense_share words[2];
    uint32_t nseen = evidence_words(p->rules, p->r, classes, 2, words);
    gather(p, classes[0], TAG_DELIVERY);
    gather_words(p, words[0].shares, nseen, TAG_DELIVERY);
    gather(p, classes[1], TAG_STYLE);
    gather_words(p, words[1].shares, nseen, TAG_STYLE);
    for (uint32_t i = 0; i < PRACTICE_COUNT; i++)
        if ((v->practices >> i & 1) != 0)
            gather(p, CLASS_PRACTICE + i, TAG_PRACTICE);
}

static void gather_customer(struct pieces *p)
{
    const struct customer_verdict *v = &p->r->customer;
    uint32_t classes[2], n = 0, nseen = 0;
    struct sense_share words[2];
    if (v->is_dispute)
        classes[n++] = CLASS_DISPUTE;
    if (v->is_hostile)
        classes[n++] = CLASS_HOSTILE;
    if (n > 0)
        nseen = evidence_words(p->rules, p->r, classes, n, words);
    for (uint32_t i = 0; i < n; i++) {
        enum tag_kind kind = classes[i] == CLASS_DISPUTE ? TAG_DISPUTE : TAG_HOSTILE;
        gather(p, classes[i], kind);
        gather_words(p, words[i].shares, nseen, kind);
    }
    if (v->is_upset)
        gather(p, CLASS_UPSET, TAG_UPSET);
}

static inline int by_place(const void *a, const void *b)
{
    const struct cue_hit *x = a, *y = b;
    if (x->span.from != y->span.from)
        return x->span.from < y->span.from ? -1 : 1;
    if (x->span.to != y->span.to)
        return x->span.to < y->span.to ? -1 : 1;
    if (x->cue != y->cue)
        return x->cue < y->cue ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

static inline int by_weight(const void *a, const void *b)
{
    float x = fabsf(((const struct cue_hit *)a)->weight), y = fabsf(((const struct cue_hit *)b)->weight);
    return x != y ? (x > y ? -1 : 1) : by_place(a, b);
}

/* Put X where it belongs among the first N of V, of which at most MAX are kept. Returns how many there are then. */
static inline __attribute__((always_inline)) uint32_t
insert(struct cue_hit *v, uint32_t n, uint32_t max, const struct cue_hit *x, int (*compare)(const void *, const void *))
{
    uint32_t k = n;
    while (k > 0 && compare(&v[k - 1], x) > 0)
        k--;
    if (k == max)
        return n;
    n = n < max ? n + 1 : n;
    memmove(&v[k + 1], &v[k], (n - 1 - k) * sizeof *v);
    v[k] = *x;
    return n;
}

uint32_t evidence_find(const struct ruleset *rules, uint32_t turn, const struct turn_result *r,
                       struct cue_hit out[HITS_PER_TURN])
{
    const struct customer_verdict *c = &r->customer;
    if (!r->agent.is_delivery && !c->is_dispute && !c->is_hostile && !c->is_upset)
        return 0;
    struct cue_hit hits[EVIDENCE_MAX], best[HITS_PER_TURN];
    struct pieces p;
    p.hits = hits;
    p.n = p.nspoken = 0;
    p.turn = turn;
    p.rules = rules;
    p.r = r;
    for (uint32_t i = 0; i < r->features->n; i++) {
        p.spoken[p.nspoken] = (uint16_t)i;
        p.nspoken += r->features->f[i].match != NO_MATCH;
    }
    if (r->role == ROLE_AGENT)
        gather_agent(&p);
    else
        gather_customer(&p);
    uint32_t n = 0, placed = 0;
    for (uint32_t i = 0; i < p.n; i++) /* by far the most are too light */
        if (fabsf(hits[i].weight) > 0.005f && (n < HITS_PER_TURN || fabsf(hits[i].weight) >= fabsf(best[n - 1].weight)))
            n = insert(best, n, HITS_PER_TURN, &hits[i], by_weight);
    for (uint32_t i = 0; i < n; i++)
        placed = insert(out, placed, HITS_PER_TURN, &best[i], by_place);
    return n;
}
