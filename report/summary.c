#include "report/summary.h"

#include <stdlib.h>

int summary_style(struct slice word)
{
    enum style s;
    return style_from_name(word, &s) ? (int)s - STYLE_CONFRONTATIONAL : -1;
}

static enum err_code load_totals(struct store *db, const struct period *p, struct summary *out, struct err *e)
{
    enum err_code rc;
    bool has;
    struct stmt *s = table_bind(db, report_totals, BIND_PERIOD | BIND_BEFORE, p, 0);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        int style = summary_style(stmt_text(s, 0));
        if (style < 0)
            continue;
        out->styles[style] = (struct summary_count){stmt_int(s, 1), stmt_int(s, 2)};
        out->styles_before[style] = (struct summary_count){stmt_int(s, 5), stmt_int(s, 6)};
        out->now.n += stmt_int(s, 1);
        out->now.disputed += stmt_int(s, 2);
        out->hostile += stmt_int(s, 3);
        out->upset_before += stmt_int(s, 4);
        out->before.n += stmt_int(s, 5);
        out->before.disputed += stmt_int(s, 6);
    }
    return rc;
}

static bool read_policy(const struct stmt *s, struct arena *a, struct summary_policy *x)
{
    *x = (struct summary_policy){.policy_id = stmt_int(s, 0), .is_listed = stmt_int(s, 4) != 0};
    x->external_id = arena_dup(a, stmt_text(s, 1));
    x->title = arena_dup(a, stmt_text(s, 2));
    x->now = (struct summary_count){stmt_int(s, 5), stmt_int(s, 6)};
    for (int i = 0; i < SUMMARY_STYLES; i++)
        x->styles[i] = (struct summary_count){stmt_int(s, 9 + i), stmt_int(s, 13 + i)};
    x->before = (struct summary_count){stmt_int(s, 17), stmt_int(s, 18)};
    return x->external_id.s != NULL && x->title.s != NULL;
}

static enum err_code load_policies(struct store *db, const struct period *p, struct arena *a, struct summary *out,
                                   struct err *e)
{
    enum err_code rc;
    bool has;
    size_t cap = 0;
    const struct table *t = table_of(TABLE_POLICIES);
    struct stmt *s = table_bind(db, t->query, t->binds, p, 0);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        if (out->npolicies == cap) { /* the old array stays in the arena: at most as much again */
            cap = cap != 0 ? 2 * cap : 64;
            struct summary_policy *more = arena_zalloc(a, cap, sizeof *more);
            if (more == NULL)
                return err_nomem(e);
            if (out->npolicies != 0)
                memcpy(more, out->policies, out->npolicies * sizeof *more);
            out->policies = more;
        }
        if (!read_policy(s, a, &out->policies[out->npolicies]))
            return err_nomem(e);
        out->npolicies++;
    }
    return rc;
}

struct by_id {
    int64_t policy_id;
    uint32_t index;
};

static int compare_by_id(const void *x, const void *y)
{
    const struct by_id *a = x, *b = y;
    return (a->policy_id > b->policy_id) - (a->policy_id < b->policy_id);
}

static enum err_code index_policies(struct arena *a, struct summary *out, struct err *e)
{
    struct by_id *order = arena_zalloc(a, out->npolicies, sizeof *order);
    out->by_id = arena_zalloc(a, out->npolicies, sizeof *out->by_id);
    if (order == NULL || out->by_id == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < out->npolicies; i++)
        order[i] = (struct by_id){out->policies[i].policy_id, (uint32_t)i};
    if (out->npolicies > 1)
        qsort(order, out->npolicies, sizeof *order, compare_by_id);
    for (size_t i = 0; i < out->npolicies; i++)
        out->by_id[i] = order[i].index;
    return ERR_OK;
}

static struct summary_policy *find(const struct summary *s, int64_t policy_id)
{
    size_t low = 0, high = s->npolicies;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct summary_policy *x = &s->policies[s->by_id[middle]];
        if (x->policy_id == policy_id)
            return x;
        if (x->policy_id < policy_id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct summary_policy *summary_policy(const struct summary *s, int64_t policy_id)
{
    return find(s, policy_id);
}

static enum err_code load_weeks(struct store *db, const struct period *p, struct summary *out, struct err *e)
{
    enum err_code rc;
    bool has;
    struct stmt *s = stmt_get(db, report_policy_weeks);
    stmt_bind_text(s, ":to", slice_of(p->to));
    stmt_bind_int(s, ":weeks", SUMMARY_WEEKS);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        struct summary_policy *x = find(out, stmt_int(s, 0));
        int64_t week = stmt_int(s, 1);
        if (x != NULL && week >= 0 && week < SUMMARY_WEEKS)
            x->weeks[week] = (struct summary_count){stmt_int(s, 2), stmt_int(s, 3)};
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

enum err_code summary_load(struct store *db, const struct period *p, struct arena *a, struct summary *out,
                           struct err *e)
{
    enum err_code rc;
    memset(out, 0, sizeof *out);
    if ((rc = load_conversations(db, p, out, e)) != ERR_OK || (rc = load_totals(db, p, out, e)) != ERR_OK ||
        (rc = load_policies(db, p, a, out, e)) != ERR_OK || (rc = index_policies(a, out, e)) != ERR_OK)
        return rc;
    return load_weeks(db, p, out, e);
}
