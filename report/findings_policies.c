/* findings_policies.c - agg_policy_day added up */
#include "report/days.h"
#include "report/findings_load.h"
#include "report/summary.h"

enum {
    COL_DAY,
    COL_POLICY,
    COL_STYLE,
    COL_EPISODES,
    COL_DISPUTED,
    COL_UPSET,
    COL_UPSET_DISPUTED,
    COL_PRACTICE,
    COL_HOSTILE = COL_PRACTICE + 2 * PRACTICE_COUNT,
    COL_ROUNDS
};

static enum err_code load_policies(struct store *db, struct arena *a, struct findings *f, struct err *e)
{
    enum err_code rc;
    bool has;
    size_t cap = 0;
    struct stmt *s = stmt_get(db, report_finding_policies);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        if (f->npolicies == cap) { /* the old array stays in the arena: at most as much again */
            cap = cap != 0 ? 2 * cap : 64;
            struct finding_policy *more = arena_zalloc(a, cap, sizeof *more);
            if (more == NULL)
                return err_nomem(e);
            if (f->npolicies != 0)
                memcpy(more, f->policies, f->npolicies * sizeof *more);
            f->policies = more;
        }
        struct finding_policy *p = &f->policies[f->npolicies++];
        p->policy_id = stmt_int(s, 0);
        p->external_id = arena_dup(a, stmt_text(s, 1));
        p->title = arena_dup(a, stmt_text(s, 2));
        p->is_listed = stmt_int(s, 3) != 0;
        p->owner = arena_dup(a, stmt_text(s, 4));
        if (p->external_id.s == NULL || p->title.s == NULL || p->owner.s == NULL)
            return err_nomem(e);
    }
    return rc;
}

static void add(struct stats_count *to, int64_t x, int64_t n)
{
    to->x += x;
    to->n += n;
}

static void add_now(struct findings *f, struct finding_policy *p, int style, const struct stmt *s)
{
    int64_t n = stmt_int(s, COL_EPISODES), x = stmt_int(s, COL_DISPUTED);
    add(&f->all, x, n);
    add(&f->styles[style], x, n);
    add(&p->all, x, n);
    add(&p->styles[style], x, n);
    add(&p->upset[style], stmt_int(s, COL_UPSET_DISPUTED), stmt_int(s, COL_UPSET));
    p->hostile[style] += stmt_int(s, COL_HOSTILE);
    p->rounds[style] += stmt_int(s, COL_ROUNDS);
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        int64_t with = stmt_int(s, COL_PRACTICE + i);
        add(&p->practices[i], stmt_int(s, COL_PRACTICE + PRACTICE_COUNT + i), with);
        f->practices[i].styles[style] += with;
    }
}

static void add_row(struct findings *f, const struct period *period, int64_t day, const struct stmt *s)
{
    const struct finding_policy *found = findings_policy(f, stmt_int(s, COL_POLICY));
    int style = summary_style(stmt_text(s, COL_STYLE));
    int64_t n = stmt_int(s, COL_EPISODES), x = stmt_int(s, COL_DISPUTED), age = period->to_day - 1 - day;
    if (found == NULL || style < 0)
        return;
    struct finding_policy *p = &f->policies[found - f->policies];
    if (day >= period->from_day && day < period->to_day)
        add_now(f, p, style, s);
    if (day >= period->before_day && day < period->before_to_day) {
        add(&f->before, x, n);
        add(&f->styles_before[style], x, n);
        add(&p->before, x, n);
    }
    if (age >= 0 && age < FINDING_DAYS)
        add(&f->weeks[FINDING_WEEKS - 1 - age / 7], x, n);
}

enum err_code load_policy_counts(struct store *db, const struct period *p, struct arena *a, struct findings *f,
                                 struct err *e)
{
    struct day_spans spans = day_spans_of(p, FINDING_DAYS);
    struct day_reader reader = {"", 0};
    enum err_code rc = load_policies(db, a, f, e);
    for (size_t i = 0; i < spans.n && rc == ERR_OK; i++) {
        bool has;
        struct stmt *s = day_span_bind(db, report_finding_policy_days, &spans.of[i]);
        while ((rc = stmt_step(s, &has, e)) == ERR_OK && has)
            add_row(f, p, day_read(&reader, stmt_text(s, COL_DAY)), s);
    }
    size_t kept = 0;
    for (size_t i = 0; i < f->npolicies; i++)
        if (f->policies[i].all.n > 0)
            f->policies[kept++] = f->policies[i];
    f->npolicies = kept;
    return rc;
}
