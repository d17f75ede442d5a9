/*
 * stats_rate.h - intervals for rates, from counts
 *
 * Counts are of episodes: X of N. Nothing is estimated from N == 0: has is false then, and the numbers are 0.
 */
#ifndef CORE_STATS_RATE_H
#define CORE_STATS_RATE_H

#include <stdbool.h>
#include <stdint.h>

#define STATS_Z95    1.959963984540054 /* standard normal quantile of 0.975 */
#define STATS_ENOUGH 20                /* nothing is ranked or compared below this many episodes */

struct stats_interval {
    bool has;
    double at, low, high; /* the estimate and its 95 % limits */
};

/* Wilson's score interval of X / N, clipped to [0, 1] (E. B. Wilson 1927; R. G. Newcombe, Stat. Med. 17 (1998), method
 * 3). */
struct stats_interval stats_wilson(int64_t x, int64_t n);

/* The difference X1 / N1 - X2 / N2 by Newcombe's method 10 (R. G. Newcombe, Stat. Med. 17 (1998) 873-890). */
struct stats_interval stats_newcombe(int64_t x1, int64_t n1, int64_t x2, int64_t n2);

/* Is the difference clear: do its limits leave out zero? */
bool stats_is_clear(const struct stats_interval *difference);

#endif
