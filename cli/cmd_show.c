/* show: a conversation with its tags in the margin, as they stand in the database. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/screen.h"
#include "core/arena.h"
#include "core/when.h"
#include "store/stmt.h"

#define MARGIN_WIDTH 30
#define TEXT_WIDTH   80

/* What stands in the margin of each turn, one tag a line. */
struct margins {
    struct strbuf *turns;
    uint32_t nturns;
};

static struct strbuf *margin_of(struct margins *m, int64_t turn)
{
    return turn >= 0 && turn < m->nturns ? &m->turns[turn] : NULL;
}

/* "?" stands behind what is uncertain. */
static void put_practices(struct strbuf *b, int64_t practices, int64_t unsure)
{
    for (int i = 0; i < PRACTICE_COUNT; i++)
        if ((practices & (int64_t)1 << i) != 0)
            strbuf_printf(b, "  + %s%s\n", practice_name((enum practice)i),
                          (unsure & (int64_t)1 << i) != 0 ? " ?" : "");
}

static enum err_code read_deliveries(struct store *db, int64_t id, struct margins *m, struct err *e)
{
    struct stmt *s = stmt_get(db, query_show_deliveries);
    bool has = false;
    enum err_code rc = ERR_OK;
    stmt_bind_int(s, ":conversation_id", id);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        struct strbuf *b = margin_of(m, stmt_int(s, 0));
        if (b == NULL)
            continue;
        strbuf_puts(b, "  ");
        strbuf_add_slice(b, stmt_text(s, 1));
        strbuf_printf(b, " %.2f%s\n    ", stmt_real(s, 4), stmt_int(s, 5) != 0 ? " ?" : "");
        screen_text(b, stmt_text(s, 2));
        strbuf_putc(b, '\n');
        put_practices(b, stmt_int(s, 3), stmt_int(s, 6));
    }
    return rc;
}

static enum err_code read_reactions(struct store *db, int64_t id, struct margins *m, struct err *e)
{
    struct stmt *s = stmt_get(db, query_show_reactions);
    bool has = false;
    enum err_code rc = ERR_OK;
    stmt_bind_int(s, ":conversation_id", id);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        struct strbuf *b = margin_of(m, stmt_int(s, 0));
        if (b == NULL)
            continue;
        strbuf_puts(b, "  ");
        strbuf_add_slice(b, stmt_text(s, 1));
        strbuf_printf(b, " %.2f%s\n", stmt_real(s, 2), stmt_int(s, 3) != 0 ? " ?" : "");
    }
    return rc;
}

static enum err_code print_episodes(struct store *db, int64_t id, struct strbuf *out, struct err *e)
{
    struct stmt *s = stmt_get(db, query_show_episodes);
    bool has = false;
    enum err_code rc = ERR_OK;
    stmt_bind_int(s, ":conversation_id", id);
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        strbuf_puts(out, "episode: ");
        screen_text(out, stmt_text(s, 0));
        strbuf_printf(out, " from turn %ld, told %ld time%s, ", (long)stmt_int(s, 1), (long)stmt_int(s, 3),
                      plural(stmt_int(s, 3)));
        strbuf_add_slice(out, stmt_text(s, 2));
        if (stmt_int(s, 4) != 0 || stmt_int(s, 5) != 0)
            strbuf_printf(out, ", customer %s before", stmt_int(s, 5) != 0 ? "hostile" : "upset");
        strbuf_printf(out, ", %s, ended ", stmt_int(s, 6) != 0 ? "disputed" : "not disputed");
        strbuf_add_slice(out, stmt_text(s, 7));
        strbuf_puts(out, stmt_int(s, 8) != 0 ? ", uncertain\n" : "\n");
    }
    return rc;
}

static void print_head(struct strbuf *out, const struct conversation *c)
{
    char at[WHEN_ISO_BYTES];
    strbuf_puts(out, "conversation ");
    screen_text(out, c->external_id);
    strbuf_puts(out, " from ");
    screen_text(out, c->source);
    if (c->started_at_ms != MS_NONE)
        strbuf_printf(out, ", %s", when_format_iso(c->started_at_ms, at));
    if (c->channel.n > 0) {
        strbuf_puts(out, ", ");
        screen_text(out, c->channel);
    }
    strbuf_printf(out, ", %lu turns\n\n", (unsigned long)c->nturns);
}

/* "  3 agent Ada" and the tags below it, beside the wrapped text. */
static enum err_code print_turn(struct strbuf *out, uint32_t i, const struct turn *t, const struct strbuf *tags,
                                struct err *e)
{
    struct strbuf margin = STRBUF_INIT;
    struct strbuf text = STRBUF_INIT;
    strbuf_printf(&margin, "%4lu %s ", (unsigned long)i, role_name(t->role));
    screen_text(&margin, t->speaker_name.n > 0 ? t->speaker_name : t->speaker_id);
    strbuf_putc(&margin, '\n');
    strbuf_add_slice(&margin, strbuf_slice(tags));
    screen_text(&text, t->text);
    bool has_failed = strbuf_failed(&margin) || strbuf_failed(&text) || strbuf_failed(tags);
    struct slice left = strbuf_slice(&margin);
    struct slice right = strbuf_slice(&text);
    while (!has_failed && (left.n > 0 || right.n > 0)) {
        const char *end = left.n > 0 ? memchr(left.s, '\n', left.n) : NULL;
        size_t n = end != NULL ? (size_t)(end - left.s) : left.n;
        struct slice whole = {left.s, n};
        screen_pad(out, screen_line(&whole, MARGIN_WIDTH), MARGIN_WIDTH);
        size_t used = whole.n > 0 ? (size_t)(whole.s - left.s) : n + (end != NULL);
        left.s += used;
        left.n -= used;
        strbuf_puts(out, " | ");
        strbuf_add_slice(out, screen_line(&right, TEXT_WIDTH));
        strbuf_putc(out, '\n');
    }
    strbuf_free(&margin);
    strbuf_free(&text);
    return has_failed ? err_nomem(e) : ERR_OK;
}

static enum err_code print_conversation(struct session *s, int64_t id, struct arena *a, struct strbuf *out,
                                        struct err *e)
{
    struct conversation c;
    struct margins m = {NULL, 0};
    enum err_code rc = store_conversation_get(s->db, id, a, &c, e);
    if (rc != ERR_OK)
        return rc;
    m.turns = calloc((size_t)c.nturns + 1, sizeof *m.turns);
    if (m.turns == NULL)
        return err_nomem(e);
    m.nturns = c.nturns;
    rc = read_deliveries(s->db, id, &m, e);
    if (rc == ERR_OK)
        rc = read_reactions(s->db, id, &m, e);
    print_head(out, &c);
    for (uint32_t i = 0; rc == ERR_OK && i < c.nturns; i++)
        rc = print_turn(out, i, &c.turns[i], &m.turns[i], e);
    strbuf_putc(out, '\n');
    if (rc == ERR_OK)
        rc = print_episodes(s->db, id, out, e);
    for (uint32_t i = 0; i < m.nturns; i++)
        strbuf_free(&m.turns[i]);
    free(m.turns);
    return rc;
}

enum err_code cmd_show(struct session *s, struct err *e)
{
    struct arena *a = arena_new(0);
    struct strbuf out = STRBUF_INIT;
    int64_t id = 0;
    enum err_code rc = a != NULL ? ERR_OK : err_nomem(e);
    if (rc == ERR_OK)
        rc = session_find_conversation(s, s->options->operands[0], &id, e);
    if (rc == ERR_OK)
        rc = print_conversation(s, id, a, &out, e);
    if (rc == ERR_OK && strbuf_failed(&out))
        rc = err_nomem(e);
    if (rc == ERR_OK)
        fwrite(out.s, 1, out.n, stdout);
    strbuf_free(&out);
    arena_free(a);
    return rc;
}
