/*
 * findings_load.h - the counts of the findings from the day aggregates
 */
#ifndef REPORT_FINDINGS_LOAD_H
#define REPORT_FINDINGS_LOAD_H

#include "report/judge.h"

/* The policies told in the period, with their counts; the totals and weeks of F. */
CHECKED enum err_code load_policy_counts(struct store *db, const struct period *p, struct arena *a, struct findings *f,
                                         struct err *e);

/* The agents who told one, with their counts and cells. After load_policy_counts(). */
CHECKED enum err_code load_agent_counts(struct store *db, const struct period *p, struct arena *a, struct findings *f,
                                        struct err *e);

/* How good the tagger is, by the labels in the database, and the rates corrected for it. After load_policy_counts(). */
CHECKED enum err_code load_quality(struct store *db, const struct period *p, struct findings *f, struct err *e);

#endif
