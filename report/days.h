/*
 * days.h - which days of the aggregates a report reads, and the days of the rows
 */
#ifndef REPORT_DAYS_H
#define REPORT_DAYS_H

#include "report/table.h"

struct day_span {
    int64_t from_day, to_day; /* exclusive */
    char from[WHEN_DATE_BYTES], to[WHEN_DATE_BYTES];
    bool is_certain_only; /* as of the period */
};

/* In order, without overlap. */
struct day_spans {
    struct day_span of[2];
    size_t n;
};

/* The period with at least DAYS days that end with it, and the period it is compared with. */
struct day_spans day_spans_of(const struct period *p, int64_t days);

/* A query that takes :from, :to and :most_uncertain, bound to SPAN, which must live until the query is stepped to its
 * end. */
struct stmt *day_span_bind(struct store *db, enum query q, const struct day_span *span);

/* The day of a row, as days since 1970; rows come in order, so that most have the day of the one before. INT64_MIN for
 * what is no date. Starts zeroed. */
struct day_reader {
    char text[WHEN_DATE_BYTES];
    int64_t day;
};
int64_t day_read(struct day_reader *r, struct slice text);

#endif
