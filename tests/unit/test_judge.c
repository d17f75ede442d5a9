/* Worlds whose truth is known, many times over: do verdicts and flags come out right, at the error rates promised?
 * Seeded, so that each run is the same. */
#include "report/judge.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/db.h"
#include "tests/support/near.h"

enum { TIMES = 200, MOST_POLICIES = 40, MOST_AGENTS = 300 };
enum { HARD, SOFT, PLAIN };

struct sim {
    uint64_t seed;
    struct arena *a;
    struct findings f;
    struct finding_policy policies[MOST_POLICIES];
    struct finding_agent agents[MOST_AGENTS];
    struct agent_cell cells[MOST_AGENTS * MOST_POLICIES];
};

static int set_up(void **state)
{
    struct sim *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->seed = 20261122;
    s->a = arena_new(0);
    assert_non_null(s->a);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct sim *s = *state;
    arena_free(s->a);
    free(s);
    return 0;
}

static double uniform(struct sim *s) /* splitmix64 */
{
    uint64_t z = (s->seed += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static int64_t draw(struct sim *s, int64_t n, double p)
{
    int64_t x = 0;
    for (int64_t i = 0; i < n; i++)
        x += uniform(s) < p;
    return x;
}

static double odds(double p, double ratio)
{
    double o = p / (1 - p) * ratio;
    return o / (1 + o);
}

/* ---- policies ---- */

static void begin_policies(struct sim *s, size_t n)
{
    arena_reset(s->a);
    memset(&s->f, 0, sizeof s->f);
    memset(s->policies, 0, sizeof s->policies);
    s->f.policies = s->policies;
    s->f.npolicies = n;
    for (size_t i = 0; i < n; i++)
        s->policies[i].policy_id = (int64_t)i + 1;
}

/* N tellings of policy I in STYLE to customers in one mood, each disputed with probability P. */
static int64_t tell(struct sim *s, size_t i, int style, bool upset, int64_t n, double p)
{
    struct finding_policy *x = &s->policies[i];
    int64_t disputed = draw(s, n, p);
    x->all.n += n, x->all.x += disputed;
    x->styles[style].n += n, x->styles[style].x += disputed;
    if (upset)
        x->upset[style].n += n, x->upset[style].x += disputed;
    return disputed;
}

static void judge(struct sim *s)
{
    struct err e;
    assert_int_equal(judge_policies(&s->f, s->a, &e), ERR_OK);
}

static void print_share(const char *what, double share)
{
    print_message("    %s: %.4f\n", what, share);
}

/* Thirty policies: one is hated however it is told, one is only told badly, one is both, the others are alike. */
static void a_hated_policy_and_a_badly_told_one_are_told_apart(void **state)
{
    struct sim *s = *state;
    double right[3] = {0}, wrong = 0;
    for (int t = 0; t < TIMES; t++) {
        begin_policies(s, 30);
        for (size_t i = 0; i < 30; i++) {
            static const double hard[] = {.45, .55, .75}, soft[] = {.45, .2, .45};
            (void)tell(s, i, HARD, false, 90, i < 3 ? hard[i] : .2);
            (void)tell(s, i, SOFT, false, 90, i < 3 ? soft[i] : .2);
            (void)tell(s, i, PLAIN, false, 120, i < 3 ? .45 : .2);
        }
        judge(s);
        right[0] += s->policies[0].verdict == VERDICT_POLICY;
        right[1] += s->policies[1].verdict == VERDICT_DELIVERY;
        right[2] += s->policies[2].verdict == VERDICT_BOTH;
        for (size_t i = 3; i < 30; i++)
            wrong += s->policies[i].verdict != VERDICT_IN_LINE;
    }
    print_share("policy", right[0] / TIMES);
    print_share("delivery", right[1] / TIMES);
    print_share("both", right[2] / TIMES);
    print_share("wrong among those in line", wrong / (27.0 * TIMES));
    assert_true(right[0] >= .9 * TIMES && right[1] >= .9 * TIMES && right[2] >= .85 * TIMES);
    assert_true(wrong <= .1 * (wrong + 4 * TIMES)); /* of four true discoveries a report, and the false ones */
}

/* All alike: in nine reports of ten and more, no policy at all is blamed. */
static void alike_policies_are_not_blamed(void **state)
{
    struct sim *s = *state;
    double any = 0;
    for (int t = 0; t < TIMES; t++) {
        int blamed = 0;
        begin_policies(s, 40);
        for (size_t i = 0; i < 40; i++)
            for (int style = 0; style < 3; style++)
                for (int upset = 0; upset < 2; upset++)
                    (void)tell(s, i, style, upset != 0, upset ? 20 : 20 + 4 * (int64_t)i, upset ? .4 : .15);
        judge(s);
        for (size_t i = 0; i < 40; i++)
            blamed += s->policies[i].verdict != VERDICT_IN_LINE;
        any += blamed > 0;
    }
    print_share("reports that blame any policy", any / TIMES);
    assert_true(any <= .1 * TIMES);
}

/* Upset customers dispute more, and are told things more flatly; the style itself does nothing. */
static void a_bad_mood_before_is_not_the_delivery(void **state)
{
    struct sim *s = *state;
    double any = 0, crude = 0;
    for (int t = 0; t < TIMES; t++) {
        int blamed = 0;
        begin_policies(s, 20);
        for (size_t i = 0; i < 20; i++) {
            (void)tell(s, i, HARD, true, 120, .6);
            (void)tell(s, i, SOFT, true, 40, .6);
            (void)tell(s, i, HARD, false, 60, .15);
            (void)tell(s, i, SOFT, false, 160, .15);
        }
        judge(s);
        for (size_t i = 0; i < 20; i++) {
            blamed += s->policies[i].verdict == VERDICT_DELIVERY || s->policies[i].verdict == VERDICT_BOTH;
            crude += s->policies[i].difference.low > 0;
        }
        any += blamed > 0;
        assert_true(s->f.delivery.has && s->f.delivery.p > 1e-6);
    }
    print_share("policies where the delivery seems to do harm at first sight", crude / (20.0 * TIMES));
    print_share("reports that blame the delivery of any policy", any / TIMES);
    assert_true(crude > .9 * 20 * TIMES); /* without the strata nearly all would be blamed */
    assert_true(any <= .1 * TIMES);
}

/* The ratio over all policies holds the truth in 95 reports of 100, and tells whether it is the same for all policies.
 */
static void the_effect_of_the_delivery_is_estimated_fairly(void **state)
{
    struct sim *s = *state;
    double held = 0, differ = 0;
    for (int t = 0; t < TIMES; t++) {
        begin_policies(s, 25);
        for (size_t i = 0; i < 25; i++) {
            double base = .05 + .02 * (double)i; /* unpopular policies are told more flatly */
            (void)tell(s, i, SOFT, false, 80 - 2 * (int64_t)i, base);
            (void)tell(s, i, HARD, false, 20 + 3 * (int64_t)i, odds(base, 1.8));
        }
        judge(s);
        held += s->f.delivery.low <= 1.8 && 1.8 <= s->f.delivery.high;
        differ += s->f.delivery.has_homogeneity && s->f.delivery.p_tarone < .05;
    }
    print_share("limits that hold the true odds ratio", held / TIMES);
    print_share("reports that see different effects where there is one", differ / TIMES);
    assert_true(held >= .91 * TIMES && held <= .99 * TIMES);
    assert_true(differ <= .1 * TIMES);
}

static void few_episodes_give_no_verdict(void **state)
{
    struct sim *s = *state;
    begin_policies(s, 4);
    (void)tell(s, 0, HARD, false, 400, .6); /* hardly ever a choice */
    (void)tell(s, 0, SOFT, false, 19, .1);
    (void)tell(s, 1, SOFT, false, 400, .2); /* always a choice */
    (void)tell(s, 2, PLAIN, false, 5, .2);
    (void)tell(s, 3, SOFT, false, 60, .2);
    (void)tell(s, 3, HARD, false, 60, .2);
    judge(s);
    assert_int_equal(s->policies[0].verdict, VERDICT_FEW);
    assert_int_equal(s->policies[2].verdict, VERDICT_FEW);
    assert_int_not_equal(s->policies[1].verdict, VERDICT_FEW);
    assert_true(s->policies[0].q_delivery == 1 && s->policies[0].q_policy == 1);
    begin_policies(s, 1); /* one policy alone has no others */
    (void)tell(s, 0, SOFT, false, 100, .3);
    judge(s);
    assert_int_equal(s->policies[0].verdict, VERDICT_FEW);
    assert_false(s->policies[0].others.has);
    begin_policies(s, 0);
    judge(s);
}

/* Of eleven practices one halves the odds and one doubles them. All are used more with unpopular policies, so that at
 * first sight they all seem to do harm. */
static void practices_are_judged_within_policies(void **state)
{
    struct sim *s = *state;
    double right = 0, wrong = 0, crude = 0;
    for (int t = 0; t < TIMES; t++) {
        begin_policies(s, 20);
        for (size_t i = 0; i < 20; i++)
            for (int k = 0; k < 150; k++) {
                struct finding_policy *x = &s->policies[i];
                unsigned bits = 0;
                for (int b = 0; b < PRACTICE_COUNT; b++)
                    bits |= (unsigned)(uniform(s) < .1 + .02 * (double)i) << b;
                double ratio = (bits & 1 ? .5 : 1) * (bits & 2 ? 2 : 1);
                int64_t disputed = tell(s, i, PLAIN, false, 1, odds(.1 + .02 * (double)i, ratio));
                for (int b = 0; b < PRACTICE_COUNT; b++)
                    if (bits >> b & 1)
                        x->practices[b].n++, x->practices[b].x += disputed;
            }
        judge(s);
        right += (s->f.practices[0].effect == EFFECT_FEWER) + (s->f.practices[1].effect == EFFECT_MORE);
        for (int b = 2; b < PRACTICE_COUNT; b++) {
            const struct finding_practice *x = &s->f.practices[b];
            struct stats_interval d = stats_newcombe(x->with.x, x->with.n, x->without.x, x->without.n);
            wrong += x->effect != EFFECT_NONE;
            crude += d.low > 0;
        }
    }
    print_share("right", right / (2.0 * TIMES));
    print_share("wrong, of those that do nothing", wrong / (9.0 * TIMES));
    print_share("that seem to do harm at first sight", crude / (9.0 * TIMES));
    assert_true(right >= .95 * 2 * TIMES);
    assert_true(wrong <= .1 * (wrong + right)); /* the false discovery rate that q promises */
    assert_true(crude > .5 * 9 * TIMES);
}

/* ---- agents ---- */

static void begin_agents(struct sim *s, size_t nagents, size_t npolicies)
{
    begin_policies(s, npolicies);
    memset(s->agents, 0, sizeof s->agents);
    s->f.cells = s->cells;
    s->f.agents = s->agents;
    s->f.nagents = nagents;
    for (size_t i = 0; i < nagents; i++)
        s->agents[i].agent_id = (int64_t)i + 1;
}

/* N episodes of an agent with one policy: disputed with probability P. */
static void work(struct sim *s, size_t agent, size_t policy, int64_t n, double p)
{
    int64_t disputed = draw(s, n, p), hard = draw(s, n, .3);
    s->agents[agent].all.n += n;
    s->agents[agent].all.x += disputed;
    s->cells[s->f.ncells++] = (struct agent_cell){.agent = (uint32_t)agent,
                                                  .policy = (uint32_t)policy,
                                                  .n = {(uint32_t)n, 0},
                                                  .disputed = {(uint32_t)disputed, 0},
                                                  .confrontational = {(uint32_t)hard, 0}};
}

static void judge_all(struct sim *s)
{
    struct err e;
    assert_int_equal(judge_agents(&s->f, s->a, &e), ERR_OK);
}

static bool is_flagged(const struct finding_ratio *r)
{
    return r->flag == FLAG_MORE || r->flag == FLAG_FEWER;
}

/* Two hundred agents, from 20 to 420 episodes, without any real difference. */
static void chance_alone_flags_hardly_anybody(void **state)
{
    struct sim *s = *state;
    double flags = 0, naive = 0, spread = 0;
    for (int t = 0; t < TIMES; t++) {
        begin_agents(s, 200, 3);
        for (size_t i = 0; i < 200; i++)
            for (size_t k = 0; k < 3; k++)
                work(s, i, k, 7 + (int64_t)(i * i) / 300, .1 + .15 * (double)k);
        judge_all(s);
        for (size_t i = 0; i < 200; i++) {
            const struct finding_agent *x = &s->agents[i];
            flags += is_flagged(&x->disputes) + is_flagged(&x->confrontations);
            naive +=
                x->disputes.ratio.at > x->disputes.limits.high95 || x->disputes.ratio.at < x->disputes.limits.low95;
        }
        spread += s->f.disputes_spread.tau2 > 0;
    }
    print_share("flags an agent and question", flags / (2 * 200.0 * TIMES));
    print_share("outside the inner limits", naive / (200.0 * TIMES));
    print_share("reports that see agents differ", spread / TIMES);
    assert_true(flags <= .002 * 2 * 200 * TIMES);
    assert_true(naive >= .02 * 200 * TIMES && naive <= .055 * 200 * TIMES);
    assert_true(spread <= .08 * TIMES);
}

/* Disputes are rare, so that counts are small and their distribution is far from normal. */
static void few_disputes_flag_hardly_anybody(void **state)
{
    struct sim *s = *state;
    double flags = 0, p998 = 0;
    for (int t = 0; t < TIMES; t++) {
        begin_agents(s, 200, 2);
        for (size_t i = 0; i < 200; i++)
            for (size_t k = 0; k < 2; k++)
                work(s, i, k, 10 + (int64_t)i / 8, .01 + .03 * (double)k);
        judge_all(s);
        for (size_t i = 0; i < 200; i++) {
            const struct finding_ratio *r = &s->agents[i].disputes;
            flags += is_flagged(r);
            p998 += r->p <= .002;
        }
    }
    print_share("flags an agent", flags / (200.0 * TIMES));
    print_share("p of 0.002 at most", p998 / (200.0 * TIMES));
    assert_true(p998 <= .002 * 200 * TIMES);
    assert_true(flags <= .002 * 200 * TIMES);
}

/* Sixty agents who do the same, but some tell the policies that everybody hates, and some the harmless ones. */
static void an_unlucky_mix_of_policies_is_not_blamed(void **state)
{
    struct sim *s = *state;
    double flags = 0, crude = 0;
    for (int t = 0; t < TIMES; t++) {
        int64_t x = 0, n = 0;
        begin_agents(s, 60, 10);
        for (size_t i = 0; i < 60; i++)
            for (size_t k = 0; k < 10; k++)
                work(s, i, k,
                     i % 3 == 0   ? 2 + 3 * (int64_t)k
                     : i % 3 == 1 ? 30 - 3 * (int64_t)k
                                  : 15,
                     .04 + .06 * (double)k);
        judge_all(s);
        for (size_t i = 0; i < 60; i++)
            x += s->agents[i].all.x, n += s->agents[i].all.n;
        for (size_t i = 0; i < 60; i++) {
            struct stats_funnel f = stats_funnel_rate((double)x / (double)n, (double)s->agents[i].all.n);
            double rate = (double)s->agents[i].all.x / (double)s->agents[i].all.n;
            crude += rate > f.high998 || rate < f.low998;
            flags += is_flagged(&s->agents[i].disputes);
        }
    }
    print_share("flagged", flags / (60.0 * TIMES));
    print_share("would be flagged by the plain rate", crude / (60.0 * TIMES));
    assert_true(flags <= .002 * 60 * TIMES);
    assert_true(crude > .1 * 60 * TIMES);
}

/* Five of a hundred agents have three times the odds, one has a third: they are found, and few others. */
static void agents_who_really_differ_are_found(void **state)
{
    struct sim *s = *state;
    double found = 0, false_flags = 0, all = 0;
    for (int t = 0; t < TIMES; t++) {
        begin_agents(s, 100, 4);
        for (size_t i = 0; i < 100; i++)
            for (size_t k = 0; k < 4; k++)
                work(s, i, k, 40, odds(.1 + .1 * (double)k, i < 5 ? 3 : i == 5 ? 1 / 3.0 : 1));
        judge_all(s);
        for (size_t i = 0; i < 100; i++) {
            bool is_found = s->agents[i].disputes.flag == (i < 5 ? FLAG_MORE : FLAG_FEWER);
            all += is_flagged(&s->agents[i].disputes);
            found += i < 6 && is_found;
            false_flags += i >= 6 && is_flagged(&s->agents[i].disputes);
        }
    }
    print_share("found", found / (6.0 * TIMES));
    print_share("false, of all flags", false_flags / all);
    assert_true(found >= .9 * 6 * TIMES);
    assert_true(false_flags <= .1 * all);
}

/* With very many episodes every agent differs; only those beyond the usual differences are flagged. */
static void usual_differences_are_not_flagged(void **state)
{
    struct sim *s = *state;
    double flags = 0, naive = 0, found = 0;
    for (int t = 0; t < TIMES; t++) {
        begin_agents(s, 150, 1);
        for (size_t i = 0; i < 150; i++) {
            double usual = 0;
            for (int k = 0; k < 12; k++) /* near enough normal, variance 1 */
                usual += uniform(s) - .5;
            work(s, i, 0, 2000, i == 0 ? .6 : odds(.25, exp(.2 * usual)));
        }
        judge_all(s);
        for (size_t i = 1; i < 150; i++) {
            const struct finding_ratio *r = &s->agents[i].disputes;
            flags += is_flagged(r);
            naive += r->ratio.low > 1 || r->ratio.high < 1;
        }
        found += s->agents[0].disputes.flag == FLAG_MORE;
        assert_true(s->f.disputes_spread.phi > 2 && s->f.disputes_spread.tau2 > 0);
    }
    print_share("flagged", flags / (149.0 * TIMES));
    print_share("whose limits leave out 1", naive / (149.0 * TIMES));
    assert_true(flags <= .002 * 149 * TIMES);
    assert_true(naive > .3 * 149 * TIMES);
    assert_true(found >= .99 * TIMES);
}

static void few_episodes_or_nobody_known_give_no_flag(void **state)
{
    struct sim *s = *state;
    begin_agents(s, 40, 1);
    for (size_t i = 0; i < 40; i++)
        work(s, i, 0, i == 1 ? 19 : 50, i < 2 ? 1 : .1);
    s->agents[0].agent_id = 0;
    judge_all(s);
    assert_int_equal(s->agents[0].disputes.flag, FLAG_FEW);
    assert_int_equal(s->agents[1].disputes.flag, FLAG_FEW);
    assert_true(s->agents[1].disputes.ratio.has && s->agents[1].disputes.q == 1);
    assert_int_equal(s->f.nagents_enough, 38);
    begin_agents(s, 30, 1); /* nothing was ever disputed: nothing to expect */
    for (size_t i = 0; i < 30; i++)
        work(s, i, 0, 50, 0);
    judge_all(s);
    assert_false(s->agents[3].disputes.ratio.has || s->agents[3].disputes.has_test);
    assert_int_equal(s->agents[3].disputes.flag, FLAG_FEW);
    begin_agents(s, 30, 1); /* always: no chance in it */
    for (size_t i = 0; i < 30; i++)
        work(s, i, 0, 50, 1);
    judge_all(s);
    assert_int_equal(s->agents[3].disputes.flag, FLAG_FEW);
    assert_near(s->agents[3].disputes.ratio.at, 1, 1e-9);
    begin_agents(s, 0, 0);
    judge_all(s);
}

#define T(x) cmocka_unit_test_setup_teardown(x, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_hated_policy_and_a_badly_told_one_are_told_apart),
        T(alike_policies_are_not_blamed),
        T(a_bad_mood_before_is_not_the_delivery),
        T(the_effect_of_the_delivery_is_estimated_fairly),
        T(few_episodes_give_no_verdict),
        T(practices_are_judged_within_policies),
        T(chance_alone_flags_hardly_anybody),
        T(few_disputes_flag_hardly_anybody),
        T(an_unlucky_mix_of_policies_is_not_blamed),
        T(agents_who_really_differ_are_found),
        T(usual_differences_are_not_flagged),
        T(few_episodes_or_nobody_known_give_no_flag),
    };
    return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
