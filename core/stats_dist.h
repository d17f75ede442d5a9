/*
 * stats_dist.h - the distribution functions that the other statistics stand on
 *
 * Accurate to about 1e-12 in the ranges that counts of episodes give (parameters up to some millions).
 *
 * Sources: the incomplete gamma function by series and continued fraction: M. Abramowitz, I. A. Stegun, Handbook of
 * Mathematical Functions, 6.5.29 and 6.5.31; the incomplete beta function by continued fraction: 26.5.8 with the
 * modified Lentz method (I. J. Thompson, A. R. Barnett, J. Comput. Phys. 64 (1986) 490-509); the normal quantile: start
 * value 26.2.23, then Newton's method on erfc.
 */
#ifndef CORE_STATS_DIST_H
#define CORE_STATS_DIST_H

/* Standard normal: P(Z > z); P(|Z| > |z|); the z with P(Z <= z) = p, 0 < p < 1. */
double stats_normal_above(double z);
double stats_normal_beyond(double z);
double stats_normal_quantile(double p);

/* Chi-squared with DF > 0 degrees of freedom (not only whole ones): P(X > x), and the x with P(X <= x) = p; 0 for p <=
 * 0. */
double stats_chi2_above(double x, double df);
double stats_chi2_quantile(double p, double df);

/* P(R <= r) of a binomial with N > 0 trials (not only whole ones) of probability 0 <= p <= 1. 0 below 0, 1 from N on.
 */
double stats_binomial_upto(double r, double n, double p);

/* P(R >= r), without cancellation. */
double stats_binomial_from(double r, double n, double p);

/* P(R <= r) of a Poisson of MEAN >= 0. */
double stats_poisson_upto(double r, double mean);

#endif
