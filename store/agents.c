#include <stdlib.h>

#include "core/hash.h"
#include "store/db.h"

/* The cache only saves time: it is emptied when it has grown to this many, so that memory stays flat. */
#define MAX_CACHED 65536

/* ---- cache ---- */

void agent_cache_clear(struct agent_cache *c)
{
    if (c->slots != NULL)
        memset(c->slots, 0, c->cap * sizeof *c->slots);
    if (c->keys != NULL)
        arena_reset(c->keys);
    c->n = 0;
}

void agent_cache_free(struct agent_cache *c)
{
    free(c->slots);
    arena_free(c->keys);
    *c = (struct agent_cache){0};
}

/* The slot of KEY, or the free one where it belongs. The table must have a free slot. */
static struct agent_slot *find_slot(struct agent_slot *slots, size_t cap, struct slice key, uint64_t hash)
{
    size_t i = (size_t)hash & (cap - 1);
    while (slots[i].key.s != NULL && !(slots[i].hash == hash && slice_eq(slots[i].key, key)))
        i = (i + 1) & (cap - 1);
    return &slots[i];
}

static bool grow(struct agent_cache *c)
{
    size_t cap = c->cap != 0 ? c->cap * 2 : 256;
    struct agent_slot *slots = calloc(cap, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < c->cap; i++)
        if (c->slots[i].key.s != NULL)
            *find_slot(slots, cap, c->slots[i].key, c->slots[i].hash) = c->slots[i];
    free(c->slots);
    c->slots = slots;
    c->cap = cap;
    return true;
}

static bool cache_add(struct agent_cache *c, struct slice key, uint64_t hash, int64_t row, bool has_name)
{
    if (c->n >= MAX_CACHED)
        agent_cache_clear(c);
    if (c->keys == NULL && (c->keys = arena_new(0)) == NULL)
        return false;
    if (c->n * 2 >= c->cap && !grow(c))
        return false;
    struct slice copy = arena_dup(c->keys, key);
    if (copy.s == NULL)
        return false;
    *find_slot(c->slots, c->cap, key, hash) = (struct agent_slot){copy, hash, row, has_name};
    c->n++;
    return true;
}

/* ---- rows ---- */

/* Read the row of KEY; *row is 0 if there is none. */
static enum err_code look_up(struct store *db, struct slice key, int64_t *row, bool *has_name, struct err *e)
{
    struct stmt *s = stmt_get(db, query_agent_get);
    stmt_bind_text(s, "external_id", key);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    *row = 0;
    if (rc == ERR_OK && has) {
        *row = stmt_int(s, 0);
        *has_name = stmt_text(s, 1).n != 0;
        (void)stmt_get(db, query_agent_get);
    }
    return rc;
}

static enum err_code insert(struct store *db, struct slice key, struct slice name, int64_t *row, struct err *e)
{
    struct stmt *s = stmt_get(db, query_agent_insert);
    stmt_bind_text(s, "external_id", key);
    stmt_bind_text(s, "name", name);
    enum err_code rc = stmt_run(s, e);
    *row = db_last_id(db);
    return rc;
}

static enum err_code set_name(struct store *db, int64_t row, struct slice name, struct err *e)
{
    struct stmt *s = stmt_get(db, query_agent_name);
    stmt_bind_int(s, "agent_id", row);
    stmt_bind_text(s, "name", name);
    return stmt_run(s, e);
}

bool agent_is_settled(const struct store *db, struct slice id, struct slice name)
{
    const struct agent_cache *c = &db->agents;
    struct slice key = id.n != 0 ? id : name;
    if (key.n == 0)
        return true;
    if (c->cap == 0)
        return false;
    const struct agent_slot *known = find_slot(c->slots, c->cap, key, hash64(key));
    return known->key.s != NULL && (known->has_name || name.n == 0);
}

enum err_code agent_row(struct store *db, struct slice id, struct slice name, int64_t *row, struct err *e)
{
    struct agent_cache *c = &db->agents;
    struct slice key = id.n != 0 ? id : name;
    enum err_code rc = ERR_OK;
    *row = 0;
    if (key.n == 0)
        return ERR_OK;
    uint64_t hash = hash64(key);
    struct agent_slot *known = c->cap != 0 ? find_slot(c->slots, c->cap, key, hash) : NULL;
    if (known != NULL && known->key.s != NULL) {
        *row = known->row;
        if (!known->has_name && name.n != 0) {
            known->has_name = true; /* a failure rolls back, which clears the cache */
            rc = set_name(db, *row, name, e);
        }
        return rc;
    }
    bool has_name = false;
    rc = look_up(db, key, row, &has_name, e);
    if (rc == ERR_OK && *row == 0)
        rc = insert(db, key, name, row, e);
    else if (rc == ERR_OK && !has_name && name.n != 0)
        rc = set_name(db, *row, name, e);
    if (rc == ERR_OK && !cache_add(c, key, hash, *row, has_name || name.n != 0))
        rc = err_nomem(e);
    return rc;
}

enum err_code store_agent_put(struct store *db, const struct roster_agent *a, struct err *e)
{
    if (a->id.n == 0)
        return err_set(e, ERR_INTERNAL, "agent_roster: an agent without an id");
    struct stmt *s = stmt_get(db, query_agent_roster);
    stmt_bind_text(s, "external_id", a->id);
    stmt_bind_text(s, "name", a->name);
    stmt_bind_text(s, "team", a->team);
    agent_cache_clear(&db->agents); /* it remembers who has a name */
    return stmt_run(s, e);
}
