/*
 * stats_multiple.h - many tests at once: the false discovery rate (Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57
 * (1995) 289-300)
 */
#ifndef CORE_STATS_MULTIPLE_H
#define CORE_STATS_MULTIPLE_H

#include <stdbool.h>
#include <stddef.h>

#define STATS_Q 0.10 /* what is called different by its q may be wrong in one case of ten at most */

/* Q[i] is P[i], adjusted for N tests in all: the smallest false discovery rate at which test i is still a discovery.
 * Each P lies between 0 and 1; a test that could not be made must be left out by the caller. False if memory is gone.
 */
bool stats_adjust(const double *p, size_t n, double *q);

#endif
