/* aggregate.c - the day aggregates' share of the open transaction, kept here and added to the tables in one go
 *
 * A file has few days, agents and policies beside its episodes: a row changed for each episode would be most of the
 * work of writing it. Deletions are counted by triggers (migrations/0002), which need the tables to be up to date:
 * db_flush() goes before them. */
#include <stdlib.h>

#include "core/hash.h"
#include "store/db.h"

#define MOST_TALLIES 65536 /* then they are flushed, so that memory stays flat */

enum tally_of { TALLY_NONE, TALLY_EPISODES, TALLY_CONVERSATIONS }; /* NONE: a free place */

/* What a count is of. */
struct tally_key {
    enum tally_of of;
    int16_t kind;           /* the style; the time's origin */
    int16_t is_uncertain;   /* of episodes */
    int64_t agent, policy;  /* of conversations: 0, the ruleset */
    char day[DB_DAY_BYTES]; /* zero-padded */
};

struct tally {
    struct tally_key key;
    union {
        struct {
            int64_t episodes, disputed, hostile, upset_before, rounds, upset_disputed;
            int64_t practice[PRACTICE_COUNT], practice_disputed[PRACTICE_COUNT];
        } e;
        struct {
            int64_t conversations, turns, unknown, no_agent, no_customer, masked;
        } c;
    } n;
};

static uint64_t hash_key(const struct tally_key *k)
{
    return hash64((struct slice){(const char *)k, sizeof *k}); /* made by key_of(): no byte of it is undefined */
}

static struct tally_key key_of(enum tally_of of, struct slice day, int64_t agent, int64_t policy, int kind,
                               bool is_uncertain)
{
    struct tally_key k;
    memset(&k, 0, sizeof k);
    k.of = of;
    k.kind = (int16_t)kind;
    k.is_uncertain = is_uncertain;
    k.agent = agent;
    k.policy = policy;
    if (day.n != 0)
        memcpy(k.day, day.s, day.n);
    return k;
}

static struct tally *find(struct tally *all, size_t cap, const struct tally_key *key)
{
    size_t i = (size_t)hash_key(key) & (cap - 1);
    while (all[i].key.of != TALLY_NONE && memcmp(&all[i].key, key, sizeof *key) != 0)
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
        if (a->all[i].key.of != TALLY_NONE)
            *find(all, cap, &a->all[i].key) = a->all[i];
    free(a->all);
    a->all = all;
    a->cap = cap;
    return true;
}

/* The tally of KEY, made if there is none. */
static enum err_code tally_of(struct store *db, const struct tally_key *key, struct tally **out, struct err *e)
{
    struct aggregate *a = &db->aggregate;
    if (a->n == MOST_TALLIES) {
        enum err_code rc = aggregate_flush(db, e);
        if (rc != ERR_OK)
            return rc;
    }
    if (2 * a->n >= a->cap && !grow(a)) {
        err_nomem(e);
        return ERR_NOMEM;
    }
    *out = find(a->all, a->cap, key);
    a->n += (*out)->key.of == TALLY_NONE;
    (*out)->key = *key;
    return ERR_OK;
}

enum err_code aggregate_episode(struct store *db, struct slice day, int64_t agent, int64_t policy,
                                const struct episode *x, struct err *e)
{
    const struct tally_key key = key_of(TALLY_EPISODES, day, agent, policy, (int)x->style, x->is_uncertain);
    struct tally *t = NULL;
    enum err_code rc = tally_of(db, &key, &t, e);
    if (rc != ERR_OK)
        return rc;
    t->n.e.episodes++;
    t->n.e.disputed += x->is_disputed;
    t->n.e.hostile += x->is_hostile_after;
    t->n.e.upset_before += x->is_upset_before;
    t->n.e.rounds += x->rounds;
    t->n.e.upset_disputed += x->is_upset_before && x->is_disputed;
    for (int i = 0; i < PRACTICE_COUNT; i++) {
        bool has = (x->practices >> i & 1) != 0;
        t->n.e.practice[i] += has;
        t->n.e.practice_disputed[i] += has && x->is_disputed;
    }
    return ERR_OK;
}

enum err_code aggregate_conversation(struct store *db, const struct conversation *c, const struct packed *p,
                                     int64_t ruleset, struct err *e)
{
    char day[DB_DAY_BYTES];
    const struct tally_key key =
        key_of(TALLY_CONVERSATIONS, db_day(db, c->started_at_ms, day), 0, ruleset, (int)c->time_origin, false);
    struct tally *t = NULL;
    enum err_code rc = tally_of(db, &key, &t, e);
    if (rc != ERR_OK)
        return rc;
    t->n.c.conversations++;
    t->n.c.turns += p->nturns;
    t->n.c.unknown += p->nunknown;
    t->n.c.no_agent += p->nagent == 0;
    t->n.c.no_customer += p->ncustomer == 0;
    t->n.c.masked += c->nmasked;
    return ERR_OK;
}

static enum err_code add_episodes(struct store *db, enum query q, const struct tally *t, bool by_agent, struct err *e)
{
    static const char *const disputed[PRACTICE_COUNT] = {
        "reason_disputed",      "acknowledge_disputed", "align_disputed",    "apology_disputed",
        "alternative_disputed", "probe_disputed",       "escalate_disputed", "advocate_disputed",
        "autonomy_disputed",    "blame_disputed",       "absolute_disputed"};
    struct stmt *s = stmt_get(db, q);
    stmt_bind_text(s, "day", slice_of(t->key.day));
    if (by_agent)
        stmt_bind_int(s, "agent_id", t->key.agent);
    stmt_bind_int(s, "policy_id", t->key.policy);
    stmt_bind_text(s, "style", slice_of(style_name((enum style)t->key.kind)));
    stmt_bind_int(s, "is_uncertain", t->key.is_uncertain);
    stmt_bind_int(s, "episodes", t->n.e.episodes);
    stmt_bind_int(s, "disputed", t->n.e.disputed);
    stmt_bind_int(s, "hostile", t->n.e.hostile);
    stmt_bind_int(s, "upset_before", t->n.e.upset_before);
    stmt_bind_int(s, "rounds", t->n.e.rounds);
    stmt_bind_int(s, "upset_disputed", t->n.e.upset_disputed);
    for (int i = 0; i < PRACTICE_COUNT; i++)
        stmt_bind_int(s, practice_name((enum practice)i), t->n.e.practice[i]);
    for (int i = 0; i < PRACTICE_COUNT && !by_agent; i++)
        stmt_bind_int(s, disputed[i], t->n.e.practice_disputed[i]);
    return stmt_run(s, e);
}

static enum err_code add_conversations(struct store *db, const struct tally *t, struct err *e)
{
    struct stmt *s = stmt_get(db, query_agg_conversation_add);
    stmt_bind_text(s, "day", slice_of(t->key.day));
    stmt_bind_int(s, "ruleset_id", t->key.policy);
    stmt_bind_text(s, "time_origin", slice_of(time_origin_name((enum time_origin)t->key.kind)));
    stmt_bind_int(s, "conversations", t->n.c.conversations);
    stmt_bind_int(s, "turns", t->n.c.turns);
    stmt_bind_int(s, "unknown", t->n.c.unknown);
    stmt_bind_int(s, "no_agent", t->n.c.no_agent);
    stmt_bind_int(s, "no_customer", t->n.c.no_customer);
    stmt_bind_int(s, "masked", t->n.c.masked);
    return stmt_run(s, e);
}

enum err_code aggregate_flush(struct store *db, struct err *e)
{
    struct aggregate *a = &db->aggregate;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < a->cap && a->n != 0 && rc == ERR_OK; i++) {
        const struct tally *t = &a->all[i];
        if (t->key.of == TALLY_CONVERSATIONS)
            rc = add_conversations(db, t, e);
        else if (t->key.of == TALLY_EPISODES && (rc = add_episodes(db, query_agg_policy_add, t, false, e)) == ERR_OK)
            rc = add_episodes(db, query_agg_agent_add, t, true, e);
    }
    if (rc == ERR_OK)
        aggregate_forget(db);
    return rc;
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
