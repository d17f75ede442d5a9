#include "report/findings.h"

#include "report/findings_load.h"

const char *finding_verdict_name(enum verdict v)
{
    static const char *const names[VERDICT_COUNT] = {"not enough data", "in line", "policy", "delivery", "both"};
    return names[v];
}

const char *finding_verdict_rule(enum verdict v)
{
    static const char *const rules[VERDICT_COUNT] = {
        [VERDICT_FEW] = "Told as a choice fewer than 20 times, or nothing to compare it with was: nothing can be said.",
        [VERDICT_IN_LINE] = "Neither of the two differences is clear.",
        [VERDICT_POLICY] =
            "Even when told as a choice it is disputed clearly more often than the other policies told as a "
            "choice: by 5 points or more, and surely (q at most 0.10).",
        [VERDICT_DELIVERY] =
            "Told as a confrontation it is disputed clearly more often than told as a choice: by 5 points or "
            "more, and surely (q at most 0.10), both told 20 times or more.",
        [VERDICT_BOTH] = "Both: disputed more than others even when told as a choice, and more again when told as a "
                         "confrontation.",
    };
    return rules[v];
}

const char *finding_flag_name(enum finding_flag f)
{
    static const char *const names[FLAG_COUNT] = {"not enough data", "in line", "more than expected",
                                                  "fewer than expected"};
    return names[f];
}

const char *finding_flag_rule(void)
{
    return "Expected is what all agents together had in the same policies, with customers in the "
           "same mood before. An agent with 20 episodes or more is marked if observed / expected "
           "lies outside limits that 99.8 of 100 agents keep by chance and the usual differences "
           "between agents (and an exact test agrees), or if q is at most 0.10 (Benjamini and "
           "Hochberg, over all agents); and only if it is 1.1 times more or less than expected.";
}

const char *finding_effect_name(enum finding_effect x)
{
    static const char *const names[EFFECT_COUNT] = {"not enough data", "no clear difference", "fewer disputes",
                                                    "more disputes"};
    return names[x];
}

const struct finding_policy *findings_policy(const struct findings *f, int64_t policy_id)
{
    size_t low = 0, high = f->npolicies;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->policies[middle].policy_id == policy_id)
            return &f->policies[middle];
        if (f->policies[middle].policy_id < policy_id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct finding_agent *findings_agent(const struct findings *f, int64_t agent_id)
{
    size_t low = 0, high = f->nagents;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->agents[middle].agent_id == agent_id)
            return &f->agents[middle];
        if (f->agents[middle].agent_id < agent_id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int findings_week_signal(const struct findings *f, size_t week)
{
    struct stats_count c = f->weeks[week];
    struct stats_interval limits =
        f->chart.has_laney ? stats_chart_laney(&f->chart, c.n) : stats_chart_limits(&f->chart, c.n);
    if (!limits.has || c.n < STATS_ENOUGH)
        return 0;
    double rate = (double)c.x / (double)c.n;
    return rate > limits.high ? 1 : rate < limits.low ? -1 : 0;
}

enum err_code findings_load(struct store *db, const struct period *p, struct arena *a, struct findings *out,
                            struct err *e)
{
    memset(out, 0, sizeof *out);
    enum err_code rc = load_policy_counts(db, p, a, out, e);
    if (rc == ERR_OK)
        rc = load_agent_counts(db, p, a, out, e);
    if (rc == ERR_OK)
        rc = judge_policies(out, a, e);
    if (rc == ERR_OK)
        rc = judge_agents(out, a, e);
    if (rc == ERR_OK)
        rc = load_quality(db, p, out, e);
    for (size_t i = 0; i < FINDING_WEEKS; i++)
        (void)when_format_date(p->to_day - FINDING_DAYS + 7 * (int64_t)i, out->week_from[i]);
    out->chart = stats_chart_fit(out->weeks, FINDING_WEEKS);
    return rc;
}
