/* parts.c - conversations that come in pieces or in several copies: see join.h for what a piece is */
#include <stdlib.h>

#include "store/db.h"
#include "store/join.h"

/* ---- notes ------------------------------------------------------------------------------------------------------ */

enum err_code note_put(struct store *db, int64_t id, const struct conversation *c, bool is_new, struct err *e)
{
    bool is_plain = !c->is_redacted && c->role_origin == ROLES_TOLD;
    if (is_plain && is_new)
        return ERR_OK;
    struct stmt *s = stmt_get(db, is_plain ? query_note_delete : query_note_put);
    stmt_bind_int(s, "conversation_id", id);
    if (!is_plain) {
        stmt_bind_int(s, "is_redacted", c->is_redacted);
        stmt_bind_text(s, "role_origin", slice_of(role_origin_name(c->role_origin)));
        stmt_bind_real(s, "role_confidence", c->role_origin == ROLES_GUESSED ? c->role_confidence : 1);
    }
    return stmt_run(s, e);
}

static enum err_code is_redacted(struct store *db, int64_t id, bool *yes, struct err *e)
{
    struct stmt *s = stmt_get(db, query_note_get);
    bool has;
    stmt_bind_int(s, "conversation_id", id);
    enum err_code rc = stmt_step(s, &has, e);
    *yes = rc == ERR_OK && has && stmt_int(s, 0) != 0;
    (void)stmt_get(db, query_note_get);
    return rc;
}

/* ---- joining ---------------------------------------------------------------------------------------------------- */

/* How many turns both begin with, in roles and words: a later export may know times or names that an earlier one did
 * not. */
static uint32_t common_turns(const struct conversation *a, const struct conversation *b)
{
    uint32_t n = 0;
    while (n < a->nturns && n < b->nturns && a->turns[n].role == b->turns[n].role &&
           slice_eq(a->turns[n].text, b->turns[n].text))
        n++;
    return n;
}

/* Conversation ID becomes the N pieces, joined. Its tags come with the next analysis. */
static enum err_code put_joined(struct store *db, int64_t id, int64_t file_id, struct conversation *pieces, size_t n,
                                struct arena *a, enum store_put *how, struct err *e)
{
    struct conversation old, joined;
    struct packed p;
    enum err_code rc = store_conversation_get(db, id, a, &old, e);
    if (rc == ERR_OK)
        rc = join_pieces(pieces, n, a, &joined, e);
    if (rc != ERR_OK)
        return rc;
    joined.source = old.source;
    joined.external_id = old.external_id;
    if (db->packer == NULL && (db->packer = gz_packer_new()) == NULL)
        return err_nomem(e);
    if (store_pack(db->packer, &joined, a, &p, e) != ERR_OK)
        return e->code;
    *how = STORE_REPLACED;
    return conversation_replace(db, id, common_turns(&old, &joined), file_id, &joined, &p, NULL, e);
}

/* ---- copies and unnamed pieces ---------------------------------------------------------------------------------- */

enum err_code parts_settle(struct store *db, int64_t file_id, const struct stored *old, const struct conversation *c,
                           uint32_t *common, enum store_put *how, bool *done, struct err *e)
{
    struct conversation pieces[2];
    bool was_redacted = false;
    struct arena *a = arena_new(0);
    if (a == NULL)
        return err_nomem(e);
    *how = STORE_SKIPPED;
    *done = true;
    enum err_code rc = is_redacted(db, old->id, &was_redacted, e);
    if (rc == ERR_OK)
        rc = store_conversation_get(db, old->id, a, &pieces[0], e);
    if (rc != ERR_OK || (was_redacted && !c->is_redacted))
        goto cleanup;
    *common = common_turns(&pieces[0], c);
    enum join_kind kind = was_redacted == c->is_redacted ? join_kind(&pieces[0], c) : JOIN_COPY;
    bool is_older = *common == c->nturns && c->nturns < pieces[0].nturns && was_redacted == c->is_redacted;
    if (is_older || kind == JOIN_WITHIN)
        goto cleanup;
    if (kind == JOIN_PIECE) {
        pieces[1] = *c;
        pieces[0].is_redacted = was_redacted;
        rc = put_joined(db, old->id, file_id, pieces, 2, a, how, e);
        goto cleanup;
    }
    *how = STORE_REPLACED;
    *done = false;
cleanup:
    arena_free(a);
    return rc;
}

/* ---- named pieces ----------------------------------------------------------------------------------------------- */

static enum role_origin role_origin_of(struct slice name)
{
    for (int o = 0; o < ROLE_ORIGIN_COUNT; o++)
        if (slice_is(name, role_origin_name((enum role_origin)o)))
            return (enum role_origin)o;
    return ROLES_GUESSED; /* the one that is worth least */
}

/* Is there a better piece of this name, or this very one? */
static enum err_code match_part(struct store *db, int64_t id, const struct conversation *c, const struct packed *p,
                                bool *is_known, struct err *e)
{
    struct stmt *s = stmt_get(db, query_part_match);
    bool has;
    stmt_bind_int(s, "conversation_id", id);
    stmt_bind_text(s, "part", c->part);
    enum err_code rc = stmt_step(s, &has, e);
    *is_known = false;
    if (rc == ERR_OK && has) {
        struct slice content = {(const char *)p->content.bytes, sizeof p->content.bytes};
        *is_known = slice_eq(stmt_text(s, 0), content) || (stmt_int(s, 1) != 0 && !c->is_redacted);
    }
    (void)stmt_get(db, query_part_match);
    return rc;
}

static enum err_code write_part(struct store *db, int64_t id, const struct conversation *c, const struct packed *p,
                                struct err *e)
{
    struct stmt *s = stmt_get(db, query_part_put);
    stmt_bind_int(s, "conversation_id", id);
    stmt_bind_text(s, "part", c->part);
    stmt_bind_int(s, "is_redacted", c->is_redacted);
    stmt_bind_text(s, "role_origin", slice_of(role_origin_name(c->role_origin)));
    stmt_bind_real(s, "role_confidence", c->role_confidence);
    stmt_bind_ms(s, "started_at_ms", c->started_at_ms);
    stmt_bind_text(s, "time_origin", slice_of(time_origin_name(c->time_origin)));
    stmt_bind_text(s, "channel", c->channel);
    stmt_bind_text(s, "queue", c->queue);
    stmt_bind_text(s, "agent_id", c->agent_id);
    stmt_bind_text(s, "agent_name", c->agent_name);
    stmt_bind_text(s, "customer_key", c->customer_id);
    stmt_bind_int(s, "nmasked", c->nmasked);
    stmt_bind_blob(s, "content", p->content.bytes, sizeof p->content.bytes);
    stmt_bind_int(s, "raw_bytes", p->raw_bytes);
    stmt_bind_blob(s, "turns", p->turns.s, p->turns.n);
    return stmt_run(s, e);
}

static enum err_code read_part(const struct stmt *s, struct arena *a, struct conversation *out, struct err *e)
{
    *out = (struct conversation){
        .part = arena_dup(a, stmt_text(s, 0)),
        .is_redacted = stmt_int(s, 1) != 0,
        .role_origin = role_origin_of(stmt_text(s, 2)),
        .role_confidence = stmt_real(s, 3),
        .started_at_ms = stmt_is_null(s, 4) ? MS_NONE : stmt_int(s, 4),
        .time_origin = conversation_origin(stmt_text(s, 5)),
        .channel = arena_dup(a, stmt_text(s, 6)),
        .queue = arena_dup(a, stmt_text(s, 7)),
        .agent_id = arena_dup(a, stmt_text(s, 8)),
        .agent_name = arena_dup(a, stmt_text(s, 9)),
        .customer_id = arena_dup(a, stmt_text(s, 10)),
        .nmasked = (uint32_t)stmt_int(s, 11),
    };
    if (out->part.s == NULL || out->channel.s == NULL || out->queue.s == NULL || out->agent_id.s == NULL ||
        out->agent_name.s == NULL || out->customer_id.s == NULL)
        return err_nomem(e);
    return conversation_unpack(stmt_text(s, 13), stmt_int(s, 12), a, &out->turns, &out->nturns, e);
}

static enum err_code read_parts(struct store *db, int64_t id, struct arena *a, struct conversation **out, size_t *n,
                                struct err *e)
{
    struct stmt *s = stmt_get(db, query_part_list);
    bool has = true;
    enum err_code rc = ERR_OK;
    *n = 0;
    *out = NULL;
    stmt_bind_int(s, "conversation_id", id);
    while (rc == ERR_OK && (rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        if (*out == NULL)
            *out = arena_zalloc(a, (size_t)stmt_int(s, 14), sizeof **out);
        rc = *out != NULL ? read_part(s, a, &(*out)[(*n)++], e) : err_nomem(e);
    }
    (void)stmt_get(db, query_part_list);
    return rc;
}

/* C is the only piece of conversation ID: it is C. */
static enum err_code put_single(struct store *db, int64_t id, int64_t file_id, const struct conversation *c,
                                const struct packed *p, const struct tags *tags, struct arena *a, struct err *e)
{
    struct conversation old;
    enum err_code rc = store_conversation_get(db, id, a, &old, e);
    return rc == ERR_OK ? conversation_replace(db, id, common_turns(&old, c), file_id, c, p, tags, e) : rc;
}

enum err_code parts_put(struct store *db, int64_t file_id, const struct stored *old, const struct conversation *c,
                        const struct packed *p, const struct tags *tags, enum store_put *how, struct err *e)
{
    struct conversation *parts;
    size_t n;
    int64_t id = old->id;
    bool is_known = false;
    struct arena *a = NULL;
    enum err_code rc = id != 0 ? match_part(db, id, c, p, &is_known, e) : ERR_OK;
    *how = STORE_SKIPPED;
    if (rc != ERR_OK || is_known)
        return rc;
    if (id == 0) {
        *how = STORE_ADDED;
        rc = conversation_add(db, file_id, c, p, tags, &id, e);
        return rc == ERR_OK ? write_part(db, id, c, p, e) : rc;
    }
    if ((a = arena_new(0)) == NULL)
        return err_nomem(e);
    *how = STORE_REPLACED;
    rc = write_part(db, id, c, p, e);
    if (rc == ERR_OK)
        rc = read_parts(db, id, a, &parts, &n, e);
    if (rc == ERR_OK)
        rc = n == 1 ? put_single(db, id, file_id, c, p, tags, a, e) : put_joined(db, id, file_id, parts, n, a, how, e);
    arena_free(a);
    return rc;
}
