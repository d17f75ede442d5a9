/* conversation.c - packing, storing and loading conversations */
#include <stdlib.h>

#include "core/arena.h"
#include "core/strbuf.h"
#include "core/when.h"
#include "store/db.h"
#include "store/turns.h"

#define MAX_RAW_BYTES (INT64_C(1) << 30) /* more than this cannot be a conversation: the row is damaged */

/* ---- packing (any thread) ---- */

static void add_number(struct strbuf *b, uint64_t v)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(v >> (8 * i));
    strbuf_add(b, bytes, sizeof bytes);
}

static void add_field(struct strbuf *b, struct slice x)
{
    add_number(b, x.n);
    strbuf_add_slice(b, x);
}

/* What the export said of the conversation itself. A start that was only guessed from the file's name or date is left
 * out: the same conversation in the export of the next night is still the same. */
static void add_fields(struct strbuf *b, const struct conversation *c)
{
    bool is_guess = c->time_origin == TIME_FROM_NAME || c->time_origin == TIME_FROM_FILE;
    add_field(b, c->source);
    add_field(b, c->external_id);
    add_field(b, c->channel);
    add_field(b, c->queue);
    add_field(b, c->agent_id);
    add_field(b, c->agent_name);
    add_field(b, c->customer_id);
    add_number(b, (uint64_t)(is_guess ? MS_NONE : c->started_at_ms));
    strbuf_putc(b, (char)(is_guess ? TIME_ORIGIN_COUNT : c->time_origin));
}

static void count_roles(const struct conversation *c, struct packed *out)
{
    for (uint32_t t = 0; t < c->nturns; t++) {
        out->nagent += c->turns[t].role == ROLE_AGENT;
        out->ncustomer += c->turns[t].role == ROLE_CUSTOMER;
        out->nunknown += c->turns[t].role == ROLE_UNKNOWN;
    }
    out->nturns = c->nturns;
}

/* About the bytes of C encoded. */
static size_t room_for(const struct conversation *c)
{
    size_t n = 256 + c->source.n + c->external_id.n + (size_t)c->nturns * 16;
    for (uint32_t t = 0; t < c->nturns; t++)
        n += c->turns[t].text.n;
    return n;
}

enum err_code store_pack(struct gz_packer *g, const struct conversation *c, struct arena *a, struct packed *out,
                         struct err *e)
{
    struct strbuf all = STRBUF_INIT, packed = STRBUF_INIT;
    *out = (struct packed){0};
    count_roles(c, out);
    (void)strbuf_reserve(&all, room_for(c)); /* at once; a failure is remembered */
    add_fields(&all, c);
    size_t fields = all.n;
    enum err_code rc = turns_encode(c->turns, c->nturns, &all, e);
    if (rc == ERR_OK && all.n - fields > MAX_RAW_BYTES)
        rc = err_set(e, ERR_INPUT, "a conversation of more than 1 GiB");
    if (rc != ERR_OK)
        goto cleanup;
    struct slice raw = {all.s + fields, all.n - fields};
    out->content = hash128(strbuf_slice(&all));
    out->raw_bytes = (uint32_t)raw.n;
    rc = gz_pack(g, raw, &packed, e);
    if (rc != ERR_OK)
        goto cleanup;
    out->turns = arena_dup(a, strbuf_slice(&packed));
    if (out->turns.s == NULL)
        rc = err_nomem(e);
cleanup:
    strbuf_free(&all);
    strbuf_free(&packed);
    return rc;
}

/* Unpack the blob PACKED; *turns lives in A. */
enum err_code conversation_unpack(struct slice packed, int64_t raw_bytes, struct arena *a, struct turn **turns,
                                  uint32_t *n, struct err *e)
{
    struct strbuf raw = STRBUF_INIT;
    if (raw_bytes < 0 || raw_bytes > MAX_RAW_BYTES)
        return err_set(e, ERR_DB, "the turns of a conversation are damaged");
    enum err_code rc = gz_unpack(packed, (size_t)raw_bytes, &raw, e);
    if (rc == ERR_OK) {
        struct slice copy = arena_dup(a, strbuf_slice(&raw));
        rc = copy.s != NULL ? turns_decode(copy, a, turns, n, e) : err_nomem(e);
    }
    strbuf_free(&raw);
    return rc;
}

/* ---- storing ---- */

static enum err_code match(struct store *db, const struct conversation *c, const struct packed *p, struct stored *out,
                           struct err *e)
{
    struct stmt *s = stmt_get(db, query_conversation_match);
    stmt_bind_text(s, "external_id", c->external_id);
    stmt_bind_text(s, "source", c->source);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    *out = (struct stored){0};
    if (rc == ERR_OK && has) {
        struct slice content = {(const char *)p->content.bytes, sizeof p->content.bytes};
        out->id = stmt_int(s, 0);
        out->has_same_content = slice_eq(stmt_text(s, 1), content);
        out->ruleset_id = stmt_int(s, 2);
        out->nturns = stmt_int(s, 3);
        (void)stmt_get(db, query_conversation_match);
    }
    return rc;
}

static enum err_code write_row(struct store *db, int64_t id, int64_t file_id, const struct conversation *c,
                               const struct packed *p, bool is_tagged, struct err *e)
{
    char at[WHEN_ISO_BYTES], day[DB_DAY_BYTES];
    int64_t agent = 0;
    enum err_code rc = agent_row(db, c->agent_id, c->agent_name, &agent, e);
    if (rc != ERR_OK)
        return rc;
    struct slice day_text = db_day(db, c->started_at_ms, day);
    bool has_start = day_text.n != 0;
    struct stmt *s = stmt_get(db, id != 0 ? query_conversation_update : query_conversation_insert);
    stmt_bind_text(s, "source", c->source);
    stmt_bind_text(s, "external_id", c->external_id);
    stmt_bind_id(s, "source_file_id", file_id);
    if (has_start) {
        stmt_bind_text(s, "started_at", slice_of(when_format_iso(c->started_at_ms, at)));
        stmt_bind_int(s, "started_at_ms", c->started_at_ms);
    } else {
        stmt_bind_null(s, "started_at");
        stmt_bind_null(s, "started_at_ms");
    }
    stmt_bind_text(s, "day", day_text);
    stmt_bind_text(s, "time_origin", slice_of(time_origin_name(c->time_origin)));
    stmt_bind_text(s, "channel", c->channel);
    stmt_bind_text(s, "queue", c->queue);
    stmt_bind_id(s, "agent_id", agent);
    stmt_bind_text(s, "customer_key", c->customer_id);
    stmt_bind_int(s, "nturns", p->nturns);
    stmt_bind_int(s, "nagent", p->nagent);
    stmt_bind_int(s, "ncustomer", p->ncustomer);
    stmt_bind_int(s, "nunknown", p->nunknown);
    stmt_bind_int(s, "nmasked", c->nmasked);
    stmt_bind_blob(s, "content", p->content.bytes, sizeof p->content.bytes);
    stmt_bind_id(s, "ruleset_id", is_tagged ? db->ruleset_id : 0);
    stmt_bind_int(s, "raw_bytes", p->raw_bytes);
    stmt_bind_blob(s, "turns", p->turns.s, p->turns.n);
    if (id != 0)
        stmt_bind_int(s, "conversation_id", id);
    return stmt_run(s, e);
}

enum err_code conversation_add(struct store *db, int64_t file_id, const struct conversation *c, const struct packed *p,
                               const struct tags *tags, int64_t *id, struct err *e)
{
    enum err_code rc = write_row(db, 0, file_id, c, p, tags != NULL, e);
    *id = rc == ERR_OK && sqlite3_changes(db->conn) != 0 ? db_last_id(db) : 0;
    if (rc != ERR_OK || *id == 0)
        return rc;
    db_waits(db, *id);
    rc = aggregate_conversation(db, c, p, tags != NULL ? db->ruleset_id : 0, e);
    if (rc == ERR_OK)
        rc = note_put(db, *id, c, true, e);
    if (rc == ERR_OK && tags != NULL)
        rc = tags_insert(db, *id, c, tags, e);
    return rc;
}

/* The row keeps its id, and with it the labels of the turns that are still what they were. */
enum err_code conversation_replace(struct store *db, int64_t id, uint32_t common, int64_t file_id,
                                   const struct conversation *c, const struct packed *p, const struct tags *tags,
                                   struct err *e)
{
    struct stmt *s = stmt_get(db, query_label_delete_from);
    stmt_bind_int(s, "conversation_id", id);
    stmt_bind_int(s, "turn", common);
    enum err_code rc = stmt_run(s, e);
    if (rc == ERR_OK)
        rc = tags_delete(db, id, e);
    if (rc == ERR_OK)
        rc = write_row(db, id, file_id, c, p, tags != NULL, e);
    if (rc == ERR_OK)
        rc = note_put(db, id, c, false, e);
    if (rc == ERR_OK && tags != NULL)
        rc = tags_insert(db, id, c, tags, e);
    return rc;
}

/* Add C without having looked whether it is there, where that is likely and has no other effect; *id is 0 if not. */
static enum err_code add_unseen(struct store *db, int64_t file_id, const struct conversation *c, const struct packed *p,
                                const struct tags *tags, int64_t *id, struct err *e)
{
    *id = 0;
    if (!db->expects_new || c->part.n != 0 || !agent_is_settled(db, c->agent_id, c->agent_name))
        return ERR_OK;
    return conversation_add(db, file_id, c, p, tags, id, e);
}

/* C is the conversation that is stored as OLD. */
static enum err_code put_known(struct store *db, const struct stored *old, int64_t file_id,
                               const struct conversation *c, const struct packed *p, const struct tags *tags,
                               enum store_put *how, struct err *e)
{
    *how = STORE_SKIPPED;
    if (old->has_same_content) {
        struct tag_change unused = {0};
        bool is_stale = tags != NULL && old->ruleset_id != db->ruleset_id;
        return is_stale ? store_tags_put(db, old->id, tags, &unused, e) : ERR_OK;
    }
    uint32_t common = 0;
    bool done = false;
    enum err_code rc = parts_settle(db, file_id, old, c, &common, how, &done, e);
    return rc != ERR_OK || done ? rc : conversation_replace(db, old->id, common, file_id, c, p, tags, e);
}

enum err_code store_conversation_put(struct store *db, int64_t file_id, const struct conversation *c,
                                     const struct packed *p, const struct tags *tags, enum store_put *how,
                                     struct err *e)
{
    struct stored old;
    int64_t id = 0;
    enum err_code rc = db_need_txn(db, "conversation_put", e);
    if (rc == ERR_OK && tags != NULL && db->ruleset_id == 0)
        rc = err_set(e, ERR_INTERNAL, "conversation_put: tags without a ruleset");
    *how = STORE_ADDED;
    if (rc == ERR_OK)
        rc = add_unseen(db, file_id, c, p, tags, &id, e);
    if (rc != ERR_OK || id != 0)
        return rc;
    if ((rc = match(db, c, p, &old, e)) != ERR_OK)
        return rc;
    db->expects_new = old.id == 0;
    if (c->part.n != 0)
        return parts_put(db, file_id, &old, c, p, tags, how, e);
    if (old.id == 0)
        return conversation_add(db, file_id, c, p, tags, &id, e);
    return put_known(db, &old, file_id, c, p, tags, how, e);
}

/* ---- reading back ---- */

enum err_code db_has_conversations(struct store *db, bool *has, struct err *e)
{
    bool more;
    struct stmt *s = stmt_get(db, query_conversation_any);
    enum err_code rc = stmt_step(s, has, e);
    return rc == ERR_OK && *has ? stmt_step(s, &more, e) : rc;
}

enum time_origin conversation_origin(struct slice name)
{
    for (int o = 0; o < TIME_ORIGIN_COUNT; o++)
        if (slice_is(name, time_origin_name((enum time_origin)o)))
            return (enum time_origin)o;
    return TIME_FROM_FILE; /* the one that is worth least */
}

/* Column COL as a copy in A. */
static struct slice copy_text(const struct stmt *s, int col, struct arena *a, bool *ok)
{
    struct slice x = arena_dup(a, stmt_text(s, col));
    *ok = *ok && x.s != NULL;
    return x;
}

static enum err_code read_row(const struct stmt *s, struct arena *a, struct conversation *out, struct err *e)
{
    bool ok = true;
    *out = (struct conversation){
        .source = copy_text(s, 0, a, &ok),
        .external_id = copy_text(s, 1, a, &ok),
        .channel = copy_text(s, 2, a, &ok),
        .queue = copy_text(s, 3, a, &ok),
        .agent_id = copy_text(s, 4, a, &ok),
        .agent_name = copy_text(s, 5, a, &ok),
        .customer_id = copy_text(s, 6, a, &ok),
        .started_at_ms = stmt_is_null(s, 7) ? MS_NONE : stmt_int(s, 7),
        .time_origin = conversation_origin(stmt_text(s, 8)),
        .nmasked = (uint32_t)stmt_int(s, 9),
    };
    return ok ? conversation_unpack(stmt_text(s, 11), stmt_int(s, 10), a, &out->turns, &out->nturns, e) : err_nomem(e);
}

enum err_code store_conversation_get(struct store *db, int64_t id, struct arena *a, struct conversation *out,
                                     struct err *e)
{
    struct stmt *s = stmt_get(db, query_conversation_get);
    stmt_bind_int(s, "conversation_id", id);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK)
        return rc;
    if (!has)
        return err_set(e, ERR_DB, "there is no conversation %lld", (long long)id);
    rc = read_row(s, a, out, e);
    (void)stmt_get(db, query_conversation_get);
    return rc == ERR_OK ? ERR_OK : err_wrap(e, "conversation %lld", (long long)id);
}

enum err_code store_conversation_find(struct store *db, struct slice source, struct slice external_id, int64_t *id,
                                      struct err *e)
{
    struct stmt *s = stmt_get(db, query_conversation_find);
    stmt_bind_text(s, "external_id", external_id);
    stmt_bind_text(s, "source", source);
    bool has;
    *id = 0;
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK || !has)
        return rc;
    int64_t first = stmt_int(s, 0);
    rc = stmt_step(s, &has, e);
    if (rc == ERR_OK && has) {
        (void)stmt_get(db, query_conversation_find);
        err_set(e, ERR_USAGE, "several sources have a conversation of this id");
        return err_hint(e, "name the source as well");
    }
    *id = rc == ERR_OK ? first : 0;
    return rc;
}

/* Read the ids that S gives into IDS, at most CAP. */
static enum err_code read_ids(struct stmt *s, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
    bool has;
    enum err_code rc;
    *n = 0;
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has)
        if (*n < cap)
            ids[(*n)++] = stmt_int(s, 0);
    return rc;
}

static enum err_code ids_untagged(struct store *db, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
    struct stmt *s = stmt_get(db, query_conversation_untagged);
    stmt_bind_int(s, "after", after);
    stmt_bind_int(s, "cap", (int64_t)cap);
    return read_ids(s, ids, cap, n, e);
}

/* Of those that another ruleset has tagged. After a nightly run there are none, and no conversation is looked at. */
static enum err_code ids_of_others(struct store *db, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
    struct stmt *s = stmt_get(db, query_conversation_stale_count);
    stmt_bind_int(s, "ruleset_id", db->ruleset_id);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    int64_t count = rc == ERR_OK && has ? stmt_int(s, 0) : 0;
    (void)stmt_get(db, query_conversation_stale_count);
    *n = 0;
    if (rc != ERR_OK || count == 0)
        return rc;
    s = stmt_get(db, query_conversation_stale);
    stmt_bind_int(s, "after", after);
    stmt_bind_int(s, "ruleset_id", db->ruleset_id);
    stmt_bind_int(s, "cap", (int64_t)cap);
    return read_ids(s, ids, cap, n, e);
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

enum err_code store_stale_ids(struct store *db, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
    if (db->ruleset_id == 0)
        return err_set(e, ERR_INTERNAL, "stale_ids: no current ruleset");
    int64_t *both = malloc((cap + 1) * 2 * sizeof *both);
    if (both == NULL)
        return err_nomem(e);
    size_t untagged = 0, others = 0;
    enum err_code rc = ids_untagged(db, after, both, cap, &untagged, e);
    if (rc == ERR_OK)
        rc = ids_of_others(db, after, both + untagged, cap, &others, e);
    if (rc == ERR_OK) {
        qsort(both, untagged + others, sizeof *both, compare_ids);
        *n = untagged + others < cap ? untagged + others : cap;
        memcpy(ids, both, *n * sizeof *ids);
    }
    free(both);
    return rc;
}
