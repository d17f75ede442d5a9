/* policies suggest: what was told and is not in the catalogue, as entries for it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/analyze.h"
#include "analyze/policy.h"
#include "analyze/propose.h"
#include "cli/command.h"
#include "cli/screen.h"
#include "core/arena.h"
#include "core/array.h"
#include "core/csv.h"
#include "core/file.h"
#include "core/stats_rate.h"
#include "store/stmt.h"

enum { MOST_CONVERSATIONS = 20000, EXAMPLE_WIDTH = 96, EXAMPLE_LINES = 3, CATALOGUE_MAX = 16 << 20 };

/* ---- what was told ---- */

/* What the tags say of a turn. */
struct mark {
    bool is_delivery, is_unlisted, is_dispute;
    enum style style;
    double p;
};

struct reading {
    struct session *s;
    struct proposer *p;
    struct arena *a;
    struct mark *marks;
    uint32_t cap;
    struct strbuf text;
    int64_t nconversations, ndeliveries, nlisted;
    int64_t nuntagged, ntagged_otherwise; /* conversations in the database */
};

static enum err_code read_marks(struct reading *r, int64_t id, uint32_t nturns, struct err *e)
{
    if (nturns > r->cap) {
        if (!array_resize(&r->marks, nturns, sizeof *r->marks))
            return err_nomem(e);
        r->cap = nturns;
    }
    if (nturns > 0)
        memset(r->marks, 0, nturns * sizeof *r->marks);
    struct stmt *s = stmt_get(r->s->db, query_unlisted_tags);
    stmt_bind_int(s, "conversation_id", id);
    bool has;
    enum err_code rc;
    while ((rc = stmt_step(s, &has, e)) == ERR_OK && has) {
        int64_t turn = stmt_int(s, 0);
        if (turn < 0 || turn >= nturns)
            continue;
        struct mark *m = &r->marks[turn];
        if (slice_is(stmt_text(s, 1), "dispute")) {
            m->is_dispute = true;
            continue;
        }
        m->is_delivery = true;
        m->is_unlisted = stmt_int(s, 2) != 0;
        m->p = stmt_real(s, 4);
        if (!style_from_name(stmt_text(s, 3), &m->style))
            m->style = STYLE_NONE;
    }
    return rc;
}

/* Was what was told before turn FROM disputed from there on, before something else was told? */
static bool is_disputed(const struct mark *marks, const struct conversation *c, uint32_t from)
{
    for (uint32_t i = from; i < c->nturns && !marks[i].is_delivery; i++)
        if (marks[i].is_dispute)
            return true;
    return false;
}

/* The statement that begins with turn *AT, which is left behind its last turn. */
static enum err_code add_statement(struct reading *r, int64_t id, const struct conversation *c, uint32_t *at,
                                   struct err *e)
{
    const struct mark *m = r->marks;
    uint32_t i = *at;
    struct statement s = {.conversation = id, .turn = i, .style = m[i].style};
    strbuf_clear(&r->text);
    for (; i < c->nturns && c->turns[i].role != ROLE_CUSTOMER && (!m[i].is_delivery || m[i].is_unlisted); i++) {
        if (!m[i].is_delivery)
            continue;
        strbuf_puts(&r->text, s.ndeliveries > 0 ? "\n\n" : "");
        strbuf_add_slice(&r->text, c->turns[i].text);
        s.ndeliveries++;
        s.p = m[i].p > s.p ? m[i].p : s.p;
    }
    if (strbuf_failed(&r->text))
        return err_nomem(e);
    *at = i;
    s.text = strbuf_slice(&r->text);
    s.is_disputed = is_disputed(m, c, i);
    bool is_listed = false;
    enum err_code rc = proposer_add(r->p, &s, &is_listed, e);
    *(is_listed ? &r->nlisted : &r->ndeliveries) += s.ndeliveries;
    return rc;
}

static enum err_code read_conversation(struct reading *r, int64_t id, struct err *e)
{
    struct conversation c;
    arena_reset(r->a);
    enum err_code rc = store_conversation_get(r->s->db, id, r->a, &c, e);
    if (rc == ERR_OK)
        rc = read_marks(r, id, c.nturns, e);
    if (rc != ERR_OK)
        return rc;
    r->nconversations++;
    for (uint32_t i = 0; i < c.nturns && rc == ERR_OK;) {
        if (r->marks != NULL && r->marks[i].is_unlisted)
            rc = add_statement(r, id, &c, &i, e);
        else if (c.turns[i].role == ROLE_AGENT)
            rc = proposer_add_other(r->p, c.turns[i++].text, e);
        else
            i++;
    }
    return rc;
}

static enum err_code read_all(struct reading *r, struct err *e)
{
    int64_t *ids = calloc(MOST_CONVERSATIONS, sizeof *ids);
    size_t n = 0;
    bool has;
    enum err_code rc = ERR_OK;
    if (ids == NULL)
        return err_nomem(e);
    struct stmt *s = stmt_get(r->s->db, query_unlisted_newest);
    stmt_bind_int(s, "most", MOST_CONVERSATIONS);
    while (rc == ERR_OK && (rc = stmt_step(s, &has, e)) == ERR_OK && has && n < MOST_CONVERSATIONS)
        ids[n++] = stmt_int(s, 0);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = read_conversation(r, ids[i], e);
    free(ids);
    return rc;
}

/* ---- what was not looked at ---- */

static enum err_code count_to_tag(struct reading *r, struct err *e)
{
    struct stmt *s = stmt_get(r->s->db, query_conversation_to_tag);
    bool has = false;
    stmt_bind_text(s, "hash", ruleset_info(r->s->rules).hash);
    enum err_code rc = stmt_step(s, &has, e);
    r->nuntagged = rc == ERR_OK && has ? stmt_int(s, 0) : 0;
    r->ntagged_otherwise = rc == ERR_OK && has ? stmt_int(s, 1) : 0;
    (void)stmt_get(r->s->db, query_conversation_to_tag);
    return rc;
}

/* On standard error, so that --csv gives rows only. Tags of another catalogue matter where they leave nothing to
 * propose: where this one has grown since, what it covers now is told by the table. */
static void tell_to_tag(const struct reading *r)
{
    struct err what = {.code = ERR_OK};
    if (r->nuntagged > 0) {
        err_set(&what, ERR_PARTIAL, "policies: %" PRId64 " conversation%s not tagged yet", r->nuntagged,
                r->nuntagged == 1 ? " is" : "s are");
        err_hint(&what, "tag what is new: broach analyze");
        console_error(r->s->console, &what);
    }
    if (r->ntagged_otherwise > 0 && r->ndeliveries == 0) {
        err_set(&what, ERR_PARTIAL, "policies: %" PRId64 " conversation%s tagged by another catalogue or other rules",
                r->ntagged_otherwise, r->ntagged_otherwise == 1 ? " is" : "s are");
        err_hint(&what, "give the same --policies and rules as to broach run, or tag again: broach analyze");
        console_error(r->s->console, &what);
    }
}

/* ---- for people ---- */

static enum err_code put_example(struct strbuf *out, struct session *s, const struct statement *x, struct err *e)
{
    struct strbuf text = STRBUF_INIT;
    struct stmt *row = stmt_get(s->db, query_conversation_name);
    stmt_bind_int(row, "conversation_id", x->conversation);
    bool has;
    enum err_code rc = stmt_step(row, &has, e);
    if (rc == ERR_OK && has) {
        strbuf_puts(out, "    ");
        screen_text(out, stmt_text(row, 0));
        strbuf_printf(out, " turn %lu, %s%s:\n", (unsigned long)x->turn, style_name(x->style),
                      x->is_disputed ? ", disputed" : "");
        rc = stmt_step(row, &has, e);
    }
    screen_text(&text, x->text);
    struct slice rest = strbuf_slice(&text);
    for (int line = 0; rest.n > 0 && line < EXAMPLE_LINES; line++) {
        strbuf_puts(out, "      ");
        strbuf_add_slice(out, screen_line(&rest, EXAMPLE_WIDTH));
        strbuf_puts(out, rest.n > 0 && line + 1 == EXAMPLE_LINES ? " ...\n" : "\n");
    }
    if (rc == ERR_OK && strbuf_failed(&text))
        rc = err_nomem(e);
    strbuf_free(&text);
    return rc;
}

static enum err_code put_proposal(struct strbuf *out, struct session *s, const struct proposal *x, struct err *e)
{
    strbuf_add_slice(out, x->id);
    strbuf_printf(out, ": %.*s\n  told in %lu conversations, %lu times; disputed in %lu", SLICE_ARG(x->title),
                  (unsigned long)x->nconversations, (unsigned long)x->nstatements, (unsigned long)x->ndisputed);
    if (x->nconversations >= STATS_ENOUGH) {
        struct stats_interval rate = stats_wilson(x->ndisputed, x->nconversations);
        strbuf_printf(out, " (%.0f %%, %.0f to %.0f)", rate.at * 100, rate.low * 100, rate.high * 100);
    }
    const char *comma = "; ";
    for (int i = STYLE_CONFRONTATIONAL; i < STYLE_COUNT; i++) {
        if (x->styles[i] == 0)
            continue;
        strbuf_printf(out, "%s%lu %s", comma, (unsigned long)x->styles[i], style_name((enum style)i));
        comma = ", ";
    }
    strbuf_puts(out, "\n  phrases: ");
    strbuf_add_slice(out, x->phrases);
    strbuf_putc(out, '\n');
    enum err_code rc = ERR_OK;
    for (uint32_t i = 0; i < x->nexamples && rc == ERR_OK; i++)
        rc = put_example(out, s, x->examples[i], e);
    strbuf_putc(out, '\n');
    return rc;
}

static enum err_code put_table(struct strbuf *out, const struct reading *r, const struct proposal *all, size_t n,
                               struct err *e)
{
    int64_t grouped = 0;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        grouped += all[i].ndeliveries;
        rc = put_proposal(out, r->s, &all[i], e);
    }
    if (r->ndeliveries == 0 && r->nuntagged + r->ntagged_otherwise > 0)
        strbuf_puts(out, "No policy is proposed.\n");
    else if (r->ndeliveries == 0)
        strbuf_puts(out, "All that was told is in the catalogue.\n");
    else
        strbuf_printf(out,
                      "%zu polic%s proposed for %" PRId64 " of %" PRId64 " deliveries in %" PRId64 " conversation%s "
                      "that are not in the catalogue; the others share too few words.\n",
                      n, n == 1 ? "y" : "ies", grouped, r->ndeliveries, r->nconversations, plural(r->nconversations));
    if (r->nlisted > 0)
        strbuf_printf(out, "%" PRId64 " more are covered by the catalogue as it is now: broach analyze --policies.\n",
                      r->nlisted);
    return rc;
}

/* ---- for the catalogue ---- */

/* How the catalogue that is there is written. */
struct form {
    char delimiter;
    uint32_t order[64]; /* what stands in each column: as catalogue_column() says; CATALOGUE_COLUMNS: nothing of ours */
    size_t ncolumns;
    bool has_header, has_open_line; /* its last line has no end */
};

static enum err_code read_form(const char *path, struct form *f, struct err *e)
{
    *f = (struct form){.order = {CATALOGUE_ID, CATALOGUE_TITLE, CATALOGUE_OWNER, CATALOGUE_PHRASES},
                       .ncolumns = CATALOGUE_COLUMNS};
    struct strbuf text = STRBUF_INIT;
    enum err_code rc = path != NULL ? file_read_all(path, CATALOGUE_MAX, &text, e) : ERR_OK;
    struct slice rest = strbuf_slice(&text);
    f->has_open_line = rest.n > 0 && rest.s[rest.n - 1] != '\n';
    struct csv_reader *r = csv_reader_of(&rest, &f->delimiter);
    struct csv_record rec;
    bool has = false;
    if (rc == ERR_OK && r == NULL)
        rc = err_nomem(e);
    if (rc == ERR_OK && (rc = csv_read(r, &rec, &has, e)) == ERR_OK && has && csv_is_sep_hint(&rec))
        rc = csv_read(r, &rec, &has, e);
    f->has_header = rc == ERR_OK && has;
    f->ncolumns = f->has_header ? 0 : f->ncolumns;
    for (size_t i = 0; f->has_header && i < rec.nfields && i < sizeof f->order / sizeof f->order[0]; i++)
        f->order[f->ncolumns++] = catalogue_column(rec.fields[i]);
    csv_reader_free(r);
    strbuf_free(&text);
    return rc;
}

/* Proposals are made of words: no quotation mark stands in them. */
static void put_cell(struct strbuf *out, const struct form *f, struct slice cell)
{
    if (f->delimiter == ',') {
        csv_put_text(out, cell);
        return;
    }
    strbuf_printf(out, "\"%.*s\"", SLICE_ARG(cell));
}

static enum err_code put_rows(struct strbuf *out, const char *catalogue, const struct proposal *all, size_t n,
                              struct err *e)
{
    struct form f;
    enum err_code rc = read_form(catalogue, &f, e);
    if (rc != ERR_OK)
        return rc;
    if (!f.has_header)
        strbuf_puts(out, "id,title,owner,phrases\n");
    else if (f.has_open_line && n > 0)
        strbuf_putc(out, '\n');
    for (size_t i = 0; i < n; i++) {
        const struct slice cells[CATALOGUE_COLUMNS + 1] = {
            [CATALOGUE_ID] = all[i].id, [CATALOGUE_TITLE] = all[i].title, [CATALOGUE_PHRASES] = all[i].phrases};
        for (size_t k = 0; k < f.ncolumns; k++) {
            if (k > 0)
                strbuf_putc(out, f.delimiter);
            if (cells[f.order[k]].n > 0)
                put_cell(out, &f, cells[f.order[k]]);
        }
        strbuf_putc(out, '\n');
    }
    return ERR_OK;
}

enum err_code cmd_policies(struct session *s, struct err *e)
{
    if (strcmp(s->options->operands[0], "suggest") != 0) {
        err_set(e, ERR_USAGE, "policies: unknown \"%.40s\"", s->options->operands[0]);
        return err_hint(e, "usage: broach policies suggest --db FILE [--policies CSV] [--csv]");
    }
    if (options_number(s->options, OPT_LEAST) < 1)
        return err_set(e, ERR_USAGE, "policies: --least wants a number from 1 on");
    struct reading r = {.s = s, .p = proposer_new(s->rules), .a = arena_new(0), .text = STRBUF_INIT};
    struct strbuf out = STRBUF_INIT;
    const struct propose_options o = {.least = (uint32_t)options_number(s->options, OPT_LEAST),
                                      .examples = (uint32_t)options_number(s->options, OPT_EXAMPLES)};
    const struct proposal *all = NULL;
    size_t n = 0;
    enum err_code rc = r.p != NULL && r.a != NULL ? read_all(&r, e) : err_nomem(e);
    if (rc == ERR_OK)
        rc = count_to_tag(&r, e);
    if (rc == ERR_OK)
        rc = proposer_run(r.p, &o, &all, &n, e);
    if (rc == ERR_OK && options_flag(s->options, OPT_CSV))
        rc = put_rows(&out, options_text(s->options, OPT_POLICIES), all, n, e);
    else if (rc == ERR_OK)
        rc = put_table(&out, &r, all, n, e);
    if (rc == ERR_OK && strbuf_failed(&out))
        rc = err_nomem(e);
    if (rc == ERR_OK)
        tell_to_tag(&r);
    if (rc == ERR_OK && out.n > 0)
        fwrite(out.s, 1, out.n, stdout);
    strbuf_free(&out);
    strbuf_free(&r.text);
    free(r.marks);
    arena_free(r.a);
    proposer_free(r.p);
    return rc;
}
