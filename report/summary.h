/*
 * summary.h - the findings of the period in the order of the page, and what else its sentences need
 *
 * Owns: arrays live in the arena given to summary_load(); texts are those of the findings.
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "core/arena.h"
#include "core/model.h"
#include "report/findings.h"

enum { SUMMARY_WEEKS = 12, SUMMARY_STYLES = FINDING_STYLES }; /* styles from confrontational on */

struct summary_count {
    int64_t n, disputed;
};

struct summary_policy {
    const struct finding_policy *finding;
    struct summary_count now, before;
    struct summary_count styles[SUMMARY_STYLES];
    struct summary_count weeks[SUMMARY_WEEKS];
};

struct summary {
    struct summary_count now, before;
    struct summary_count styles[SUMMARY_STYLES], styles_before[SUMMARY_STYLES];
    int64_t hostile;
    struct summary_policy *policies; /* enough episodes first, by dispute rate; then by episodes */
    size_t npolicies;
    uint32_t *by_finding;                /* places in policies of findings.policies */
    const struct finding_agent **agents; /* those who stand out first, then enough episodes, by observed / expected */
    size_t nagents;
    int64_t conversations;
};

CHECKED enum err_code summary_load(struct store *db, const struct period *p, const struct findings *f, struct arena *a,
                                   struct summary *out, struct err *e);

/* Does the agent have clearly more disputes, or confrontations, than expected? */
bool summary_stands_out(const struct finding_agent *x);

/* "confrontational" -> 0 ... "offrecord" -> 3; -1 for anything else. */
int summary_style(struct slice word);

#endif
