/*
 * stats_strata.h - does a thing go with an outcome, once like is compared with like? Two-by-two tables in strata
 *
 *              outcome   no outcome
 *   exposed       a          b
 *   not           c          d
 *
 * Sources: N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719-748; the variance: J. Robins, N. Breslow, S.
 * Greenland, Biometrics 42 (1986) 311-323; homogeneity: N. E. Breslow, N. E. Day, Statistical Methods in Cancer
 * Research I (1980) 142, with the correction of R. E. Tarone, Biometrika 72 (1985) 91-95.
 */
#ifndef CORE_STATS_STRATA_H
#define CORE_STATS_STRATA_H

#include <stddef.h>

#include "core/stats_rate.h"

struct stats_stratum {
    int64_t a, b, c, d;
};

struct stats_strata {
    size_t informative;         /* strata with no empty margin: the others say nothing */
    bool has;                   /* the odds ratio can be estimated */
    double odds, low, high;     /* the common odds ratio and its 95 % limits */
    double log_odds, log_error; /* its logarithm and the standard error of that */
    bool has_test; /* is there any association? The corrected and the plain chi-squared, one degree of freedom */
    double chi2, p, chi2_plain, p_plain;
    double observed, expected; /* outcomes among the exposed: there are, and would be without association */
    bool has_homogeneity;      /* is the odds ratio the same in all strata? df is informative - 1 */
    double breslow_day, p_breslow_day, tarone, p_tarone;
};

/* Negative counts make a stratum uninformative. */
struct stats_strata stats_strata(const struct stats_stratum *strata, size_t n);

#endif
