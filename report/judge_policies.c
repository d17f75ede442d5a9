#include "report/judge.h"

enum { CONFRONTATIONAL, CHOICE };
enum { CALM, UPSET, MOODS };

static struct stats_count of_mood(const struct finding_policy *p, int style, int mood)
{
    struct stats_count all = p->styles[style], upset = p->upset[style];
    if (mood == UPSET)
        return upset;
    return (struct stats_count){all.x - upset.x, all.n - upset.n};
}

/* Exposed against others, disputed or not. */
static struct stats_stratum stratum(struct stats_count exposed, struct stats_count others)
{
    return (struct stats_stratum){exposed.x, exposed.n - exposed.x, others.x, others.n - others.x};
}

static bool is_enough(struct stats_count c)
{
    return c.n >= STATS_ENOUGH;
}

/* The tests of one question, to be adjusted for one another. */
struct family {
    double *p, *q;
    double **to; /* where each q goes */
    size_t n;
};

static enum err_code family_new(struct family *t, size_t most, struct arena *a, struct err *e)
{
    t->n = 0;
    t->p = arena_zalloc(a, most, sizeof *t->p);
    t->q = arena_zalloc(a, most, sizeof *t->q);
    t->to = arena_zalloc(a, most, sizeof *t->to);
    return t->p != NULL && t->q != NULL && t->to != NULL ? ERR_OK : err_nomem(e);
}

static void family_add(struct family *t, bool is_test, double p, double *q)
{
    *q = 1;
    if (!is_test)
        return;
    t->p[t->n] = p;
    t->to[t->n++] = q;
}

static enum err_code family_adjust(struct family *t, struct err *e)
{
    if (!stats_adjust(t->p, t->n, t->q))
        return err_nomem(e);
    for (size_t i = 0; i < t->n; i++)
        *t->to[i] = t->q[i];
    return ERR_OK;
}

/* ---- policies ---- */

/* All policies together, told as a choice, by mood. */
struct whole {
    struct stats_count choice[MOODS], all;
};

static void compare_with_others(struct finding_policy *p, const struct whole *whole)
{
    struct stats_stratum strata[MOODS];
    struct stats_count others = {0, 0};
    for (int m = 0; m < MOODS; m++) {
        struct stats_count mine = of_mood(p, CHOICE, m);
        struct stats_count rest = {whole->choice[m].x - mine.x, whole->choice[m].n - mine.n};
        strata[m] = stratum(mine, rest);
        others.x += rest.x;
        others.n += rest.n;
    }
    p->choice = stats_wilson(p->styles[CHOICE].x, p->styles[CHOICE].n);
    p->others = stats_wilson(others.x, others.n);
    p->excess = stats_newcombe(p->styles[CHOICE].x, p->styles[CHOICE].n, others.x, others.n);
    p->against_others = stats_strata(strata, MOODS);
    if (!is_enough(p->styles[CHOICE]) || !is_enough(others))
        p->against_others.has_test = false;
}

static void compare_styles(struct finding_policy *p)
{
    struct stats_stratum strata[MOODS];
    struct stats_count hard = p->styles[CONFRONTATIONAL], soft = p->styles[CHOICE];
    for (int m = 0; m < MOODS; m++)
        strata[m] = stratum(of_mood(p, CONFRONTATIONAL, m), of_mood(p, CHOICE, m));
    p->confrontational = stats_wilson(hard.x, hard.n);
    p->difference = stats_newcombe(hard.x, hard.n, soft.x, soft.n);
    p->delivery = stats_strata(strata, MOODS);
    if (!is_enough(hard) || !is_enough(soft))
        p->delivery.has_test = false;
}

/* Sure, in the bad direction, and worth acting on. */
static bool is_clearly_worse(const struct stats_strata *s, double q, const struct stats_interval *difference)
{
    return s->has_test && q <= STATS_Q && s->observed > s->expected && difference->has &&
           difference->at >= FINDING_WORTH;
}

static enum verdict verdict_of(const struct finding_policy *p)
{
    if (!p->against_others.has_test && !p->delivery.has_test)
        return VERDICT_FEW;
    bool is_policy = is_clearly_worse(&p->against_others, p->q_policy, &p->excess);
    bool is_delivery = is_clearly_worse(&p->delivery, p->q_delivery, &p->difference);
    if (is_policy)
        return is_delivery ? VERDICT_BOTH : VERDICT_POLICY;
    return is_delivery ? VERDICT_DELIVERY : VERDICT_IN_LINE;
}

/* Over all policies: like is compared with like, in the same policy and the same mood. */
static enum err_code compare_all_styles(struct findings *f, struct arena *a, struct err *e)
{
    struct stats_stratum *strata = arena_zalloc(a, f->npolicies * MOODS, sizeof *strata);
    if (strata == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < f->npolicies; i++)
        for (int m = 0; m < MOODS; m++)
            strata[i * MOODS + (size_t)m] =
                stratum(of_mood(&f->policies[i], CONFRONTATIONAL, m), of_mood(&f->policies[i], CHOICE, m));
    f->delivery = stats_strata(strata, f->npolicies * MOODS);
    return ERR_OK;
}

static enum err_code shrink(struct findings *f, struct arena *a, struct err *e)
{
    struct stats_count *groups = arena_zalloc(a, f->npolicies, sizeof *groups);
    if (groups == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < f->npolicies; i++)
        groups[i] = f->policies[i].all;
    f->prior = stats_prior_fit(groups, f->npolicies);
    for (size_t i = 0; i < f->npolicies; i++) {
        struct finding_policy *p = &f->policies[i];
        if (f->prior.has)
            p->shrunk = stats_shrink(&f->prior, p->all);
        else if (p->all.n > 0)
            p->shrunk = (double)p->all.x / (double)p->all.n;
    }
    return ERR_OK;
}

static struct whole whole_of(const struct findings *f)
{
    struct whole w = {0};
    for (size_t i = 0; i < f->npolicies; i++) {
        w.all.x += f->policies[i].all.x;
        w.all.n += f->policies[i].all.n;
        for (int m = 0; m < MOODS; m++) {
            struct stats_count c = of_mood(&f->policies[i], CHOICE, m);
            w.choice[m].x += c.x;
            w.choice[m].n += c.n;
        }
    }
    return w;
}

static enum err_code give_verdicts(struct findings *f, struct arena *a, struct err *e)
{
    struct family policy, delivery;
    const struct whole whole = whole_of(f);
    enum err_code rc = family_new(&policy, f->npolicies, a, e);
    if (rc == ERR_OK)
        rc = family_new(&delivery, f->npolicies, a, e);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < f->npolicies; i++) {
        struct finding_policy *p = &f->policies[i];
        if (whole.all.n > 0)
            p->funnel = stats_funnel_rate((double)whole.all.x / (double)whole.all.n, (double)p->all.n);
        compare_with_others(p, &whole);
        compare_styles(p);
        family_add(&policy, p->against_others.has_test, p->against_others.p, &p->q_policy);
        family_add(&delivery, p->delivery.has_test, p->delivery.p, &p->q_delivery);
    }
    if ((rc = family_adjust(&policy, e)) != ERR_OK || (rc = family_adjust(&delivery, e)) != ERR_OK)
        return rc;
    for (size_t i = 0; i < f->npolicies; i++)
        f->policies[i].verdict = verdict_of(&f->policies[i]);
    return ERR_OK;
}

/* ---- practices ---- */

static void compare_practice(struct findings *f, int practice, struct stats_stratum *strata)
{
    struct finding_practice *x = &f->practices[practice];
    x->with = x->without = (struct stats_count){0, 0};
    for (size_t i = 0; i < f->npolicies; i++) {
        struct stats_count all = f->policies[i].all, with = f->policies[i].practices[practice];
        struct stats_count without = {all.x - with.x, all.n - with.n};
        strata[i] = stratum(with, without);
        x->with.x += with.x, x->with.n += with.n;
        x->without.x += without.x, x->without.n += without.n;
    }
    x->strata = stats_strata(strata, f->npolicies);
    if (!is_enough(x->with) || !is_enough(x->without))
        x->strata.has_test = false;
}

static enum finding_effect effect_of(const struct finding_practice *x)
{
    const struct stats_strata *s = &x->strata;
    if (!s->has_test)
        return EFFECT_FEW;
    bool is_worth = !s->has || s->odds >= FINDING_WORTH_RATIO || s->odds <= 1 / FINDING_WORTH_RATIO;
    if (x->q > STATS_Q || !is_worth)
        return EFFECT_NONE;
    return s->observed > s->expected ? EFFECT_MORE : EFFECT_FEWER;
}

static enum err_code judge_practices(struct findings *f, struct arena *a, struct err *e)
{
    struct family tests;
    struct stats_stratum *strata = arena_zalloc(a, f->npolicies, sizeof *strata);
    enum err_code rc = family_new(&tests, PRACTICE_COUNT, a, e);
    if (rc != ERR_OK || strata == NULL)
        return err_nomem(e);
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        struct finding_practice *x = &f->practices[i];
        compare_practice(f, i, strata);
        family_add(&tests, x->strata.has_test, x->strata.p, &x->q);
    }
    if ((rc = family_adjust(&tests, e)) != ERR_OK)
        return rc;
    for (int i = 0; i < PRACTICE_COUNT; i++)
        f->practices[i].effect = effect_of(&f->practices[i]);
    return ERR_OK;
}

enum err_code judge_policies(struct findings *f, struct arena *a, struct err *e)
{
    enum err_code rc = shrink(f, a, e);
    if (rc == ERR_OK)
        rc = give_verdicts(f, a, e);
    if (rc == ERR_OK)
        rc = compare_all_styles(f, a, e);
    return rc == ERR_OK ? judge_practices(f, a, e) : rc;
}
