/*
 * num.h - numbers as text, the same in every locale
 */
#ifndef REPORT_NUM_H
#define REPORT_NUM_H

#include "core/strbuf.h"

/* X in digits. */
void num_int(struct strbuf *b, int64_t x);

/* X with DECIMALS (0..9) digits behind the point, rounded half away from zero: "-0.0125". A value that is no number, or
 * beyond 1e9 either way, becomes "". */
void num_fixed(struct strbuf *b, double x, int decimals);

/* For people: "12,345". */
void num_grouped(struct strbuf *b, int64_t x);

/* For people: a share as "42 %" with a no-break space; "<1 %" for what would look like nothing, ">99 %" for what would
 * look like all. */
void num_percent(struct strbuf *b, double share);

/* For people: a difference of shares in points, with its sign (U+2212 for minus): "+11", "-4", "-0.3", "0". */
void num_points(struct strbuf *b, double difference);

#endif
