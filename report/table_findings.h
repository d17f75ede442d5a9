/*
 * table_findings.h - the tables that are made of the findings, not by a query of their own; private to table*.c
 */
#ifndef REPORT_TABLE_FINDINGS_H
#define REPORT_TABLE_FINDINGS_H

#include "report/cell.h"

extern const struct table table_policies, table_policy_styles, table_policy_weeks, table_delivery, table_styles,
    table_practices;
extern const struct table table_agents, table_agent_policies, table_coaching;
extern const struct table table_overall, table_weeks, table_quality;
extern const struct table table_unlisted;

/* The columns and their number, for a struct table. */
#define COLUMNS(x) x, sizeof(x) / sizeof((x)[0])

static inline void field_int(struct field *f, int64_t x)
{
    *f = (struct field){false, x, (double)x, {"", 0}};
}

static inline void field_real(struct field *f, double x)
{
    *f = (struct field){false, (int64_t)x, x, {"", 0}};
}

static inline void field_text(struct field *f, struct slice x)
{
    *f = (struct field){false, 0, 0, x};
}

/* at, low, high into three fields that follow one another; they stay null if it cannot be estimated. */
static inline void field_interval(struct field *f, const struct stats_interval *i)
{
    if (!i->has)
        return;
    field_real(f, i->at);
    field_real(f + 1, i->low);
    field_real(f + 2, i->high);
}

static inline void field_odds(struct field *f, const struct stats_strata *s)
{
    const struct stats_interval i = {s->has, s->odds, s->low, s->high};
    field_interval(f, &i);
}

/* n, x */
static inline void field_count(struct field *f, struct stats_count c)
{
    field_int(f, c.n);
    field_int(f + 1, c.x);
}

/* 0: nothing to say, 1: look here, 2: well done */
enum { BADGE_PLAIN, BADGE_LOOK, BADGE_WELL };

#endif
