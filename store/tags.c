/* tags.c - what was derived from a conversation: deliveries, reactions, cue hits, episodes */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "store/db.h"

/* ---- writing ---- */

/* The row of ruleset index I, told as a bug if there is none. */
static enum err_code row_of(const int64_t *rows, uint32_t n, uint32_t i, const char *what, int64_t *row, struct err *e)
{
    if (i >= n)
        return err_set(e, ERR_INTERNAL, "tags: %s %u is not of the current ruleset", what, i);
    *row = rows[i];
    return ERR_OK;
}

/* Who says turn T: the turn's speaker, else the conversation's agent. */
static enum err_code teller(struct store *db, const struct conversation *c, uint32_t t, int64_t *row, struct err *e)
{
    *row = 0;
    if (t >= c->nturns)
        return err_set(e, ERR_INTERNAL, "tags: there is no turn %u", t);
    const struct turn *x = &c->turns[t];
    if (x->speaker_id.n != 0 || x->speaker_name.n != 0)
        return agent_row(db, x->speaker_id, x->speaker_name, row, e);
    return agent_row(db, c->agent_id, c->agent_name, row, e);
}

static enum err_code insert_delivery(struct store *db, int64_t id, const struct conversation *c,
                                     const struct delivery *d, struct err *e)
{
    int64_t policy = 0, agent = 0;
    enum err_code rc = row_of(db->policies, db->npolicies, d->policy, "policy", &policy, e);
    if (rc == ERR_OK)
        rc = teller(db, c, d->turn, &agent, e);
    if (rc != ERR_OK)
        return rc;
    const struct value row[] = {
        value_int(id),
        value_int(d->turn),
        value_int(policy),
        value_id(agent),
        value_word(style_name(d->style)),
        value_int(d->practices),
        value_real(d->p),
        value_real(d->p_style),
        value_text(d->key_phrases),
        value_int(d->is_uncertain),
        value_int(d->unsure_practices),
    };
    return pending_add(db, PENDING_DELIVERY, row, sizeof row / sizeof *row, e);
}

static enum err_code insert_reaction(struct store *db, int64_t id, const struct reaction *r, struct err *e)
{
    const struct value row[] = {
        value_int(id),    value_int(r->turn),         value_word(tag_kind_name(r->kind)),
        value_real(r->p), value_int(r->is_uncertain),
    };
    return pending_add(db, PENDING_REACTION, row, sizeof row / sizeof *row, e);
}

#define NUMBER_BYTES 21                     /* of an int64_t, with its sign and what stands behind it */
#define HIT_BYTES    (6 * NUMBER_BYTES + 2) /* of a hit's JSON, at most */

/* U, which is below 10,000. */
static char *put_small(char *to, unsigned u)
{
    if (u >= 1000)
        *to++ = (char)('0' + u / 1000);
    if (u >= 100)
        *to++ = (char)('0' + u / 100 % 10);
    if (u >= 10)
        *to++ = (char)('0' + u / 10 % 10);
    *to++ = (char)('0' + u % 10);
    return to;
}

static char *put_number(char *to, int64_t v)
{
    if (v < 0)
        *to++ = '-';
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    if (u < 10000) /* nearly all of them */
        return put_small(to, (unsigned)u);
    return to + snprintf(to, NUMBER_BYTES, "%" PRIu64, u);
}

/* Thousandths of a weight. What is no sane weight is cut off rather than undefined. */
static int64_t thousandths(float weight)
{
    double most = 1e9, x = (double)weight * 1000;
    if (!(x >= -most && x <= most))
        return 0;
    return (int64_t)(x < 0 ? x - .5 : x + .5);
}

/* Write hit H as "[...],"; *to has HIT_BYTES. */
static enum err_code put_hit(const struct store *db, char **to, const struct cue_hit *h, struct err *e)
{
    int64_t cue = 0;
    enum err_code rc = row_of(db->cues, db->ncues, h->cue, "cue", &cue, e);
    if (rc != ERR_OK)
        return rc;
    const int64_t fields[] = {h->turn, cue, h->span.from, h->span.to, (int64_t)h->kind, thousandths(h->weight)};
    char *at = *to;
    *at++ = '[';
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        at = put_number(at, fields[i]);
        *at++ = ',';
    }
    at[-1] = ']';
    *at++ = ',';
    *to = at;
    return ERR_OK;
}

/* A conversation has ten hits or so: a row for each would be more than all other rows together. */
static enum err_code insert_hits(struct store *db, int64_t id, const struct tags *tags, struct err *e)
{
    struct strbuf *b = &db->hits;
    enum err_code rc = ERR_OK;
    if (tags->nhits == 0)
        return ERR_OK;
    strbuf_clear(b);
    char *to = strbuf_reserve(b, 1 + (size_t)tags->nhits * HIT_BYTES);
    if (to == NULL)
        return err_nomem(e);
    *to++ = '[';
    for (uint32_t i = 0; i < tags->nhits && rc == ERR_OK; i++)
        rc = put_hit(db, &to, &tags->hits[i], e);
    if (rc != ERR_OK)
        return rc;
    to[-1] = ']';
    b->n = (size_t)(to - b->s);
    const struct value row[] = {value_int(id), value_text(strbuf_slice(b))};
    return pending_add(db, PENDING_HIT_LIST, row, sizeof row / sizeof *row, e);
}

static enum err_code insert_episode(struct store *db, int64_t id, struct slice day, const struct episode *x,
                                    struct err *e)
{
    int64_t policy = 0, agent = 0;
    enum err_code rc = row_of(db->policies, db->npolicies, x->policy, "policy", &policy, e);
    if (rc == ERR_OK)
        rc = agent_row(db, x->agent_id, x->agent_name, &agent, e);
    if (rc != ERR_OK)
        return rc;
    const struct value row[] = {
        value_int(id),
        value_int(policy),
        value_text(day),
        value_int(agent),
        value_word(style_name(x->style)),
        value_int(x->practices),
        value_real(x->p),
        value_int(x->first_turn),
        value_int(x->rounds),
        value_int(x->is_upset_before),
        value_int(x->is_hostile_before),
        value_int(x->is_disputed),
        x->is_disputed ? value_int(x->dispute_turn) : (struct value){.type = VALUE_NULL},
        value_int(x->is_hostile_after),
        value_int(x->is_escalated),
        value_word(outcome_name(x->outcome)),
        value_int(x->is_uncertain),
    };
    rc = pending_add(db, PENDING_EPISODE, row, sizeof row / sizeof *row, e);
    return rc == ERR_OK ? aggregate_episode(db, day, agent, policy, x, e) : rc;
}

enum err_code tags_insert(struct store *db, int64_t id, const struct conversation *c, const struct tags *tags,
                          struct err *e)
{
    char day_text[DB_DAY_BYTES];
    struct slice day = db_day(db, c->started_at_ms, day_text);
    enum err_code rc = ERR_OK;
    db_waits(db, id);
    for (uint32_t i = 0; i < tags->ndeliveries && rc == ERR_OK; i++)
        rc = insert_delivery(db, id, c, &tags->deliveries[i], e);
    for (uint32_t i = 0; i < tags->nreactions && rc == ERR_OK; i++)
        rc = insert_reaction(db, id, &tags->reactions[i], e);
    if (rc == ERR_OK)
        rc = insert_hits(db, id, tags, e);
    for (uint32_t i = 0; i < tags->nepisodes && rc == ERR_OK; i++)
        rc = insert_episode(db, id, day, &tags->episodes[i], e);
    return rc;
}

enum err_code tags_delete(struct store *db, int64_t id, struct err *e)
{
    static const enum query all[] = {query_delivery_delete, query_reaction_delete, query_hit_list_delete,
                                     query_episode_delete};
    enum err_code rc = db_flush_if_waiting(db, id, e);
    for (size_t i = 0; i < sizeof all / sizeof all[0] && rc == ERR_OK; i++) {
        struct stmt *s = stmt_get(db, all[i]);
        stmt_bind_int(s, "conversation_id", id);
        rc = stmt_run(s, e);
    }
    return rc;
}

/* ---- what changed ---- */

/* Walk the stored deliveries of ID beside the new ones; both are in the order of turns. */
static enum err_code compare_deliveries(struct store *db, int64_t id, const struct tags *tags, struct tag_change *ch,
                                        struct err *e)
{
    struct stmt *s = stmt_get(db, query_delivery_list);
    stmt_bind_int(s, "conversation_id", id);
    bool has;
    uint32_t i = 0;
    enum err_code rc;
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        int64_t turn = stmt_int(s, 0);
        for (; i < tags->ndeliveries && tags->deliveries[i].turn < turn; i++)
            ch->deliveries_gained++;
        if (i == tags->ndeliveries || tags->deliveries[i].turn > turn) {
            ch->deliveries_lost++;
            continue;
        }
        const struct delivery *d = &tags->deliveries[i++];
        ch->styles_changed += !slice_is(stmt_text(s, 1), style_name(d->style));
        ch->policies_changed += d->policy >= db->npolicies || db->policies[d->policy] != stmt_int(s, 2);
    }
    ch->deliveries_gained += tags->ndeliveries - i;
    return rc;
}

/* The same for the reactions of one KIND. */
static enum err_code compare_reactions(struct store *db, int64_t id, const struct tags *tags, enum tag_kind kind,
                                       int64_t *gained, int64_t *lost, struct err *e)
{
    struct stmt *s = stmt_get(db, query_reaction_list);
    stmt_bind_int(s, "conversation_id", id);
    stmt_bind_text(s, "kind", slice_of(tag_kind_name(kind)));
    bool has;
    uint32_t i = 0;
    enum err_code rc;
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        int64_t turn = stmt_int(s, 0);
        for (; i < tags->nreactions && (tags->reactions[i].kind != kind || tags->reactions[i].turn < turn); i++)
            *gained += tags->reactions[i].kind == kind;
        if (i < tags->nreactions && tags->reactions[i].turn == turn)
            i++;
        else
            ++*lost;
    }
    for (; i < tags->nreactions; i++)
        *gained += tags->reactions[i].kind == kind;
    return rc;
}

static enum err_code compare(struct store *db, int64_t id, const struct tags *tags, struct tag_change *change,
                             struct err *e)
{
    struct tag_change c = {0};
    enum err_code rc = compare_deliveries(db, id, tags, &c, e);
    if (rc == ERR_OK)
        rc = compare_reactions(db, id, tags, TAG_DISPUTE, &c.disputes_gained, &c.disputes_lost, e);
    if (rc == ERR_OK)
        rc = compare_reactions(db, id, tags, TAG_HOSTILE, &c.hostile_gained, &c.hostile_lost, e);
    if (rc != ERR_OK)
        return rc;
    change->conversations += (c.deliveries_gained | c.deliveries_lost | c.styles_changed | c.policies_changed |
                              c.disputes_gained | c.disputes_lost | c.hostile_gained | c.hostile_lost) != 0;
    change->deliveries_gained += c.deliveries_gained;
    change->deliveries_lost += c.deliveries_lost;
    change->styles_changed += c.styles_changed;
    change->policies_changed += c.policies_changed;
    change->disputes_gained += c.disputes_gained;
    change->disputes_lost += c.disputes_lost;
    change->hostile_gained += c.hostile_gained;
    change->hostile_lost += c.hostile_lost;
    return ERR_OK;
}

static enum err_code was_tagged(struct store *db, int64_t id, bool *was, struct err *e)
{
    struct stmt *s = stmt_get(db, query_conversation_ruleset);
    stmt_bind_int(s, "conversation_id", id);
    bool has;
    enum err_code rc = stmt_step(s, &has, e);
    *was = rc == ERR_OK && has && !stmt_is_null(s, 0);
    (void)stmt_get(db, query_conversation_ruleset);
    return rc;
}

enum err_code store_tags_put(struct store *db, int64_t id, const struct tags *tags, struct tag_change *change,
                             struct err *e)
{
    struct conversation c;
    bool was = false;
    enum err_code rc = db_need_txn(db, "tags_put", e);
    if (rc == ERR_OK && db->ruleset_id == 0)
        rc = err_set(e, ERR_INTERNAL, "tags_put: no current ruleset");
    if (rc != ERR_OK)
        return rc;
    struct arena *a = arena_new(0);
    if (a == NULL)
        return err_nomem(e);
    if ((rc = db_flush_if_waiting(db, id, e)) == ERR_OK)
        rc = store_conversation_get(db, id, a, &c, e); /* day and speakers */
    if (rc == ERR_OK)
        rc = was_tagged(db, id, &was, e);
    if (rc == ERR_OK && was)
        rc = compare(db, id, tags, change, e);
    if (rc == ERR_OK)
        rc = tags_delete(db, id, e);
    if (rc == ERR_OK)
        rc = tags_insert(db, id, &c, tags, e);
    if (rc == ERR_OK) {
        struct stmt *s = stmt_get(db, query_conversation_set_ruleset);
        stmt_bind_int(s, "ruleset_id", db->ruleset_id);
        stmt_bind_int(s, "conversation_id", id);
        rc = stmt_run(s, e);
    }
    arena_free(a);
    return rc;
}

enum err_code store_change_note(struct store *db, int64_t run_id, const struct tag_change *change, struct err *e)
{
    struct stmt *s = stmt_get(db, query_ruleset_change_insert);
    stmt_bind_int(s, "run_id", run_id);
    stmt_bind_int(s, "ruleset_id", db->ruleset_id);
    stmt_bind_int(s, "conversations", change->conversations);
    stmt_bind_int(s, "deliveries_gained", change->deliveries_gained);
    stmt_bind_int(s, "deliveries_lost", change->deliveries_lost);
    stmt_bind_int(s, "styles_changed", change->styles_changed);
    stmt_bind_int(s, "policies_changed", change->policies_changed);
    stmt_bind_int(s, "disputes_gained", change->disputes_gained);
    stmt_bind_int(s, "disputes_lost", change->disputes_lost);
    stmt_bind_int(s, "hostile_gained", change->hostile_gained);
    stmt_bind_int(s, "hostile_lost", change->hostile_lost);
    return stmt_run(s, e);
}
