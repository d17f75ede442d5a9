#include "core/stats_funnel.h"

#include <math.h>
#include <stdlib.h>

#include "core/stats_dist.h"

#define Q95  .025
#define Q998 .001

#define CUT       .1         /* at each end */
#define CUT_KEEPS .678654559 /* E(min(|Z|, c)^2) of a standard normal Z, where c is its 0.9 quantile */

/* The smallest r with P(R <= r) > Q, found from where the normal distribution has it. */
static double least_above(double q, double n, double p)
{
    double r = fmax(0, floor(n * p + stats_normal_quantile(q) * sqrt(n * p * (1 - p))));
    while (r > 0 && stats_binomial_upto(r - 1, n, p) > q)
        r--;
    while (stats_binomial_upto(r, n, p) <= q)
        r++;
    return r;
}

/* A limit for r / N by interpolation between the two counts that enclose Q. */
static double rate_limit(double q, double n, double p)
{
    double r = least_above(q, n, p);
    double here = stats_binomial_upto(r, n, p), before = stats_binomial_upto(r - 1, n, p);
    return fmin(1, fmax(0, (r - (here - q) / (here - before)) / n));
}

struct stats_funnel stats_funnel_rate(double target, double n)
{
    struct stats_funnel f = {0};
    if (!(n > 0) || !(target > 0) || !(target < 1))
        return f;
    f.has = true;
    f.low95 = rate_limit(Q95, n, target);
    f.high95 = rate_limit(1 - Q95, n, target);
    f.low998 = rate_limit(Q998, n, target);
    f.high998 = rate_limit(1 - Q998, n, target);
    return f;
}

static double poisson_low(double q, double count)
{
    return count > 0 ? stats_chi2_quantile(q, 2 * count) / 2 : 0;
}

static double poisson_high(double q, double count)
{
    return stats_chi2_quantile(1 - q, 2 * (count + 1)) / 2;
}

struct stats_funnel stats_funnel_poisson(double expected)
{
    struct stats_funnel f = {0};
    if (!(expected > 0))
        return f;
    f.has = true;
    f.low95 = poisson_low(Q95, expected) / expected;
    f.high95 = poisson_high(Q95, expected) / expected;
    f.low998 = poisson_low(Q998, expected) / expected;
    f.high998 = poisson_high(Q998, expected) / expected;
    return f;
}

static double arcsine_limit(double angle)
{
    double s = sin(fmin(M_PI / 2, fmax(0, angle)));
    return s * s;
}

struct stats_funnel stats_funnel_spread(double target, double n, double tau2)
{
    struct stats_funnel f = {0};
    if (!(n > 0) || !(target > 0) || !(target < 1) || !(tau2 >= 0))
        return f;
    double angle = asin(sqrt(target)), error = sqrt(1 / (4 * n) + tau2);
    f.has = true;
    f.low95 = arcsine_limit(angle - STATS_Z95 * error);
    f.high95 = arcsine_limit(angle + STATS_Z95 * error);
    f.low998 = arcsine_limit(angle - STATS_Z998 * error);
    f.high998 = arcsine_limit(angle + STATS_Z998 * error);
    return f;
}

struct stats_interval stats_ratio(int64_t observed, double expected)
{
    struct stats_interval i = {false, 0, 0, 0};
    if (!(expected > 0) || observed < 0)
        return i;
    i.has = true;
    i.at = (double)observed / expected;
    i.low = poisson_low(Q95, (double)observed) / expected;
    i.high = poisson_high(Q95, (double)observed) / expected;
    return i;
}

static int compare_z(const void *x, const void *y)
{
    const struct stats_paired *a = x, *b = y;
    int order = (a->z > b->z) - (a->z < b->z);
    return order != 0 ? order : (a->s > b->s) - (a->s < b->s); /* so that sums do not depend on the order given */
}

/* Quantile Q of K sorted values, as R's type 7. */
static double quantile(const struct stats_paired *sorted, size_t k, double q)
{
    double at = q * (double)(k - 1), whole = floor(at);
    size_t i = (size_t)whole;
    if (i + 1 >= k)
        return sorted[k - 1].z;
    return sorted[i].z + (at - whole) * (sorted[i + 1].z - sorted[i].z);
}

/* The sums over the units that the variance between them is made of. */
struct spread_sums {
    double squares; /* of winsorised z */
    double w, ww;   /* of the weights and their squares */
};

static struct spread_sums add_up(struct stats_paired *units, size_t k)
{
    struct spread_sums s = {0, 0, 0};
    qsort(units, k, sizeof *units, compare_z);
    double low = quantile(units, k, CUT), high = quantile(units, k, 1 - CUT);
    for (size_t i = 0; i < k; i++) {
        double z = fmin(high, fmax(low, units[i].z)), w = 1 / (units[i].s * units[i].s);
        s.squares += z * z;
        s.w += w;
        s.ww += w * w;
    }
    return s;
}

static double between(const struct spread_sums *s, size_t k, double squares)
{
    return k < 2 ? 0 : fmax(0, (squares - (double)(k - 1)) / (s->w - s->ww / s->w));
}

struct stats_spread stats_spread_fit(struct stats_paired *units, size_t k)
{
    struct stats_spread out = {0};
    if (k < 2)
        return out;
    struct spread_sums s = add_up(units, k);
    out.has = true;
    out.phi = s.squares / (double)k;
    out.tau2 = between(&s, k, s.squares);
    return out;
}

struct stats_spread stats_spread_fair(struct stats_paired *units, size_t k)
{
    struct stats_spread out = {0};
    if (k < 2)
        return out;
    struct spread_sums s = add_up(units, k);
    double squares = s.squares / CUT_KEEPS;
    out.has = true;
    out.phi = squares / (double)k;
    if (stats_chi2_above(squares, (double)(k - 1)) < .05)
        out.tau2 = between(&s, k, squares);
    return out;
}
