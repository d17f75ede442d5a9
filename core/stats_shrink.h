/*
 * stats_shrink.h - rates of small groups, drawn towards the rate of all (empirical Bayes)
 *
 * Sources: beta-binomial by moments (the analysis-of-variance estimator of the intraclass correlation): J. C. Kleinman,
 * J. Am. Stat. Assoc. 68 (1973) 46-54; M. S. Ridout, C. G. B. Demetrio, D. Firth, Biometrics 55 (1999) 137-148.
 * James-Stein: B. Efron, C. Morris, Sci. Am. 236 (1977) 119-127.
 */
#ifndef CORE_STATS_SHRINK_H
#define CORE_STATS_SHRINK_H

#include <stddef.h>

#include "core/stats_rate.h"

struct stats_count {
    int64_t x, n; /* X of N */
};

/* How the groups' true rates are spread: a beta distribution. */
struct stats_prior {
    bool has;           /* false: fewer than two groups with counts, or none with two */
    bool is_flat;       /* the groups differ no more than by chance: everybody gets the mean */
    double mean, rho;   /* rho: the share of the variance that lies between the groups */
    double precision;   /* the mean weighs as much as this many counts; 0 if is_flat */
    double alpha, beta; /* of the beta distribution; 0 if is_flat */
};

/* Groups without counts are left out. */
struct stats_prior stats_prior_fit(const struct stats_count *groups, size_t n);

/* The shrunken rate of a group; without counts the mean. */
double stats_shrink(const struct stats_prior *prior, struct stats_count group);

/* The factor by which the James-Stein estimator draws K > 3 rates of equal VARIANCE towards their mean; mean + factor *
 * (rate - mean) is the estimate. 1 (no shrinkage) if K <= 3 or the rates are equal; may not be negative. */
double stats_james_stein(const double *rates, size_t k, double variance);

#endif
