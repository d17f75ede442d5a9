/*
 * pass.h - the one pass over all episodes of the period
 *
 * There may be millions, so all that has to look at each of them looks in the same pass: the evidence
 * behind the numbers, the conversations to listen to.
 */
#ifndef REPORT_PASS_H
#define REPORT_PASS_H

#include "report/evidence.h"
#include "report/summary.h"

struct listen;

struct episode_row {
    int64_t conversation, policy, agent, practices;
    int style; /* as summary_style(); -1: none of them */
    double p;
    int64_t first_turn, rounds;
    bool is_hostile_before, is_disputed, is_hostile_after, is_escalated, is_accepted, is_uncertain;
};

/* Offer all episodes of P to EV and L. *episodes: how many there are. */
CHECKED enum err_code pass_run(struct store *db, const struct period *p, struct evidence *ev, struct listen *l,
                               int64_t *episodes, struct err *e);

#endif
