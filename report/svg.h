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

#define SVG_STYLES 4 /* confrontational, choice, neutral, offrecord */

/* One bar, divided in proportion to COUNTS. */
void svg_mix(struct html *h, const char *title, const int64_t counts[SVG_STYLES]);

/* Rates (0..1; negative: no data) of successive weeks, the last one marked. */
void svg_weeks(struct html *h, const char *title, const double *rates, unsigned n);

/* The mark that stands for style 0..3 in the bars, for a legend. */
void svg_key(struct html *h, unsigned style);

#endif
