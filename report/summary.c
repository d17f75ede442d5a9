#include "report/summary.h"

#include <stdlib.h>

int summary_style(struct slice word)
{
    enum style s;
    return style_from_name(word, &s) ? (int)s - STYLE_CONFRONTATIONAL : -1;
}

static struct summary_count count_of(struct stats_count c)
{
    return (struct summary_count){c.n, c.x};
}

static int by_rate(double a, double b)
{
    return (a < b) - (a > b); /* the larger first */
}

static int compare_policies(const void *x, const void *y)
{
    const struct finding_policy *a = ((const struct summary_policy *)x)->finding,
                                *b = ((const struct summary_policy *)y)->finding;
    bool is_a = a->all.n >= STATS_ENOUGH, is_b = b->all.n >= STATS_ENOUGH;
    int order = (int)is_b - (int)is_a;
    if (order == 0 && is_a)
        order = by_rate((double)a->all.x / (double)a->all.n, (double)b->all.x / (double)b->all.n);
    if (order == 0)
        order = (a->all.n < b->all.n) - (a->all.n > b->all.n);
    return order != 0 ? order : slice_cmp(a->external_id, b->external_id);
}

bool summary_stands_out(const struct finding_agent *x)
{
    return x->disputes.flag == FLAG_MORE || x->confrontations.flag == FLAG_MORE;
}

static double ratio_of(const struct finding_agent *x)
{
    return x->disputes.ratio.has ? x->disputes.ratio.at : 0;
}

static int compare_agents(const void *x, const void *y)
{
    const struct finding_agent *a = *(const struct finding_agent *const *)x,
                               *b = *(const struct finding_agent *const *)y;
    bool is_a = a->all.n >= STATS_ENOUGH, is_b = b->all.n >= STATS_ENOUGH;
    int order = (int)summary_stands_out(b) - (int)summary_stands_out(a);
    if (order == 0)
        order = (int)is_b - (int)is_a;
    if (order == 0 && is_a)
        order = by_rate(ratio_of(a), ratio_of(b));
    if (order == 0)
        order = (a->all.n < b->all.n) - (a->all.n > b->all.n);
    if (order == 0)
        order = slice_cmp(a->external_id, b->external_id);
    return order != 0 ? order : (a->agent_id > b->agent_id) - (a->agent_id < b->agent_id);
}

static enum err_code rank_policies(const struct findings *f, struct arena *a, struct summary *out, struct err *e)
{
    out->npolicies = f->npolicies;
    out->policies = arena_zalloc(a, f->npolicies, sizeof *out->policies);
    out->by_finding = arena_zalloc(a, f->npolicies, sizeof *out->by_finding);
    if (out->policies == NULL || out->by_finding == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < f->npolicies; i++) {
        const struct finding_policy *p = &f->policies[i];
        struct summary_policy *to = &out->policies[i];
        *to = (struct summary_policy){.finding = p, .now = count_of(p->all), .before = count_of(p->before)};
        for (int s = 0; s < SUMMARY_STYLES; s++)
            to->styles[s] = count_of(p->styles[s]);
    }
    if (f->npolicies > 1)
        qsort(out->policies, f->npolicies, sizeof *out->policies, compare_policies);
    for (size_t i = 0; i < f->npolicies; i++)
        out->by_finding[out->policies[i].finding - f->policies] = (uint32_t)i;
    return ERR_OK;
}

static enum err_code rank_agents(const struct findings *f, struct arena *a, struct summary *out, struct err *e)
{
    out->nagents = f->nagents;
    out->agents = arena_zalloc(a, f->nagents, sizeof(const struct finding_agent *));
    if (out->agents == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < f->nagents; i++) {
        out->agents[i] = &f->agents[i];
        out->hostile += f->agents[i].hostile;
    }
    if (f->nagents > 1)
        qsort(out->agents, f->nagents, sizeof(const struct finding_agent *), compare_agents);
    return ERR_OK;
}

static enum err_code load_weeks(struct store *db, const struct period *p, const struct findings *f, struct summary *out,
                                struct err *e)
{
    enum err_code rc;
    bool has;
    struct stmt *s = stmt_get(db, report_policy_weeks);
    stmt_bind_text(s, ":to", slice_of(p->to));
    stmt_bind_int(s, ":weeks", SUMMARY_WEEKS);
    stmt_bind_int(s, ":most_uncertain", p->is_certain_only ? 0 : 1);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        const struct finding_policy *x = findings_policy(f, stmt_int(s, 0));
        int64_t week = stmt_int(s, 1);
        if (x != NULL && week >= 0 && week < SUMMARY_WEEKS)
            out->policies[out->by_finding[x - f->policies]].weeks[week] =
                (struct summary_count){stmt_int(s, 2), stmt_int(s, 3)};
    }
    return rc;
}

static enum err_code load_conversations(struct store *db, const struct period *p, struct summary *out, struct err *e)
{
    bool has;
    struct stmt *s = table_bind(db, report_period_conversations, BIND_PERIOD, p, 0);
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK || !has)
        return rc;
    out->conversations = stmt_int(s, 0);
    return stmt_step(s, &has, e);
}

enum err_code summary_load(struct store *db, const struct period *p, const struct findings *f, struct arena *a,
                           struct summary *out, struct err *e)
{
    enum err_code rc;
    memset(out, 0, sizeof *out);
    out->now = count_of(f->all);
    out->before = count_of(f->before);
    for (int i = 0; i < SUMMARY_STYLES; i++) {
        out->styles[i] = count_of(f->styles[i]);
        out->styles_before[i] = count_of(f->styles_before[i]);
    }
    if ((rc = load_conversations(db, p, out, e)) != ERR_OK || (rc = rank_policies(f, a, out, e)) != ERR_OK ||
        (rc = rank_agents(f, a, out, e)) != ERR_OK)
        return rc;
    return load_weeks(db, p, f, out, e);
}
