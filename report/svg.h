/*
 * svg.h - small charts inside table cells, drawn through the HTML writer
 *
 * Coordinates are percentages of the cell, so a chart fits any width without distorting its marks. Each chart is one
 * picture to a screen reader (role=img) named by its TITLE, which says the numbers. Colours are classes of report.css;
 * shape or pattern tells the same as colour.
 */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include "core/stats_rate.h"
#include "report/html.h"

/* The patterns that the charts use; once, at the start of the page's body. */
void svg_patterns(struct html *h);

/* A scale from 0 to 100 % for the charts below, for a table's head. It is decoration: hidden from screen readers. */
void svg_scale(struct html *h);

/* A dot with its interval on a line from 0 to 1. A hollow diamond marks BEFORE, the period before, if before->has;
 * a thin line AVERAGE, the average of all, if it is not negative. */
void svg_interval(struct html *h, const char *title, const struct stats_interval *now,
                  const struct stats_interval *before, double average);

/* Two intervals, one above the other: confrontational (square) and choice (round). */
void svg_pair(struct html *h, const char *title, const struct stats_interval *confrontational,
              const struct stats_interval *choice);

/* Ratios stand on a scale of doublings, which is cut off at its ends; 1 is a dashed line. */
enum svg_ratios { SVG_ODDS, SVG_OBSERVED }; /* from 1/8 to 32; from 1/4 to 4 */

void svg_ratio_scale(struct html *h, enum svg_ratios which);

/* A dot with its interval; a lozenge as wide as the interval if it is a SUM of others. LIMITS: a band of what chance
 * does, unless it is NULL or has not. */
void svg_ratio(struct html *h, enum svg_ratios which, const char *title, const struct stats_interval *ratio,
               const struct stats_interval *limits, bool is_sum);

/* A funnel: observed / expected of many, by what was expected. */
struct svg_unit {
    double expected, ratio;
    double low95, high95, low998, high998; /* the limits of this one */
    int mark;                              /* 0: in line, 1: more, -1: fewer */
    struct slice name;                     /* told for the marked ones, whose link it is: */
    const char *href;
};

/* UNITS ordered by what was expected, at least two. */
void svg_funnel(struct html *h, const char *title, const struct svg_unit *units, size_t n);

#define SVG_STYLES 4 /* confrontational, choice, neutral, offrecord */

/* One bar, divided in proportion to COUNTS. */
void svg_mix(struct html *h, const char *title, const int64_t counts[SVG_STYLES]);

/* Rates (0..1; negative: no data) of successive weeks, the last one marked. */
void svg_weeks(struct html *h, const char *title, const double *rates, unsigned n);

/* A week of a control chart. */
struct svg_week {
    bool has;
    double rate, low, high; /* and its control limits */
    int signal;             /* 1: above them, -1: below, 0: within */
};

/* Rates of successive weeks with their control limits and their MEAN. */
void svg_control(struct html *h, const char *title, const struct svg_week *weeks, size_t n, double mean);

/* The mark that stands for style 0..3 in the bars, for a legend. */
void svg_key(struct html *h, unsigned style);

#endif
