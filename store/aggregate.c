/* aggregate.c - the day aggregates' share of the open transaction, kept here and added to the tables in one go
 *
 * A file has few days, agents and policies beside its episodes: a row changed for each episode would be most of the
 * work of writing it. Deletions are counted by triggers (migrations/0002), which need the tables to be up to date:
 * aggregate_flush() goes before them. */
#include <stdlib.h>

#include "core/hash.h"
#include "store/db.h"

#define MOST_TALLIES 65536 /* then they are flushed, so that memory stays flat */

struct tally {
    char day[DB_DAY_BYTES]; /* zero-padded */
    int64_t agent, policy;
    enum style style; /* STYLE_NONE: a free place */
    int64_t episodes, disputed, hostile, upset_before, rounds, upset_disputed;
    int64_t practice[PRACTICE_COUNT], practice_disputed[PRACTICE_COUNT];
};

static uint64_t hash_key(const struct tally *t)
{
    char key[DB_DAY_BYTES + 3 * sizeof(int64_t)];
    int64_t numbers[] = {t->agent, t->policy, (int64_t)t->style};
    memcpy(key, t->day, DB_DAY_BYTES);
    memcpy(key + DB_DAY_BYTES, numbers, sizeof numbers);
    return hash64((struct slice){key, sizeof key});
}

static bool has_same_key(const struct tally *a, const struct tally *b)
{
    return a->agent == b->agent && a->policy == b->policy && a->style == b->style &&
           memcmp(a->day, b->day, DB_DAY_BYTES) == 0;
}

static struct tally *find(struct tally *all, size_t cap, const struct tally *key)
{
    size_t i = (size_t)hash_key(key) & (cap - 1);
    while (all[i].style != STYLE_NONE && !has_same_key(&all[i], key))
        i = (i + 1) & (cap - 1);
    return &all[i];
}

static bool grow(struct aggregate *a)
{
    size_t cap = a->cap != 0 ? 2 * a->cap : 256;
    struct tally *all = calloc(cap, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < a->cap; i++)
        if (a->all[i].style != STYLE_NONE)
            *find(all, cap, &a->all[i]) = a->all[i];
    free(a->all);
    a->all = all;
    a->cap = cap;
    return true;
}

enum err_code aggregate_add(struct store *db, struct slice day, int64_t agent, int64_t policy, const struct episode *x,
                            struct err *e)
{
    struct aggregate *a = &db->aggregate;
    struct tally key = {.agent = agent, .policy = policy, .style = x->style};
    if (a->n == MOST_TALLIES && aggregate_flush(db, e) != ERR_OK)
        return e->code;
    if (2 * a->n >= a->cap && !grow(a))
        return err_nomem(e);
    memcpy(key.day, day.s, day.n);
    struct tally *t = find(a->all, a->cap, &key);
    if (t->style == STYLE_NONE) {
        *t = key;
        a->n++;
    }
    t->episodes++;
    t->disputed += x->is_disputed;
    t->hostile += x->is_hostile_after;
    t->upset_before += x->is_upset_before;
    t->rounds += x->rounds;
    t->upset_disputed += x->is_upset_before && x->is_disputed;
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        bool has = (x->practices >> i & 1) != 0;
        t->practice[i] += has;
        t->practice_disputed[i] += has && x->is_disputed;
    }
    return ERR_OK;
}

static enum err_code add_to(struct store *db, enum query q, const struct tally *t, bool by_agent, struct err *e)
{
    static const char *const disputed[PRACTICE_COUNT] = {
        "reason_disputed",      "acknowledge_disputed", "align_disputed",    "apology_disputed",
        "alternative_disputed", "probe_disputed",       "escalate_disputed", "advocate_disputed",
        "autonomy_disputed",    "blame_disputed",       "absolute_disputed"};
    struct stmt *s = stmt_get(db, q);
    stmt_bind_text(s, "day", slice_of(t->day));
    if (by_agent)
        stmt_bind_int(s, "agent_id", t->agent);
    stmt_bind_int(s, "policy_id", t->policy);
    stmt_bind_text(s, "style", slice_of(style_name(t->style)));
    stmt_bind_int(s, "episodes", t->episodes);
    stmt_bind_int(s, "disputed", t->disputed);
    stmt_bind_int(s, "hostile", t->hostile);
    stmt_bind_int(s, "upset_before", t->upset_before);
    stmt_bind_int(s, "rounds", t->rounds);
    stmt_bind_int(s, "upset_disputed", t->upset_disputed);
    for (int i = 0; i < PRACTICE_COUNT; i++)
        stmt_bind_int(s, practice_name((enum practice)i), t->practice[i]);
    for (int i = 0; i < PRACTICE_COUNT && !by_agent; i++)
        stmt_bind_int(s, disputed[i], t->practice_disputed[i]);
    return stmt_run(s, e);
}

enum err_code aggregate_flush(struct store *db, struct err *e)
{
    struct aggregate *a = &db->aggregate;
    for (size_t i = 0; i < a->cap && a->n != 0; i++) {
        const struct tally *t = &a->all[i];
        if (t->style != STYLE_NONE && (add_to(db, query_agg_policy_add, t, false, e) != ERR_OK ||
                                       add_to(db, query_agg_agent_add, t, true, e) != ERR_OK))
            return e->code;
    }
    aggregate_forget(db);
    return ERR_OK;
}

void aggregate_forget(struct store *db)
{
    if (db->aggregate.n != 0)
        memset(db->aggregate.all, 0, db->aggregate.cap * sizeof *db->aggregate.all);
    db->aggregate.n = 0;
}

void aggregate_free(struct store *db)
{
    free(db->aggregate.all);
    db->aggregate = (struct aggregate){NULL, 0, 0};
}
