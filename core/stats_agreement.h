/*
 * stats_agreement.h - how far two or more raters (a tagger and people, or people among themselves) agree
 *
 * Categories are numbered from 0 to Q - 1, without order. What cannot be estimated (no units, one category only, all
 * agree on one category where chance then explains it all) has `has` false and is 0, never NaN.
 *
 * Sources: kappa: J. Cohen, Educ. Psychol. Meas. 20 (1960) 37-46, its standard error: J. L. Fleiss, J. Cohen, B. S.
 * Everitt, Psychol. Bull. 72 (1969) 323-327. Pi: W. A. Scott, Public Opin. Q. 19 (1955) 321-325; for several raters J.
 * L. Fleiss, Psychol. Bull. 76 (1971) 378-382. AC1 and its standard error: K. L. Gwet, Br. J. Math. Stat. Psychol. 61
 * (2008) 29-48. S: R. L. Brennan, D. J. Prediger, Educ. Psychol. Meas. 41 (1981) 687-699. Alpha: K. Krippendorff,
 * Content Analysis (2004), chapter 11, nominal data.
 */
#ifndef CORE_STATS_AGREEMENT_H
#define CORE_STATS_AGREEMENT_H

#include <stddef.h>

#include "core/stats_rate.h"

struct stats_value {
    bool has;
    double at;
};

struct stats_agreement {
    struct stats_value observed;           /* share of units (several raters: of pairs of ratings) that agree */
    struct stats_interval kappa, ac1;      /* with 95 % limits where there are two raters, else low = high = at */
    double kappa_se, ac1_se;               /* two raters only; else 0 */
    struct stats_value pi, brennan, alpha; /* Scott's pi (several raters: Fleiss' kappa), Brennan-Prediger, alpha */
};

enum { STATS_MOST_CATEGORIES = 64 };

/* Two raters. TABLE[i * Q + j] units were put into category i by the first and into j by the second. Q of 2 to 64. */
struct stats_agreement stats_agree(const int64_t *table, size_t q);

/* Several raters, of whom some may not have rated some units. COUNTS[u * Q + k] raters put unit u into category k.
 * Units with one rating count only for how frequent its category is, and not for alpha; kappa is not estimated. */
struct stats_agreement stats_agree_units(const int64_t *counts, size_t units, size_t q);

/* For a rare "yes": of what either rater called yes, the share on which both agree, 2 both / (2 both + first only +
 * second only). Exchange the arguments' meaning for "no". (D. V. Cicchetti, A. R. Feinstein, J. Clin. Epidemiol. 43
 * (1990) 551-558.) */
struct stats_value stats_agree_on(int64_t both, int64_t first_only, int64_t second_only);

#endif
