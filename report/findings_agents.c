/* findings_agents.c - agg_agent_day added up */
#include <stdlib.h>

#include "report/days.h"
#include "report/findings_load.h"
#include "report/summary.h"

enum {
    COL_DAY,
    COL_AGENT,
    COL_POLICY,
    COL_STYLE,
    COL_EPISODES,
    COL_DISPUTED,
    COL_UPSET,
    COL_UPSET_DISPUTED,
    COL_HOSTILE,
    COL_ROUNDS,
    COL_PRACTICE
};

/* The cells by agent and policy: a hash table with open addressing. */
struct cells {
    struct agent_cell *of;
    size_t n, cap;
    uint32_t *slots; /* 1 + index into of; 0: free */
    size_t nslots;   /* a power of two, at least twice cap */
    size_t npolicies;
};

/* Neighbours have neighbouring slots, because the rows come that way. */
static size_t slot_of(const struct cells *c, uint32_t agent, uint32_t policy)
{
    size_t at = (size_t)((uint64_t)agent * c->npolicies + policy) & (c->nslots - 1);
    while (c->slots[at] != 0) {
        const struct agent_cell *x = &c->of[c->slots[at] - 1];
        if (x->agent == agent && x->policy == policy)
            break;
        at = (at + 1) & (c->nslots - 1);
    }
    return at;
}

static bool grow(struct cells *c)
{
    size_t cap = c->cap != 0 ? 2 * c->cap : 1024;
    if (cap > UINT32_MAX / 4)
        return false;
    struct agent_cell *of = realloc(c->of, cap * sizeof *of);
    if (of == NULL)
        return false;
    c->of = of;
    uint32_t *slots = calloc(2 * cap, sizeof *slots);
    if (slots == NULL)
        return false;
    free(c->slots);
    c->slots = slots;
    c->cap = cap;
    c->nslots = 2 * cap;
    for (size_t i = 0; i < c->n; i++)
        slots[slot_of(c, of[i].agent, of[i].policy)] = (uint32_t)i + 1;
    return true;
}

/* The cell of AGENT and POLICY; NULL when out of memory. */
static struct agent_cell *cell_of(struct cells *c, uint32_t agent, uint32_t policy)
{
    if (c->n == c->cap && !grow(c))
        return NULL;
    size_t at = slot_of(c, agent, policy);
    if (c->slots[at] == 0) {
        c->of[c->n] = (struct agent_cell){.agent = agent, .policy = policy};
        c->slots[at] = (uint32_t)++c->n;
    }
    return &c->of[c->slots[at] - 1];
}

static enum err_code load_agents(struct store *db, struct arena *a, struct findings *f, struct err *e)
{
    enum err_code rc;
    bool has;
    size_t cap = 256;
    struct stmt *s = stmt_get(db, report_finding_agents);
    f->agents = arena_zalloc(a, cap, sizeof *f->agents);
    if (f->agents == NULL)
        return err_nomem(e);
    f->nagents = 1; /* nobody known: agent 0 */
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        if (f->nagents == cap) {
            cap *= 2;
            struct finding_agent *more = arena_zalloc(a, cap, sizeof *more);
            if (more == NULL)
                return err_nomem(e);
            memcpy(more, f->agents, f->nagents * sizeof *more);
            f->agents = more;
        }
        struct finding_agent *x = &f->agents[f->nagents++];
        x->agent_id = stmt_int(s, 0);
        x->external_id = arena_dup(a, stmt_text(s, 1));
        x->name = arena_dup(a, stmt_text(s, 2));
        x->team = arena_dup(a, stmt_text(s, 3));
        if (x->external_id.s == NULL || x->name.s == NULL || x->team.s == NULL)
            return err_nomem(e);
    }
    return rc;
}

static void add_now(struct finding_agent *x, struct agent_cell *c, int style, const struct stmt *s)
{
    int64_t n = stmt_int(s, COL_EPISODES), disputed = stmt_int(s, COL_DISPUTED);
    int64_t upset = stmt_int(s, COL_UPSET), upset_disputed = stmt_int(s, COL_UPSET_DISPUTED);
    x->all.n += n;
    x->all.x += disputed;
    x->styles[style] += n;
    x->upset_before += upset;
    x->hostile += stmt_int(s, COL_HOSTILE);
    x->rounds += stmt_int(s, COL_ROUNDS);
    for (int i = 0; i < PRACTICE_COUNT; i++)
        x->practices[i] += stmt_int(s, COL_PRACTICE + i);
    c->n[0] += (uint32_t)(n - upset);
    c->n[1] += (uint32_t)upset;
    c->disputed[0] += (uint32_t)(disputed - upset_disputed);
    c->disputed[1] += (uint32_t)upset_disputed;
    if (style == 0) {
        c->confrontational[0] += (uint32_t)(n - upset);
        c->confrontational[1] += (uint32_t)upset;
    }
    c->choice += style == 1 ? (uint32_t)n : 0;
    c->neutral += style == 2 ? (uint32_t)n : 0;
    c->hostile += (uint32_t)stmt_int(s, COL_HOSTILE);
}

struct load {
    struct findings *f;
    const struct period *period;
    struct cells cells;
    const struct finding_agent *last; /* of the row before: the rows of a day come by agent */
};

static struct finding_agent *agent_of(struct load *l, int64_t id)
{
    if (l->last == NULL || l->last->agent_id != id)
        l->last = findings_agent(l->f, id);
    return l->last != NULL ? &l->f->agents[l->last - l->f->agents] : NULL;
}

static bool add_row(struct load *l, int64_t day, const struct stmt *s)
{
    const struct period *p = l->period;
    struct finding_agent *x = agent_of(l, stmt_int(s, COL_AGENT));
    int style = summary_style(stmt_text(s, COL_STYLE));
    int64_t n = stmt_int(s, COL_EPISODES), disputed = stmt_int(s, COL_DISPUTED), age = p->to_day - 1 - day;
    if (x == NULL || style < 0)
        return true;
    if (day >= p->from_day && day < p->to_day) {
        const struct finding_policy *policy = findings_policy(l->f, stmt_int(s, COL_POLICY));
        if (policy == NULL)
            return true;
        struct agent_cell *c = cell_of(&l->cells, (uint32_t)(x - l->f->agents), (uint32_t)(policy - l->f->policies));
        if (c == NULL)
            return false;
        add_now(x, c, style, s);
    }
    if (day >= p->before_day && day < p->before_to_day) {
        x->before.n += n;
        x->before.x += disputed;
        x->styles_before[style] += n;
    }
    if (age >= 0 && age < FINDING_AGENT_DAYS) {
        struct finding_week *w = &x->weeks[FINDING_AGENT_WEEKS - 1 - age / 7];
        w->n += n;
        w->disputed += disputed;
        w->confrontational += style == 0 ? n : 0;
    }
    return true;
}

static int compare_cells(const void *x, const void *y)
{
    const struct agent_cell *a = x, *b = y;
    uint64_t xa = (uint64_t)a->disputed[0] + a->disputed[1], xb = (uint64_t)b->disputed[0] + b->disputed[1];
    uint64_t na = (uint64_t)a->n[0] + a->n[1], nb = (uint64_t)b->n[0] + b->n[1];
    if (xa != xb)
        return xa > xb ? -1 : 1;
    if (na != nb)
        return na > nb ? -1 : 1;
    if (a->agent != b->agent)
        return a->agent < b->agent ? -1 : 1;
    return (a->policy > b->policy) - (a->policy < b->policy);
}

/* Agents of the roster who told nothing in the period are no finding. The cells are put in order and kept. */
static enum err_code keep_told(struct findings *f, struct cells *c, struct arena *a, struct err *e)
{
    size_t kept = 0;
    uint32_t *place = arena_zalloc(a, f->nagents, sizeof *place);
    f->cells = arena_zalloc(a, c->n, sizeof *f->cells);
    if (place == NULL || f->cells == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < f->nagents; i++) {
        place[i] = (uint32_t)kept;
        if (f->agents[i].all.n > 0)
            f->agents[kept++] = f->agents[i];
    }
    f->nagents = kept;
    f->ncells = c->n;
    if (c->n == 0)
        return ERR_OK;
    memcpy(f->cells, c->of, c->n * sizeof *f->cells);
    for (size_t i = 0; i < f->ncells; i++)
        f->cells[i].agent = place[f->cells[i].agent];
    qsort(f->cells, f->ncells, sizeof *f->cells, compare_cells);
    return ERR_OK;
}

enum err_code load_agent_counts(struct store *db, const struct period *p, struct arena *a, struct findings *f,
                                struct err *e)
{
    struct load l = {.f = f, .period = p, .cells = {.npolicies = f->npolicies}};
    struct day_spans spans = day_spans_of(p, FINDING_AGENT_DAYS);
    struct day_reader reader = {"", 0};
    enum err_code rc = load_agents(db, a, f, e);
    for (size_t i = 0; i < spans.n && rc == ERR_OK; i++) {
        bool has;
        struct stmt *s = day_span_bind(db, report_finding_agent_days, &spans.of[i]);
        while ((rc = stmt_step(s, &has, e)) == ERR_OK && has)
            if (!add_row(&l, day_read(&reader, stmt_text(s, COL_DAY)), s)) {
                rc = err_nomem(e);
                break;
            }
    }
    if (rc == ERR_OK)
        rc = keep_told(f, &l.cells, a, e);
    free(l.cells.slots);
    free(l.cells.of);
    return rc;
}
