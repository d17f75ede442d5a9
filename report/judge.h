/*
 * judge.h - from counts to findings: pure arithmetic, no database
 *
 * Errors: ERR_NOMEM only. Memory that is needed on the way comes from the arena.
 */
#ifndef REPORT_JUDGE_H
#define REPORT_JUDGE_H

#include "report/findings.h"

/* From the counts of the policies: all else in them, and prior, delivery and practices of F. */
CHECKED enum err_code judge_policies(struct findings *f, struct arena *a, struct err *e);

/* From the counts of the agents and the cells of F, each pair once: all else in the agents, and the spreads of F. */
CHECKED enum err_code judge_agents(struct findings *f, struct arena *a, struct err *e);

#endif
