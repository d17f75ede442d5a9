/*
 * stats_funnel.h - is a unit (an agent, a policy) further from the whole than chance explains, for its size?
 *
 * Sources: D. J. Spiegelhalter, Stat. Med. 24 (2005) 1185-1202 (exact limits with interpolation, A.1; over-dispersion,
 * A.3); exact limits of a Poisson count: F. Garwood, Biometrika 28 (1936) 437-442.
 */
#ifndef CORE_STATS_FUNNEL_H
#define CORE_STATS_FUNNEL_H

#include <stddef.h>

#include "core/stats_rate.h"

#define STATS_Z998 3.090232306167813 /* standard normal quantile of 0.999 */

/* Limits within which 95 and 99.8 of 100 units lie that differ from TARGET by chance only. */
struct stats_funnel {
    bool has;
    double low95, high95, low998, high998;
};

/* Of a rate of N > 0 counts where the whole has rate 0 < TARGET < 1. N need not be whole. Clipped to [0, 1]. */
struct stats_funnel stats_funnel_rate(double target, double n);

/* Of observed / EXPECTED > 0, from exact Poisson limits; the target is 1. */
struct stats_funnel stats_funnel_poisson(double expected);

/* Of a rate, on the scale of the arcsine, where the units differ by TAU2 more than chance. */
struct stats_funnel stats_funnel_spread(double target, double n, double tau2);

/* Observed / EXPECTED with exact 95 % limits (OBSERVED is a Poisson count). */
struct stats_interval stats_ratio(int64_t observed, double expected);

/* How much more units differ than chance explains. */
struct stats_spread {
    bool has; /* false: fewer than two units */
    double phi,
        tau2; /* ratio of the variances, 1: chance only; the variance between units, 0 if not more than chance */
};

/* A unit: its standardised distance from the whole, and the standard error on the scale on which tau2 is wanted. */
struct stats_paired {
    double z, s;
};

/* Z beyond its 10 % and 90 % quantiles (type 7) counts as those quantiles, so that few odd units do not hide
 * themselves. UNITS is sorted. */
struct stats_spread stats_spread_fit(struct stats_paired *units, size_t k);

/* The same, but made fair: what cutting off at the quantiles takes from the mean square of normal distances is given
 * back, so that limits with tau2 keep their promise if units differ normally; and tau2 is 0 unless the excess is
 * significant (5 %), so that a few units without differences do not get wide limits by chance. */
struct stats_spread stats_spread_fair(struct stats_paired *units, size_t k);

#endif
