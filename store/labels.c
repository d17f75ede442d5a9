/* labels.c - what people say of turns */
#include "core/when.h"
#include "store/db.h"

enum err_code store_label_put(struct store *db, const struct store_label *l, struct err *e)
{
    char at[WHEN_ISO_BYTES];
    struct stmt *s = stmt_get(db, query_label_put);
    stmt_bind_int(s, "conversation_id", l->conversation_id);
    stmt_bind_int(s, "turn", l->turn);
    stmt_bind_text(s, "kind", slice_of(l->kind));
    stmt_bind_text(s, "value", slice_of(l->value));
    stmt_bind_text(s, "labeller", l->labeller);
    stmt_bind_text(s, "labelled_at", slice_of(when_format_iso(l->now_ms, at)));
    return stmt_run(s, e);
}

static uint64_t next_random(uint64_t *state) /* splitmix64 */
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static enum err_code next_id(struct store *db, int64_t from, int64_t *id, struct err *e)
{
    bool has;
    struct stmt *s = stmt_get(db, query_label_next);
    stmt_bind_int(s, "from", from);
    enum err_code rc = stmt_step(s, &has, e);
    *id = rc == ERR_OK && has ? stmt_int(s, 0) : 0;
    (void)stmt_get(db, query_label_next);
    return rc;
}

static bool has_id(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

enum err_code store_label_sample(struct store *db, int64_t *ids, size_t most, size_t *n, struct err *e)
{
    bool has;
    struct stmt *s = stmt_get(db, query_label_extent);
    enum err_code rc = stmt_step(s, &has, e);
    *n = 0;
    if (rc != ERR_OK || !has)
        return rc;
    int64_t last = stmt_int(s, 0);
    uint64_t random = (uint64_t)stmt_int(s, 1); /* so that the next sheet has others */
    (void)stmt_get(db, query_label_extent);
    /* A draw that was drawn before is lost; in a small database most are, in the end. */
    for (size_t tries = 0; last > 0 && *n < most && tries < 20 * most; tries++) {
        int64_t id;
        if ((rc = next_id(db, 1 + (int64_t)(next_random(&random) % (uint64_t)last), &id, e)) != ERR_OK)
            return rc;
        if (id != 0 && !has_id(ids, *n, id))
            ids[(*n)++] = id;
    }
    return ERR_OK;
}
