/*
 * summary.h - the period in numbers, loaded once: by style, by policy, by week, by practice
 *
 * Owns: texts and arrays live in the arena given to summary_load().
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "core/arena.h"
#include "core/model.h"
#include "core/stats_rate.h"
#include "report/evidence.h"

enum { SUMMARY_WEEKS = 12, SUMMARY_STYLES = 4 }; /* styles in the order of the enum, from confrontational */

struct summary_count {
    int64_t n, disputed;
};

struct summary_policy {
    int64_t policy_id;
    struct slice external_id, title;
    bool is_listed;
    struct summary_count now, before;
    struct summary_count styles[SUMMARY_STYLES];
    struct summary_count weeks[SUMMARY_WEEKS];
};

struct summary {
    struct summary_count now, before;
    struct summary_count styles[SUMMARY_STYLES], styles_before[SUMMARY_STYLES];
    int64_t hostile, upset_before;
    struct summary_policy *policies; /* in the order of report_policies */
    size_t npolicies;
    uint32_t *by_id;                 /* indexes of policies, sorted by policy_id */
    int64_t nagents, nagents_enough; /* filled by the page's preparation */
    int64_t conversations;
    int64_t practices[PRACTICE_COUNT][SUMMARY_STYLES]; /* filled by the pass over the episodes */
};

CHECKED enum err_code summary_load(struct store *db, const struct period *p, struct arena *a, struct summary *out,
                                   struct err *e);

/* NULL if it was not told in the period. */
const struct summary_policy *summary_policy(const struct summary *s, int64_t policy_id);

/* "confrontational" -> 0 ... "offrecord" -> 3; -1 for anything else. */
int summary_style(struct slice word);

#endif
