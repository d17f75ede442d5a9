/* Observed against expected, agent by agent. Given how often each policy was disputed in all, in each mood, an agent's
 * disputes are a draw from that: the number of them has the mean and variance of hypergeometric counts, added up over
 * policies and moods. Its distribution is taken for a binomial with that mean and variance, which is exact for one
 * policy and small shares, and close for the rest. */
#include "report/judge.h"

#include <math.h>

#include "core/stats_dist.h"

enum { CALM, UPSET, MOODS };
enum question { DISPUTES, CONFRONTATIONS, QUESTIONS };

#define P998    .002   /* two-sided, of the outer limits */
#define LEAST_P 1e-100 /* further out, distances are taken from the root of observed / expected */

/* All agents together, in one policy and mood. */
struct whole {
    double n, x[QUESTIONS];
};

static double count_of(const struct agent_cell *c, enum question what, int mood)
{
    return what == DISPUTES ? c->disputed[mood] : c->confrontational[mood];
}

static struct finding_ratio *ratio_of(struct finding_agent *x, enum question what)
{
    return what == DISPUTES ? &x->disputes : &x->confrontations;
}

static bool is_judged(const struct finding_agent *x)
{
    return x->agent_id != 0 && x->all.n >= STATS_ENOUGH;
}

/* ---- expected, by indirect standardisation ---- */

static struct whole *add_up(const struct findings *f, struct arena *a)
{
    struct whole *all = arena_zalloc(a, f->npolicies * MOODS, sizeof *all);
    if (all == NULL)
        return NULL;
    for (size_t i = 0; i < f->ncells; i++)
        for (int m = 0; m < MOODS; m++) {
            const struct agent_cell *c = &f->cells[i];
            struct whole *w = &all[(size_t)c->policy * MOODS + (size_t)m];
            w->n += c->n[m];
            for (int what = 0; what < QUESTIONS; what++)
                w->x[what] += count_of(c, (enum question)what, m);
        }
    return all;
}

static void add_expected(struct finding_ratio *r, const struct agent_cell *c, enum question what,
                         const struct whole *moods, double *expected)
{
    for (int m = 0; m < MOODS; m++) {
        const struct whole *w = &moods[m];
        double n = c->n[m];
        if (w->n <= 0)
            continue;
        double rate = w->x[what] / w->n, e = n * rate;
        r->expected += e;
        *expected += e;
        r->observed += (int64_t)count_of(c, what, m);
        if (w->n > 1)
            r->variance += e * (1 - rate) * (w->n - n) / (w->n - 1);
    }
}

/* Keep the worst few cells of an agent, by disputes beyond the expected. */
static void keep_cell(struct finding_agent *x, const struct agent_cell *c, double expected)
{
    int64_t disputed = (int64_t)c->disputed[CALM] + c->disputed[UPSET];
    struct finding_cell cell = {
        .policy = c->policy,
        .all = {disputed, (int64_t)c->n[CALM] + c->n[UPSET]},
        .confrontational = (int64_t)c->confrontational[CALM] + c->confrontational[UPSET],
        .choice = c->choice,
        .expected = expected,
    };
    double excess = (double)disputed - expected;
    unsigned at = x->nworst;
    if (excess <= 0)
        return;
    while (at > 0) {
        const struct finding_cell *o = &x->worst[at - 1];
        double other = (double)o->all.x - o->expected;
        if (other > excess || (other >= excess && o->policy < cell.policy))
            break;
        at--;
    }
    if (at >= FINDING_CELLS)
        return;
    if (x->nworst < FINDING_CELLS)
        x->nworst++;
    for (unsigned i = x->nworst - 1; i > at; i--)
        x->worst[i] = x->worst[i - 1];
    x->worst[at] = cell;
}

/* ---- chance ---- */

/* The binomial that has the mean and variance of R. */
struct binomial {
    double n, p;
};

static struct binomial binomial_of(const struct finding_ratio *r)
{
    double p = fmin(1 - 1e-9, fmax(1e-9, 1 - r->variance / r->expected));
    return (struct binomial){r->expected / p, p};
}

static bool can_test(const struct finding_ratio *r)
{
    return r->expected > 1e-9 && r->variance > 1e-9;
}

/* The standard error by chance of the square root of observed / expected, the scale on which the spread is added. */
static double root_error(const struct finding_ratio *r)
{
    return sqrt(r->variance) / (2 * r->expected);
}

static double root_z(const struct finding_ratio *r)
{
    return (sqrt((double)r->observed / r->expected) - 1) / root_error(r);
}

/* The standardised distance by chance alone: that of the middle of the observed count's share of the distribution. */
static double middle_z(const struct finding_ratio *r)
{
    struct binomial b = binomial_of(r);
    double o = (double)r->observed;
    double low = (stats_binomial_upto(o, b.n, b.p) + stats_binomial_upto(o - 1, b.n, b.p)) / 2;
    double high = (stats_binomial_from(o, b.n, b.p) + stats_binomial_from(o + 1, b.n, b.p)) / 2;
    if (fmin(low, high) < LEAST_P)
        return root_z(r);
    return low < high ? stats_normal_quantile(low) : -stats_normal_quantile(high);
}

/* Two-sided and conservative: counts as far out as the observed one, or further. */
static double exact_p(const struct finding_ratio *r)
{
    struct binomial b = binomial_of(r);
    double o = (double)r->observed;
    return fmin(1, 2 * fmin(stats_binomial_upto(o, b.n, b.p), stats_binomial_from(o, b.n, b.p)));
}

/* ---- how agents differ anyway ---- */

static enum err_code fit_spread(struct findings *f, enum question what, struct arena *a, struct stats_spread *out,
                                struct err *e)
{
    struct stats_paired *units = arena_zalloc(a, f->nagents, sizeof *units);
    size_t n = 0;
    if (units == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < f->nagents; i++) {
        const struct finding_ratio *r = ratio_of(&f->agents[i], what);
        if (is_judged(&f->agents[i]) && can_test(r))
            units[n++] = (struct stats_paired){middle_z(r), root_error(r)};
    }
    *out = stats_spread_fair(units, n);
    return ERR_OK;
}

/* A limit of observed / expected by chance, moved away from 1 by the spread: at Z standard deviations. */
static double widened(double limit, double z, double tau2)
{
    double root = sqrt(limit), distance = hypot(root - 1, z * sqrt(tau2));
    root = limit < 1 ? fmax(0, 1 - distance) : 1 + distance;
    return root * root;
}

static void put_limits(struct finding_ratio *r, double tau2)
{
    struct binomial b = binomial_of(r);
    struct stats_funnel chance = stats_funnel_rate(b.p, b.n);
    r->limits.has = chance.has;
    r->limits.low95 = widened(chance.low95 / b.p, STATS_Z95, tau2);
    r->limits.high95 = widened(chance.high95 / b.p, STATS_Z95, tau2);
    r->limits.low998 = widened(chance.low998 / b.p, STATS_Z998, tau2);
    r->limits.high998 = widened(chance.high998 / b.p, STATS_Z998, tau2);
}

static void put_p(struct finding_ratio *r, double tau2)
{
    double p = exact_p(r), error = root_error(r);
    r->has_test = true;
    r->p = p;
    if (tau2 > 0 && p < 1) {
        double z = p < LEAST_P ? root_z(r) : stats_normal_quantile(p / 2);
        r->p = stats_normal_beyond(z * error / sqrt(error * error + tau2));
    }
}

/* The limits lie between two counts, so that they hold on average; p is never better than its word. Both must agree. */
static enum finding_flag flag_of(const struct finding_ratio *r)
{
    if (!r->has_test)
        return FLAG_FEW;
    bool is_beyond = r->limits.has && (r->ratio.at < r->limits.low998 || r->ratio.at > r->limits.high998);
    bool is_out = r->q <= STATS_Q || (is_beyond && r->p <= P998);
    if (is_out && r->ratio.at >= FINDING_WORTH_RATIO)
        return FLAG_MORE;
    return is_out && r->ratio.at <= 1 / FINDING_WORTH_RATIO ? FLAG_FEWER : FLAG_IN_LINE;
}

static enum err_code flag_agents(struct findings *f, enum question what, const struct stats_spread *spread,
                                 struct arena *a, struct err *e)
{
    double *p = arena_zalloc(a, f->nagents, sizeof *p), *q = arena_zalloc(a, f->nagents, sizeof *q);
    size_t n = 0;
    if (p == NULL || q == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < f->nagents; i++) {
        struct finding_ratio *r = ratio_of(&f->agents[i], what);
        r->ratio = stats_ratio(r->observed, r->expected);
        r->p = r->q = 1;
        if (!can_test(r))
            continue;
        put_limits(r, spread->tau2);
        if (!is_judged(&f->agents[i]))
            continue;
        put_p(r, spread->tau2);
        p[n++] = r->p;
    }
    if (!stats_adjust(p, n, q))
        return err_nomem(e);
    n = 0;
    for (size_t i = 0; i < f->nagents; i++) {
        struct finding_ratio *r = ratio_of(&f->agents[i], what);
        if (r->has_test)
            r->q = q[n++];
        r->flag = flag_of(r);
    }
    return ERR_OK;
}

static double overall_rate(const struct findings *f)
{
    double x = 0, n = 0;
    for (size_t i = 0; i < f->nagents; i++) {
        x += (double)f->agents[i].all.x;
        n += (double)f->agents[i].all.n;
    }
    return n > 0 ? x / n : 0;
}

enum err_code judge_agents(struct findings *f, struct arena *a, struct err *e)
{
    struct stats_spread *const spreads[QUESTIONS] = {&f->disputes_spread, &f->confrontations_spread};
    const struct whole *whole = add_up(f, a);
    if (whole == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < f->ncells; i++) {
        const struct agent_cell *c = &f->cells[i];
        struct finding_agent *x = &f->agents[c->agent];
        const struct whole *moods = &whole[(size_t)c->policy * MOODS];
        double disputes = 0, confrontations = 0;
        add_expected(&x->disputes, c, DISPUTES, moods, &disputes);
        add_expected(&x->confrontations, c, CONFRONTATIONS, moods, &confrontations);
        x->policies++;
        keep_cell(x, c, disputes);
    }
    for (int what = 0; what < QUESTIONS; what++) {
        enum err_code rc = fit_spread(f, (enum question)what, a, spreads[what], e);
        if (rc == ERR_OK)
            rc = flag_agents(f, (enum question)what, spreads[what], a, e);
        if (rc != ERR_OK)
            return rc;
    }
    const double rate = overall_rate(f);
    f->nagents_enough = 0;
    for (size_t i = 0; i < f->nagents; i++) {
        struct finding_agent *x = &f->agents[i];
        f->nagents_enough += is_judged(x);
        x->standardised = x->disputes.ratio.has ? x->disputes.ratio.at * rate : 0;
    }
    return ERR_OK;
}
