#include "cli/review_labels.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/json_write.h"
#include "store/stmt.h"

/* What people said of one turn. */
struct votes {
    int64_t delivery, style[STYLE_COUNT]; /* all about deliveries; of these for a style */
    int64_t dispute, is_dispute;
    int64_t hostile, is_hostile;
};

static void add_vote(struct votes *v, struct slice kind, struct slice value, int64_t n)
{
    enum style style;
    if (slice_is(kind, "delivery")) {
        v->delivery += n;
        if (style_from_name(value, &style))
            v->style[style] += n;
    } else if (slice_is(kind, "dispute")) {
        v->dispute += n;
        v->is_dispute += slice_is(value, "no") ? 0 : n;
    } else if (slice_is(kind, "hostile")) {
        v->hostile += n;
        v->is_hostile += slice_is(value, "no") ? 0 : n;
    }
}

static enum err_code read_votes(struct store *db, int64_t id, uint32_t nturns, struct votes *votes, struct err *e)
{
    struct stmt *s = stmt_get(db, query_label_votes);
    stmt_bind_int(s, "conversation_id", id);
    bool has;
    enum err_code rc;
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has)
        if (stmt_int(s, 0) >= 0 && stmt_int(s, 0) < nturns)
            add_vote(&votes[stmt_int(s, 0)], stmt_text(s, 1), stmt_text(s, 2), stmt_int(s, 3));
    return rc;
}

/* Is every turn judged that can have a label? */
static bool is_whole(const struct conversation *c, const struct votes *votes)
{
    for (uint32_t i = 0; i < c->nturns; i++) {
        if (slice_trim(c->turns[i].text).n == 0)
            continue;
        if ((c->turns[i].role == ROLE_AGENT && votes[i].delivery == 0) ||
            (c->turns[i].role == ROLE_CUSTOMER && (votes[i].dispute == 0 || votes[i].hostile == 0)))
            return false;
    }
    return true;
}

/* The style that most of those who saw a delivery saw, the first of equals; STYLE_NONE if most saw none. */
static enum style style_of(const struct votes *v)
{
    int64_t yes = 0;
    enum style best = STYLE_CONFRONTATIONAL;
    for (int i = STYLE_CONFRONTATIONAL; i < STYLE_COUNT; i++) {
        yes += v->style[i];
        if (v->style[i] > v->style[best])
            best = (enum style)i;
    }
    return 2 * yes > v->delivery ? best : STYLE_NONE;
}

static void put_turns(struct strbuf *out, const struct conversation *c)
{
    for (uint32_t i = 0; i < c->nturns; i++) {
        strbuf_printf(out, "%s{\"role\":\"%s\",\"text\":", i > 0 ? "," : "", role_name(c->turns[i].role));
        json_escape(out, c->turns[i].text, false);
        strbuf_putc(out, '}');
    }
}

static void put_labels(struct strbuf *out, const struct conversation *c, const struct votes *votes)
{
    const char *comma = "";
    strbuf_puts(out, "],\"labels\":{\"deliveries\":[");
    for (uint32_t i = 0; i < c->nturns; i++) {
        enum style style = style_of(&votes[i]);
        if (style == STYLE_NONE)
            continue;
        strbuf_printf(out, "%s{\"turn\":%lu,\"style\":\"%s\"}", comma, (unsigned long)i, style_name(style));
        comma = ",";
    }
    strbuf_puts(out, "],\"disputes\":[");
    comma = "";
    for (uint32_t i = 0; i < c->nturns; i++) {
        if (2 * votes[i].is_dispute <= votes[i].dispute)
            continue;
        strbuf_printf(out, "%s%lu", comma, (unsigned long)i);
        comma = ",";
    }
    strbuf_puts(out, "],\"hostile\":[");
    comma = "";
    for (uint32_t i = 0; i < c->nturns; i++) {
        if (2 * votes[i].is_hostile <= votes[i].hostile)
            continue;
        strbuf_printf(out, "%s%lu", comma, (unsigned long)i);
        comma = ",";
    }
    strbuf_puts(out, "]}}\n");
}

static enum err_code put_conversation(struct session *s, int64_t id, struct arena *a, struct strbuf *out, bool *is_put,
                                      struct err *e)
{
    struct conversation c;
    enum err_code rc = store_conversation_get(s->db, id, a, &c, e);
    if (rc != ERR_OK)
        return rc;
    struct votes *votes = arena_zalloc(a, c.nturns, sizeof *votes);
    if (votes == NULL)
        return err_nomem(e);
    if ((rc = read_votes(s->db, id, c.nturns, votes, e)) != ERR_OK)
        return rc;
    *is_put = is_whole(&c, votes);
    if (!*is_put)
        return ERR_OK;
    strbuf_puts(out, "{\"conversation_id\":");
    json_escape(out, c.external_id, false);
    strbuf_puts(out, ",\"source\":");
    json_escape(out, c.source, false);
    strbuf_puts(out, ",\"channel\":");
    json_escape(out, c.channel, false);
    strbuf_puts(out, ",\"turns\":[");
    put_turns(out, &c);
    put_labels(out, &c, votes);
    return ERR_OK;
}

enum err_code review_labels(struct session *s, struct strbuf *out, size_t *n, size_t *npartly, struct err *e)
{
    struct arena *a = arena_new(0);
    int64_t id = 0;
    enum err_code rc = a != NULL ? ERR_OK : err_nomem(e);
    *n = *npartly = 0;
    while (rc == ERR_OK) {
        struct stmt *next = stmt_get(s->db, query_label_judged);
        bool has, is_put = false;
        stmt_bind_int(next, "after", id);
        if ((rc = stmt_step(next, &has, e)) != ERR_OK || !has)
            break;
        id = stmt_int(next, 0);
        (void)stmt_get(s->db, query_label_judged);
        arena_reset(a);
        rc = put_conversation(s, id, a, out, &is_put, e);
        *(is_put ? n : npartly) += 1;
    }
    arena_free(a);
    return rc;
}
