/* tagger_explain(): how a turn is tagged, for people */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyze/evidence.h"
#include "analyze/tagger.h"
#include "core/strbuf.h"

enum { WORDS_SHOWN = 8 };

struct explaining {
    const struct ruleset *rules;
    const struct conversation *c;
    uint32_t turn, policy;
    struct strbuf *out;
    bool is_found;
};

/* One feature's share in a decision. */
struct share {
    uint32_t index, match;
    double x;
};

static int by_share(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    double dx = fabs(x->x), dy = fabs(y->x);
    return dx != dy ? (dx > dy ? -1 : 1) : (x->index > y->index) - (x->index < y->index);
}

/* The words that add most by their sense, in the order of the text. */
static void put_words(const struct explaining *x, const struct turn_result *r, uint32_t class)
{
    struct sense_share of;
    const float *shares = of.shares;
    uint32_t n = evidence_words(x->rules, r, &class, 1, &of), nput = 0;
    struct slice text = x->c->turns[x->turn].text;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t heavier = 0;
        for (uint32_t k = 0; k < n; k++)
            heavier += fabsf(shares[k]) > fabsf(shares[i]) || (k < i && shares[k] == shares[i]);
        if (heavier >= WORDS_SHOWN || fabsf(shares[i]) < 0.05f)
            continue;
        struct span s = r->scan->tokens[i].span;
        strbuf_printf(x->out, "%s%.*s %+.2f", nput++ == 0 ? "            of these words: " : ", ", (int)(s.to - s.from),
                      text.s + s.from, (double)shares[i]);
    }
    if (nput > 0)
        strbuf_putc(x->out, '\n');
}

/* A table: share, feature, words; the sum is the log-odds. */
static void put_shares(const struct explaining *x, const struct turn_result *r, uint32_t class, const char *title)
{
    struct share shares[FEATURES_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i < r->features->n; i++) {
        const struct feature *f = &r->features->f[i];
        double share = decide_share(x->rules->weights, f, class);
        if (fabs(share) > 0.005)
            shares[n++] = (struct share){f->index, f->match, share};
    }
    if (n > 0)
        qsort(shares, n, sizeof *shares, by_share);
    strbuf_printf(x->out, "  %s\n", title);
    struct slice text = x->c->turns[x->turn].text;
    for (size_t i = 0; i < n; i++) {
        const char *kind;
        struct slice name = feature_name(&x->rules->space, shares[i].index, &kind);
        strbuf_printf(x->out, "    %+6.2f  %s%.*s", shares[i].x, kind, SLICE_ARG(name));
        if (shares[i].match != NO_MATCH) {
            struct span s = r->scan->matches[shares[i].match].span;
            strbuf_printf(x->out, "  \"%.*s\"", (int)(s.to - s.from), text.s + s.from);
        }
        strbuf_putc(x->out, '\n');
    }
    put_words(x, r, class);
    if (n == 0)
        strbuf_puts(x->out, "    nothing speaks for or against\n");
}

static double threshold(const struct explaining *x, uint32_t class)
{
    return decide_probability(x->rules->weights->threshold[class]);
}

static void put_agent(const struct explaining *x, const struct turn_result *r)
{
    const struct agent_verdict *v = &r->agent;
    char title[96];
    strbuf_printf(x->out, "  delivery: %s (p %.2f, threshold %.2f)\n", v->is_delivery ? "yes" : "no", v->p,
                  threshold(x, CLASS_DELIVERY));
    if (v->is_delivery) {
        const struct policy *p = &x->rules->catalogue.policies[x->policy];
        strbuf_printf(x->out, "  style: %s (p %.2f)\n  policy: %.*s\n  practices:", style_name(v->style), v->p_style,
                      SLICE_ARG(p->id));
        for (uint32_t i = 0; i < PRACTICE_COUNT; i++)
            if ((v->practices >> i & 1) != 0)
                strbuf_printf(x->out, " %s%s", practice_name((enum practice)i),
                              (v->unsure_practices >> i & 1) != 0 ? " (uncertain)" : "");
        strbuf_puts(x->out, v->practices == 0 ? " none\n" : "\n");
        strbuf_puts(x->out, v->is_uncertain ? "  uncertain: that it is a delivery, or its style\n" : "");
    }
    put_shares(x, r, CLASS_DELIVERY, "why delivery, in log-odds:");
    for (uint32_t i = 0; v->is_delivery && i < PRACTICE_COUNT + 1; i++) {
        uint32_t class = i == 0 ? CLASS_STYLE + (uint32_t)v->style - 1 : CLASS_PRACTICE + i - 1;
        if (i > 0 && (v->practices >> (i - 1) & 1) == 0)
            continue;
        (void)snprintf(title, sizeof title, "why %s:", class_name(class));
        put_shares(x, r, class, title);
    }
}

static void put_customer(const struct explaining *x, const struct turn_result *r)
{
    const struct customer_verdict *v = &r->customer;
    const struct {
        const char *name;
        bool holds, is_unsure;
        double p;
        uint32_t class;
    } rows[] = {
        {"dispute", v->is_dispute, v->unsure_dispute, v->p_dispute, CLASS_DISPUTE},
        {"hostile", v->is_hostile, v->unsure_hostile, v->p_hostile, CLASS_HOSTILE},
        {"upset", v->is_upset, v->unsure_upset, v->p_upset, CLASS_UPSET},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        strbuf_printf(x->out, "  %s: %s (p %.2f, threshold %.2f)%s\n", rows[i].name, rows[i].holds ? "yes" : "no",
                      rows[i].p, threshold(x, rows[i].class), rows[i].is_unsure ? ", uncertain" : "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char title[64];
        (void)snprintf(title, sizeof title, "why %s, in log-odds:", rows[i].name);
        put_shares(x, r, rows[i].class, title);
    }
}

static void look(void *ctx, uint32_t turn, const struct turn_result *r)
{
    struct explaining *x = ctx;
    if (turn != x->turn)
        return;
    x->is_found = true;
    if (r->role == ROLE_AGENT)
        put_agent(x, r);
    else
        put_customer(x, r);
}

enum err_code tagger_explain(struct tagger *t, const struct conversation *c, uint32_t turn, struct strbuf *out,
                             struct err *e)
{
    if (turn >= c->nturns)
        return err_set(e, ERR_USAGE, "turn %lu: the conversation has %lu turns, counted from 0", (unsigned long)turn,
                       (unsigned long)c->nturns);
    struct arena *a = arena_new(0);
    if (a == NULL)
        return err_nomem(e);
    struct explaining x = {.rules = t->rules, .c = c, .turn = turn, .out = out};
    struct tags tags;
    strbuf_printf(out, "turn %lu, %s: %.*s\n", (unsigned long)turn, role_name(c->turns[turn].role),
                  SLICE_ARG(c->turns[turn].text));
    enum err_code rc = tagger_tag(t, c, a, &tags, e); /* the policy is known only when all is tagged */
    for (uint32_t i = 0; rc == ERR_OK && i < tags.ndeliveries; i++)
        x.policy = tags.deliveries[i].turn == turn ? tags.deliveries[i].policy : x.policy;
    if (rc == ERR_OK)
        rc = tagger_walk(t, c, a, &tags, &x, look, e);
    if (rc == ERR_OK && !x.is_found)
        strbuf_puts(out, "  not tagged: only turns of agents and customers that have words are\n");
    arena_free(a);
    return rc == ERR_OK && strbuf_failed(out) ? err_nomem(e) : rc;
}
