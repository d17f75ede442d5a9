/*
 * stats_chart.h - control charts of a rate over time
 *
 * Sources: p-chart: W. A. Shewhart (1931), as in D. C. Montgomery, Introduction to Statistical Quality Control;
 * p'-chart: D. B. Laney, Qual. Eng. 14 (2002) 531-537; moving ranges are not screened.
 */
#ifndef CORE_STATS_CHART_H
#define CORE_STATS_CHART_H

#include <stddef.h>

#include "core/stats_shrink.h"

enum { STATS_LANEY_ENOUGH = 20 }; /* below this many points Laney's sigma is too uncertain to be used */

struct stats_chart {
    bool has;       /* false: no counts at all */
    double mean;    /* the centre line */
    double sigma_z; /* how much more the points move than chance explains; 1 if has_laney is false */
    size_t points;  /* with counts */
    bool has_laney; /* at least STATS_LANEY_ENOUGH points */
};

/* POINTS in the order of time; those without counts are left out. */
struct stats_chart stats_chart_fit(const struct stats_count *points, size_t n);

/* The three-sigma limits of a point of N counts, clipped to [0, 1]: of the p-chart, or Laney's. `at` is the centre
 * line. */
struct stats_interval stats_chart_limits(const struct stats_chart *chart, int64_t n);
struct stats_interval stats_chart_laney(const struct stats_chart *chart, int64_t n);

#endif
