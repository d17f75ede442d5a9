/* No leakage, on all of our training conversations: what an agent's turn is tagged with hangs on nothing that comes
 * after it; a customer's reaction hangs on nothing that agents say, only on where they delivered a policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/tagger.h"
#include "train/labelled.h"

enum { TURNS_MAX = 256, CONVERSATIONS_LEAST = 500 };

/* All that was decided of a turn, to the last bit. */
struct decided {
    bool is_seen;
    struct agent_verdict agent;
    struct customer_verdict customer;
    uint32_t policy;
};

struct world {
    struct ruleset *rules;
    struct tagger *tagger;
    struct labelled_set set;
    struct arena *a;
    struct slice agent[4096], customer[4096]; /* what some agents and customers say */
    size_t nagent, ncustomer;
};

static int set_up(void **state)
{
    struct err e;
    struct world *w = calloc(1, sizeof *w);
    if (w == NULL || (w->a = arena_new(0)) == NULL)
        return -1;
    *state = w;
    const struct labelled_options lo = {.mask = 0};
    if (ruleset_load(&(struct ruleset_options){.policies = "examples/policies.csv"}, &w->rules, &e) != ERR_OK ||
        (w->tagger = tagger_new(w->rules)) == NULL ||
        labelled_read(&w->set, "train/conversations", &lo, &e) != ERR_OK) {
        print_message("%s\n", e.msg);
        return -1;
    }
    tagger_find_hits(w->tagger);
    for (size_t i = 0; i < w->set.n; i++) {
        const struct conversation *c = &w->set.items[i].c;
        for (uint32_t k = 0; k < c->nturns; k++) {
            if (c->turns[k].role == ROLE_AGENT && w->nagent < 4096)
                w->agent[w->nagent++] = c->turns[k].text;
            if (c->turns[k].role == ROLE_CUSTOMER && w->ncustomer < 4096)
                w->customer[w->ncustomer++] = c->turns[k].text;
        }
    }
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    tagger_free(w->tagger);
    ruleset_free(w->rules);
    labelled_free(&w->set);
    arena_free(w->a);
    free(w);
    return 0;
}

static void look(void *ctx, uint32_t turn, const struct turn_result *r)
{
    struct decided *d = ctx;
    d[turn] = (struct decided){true, r->agent, r->customer, r->policy};
}

/* Tag C; GIVEN as in struct tagger. *tags lives until the arena is reset. */
static void tag(struct world *w, const struct conversation *c, const struct turn_facts *given,
                struct decided decided[TURNS_MAX], struct tags *tags)
{
    struct err e;
    memset(decided, 0, TURNS_MAX * sizeof *decided);
    w->tagger->given = given;
    assert_int_equal(tagger_walk(w->tagger, c, w->a, tags, decided, look, &e), ERR_OK);
    w->tagger->given = NULL;
}

static bool same_agent(const struct decided *x, const struct decided *y)
{
    const struct agent_verdict *a = &x->agent, *b = &y->agent;
    return x->is_seen == y->is_seen && a->is_delivery == b->is_delivery && a->style == b->style &&
           a->practices == b->practices && a->p == b->p && a->p_style == b->p_style &&
           a->is_uncertain == b->is_uncertain && a->unsure_practices == b->unsure_practices && x->policy == y->policy;
}

static bool same_customer(const struct decided *x, const struct decided *y)
{
    const struct customer_verdict *a = &x->customer, *b = &y->customer;
    return x->is_seen == y->is_seen && a->is_dispute == b->is_dispute && a->is_hostile == b->is_hostile &&
           a->is_upset == b->is_upset && a->p_dispute == b->p_dispute && a->p_hostile == b->p_hostile &&
           a->p_upset == b->p_upset && a->unsure_dispute == b->unsure_dispute &&
           a->unsure_hostile == b->unsure_hostile && a->unsure_upset == b->unsure_upset;
}

/* The hits of the turns before END. */
static bool same_hits(const struct tags *x, const struct tags *y, uint32_t end)
{
    uint32_t i = 0;
    for (; i < x->nhits && x->hits[i].turn < end; i++) {
        const struct cue_hit *a = &x->hits[i], *b = &y->hits[i];
        if (i >= y->nhits || a->turn != b->turn || a->cue != b->cue || a->span.from != b->span.from ||
            a->span.to != b->span.to || a->kind != b->kind || a->weight != b->weight)
            return false;
    }
    return i == y->nhits || y->hits[i].turn >= end;
}

/* A text of somebody else of the same role; SALT makes it another one. */
static struct slice other_text(const struct world *w, enum role role, size_t salt)
{
    size_t n = salt * 2654435761u;
    return role == ROLE_AGENT ? w->agent[n % w->nagent] : w->customer[n % w->ncustomer];
}

/* Whatever is said later, by whom and how much of it: all turns before are decided alike, with the same evidence. */
static void nothing_hangs_on_later_turns(void **state)
{
    struct world *w = *state;
    struct turn turns[TURNS_MAX];
    struct decided whole[TURNS_MAX], other[TURNS_MAX];
    size_t nlooked = 0, ndeliveries = 0, ndisputes = 0;
    assert_true(w->set.n >= CONVERSATIONS_LEAST);
    for (size_t i = 0; i < w->set.n; i++) {
        const struct conversation *c = &w->set.items[i].c;
        struct tags x, y;
        assert_true(c->nturns <= TURNS_MAX);
        arena_reset(w->a);
        tag(w, c, NULL, whole, &x);
        for (uint32_t cut = 1; cut < c->nturns; cut++) {
            struct conversation d = *c;
            memcpy(turns, c->turns, c->nturns * sizeof *turns);
            for (uint32_t k = cut; k < c->nturns; k++) {
                turns[k].text = other_text(w, turns[k].role, i * 131 + cut * 31 + k);
                if ((i + k) % 5 == 0)
                    turns[k].role = turns[k].role == ROLE_AGENT ? ROLE_CUSTOMER : ROLE_AGENT;
            }
            d.turns = turns;
            d.nturns = (i + cut) % 3 == 0 ? cut : c->nturns; /* some just end there */
            tag(w, &d, NULL, other, &y);
            for (uint32_t k = 0; k < cut; k++)
                if (!same_agent(&whole[k], &other[k]) || !same_customer(&whole[k], &other[k]))
                    fail_msg("%.*s: turn %u is changed by turn %u: %.*s", SLICE_ARG(c->external_id), k, cut,
                             SLICE_ARG(c->turns[k].text));
            if (!same_hits(&x, &y, cut))
                fail_msg("%.*s: evidence before turn %u", SLICE_ARG(c->external_id), cut);
            nlooked++;
        }
        ndeliveries += x.ndeliveries;
        for (uint32_t k = 0; k < x.nreactions; k++)
            ndisputes += x.reactions[k].kind == TAG_DISPUTE;
    }
    assert_true(nlooked > 5 * w->set.n && ndeliveries > w->set.n / 2 && ndisputes > w->set.n / 4);
}

/* Agents say anything, in any style, and only where they deliver stays: every customer's turn is decided alike. */
static void reactions_hang_on_no_word_of_agents(void **state)
{
    struct world *w = *state;
    struct turn turns[TURNS_MAX];
    struct turn_facts facts[TURNS_MAX], other_facts[TURNS_MAX];
    struct decided x[TURNS_MAX], y[TURNS_MAX];
    size_t nchanged = 0, nlooked = 0;
    for (size_t i = 0; i < w->set.n; i++) {
        const struct conversation *c = &w->set.items[i].c;
        struct tags tags;
        struct conversation d = *c;
        arena_reset(w->a);
        tag(w, c, NULL, x, &tags);
        for (uint32_t k = 0; k < c->nturns; k++)
            facts[k] = (struct turn_facts){x[k].agent.is_delivery, x[k].agent.style == STYLE_CONFRONTATIONAL,
                                           x[k].agent.style == STYLE_CHOICE, x[k].customer.is_dispute};
        for (size_t round = 0; round < 3; round++) {
            memcpy(turns, c->turns, c->nturns * sizeof *turns);
            for (uint32_t k = 0; k < c->nturns; k++) {
                other_facts[k] = facts[k];
                if (turns[k].role != ROLE_AGENT)
                    continue;
                turns[k].text = other_text(w, ROLE_AGENT, i * 17 + round * 7919 + k);
                other_facts[k].is_confrontational = facts[k].is_delivery && round == 0;
                other_facts[k].is_choice = facts[k].is_delivery && round == 1;
            }
            d.turns = turns;
            tag(w, &d, other_facts, y, &tags);
            for (uint32_t k = 0; k < c->nturns; k++) {
                if (!same_customer(&x[k], &y[k]))
                    fail_msg("%.*s: turn %u: %.*s", SLICE_ARG(c->external_id), k, SLICE_ARG(c->turns[k].text));
                nchanged += !same_agent(&x[k], &y[k]);
                nlooked++;
            }
        }
    }
    assert_true(10 * nchanged > nlooked); /* the words did make a difference to the agents' turns */
}

/* The same end to end, where another wording is a delivery too: the tagger finds the same deliveries by itself. */
static void reactions_stay_where_deliveries_are_worded_otherwise(void **state)
{
    static const char *const told[] = {
        "No. You should have read the terms. No refunds, no exceptions, policy is policy.",
        "I'm sorry, I understand, but refunds are only possible within 30 days. Would you like a voucher instead?",
        "Unfortunately we are unable to refund this.",
        "you have to pay the fee there's nothing i can do about it",
    };
    struct world *w = *state;
    struct turn turns[TURNS_MAX];
    struct decided x[TURNS_MAX], y[TURNS_MAX];
    size_t nsame = 0;
    for (size_t i = 0; i < w->set.n; i++) {
        const struct conversation *c = &w->set.items[i].c;
        struct tags tags;
        arena_reset(w->a);
        tag(w, c, NULL, x, &tags);
        for (size_t v = 0; v < sizeof told / sizeof told[0]; v++) {
            struct conversation d = *c;
            bool is_same = true, has_other_style = false;
            memcpy(turns, c->turns, c->nturns * sizeof *turns);
            for (uint32_t k = 0; k < c->nturns; k++)
                if (x[k].agent.is_delivery)
                    turns[k].text = slice_of(told[v]);
            d.turns = turns;
            tag(w, &d, NULL, y, &tags);
            for (uint32_t k = 0; k < c->nturns; k++) {
                is_same = is_same && x[k].agent.is_delivery == y[k].agent.is_delivery;
                has_other_style = has_other_style || x[k].agent.style != y[k].agent.style;
            }
            if (!is_same || !has_other_style)
                continue;
            for (uint32_t k = 0; k < c->nturns; k++)
                if (!same_customer(&x[k], &y[k]))
                    fail_msg("%.*s: turn %u: %.*s", SLICE_ARG(c->external_id), k, SLICE_ARG(c->turns[k].text));
            nsame++;
        }
    }
    print_message("%zu rewordings with the same deliveries in another style\n", nsame);
    assert_true(nsame > w->set.n / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_hangs_on_later_turns),
        cmocka_unit_test(reactions_hang_on_no_word_of_agents),
        cmocka_unit_test(reactions_stay_where_deliveries_are_worded_otherwise),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
