/*
 * judge.h - from counts to findings: pure arithmetic, no database
 *
 * Errors: ERR_NOMEM only. Memory that is needed on the way comes from the arena.
 */
#ifndef REPORT_JUDGE_H
#define REPORT_JUDGE_H

#include "report/findings.h"

/* What one agent did with one policy; [0] where the customer was calm before, [1] upset. */
struct agent_cell {
    uint32_t agent, policy; /* indexes into findings.agents and .policies */
    uint32_t n[2], disputed[2], confrontational[2];
    uint32_t choice;
};

/* From the counts of the policies: all else in them, and prior, delivery and practices of F. */
CHECKED enum err_code judge_policies(struct findings *f, struct arena *a, struct err *e);

/* From the counts of the agents and the cells, each pair once: all else in the agents, and the spreads of F. */
CHECKED enum err_code judge_agents(struct findings *f, const struct agent_cell *cells, size_t n, struct arena *a,
                                   struct err *e);

#endif
