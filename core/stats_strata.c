#include "core/stats_strata.h"

#include <math.h>

#include "core/stats_dist.h"

/* A stratum's margins. */
struct table {
    double a, b, c, d, n, exposed, others, outcome, none;
};

static bool read_table(const struct stats_stratum *s, struct table *t)
{
    *t = (struct table){.a = (double)s->a, .b = (double)s->b, .c = (double)s->c, .d = (double)s->d};
    t->exposed = t->a + t->b;
    t->others = t->c + t->d;
    t->outcome = t->a + t->c;
    t->none = t->b + t->d;
    t->n = t->exposed + t->others;
    return s->a >= 0 && s->b >= 0 && s->c >= 0 && s->d >= 0 && t->exposed > 0 && t->others > 0 && t->outcome > 0 &&
           t->none > 0;
}

struct sums {
    double r, s, pr, psqr, qs; /* of the odds ratio and its variance */
    double a, expected, variance;
};

static void add_table(struct sums *m, const struct table *t)
{
    double r = t->a * t->d / t->n, s = t->b * t->c / t->n, p = (t->a + t->d) / t->n, q = (t->b + t->c) / t->n;
    m->r += r;
    m->s += s;
    m->pr += p * r;
    m->psqr += p * s + q * r;
    m->qs += q * s;
    m->a += t->a;
    m->expected += t->exposed * t->outcome / t->n;
    m->variance += t->exposed * t->others * t->outcome * t->none / (t->n * t->n * (t->n - 1));
}

/* What a would be if the odds ratio of the table were ODDS and its margins as they are. */
static double fitted(const struct table *t, double odds)
{
    double low = fmax(0, t->outcome - t->others), high = fmin(t->exposed, t->outcome);
    double a = 1 - odds, b = t->others - t->outcome + odds * (t->exposed + t->outcome);
    double c = -odds * t->exposed * t->outcome;
    /* Of the two roots the one that lies between the limits, written so that nothing cancels (b > 0). */
    double root = -2 * c / (b + sqrt(fmax(0, b * b - 4 * a * c)));
    if (b < 0)
        root = (-b + sqrt(fmax(0, b * b - 4 * a * c))) / (2 * a);
    return fmin(high, fmax(low, root));
}

static void put_homogeneity(const struct stats_stratum *strata, size_t n, struct stats_strata *out)
{
    double chi2 = 0, distance = 0, variance = 0;
    struct table t;
    for (size_t i = 0; i < n; i++) {
        if (!read_table(&strata[i], &t))
            continue;
        double e = fitted(&t, out->odds);
        double parts[] = {e, t.exposed - e, t.outcome - e, t.others - t.outcome + e}, inverse = 0;
        for (size_t k = 0; k < 4; k++) {
            if (!(parts[k] > 0))
                return;
            inverse += 1 / parts[k];
        }
        chi2 += (t.a - e) * (t.a - e) * inverse;
        distance += t.a - e;
        variance += 1 / inverse;
    }
    double df = (double)out->informative - 1;
    out->has_homogeneity = true;
    out->breslow_day = chi2;
    out->tarone = fmax(0, chi2 - distance * distance / variance);
    out->p_breslow_day = stats_chi2_above(out->breslow_day, df);
    out->p_tarone = stats_chi2_above(out->tarone, df);
}

struct stats_strata stats_strata(const struct stats_stratum *strata, size_t n)
{
    struct stats_strata out = {0};
    struct sums m = {0};
    struct table t;
    for (size_t i = 0; i < n; i++)
        if (read_table(&strata[i], &t)) {
            out.informative++;
            add_table(&m, &t);
        }
    out.observed = m.a;
    out.expected = m.expected;
    if (m.variance > 0) {
        double distance = fabs(m.a - m.expected), corrected = fmax(0, distance - .5);
        out.has_test = true;
        out.chi2 = corrected * corrected / m.variance;
        out.chi2_plain = distance * distance / m.variance;
        out.p = stats_chi2_above(out.chi2, 1);
        out.p_plain = stats_chi2_above(out.chi2_plain, 1);
    }
    if (!(m.r > 0) || !(m.s > 0))
        return out;
    out.has = true;
    out.odds = m.r / m.s;
    out.log_odds = log(out.odds);
    out.log_error = sqrt(m.pr / (2 * m.r * m.r) + m.psqr / (2 * m.r * m.s) + m.qs / (2 * m.s * m.s));
    out.low = exp(out.log_odds - STATS_Z95 * out.log_error);
    out.high = exp(out.log_odds + STATS_Z95 * out.log_error);
    if (out.informative >= 2)
        put_homogeneity(strata, n, &out);
    return out;
}
