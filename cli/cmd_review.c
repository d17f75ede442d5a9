/* review: conversations to judge, out as a sheet and back. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "cli/command.h"
#include "cli/review_labels.h"
#include "core/arena.h"
#include "core/csv.h"
#include "core/file.h"
#include "ingest/decode.h"

/* ---- out ---- */

static const char header[] = "source,conversation,turn,role,text,delivery,dispute,hostile,labeller\r\n";

static void put_turn(struct strbuf *out, const struct conversation *c, uint32_t i)
{
    csv_put_text(out, c->source);
    strbuf_putc(out, ',');
    csv_put_text(out, c->external_id);
    strbuf_printf(out, ",%lu,%s,", (unsigned long)i, role_name(c->turns[i].role));
    csv_put_text(out, c->turns[i].text);
    strbuf_puts(out, ",,,,\r\n");
}

static enum err_code write_sheet(struct session *s, struct arena *a, struct err *e)
{
    int64_t most = options_number(s->options, OPT_SAMPLE);
    size_t n = 0;
    struct strbuf out = STRBUF_INIT;
    if (most < 1 || most > 100000)
        return err_set(e, ERR_USAGE, "review: --sample wants a number from 1 to 100000");
    int64_t *ids = calloc((size_t)most, sizeof *ids);
    enum err_code rc = ids != NULL ? store_label_sample(s->db, ids, (size_t)most, &n, e) : err_nomem(e);
    strbuf_puts(&out, header);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        struct conversation c;
        arena_reset(a);
        if ((rc = store_conversation_get(s->db, ids[i], a, &c, e)) != ERR_OK)
            break;
        for (uint32_t t = 0; t < c.nturns; t++)
            put_turn(&out, &c, t);
    }
    if (rc == ERR_OK && strbuf_failed(&out))
        rc = err_nomem(e);
    if (rc == ERR_OK) {
        fwrite(out.s, 1, out.n, stdout);
        console_summary(s->console, "review: %zu conversations to judge", n);
    }
    strbuf_free(&out);
    free(ids);
    return rc;
}

/* ---- and back ---- */

#define MOST_SHEET_BYTES ((size_t)256 << 20)
#define PIECE_BYTES      ((size_t)64 << 10)
#define SHEET_HINT       "broach review --db FILE >sheet.csv makes one; when it is filled in, save it as CSV UTF-8"

enum field { SOURCE, CONVERSATION, TURN, DELIVERY, DISPUTE, HOSTILE, LABELLER, FIELDS };

static const char *const field_names[FIELDS] = {"source",  "conversation", "turn",    "delivery",
                                                "dispute", "hostile",      "labeller"};

struct reading {
    struct session *s;
    struct arena *a;
    const char *path;
    size_t columns[FIELDS]; /* where each field stands in this sheet */
    int64_t id;             /* of the conversation in c; 0: none */
    struct conversation c;
    int64_t nlabels, nrejects;
    int64_t nnameless;   /* rows of this sheet that are judged but name no labeller */
    long first_nameless; /* the line of the first */
};

/* A column that is not there is no column of empty cells, which say no: without any of them it is no sheet. */
static enum err_code find_columns(struct reading *r, const struct csv_record *head, struct err *e)
{
    for (int f = 0; f < FIELDS; f++) {
        size_t i = 0;
        while (i < head->nfields && !slice_is(slice_trim(head->fields[i]), field_names[f]))
            i++;
        if (i == head->nfields) {
            err_set(e, ERR_INPUT, "%s: this is no sheet of review: no column %s", r->path, field_names[f]);
            return err_hint(e, SHEET_HINT);
        }
        r->columns[f] = i;
    }
    return ERR_OK;
}

static void find_fields(const struct reading *r, const struct csv_record *rec, struct slice out[FIELDS])
{
    for (int f = 0; f < FIELDS; f++)
        out[f] = r->columns[f] < rec->nfields ? slice_trim(rec->fields[r->columns[f]]) : (struct slice){NULL, 0};
    /* What the sheet wrote to keep a spreadsheet from running it. */
    for (int f = SOURCE; f <= CONVERSATION; f++)
        if (out[f].n > 1 && out[f].s[0] == '\'' && strchr("=+-@", out[f].s[1]) != NULL)
            out[f].s++, out[f].n--;
}

static bool is_word(struct slice x, const char *word)
{
    return x.n == strlen(word) && strncasecmp(x.s, word, x.n) == 0;
}

static bool is_no(struct slice x)
{
    return x.n == 0 || is_word(x, "no") || is_word(x, "n") || is_word(x, "0") || is_word(x, "false");
}

static bool is_yes(struct slice x)
{
    return is_word(x, "yes") || is_word(x, "y") || is_word(x, "1") || is_word(x, "true") || is_word(x, "x");
}

static enum err_code find_conversation(struct reading *r, const struct slice f[FIELDS], struct err *e)
{
    int64_t id;
    if (r->id != 0 && slice_eq(f[CONVERSATION], r->c.external_id) && slice_eq(f[SOURCE], r->c.source))
        return ERR_OK;
    enum err_code rc = store_conversation_find(r->s->db, f[SOURCE], f[CONVERSATION], &id, e);
    if (rc != ERR_OK)
        return rc;
    if (id == 0)
        return err_set(e, ERR_INPUT, "no conversation %.*s in the database", SLICE_ARG(f[CONVERSATION]));
    r->id = 0;
    arena_reset(r->a);
    if ((rc = store_conversation_get(r->s->db, id, r->a, &r->c, e)) == ERR_OK)
        r->id = id;
    return rc;
}

static enum err_code find_turn(const struct reading *r, struct slice x, uint32_t *turn, struct err *e)
{
    uint64_t t = 0;
    for (size_t i = 0; i < x.n; i++) {
        if (x.s[i] < '0' || x.s[i] > '9' || t > UINT32_MAX)
            return err_set(e, ERR_INPUT, "turn \"%.*s\" is no number", (int)(x.n < 20 ? x.n : 20), x.s);
        t = 10 * t + (uint64_t)(x.s[i] - '0');
    }
    if (x.n == 0 || t >= r->c.nturns)
        return err_set(e, ERR_INPUT, "the conversation has turns 0 to %ld", (long)r->c.nturns - 1);
    *turn = (uint32_t)t;
    return ERR_OK;
}

static enum err_code put(struct reading *r, uint32_t turn, const char *kind, const char *value, struct slice labeller,
                         struct err *e)
{
    const struct store_label label = {r->id, turn, kind, value, labeller, r->s->now_ms};
    r->nlabels++;
    return store_label_put(r->s->db, &label, e);
}

static enum err_code put_delivery(struct reading *r, uint32_t turn, const struct slice f[FIELDS], struct err *e)
{
    if (!is_no(f[DISPUTE]) || !is_no(f[HOSTILE]))
        return err_set(e, ERR_INPUT, "turn %lu is the agent's: dispute and hostile stay empty", (unsigned long)turn);
    if (is_no(f[DELIVERY]))
        return put(r, turn, "delivery", "no", f[LABELLER], e);
    for (int s = STYLE_CONFRONTATIONAL; s < STYLE_COUNT; s++)
        if (is_word(f[DELIVERY], style_name((enum style)s)))
            return put(r, turn, "delivery", style_name((enum style)s), f[LABELLER], e);
    return err_set(e, ERR_INPUT, "delivery is confrontational, choice, neutral, offrecord or empty, not \"%.*s\"",
                   (int)(f[DELIVERY].n < 40 ? f[DELIVERY].n : 40), f[DELIVERY].s);
}

static enum err_code put_reactions(struct reading *r, uint32_t turn, const struct slice f[FIELDS], struct err *e)
{
    for (int k = DISPUTE; k <= HOSTILE; k++)
        if (!is_no(f[k]) && !is_yes(f[k]))
            return err_set(e, ERR_INPUT, "%s is yes or empty, not \"%.*s\"", field_names[k],
                           (int)(f[k].n < 40 ? f[k].n : 40), f[k].s);
    if (!is_no(f[DELIVERY]))
        return err_set(e, ERR_INPUT, "turn %lu is the customer's: delivery stays empty", (unsigned long)turn);
    enum err_code rc = put(r, turn, "dispute", is_yes(f[DISPUTE]) ? "yes" : "no", f[LABELLER], e);
    return rc != ERR_OK ? rc : put(r, turn, "hostile", is_yes(f[HOSTILE]) ? "yes" : "no", f[LABELLER], e);
}

static enum err_code read_judgement(struct reading *r, const struct slice f[FIELDS], struct err *e)
{
    uint32_t turn = 0;
    enum err_code rc = find_conversation(r, f, e);
    if (rc == ERR_OK)
        rc = find_turn(r, f[TURN], &turn, e);
    if (rc != ERR_OK)
        return rc;
    if (r->c.turns[turn].role == ROLE_AGENT)
        return put_delivery(r, turn, f, e);
    return r->c.turns[turn].role == ROLE_CUSTOMER ? put_reactions(r, turn, f, e) : ERR_OK;
}

static void note_nameless(struct reading *r, const struct slice f[FIELDS], long line)
{
    if (f[DELIVERY].n == 0 && f[DISPUTE].n == 0 && f[HOSTILE].n == 0)
        return; /* not judged yet */
    if (r->nnameless++ == 0)
        r->first_nameless = line;
}

/* Told once a sheet, since whoever forgets the name forgets it in many rows; and however many other rows were told. */
static void tell_nameless(struct reading *r)
{
    struct err why = {.code = ERR_OK};
    if (r->nnameless == 0)
        return;
    r->nrejects += r->nnameless;
    err_set(&why, ERR_INPUT, "%s: line %ld: judged, but names no labeller: passed over (rows like this: %lld)", r->path,
            r->first_nameless, (long long)r->nnameless);
    err_hint(&why, "put your name as labeller into each row that you have judged");
    console_troubles_end(r->s->console);
    console_error(r->s->console, &why);
}

/* A row that is wrong is told and passed over. */
static enum err_code take_row(struct reading *r, const struct csv_record *rec, struct err *e)
{
    struct slice f[FIELDS];
    find_fields(r, rec, f);
    if (f[LABELLER].n == 0) {
        note_nameless(r, f, rec->line);
        return ERR_OK;
    }
    enum err_code rc = read_judgement(r, f, e);
    if (rc != ERR_INPUT && rc != ERR_USAGE)
        return rc;
    r->nrejects++;
    err_wrap(e, "%s: line %ld", r->path, rec->line);
    console_trouble(r->s->console, r->path, e);
    return ERR_OK;
}

static enum err_code read_rows(struct reading *r, struct csv_reader *csv, struct err *e)
{
    struct csv_record rec;
    bool has_columns = false;
    for (;;) {
        bool has;
        if (csv_read(csv, &rec, &has, e) != ERR_OK)
            return err_wrap(e, "%s: line %ld", r->path, rec.line);
        if (has && csv_is_sep_hint(&rec))
            continue;
        if (!has && has_columns)
            return ERR_OK;
        enum err_code rc = has_columns ? take_row(r, &rec, e) : find_columns(r, &rec, e);
        if (rc != ERR_OK)
            return rc;
        has_columns = true;
    }
}

/* Spreadsheets save in other encodings than the sheet came in. */
static enum err_code decode(const char *path, struct slice bytes, struct strbuf *text, struct err *e)
{
    struct decoder *d = decoder_new(csv_from_slice, &bytes);
    enum err_code rc = d != NULL ? ERR_OK : err_nomem(e);
    for (size_t n = 1; rc == ERR_OK && n != 0;) {
        char *room = strbuf_reserve(text, PIECE_BYTES);
        if (room == NULL)
            rc = err_nomem(e);
        else if ((rc = decoder_read(d, room, PIECE_BYTES, &n, e)) == ERR_OK)
            text->n += n;
    }
    decoder_free(d);
    if (rc == ERR_INPUT)
        err_hint(e, SHEET_HINT);
    return rc == ERR_OK ? ERR_OK : err_wrap(e, "%s", path);
}

static enum err_code read_sheet(struct reading *r, struct err *e)
{
    struct strbuf bytes = STRBUF_INIT, text = STRBUF_INIT;
    struct csv_reader *csv = NULL;
    enum err_code rc = file_read_all(r->path, MOST_SHEET_BYTES, &bytes, e);
    if (rc == ERR_OK)
        rc = decode(r->path, strbuf_slice(&bytes), &text, e);
    struct slice left = strbuf_slice(&text);
    char delimiter;
    if (rc == ERR_OK && (csv = csv_reader_of(&left, &delimiter)) == NULL)
        rc = err_nomem(e);
    if (rc == ERR_OK)
        rc = read_rows(r, csv, e);
    csv_reader_free(csv);
    strbuf_free(&text);
    strbuf_free(&bytes);
    return rc;
}

static enum err_code read_sheets(struct session *s, struct arena *a, struct err *e)
{
    struct reading r = {.s = s, .a = a};
    enum err_code rc = store_begin(s->db, e);
    for (size_t i = 0; i < s->options->noperands && rc == ERR_OK; i++) {
        r.path = s->options->operands[i];
        r.id = 0;
        r.nnameless = 0;
        if ((rc = read_sheet(&r, e)) == ERR_OK)
            tell_nameless(&r);
    }
    console_troubles_end(s->console);
    if (rc == ERR_OK)
        rc = store_commit(s->db, e);
    if (rc != ERR_OK) {
        store_rollback(s->db);
        return rc;
    }
    console_summary(s->console, "review: %lld judgements, %lld rows rejected", (long long)r.nlabels,
                    (long long)r.nrejects);
    return r.nrejects > 0 ? ERR_PARTIAL : ERR_OK;
}

/* What was judged, as a file for eval and train. */
static enum err_code write_labels(struct session *s, struct err *e)
{
    struct strbuf out = STRBUF_INIT;
    size_t n = 0, npartly = 0;
    enum err_code rc = review_labels(s, &out, &n, &npartly, e);
    if (rc == ERR_OK && strbuf_failed(&out))
        rc = err_nomem(e);
    if (rc == ERR_OK && out.n > 0)
        fwrite(out.s, 1, out.n, stdout);
    if (rc == ERR_OK)
        console_summary(s->console, "review: %zu conversations with labels, %zu left out, as not all turns are judged",
                        n, npartly);
    strbuf_free(&out);
    return rc;
}

/* A sheet out, a sheet back, or labels: one of these at a time. */
static enum err_code check_asked(const struct options *o, struct err *e)
{
    bool is_sample = options_from(o, OPT_SAMPLE) != FROM_DEFAULT, is_labels = options_flag(o, OPT_LABELS);
    if (is_sample && is_labels)
        return err_set(e, ERR_USAGE, "review: --sample and --labels exclude each other");
    if (o->noperands > 0 && (is_sample || is_labels))
        return err_set(e, ERR_USAGE, "review: --%s takes no sheet", is_labels ? "labels" : "sample");
    return ERR_OK;
}

enum err_code cmd_review(struct session *s, struct err *e)
{
    if (check_asked(s->options, e) != ERR_OK)
        return e->code;
    if (options_flag(s->options, OPT_LABELS))
        return write_labels(s, e);
    struct arena *a = arena_new(0);
    if (a == NULL)
        return err_nomem(e);
    enum err_code rc = s->options->noperands == 0 ? write_sheet(s, a, e) : read_sheets(s, a, e);
    arena_free(a);
    return rc;
}
