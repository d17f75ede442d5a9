#include "report/exchange_load.h"

#include <inttypes.h>

enum { TURNS_BEFORE = 2, TURNS_AFTER = 4 };

struct stmt *exchange_head(struct store *db, struct exchange x)
{
    struct stmt *s = stmt_get(db, report_exchange_head);
    stmt_bind_int(s, ":conversation", x.conversation);
    stmt_bind_int(s, ":turn", x.turn);
    return s;
}

static struct slice keep(struct arena *a, struct loaded *l, struct slice x)
{
    struct slice copy = arena_dup(a, x);
    l->has_lost |= copy.s == NULL;
    return copy;
}

static enum err_code load_head(struct store *db, struct arena *a, struct loaded *l, struct err *e)
{
    bool has;
    struct stmt *s = exchange_head(db, l->x);
    enum err_code rc = stmt_step(s, &has, e);
    if (rc != ERR_OK)
        return rc;
    if (!has)
        return err_set(e, ERR_DB, "report: conversation %" PRId64 " is gone", l->x.conversation);
    l->source = keep(a, l, stmt_text(s, 0));
    l->external_id = keep(a, l, stmt_text(s, 1));
    l->started_at = keep(a, l, stmt_text(s, 2));
    l->channel = keep(a, l, stmt_text(s, 3));
    char name[NAMING_BYTES];
    l->agent = keep(a, l, naming_name(l->naming, stmt_text(s, 5), stmt_text(s, 12), name));
    l->title = keep(a, l, stmt_text(s, 6));
    l->style = keep(a, l, stmt_text(s, 7));
    bool is_first = !stmt_is_null(s, 9) && stmt_int(s, 9) == l->x.turn;
    l->dispute_turn = is_first && !stmt_is_null(s, 10) ? stmt_int(s, 10) : -1;
    l->is_uncertain = stmt_int(s, 13) != 0;
    l->outcome = is_first ? keep(a, l, stmt_text(s, 11)) : (struct slice){"", 0};
    return stmt_step(s, &has, e);
}

static struct stmt *bind_turns(struct store *db, enum query q, const struct loaded *l, int64_t from, int64_t to)
{
    struct stmt *s = stmt_get(db, q);
    stmt_bind_int(s, ":conversation", l->x.conversation);
    stmt_bind_int(s, ":from", from);
    stmt_bind_int(s, ":to", to);
    return s;
}

bool exchange_hits_overlap(const struct exchange_hit *x, const struct exchange_hit *y)
{
    return x->turn == y->turn && x->span.from < y->span.to && y->span.from < x->span.to;
}

/* Where words spoke both ways, they are marked as what spoke for the tag. */
static void mark_hits(struct loaded *l)
{
    for (size_t i = 0; i < l->nhits; i++)
        for (size_t k = 0; k < l->nhits && l->hits[i].weight < 0; k++)
            if (l->hits[k].weight > 0 && exchange_hits_overlap(&l->hits[i], &l->hits[k]))
                l->hits[i].is_marked = false;
}

static enum err_code load_marks(struct store *db, struct arena *a, struct loaded *l, int64_t from, int64_t to,
                                struct err *e)
{
    enum err_code rc;
    bool has;
    struct stmt *s = bind_turns(db, report_exchange_tags, l, from, to);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has)
        if (l->ntags < MAX_TAGS)
            l->tags[l->ntags++] =
                (struct exchange_tag){stmt_int(s, 0), slice_is(stmt_text(s, 1), "delivery"), stmt_int(s, 4) != 0,
                                      keep(a, l, stmt_text(s, 2)), keep(a, l, stmt_text(s, 3))};
    if (rc != ERR_OK)
        return rc;
    s = bind_turns(db, report_exchange_hits, l, from, to);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has)
        if (l->nhits < MAX_HITS)
            l->hits[l->nhits++] = (struct exchange_hit){stmt_int(s, 0),
                                                        {(uint32_t)stmt_int(s, 1), (uint32_t)stmt_int(s, 2)},
                                                        keep(a, l, stmt_text(s, 3)),
                                                        keep(a, l, stmt_text(s, 4)),
                                                        stmt_real(s, 5),
                                                        true};
    mark_hits(l);
    return rc;
}

/* With pseudonyms, agents stay unnamed in what was said, too. */
static enum err_code blot_names(struct arena *a, struct loaded *l, struct err *e)
{
    for (int64_t i = 0; l->naming->is_secret && i < l->c.nturns; i++) {
        struct turn *t = &l->c.turns[i];
        char *text = arena_alloc(a, t->text.n + 1);
        if (text == NULL)
            return err_nomem(e);
        if (t->text.n != 0)
            memcpy(text, t->text.s, t->text.n);
        naming_blot(l->naming, l->c.agent_name, text, t->text.n);
        for (int64_t k = 0; k < l->c.nturns; k++) {
            const struct turn *by = &l->c.turns[k];
            bool is_new = by->role == ROLE_AGENT && !slice_eq(by->speaker_name, l->c.agent_name) &&
                          (k == 0 || !slice_eq(by->speaker_name, l->c.turns[k - 1].speaker_name));
            if (is_new)
                naming_blot(l->naming, by->speaker_name, text, t->text.n);
        }
        t->text.s = text;
    }
    return ERR_OK;
}

enum err_code exchange_load(struct store *db, const struct naming *naming, struct arena *a, struct exchange x,
                            struct loaded **out, struct err *e)
{
    enum err_code rc;
    struct loaded *l = arena_zalloc(a, 1, sizeof *l);
    if (l == NULL)
        return err_nomem(e);
    l->x = x;
    l->naming = naming;
    if ((rc = load_head(db, a, l, e)) != ERR_OK ||
        (rc = store_conversation_get(db, x.conversation, a, &l->c, e)) != ERR_OK ||
        (rc = blot_names(a, l, e)) != ERR_OK)
        return rc;
    if (x.turn < 0 || x.turn >= l->c.nturns)
        return err_set(e, ERR_DB, "report: conversation %" PRId64 " has no turn %" PRId64, x.conversation, x.turn);
    int64_t from = x.turn > TURNS_BEFORE ? x.turn - TURNS_BEFORE : 0;
    int64_t to = x.turn + 1 + TURNS_AFTER < l->c.nturns ? x.turn + 1 + TURNS_AFTER : l->c.nturns;
    if ((rc = load_marks(db, a, l, from, to, e)) != ERR_OK)
        return rc;
    if (l->dispute_turn >= to && (rc = load_marks(db, a, l, l->dispute_turn, l->dispute_turn + 1, e)) != ERR_OK)
        return rc;
    if (l->has_lost)
        return err_nomem(e);
    l->from = from;
    l->to = to;
    *out = l;
    return ERR_OK;
}
