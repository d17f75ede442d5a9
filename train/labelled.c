#include "train/labelled.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/json.h"
#include "ingest/finish.h"
#include "ingest/formats/readers.h"

enum { LABELLED_FILE_MAX = 1 << 30 };

struct reading {
    struct labelled_set *s;
    const struct labelled_options *o;
    struct json_parser *parser;
    struct arena *scratch_arena; /* of one line */
    struct strbuf scratch;
    const char *path;
    size_t nread;         /* conversations of this file */
    struct err first;     /* what is wrong with its first bad line */
    struct labelled *now; /* the conversation of this line; NULL: none yet */
};

static enum err_code refuse(struct reading *r, long line, const char *why, struct err *e)
{
    if (r->first.code == ERR_OK)
        (void)err_set(&r->first, ERR_INPUT, "line %ld: %s", line, why);
    (void)err_set(e, ERR_INPUT, "%s: line %ld: %s", r->path, line, why);
    r->s->nrejects++;
    if (r->o->reject != NULL)
        r->o->reject(r->o->ctx, r->path, e);
    return ERR_OK;
}

/* ---- labels ---- */

static struct turn_label *label_at(struct labelled *l, struct json v)
{
    int64_t turn;
    return json_int(v, &turn) && turn >= 0 && turn < (int64_t)l->nlabels ? &l->labels[turn] : NULL;
}

/* Is the turn of LABEL by anybody but ROLE, as far as is known? */
static bool is_of_other(const struct labelled *l, const struct turn_label *label, enum role role)
{
    enum role other = role == ROLE_AGENT ? ROLE_CUSTOMER : ROLE_AGENT;
    return label->turn != NO_TURN && l->c.turns[label->turn].role == other;
}

/* All that follow return NULL, or what is wrong. */

static const char *read_practices(struct json list, struct turn_label *label)
{
    struct json x;
    if (json_type_of(list) != JSON_ARRAY)
        return "labels: practices are no list";
    struct slice word;
    enum practice p;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &x);) {
        if (!json_string(x, &word) || !practice_from_name(word, &p))
            return "labels: a delivery has a practice of an unknown name";
        label->practices |= 1u << p;
    }
    return NULL;
}

static const char *read_deliveries(struct labelled *l, struct json list)
{
    struct json d, x;
    struct slice word;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &d);) {
        struct turn_label *label = json_get(d, "turn", &x) ? label_at(l, x) : NULL;
        if (label == NULL)
            return "labels: a delivery without a turn, or of one that is not there";
        if (is_of_other(l, label, ROLE_AGENT))
            return "labels: a delivery in a turn of the customer (turns count from 0)";
        if (label->is_delivery)
            return "labels: a turn is labelled as a delivery twice";
        label->is_delivery = true;
        if (!json_get(d, "style", &x) || !json_string(x, &word) || !style_from_name(word, &label->style) ||
            label->style == STYLE_NONE)
            return "labels: a delivery without a style, or of one that is none";
        label->has_practices = json_get(d, "practices", &x);
        const char *why = label->has_practices ? read_practices(x, label) : NULL;
        if (why != NULL)
            return why;
    }
    return NULL;
}

static const char *read_reactions(struct labelled *l, struct json list, bool is_hostile)
{
    struct json x;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &x);) {
        struct turn_label *label = label_at(l, x);
        if (label == NULL)
            return is_hostile ? "labels: hostile names a turn that is not there"
                              : "labels: disputes names a turn that is not there";
        if (is_of_other(l, label, ROLE_CUSTOMER))
            return is_hostile ? "labels: hostile names a turn of the agent (turns count from 0)"
                              : "labels: disputes names a turn of the agent (turns count from 0)";
        if (is_hostile)
            label->is_hostile = true;
        else
            label->is_dispute = true;
    }
    return NULL;
}

/* *NKNOWN counts the lists that are known; others may stand beside them. */
static const char *read_list(struct labelled *l, struct slice name, struct json list, size_t *nknown)
{
    bool is_deliveries = slice_is(name, "deliveries"), is_hostile = slice_is(name, "hostile");
    if (!is_deliveries && !is_hostile && !slice_is(name, "disputes"))
        return NULL;
    ++*nknown;
    if (json_type_of(list) != JSON_ARRAY)
        return is_deliveries ? "labels: deliveries is no list"
               : is_hostile  ? "labels: hostile is no list"
                             : "labels: disputes is no list";
    return is_deliveries ? read_deliveries(l, list) : read_reactions(l, list, is_hostile);
}

/* Labels of another form, or a number for a list, would be turns without labels, and quietly spoil what is measured. */
static const char *read_labels(struct labelled *l, struct json doc)
{
    struct json labels, x;
    struct slice name;
    const char *why = NULL;
    size_t n = 0, nknown = 0;
    if (!json_get(doc, "labels", &labels) || json_type_of(labels) != JSON_OBJECT)
        return "a conversation without labels";
    for (struct json_iter it = json_iterate(labels); why == NULL && json_next(&it, &name, &x); n++)
        why = read_list(l, name, x, &nknown);
    return why != NULL || n == 0 || nknown > 0 ? why : "labels: none of deliveries, disputes and hostile is there";
}

/* One label a turn of the written list, which is known by its key or by the highest number of a turn with words (a
 * list of the newest first has been turned round). */
static enum err_code make_labels(struct labelled *l, struct json doc, struct arena *a, struct err *e)
{
    struct json list;
    size_t n = json_get(doc, "turns", &list) ? json_count(list) : 0;
    for (uint32_t i = 0; i < l->c.nturns; i++)
        n = turn_number(&l->c, i) < n ? n : turn_number(&l->c, i) + (size_t)1;
    l->nlabels = (uint32_t)n;
    l->labels = arena_zalloc(a, l->nlabels, sizeof *l->labels);
    if (l->labels == NULL)
        return err_nomem(e);
    for (uint32_t i = 0; i < l->nlabels; i++)
        l->labels[i].turn = NO_TURN;
    for (uint32_t i = 0; i < l->c.nturns; i++)
        l->labels[turn_number(&l->c, i)].turn = i;
    return ERR_OK;
}

/* ---- lines ---- */

static struct labelled *add_item(struct labelled_set *s)
{
    if (s->n == s->cap) {
        size_t cap = s->cap != 0 ? 2 * s->cap : 256;
        struct labelled *items = realloc(s->items, cap * sizeof *items);
        if (items == NULL)
            return NULL;
        s->items = items;
        s->cap = cap;
    }
    s->items[s->n] = (struct labelled){.nlabels = 0};
    return &s->items[s->n++];
}

static enum err_code on_conversation(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    struct reading *r = ctx;
    uint32_t nunknown;
    struct finish f = {.source = r->o->source, .format = "json", .mask = r->o->mask, .name_ms = MS_NONE};
    f.mtime_ms = MS_NONE;
    if (r->now != NULL)
        return err_set(e, ERR_INPUT, "more than one conversation in a line");
    if ((r->now = add_item(r->s)) == NULL)
        return err_nomem(e);
    r->now->line = at->line;
    return finish_conversation(&f, c, r->s->a, &r->scratch, &r->now->c, &nunknown, e);
}

static enum err_code on_reject(void *ctx, const struct place *at, const char *reason, struct err *e)
{
    (void)ctx, (void)at;
    return err_set(e, ERR_INPUT, "%s", reason);
}

static enum err_code read_line(struct reading *r, struct slice text, long line, struct err *e)
{
    struct json doc;
    struct place at = {r->path, line, -1};
    struct reader_options ro = {.max_record_bytes = 0};
    struct reader_sink sink = {r, on_conversation, on_reject};
    size_t before = r->s->n;
    const char *why = NULL;
    r->now = NULL;
    arena_reset(r->scratch_arena);
    enum err_code rc = json_parse(r->parser, text, &doc, e);
    if (rc == ERR_OK)
        rc = json_generic_parse(doc, &at, &ro, r->scratch_arena, &sink, e);
    if (rc == ERR_OK && r->now == NULL)
        rc = err_set(e, ERR_INPUT, "no conversation");
    struct labelled *now = r->now;
    if (rc == ERR_OK && now != NULL && (rc = make_labels(now, doc, r->s->a, e)) == ERR_OK)
        why = read_labels(now, doc);
    if (rc == ERR_OK && why != NULL)
        rc = err_set(e, ERR_INPUT, "%s", why);
    if (rc == ERR_OK && now != NULL) {
        now->file = r->s->nfiles;
        r->nread++;
        return ERR_OK;
    }
    r->s->n = before;
    if (rc != ERR_INPUT)
        return rc;
    struct err reason = *e;
    return refuse(r, line, reason.msg, e);
}

static enum err_code read_text(struct reading *r, struct slice text, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (long line = 1; text.n > 0 && rc == ERR_OK; line++) {
        const char *end = memchr(text.s, '\n', text.n);
        size_t n = end != NULL ? (size_t)(end - text.s) : text.n;
        struct slice one = slice_trim((struct slice){text.s, n});
        if (one.n > 0)
            rc = read_line(r, one, line, e);
        n += end != NULL;
        text.s += n;
        text.n -= n;
    }
    return rc;
}

static void add_to_hash(struct labelled_set *s, struct slice text)
{
    struct hash128 both[2] = {s->hash, hash128(text)};
    s->hash = hash128((struct slice){(const char *)both, sizeof both});
}

static enum err_code read_file(struct labelled_set *s, const char *path, const struct labelled_options *o,
                               struct err *e)
{
    static const char padding[JSON_PADDING] = {0};
    struct strbuf text = STRBUF_INIT;
    struct reading r = {.s = s, .o = o, .path = path, .scratch = STRBUF_INIT, .first = {.code = ERR_OK}};
    enum err_code rc = ERR_OK;
    if ((s->a == NULL && (s->a = arena_new(0)) == NULL) || (r.parser = json_parser_new()) == NULL ||
        (r.scratch_arena = arena_new(0)) == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    if ((rc = file_read_all(path, LABELLED_FILE_MAX, &text, e)) != ERR_OK)
        goto cleanup;
    add_to_hash(s, strbuf_slice(&text));
    size_t bom = text.n >= 3 && memcmp(text.s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, n = text.n - bom;
    strbuf_add(&text, padding, sizeof padding);
    rc = strbuf_failed(&text) ? err_nomem(e) : read_text(&r, (struct slice){text.s + bom, n}, e);
    if (rc == ERR_OK && r.nread == 0) {
        rc = err_set(e, ERR_INPUT, "%s: no labelled conversations%s%s", path, r.first.code != ERR_OK ? ": " : "",
                     r.first.code != ERR_OK ? r.first.msg : "");
        (void)err_hint(e, "a labelled file has a conversation a line, with \"turns\" and \"labels\"");
    }
    s->nfiles++;
cleanup:
    strbuf_free(&r.scratch);
    arena_free(r.scratch_arena);
    json_parser_free(r.parser);
    strbuf_free(&text);
    return rc;
}

struct walking {
    struct labelled_set *s;
    const struct labelled_options *o;
    const char *path;
    size_t nfiles;
};

static bool ends_with(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && strcmp(path + n - m, end) == 0;
}

static enum err_code on_file(void *ctx, const struct file_found *f, struct err *e)
{
    struct walking *w = ctx;
    bool is_named = strcmp(f->path, w->path) == 0;
    if (!is_named && !ends_with(f->path, ".jsonl") && !ends_with(f->path, ".jsonl.gz"))
        return ERR_OK;
    w->nfiles++;
    return read_file(w->s, f->path, w->o, e);
}

static enum err_code on_trouble(void *ctx, const char *path, const struct err *why, struct err *e)
{
    (void)ctx, (void)path;
    *e = *why;
    return e->code;
}

enum err_code labelled_read(struct labelled_set *s, const char *path, const struct labelled_options *o, struct err *e)
{
    struct walking w = {s, o, path, 0};
    enum err_code rc = file_walk(path, &w, on_file, on_trouble, e);
    if (rc == ERR_OK && w.nfiles == 0)
        rc = err_set(e, ERR_INPUT, "%s: no labelled conversations", path);
    return rc;
}

void labelled_free(struct labelled_set *s)
{
    arena_free(s->a);
    free(s->items);
    *s = (struct labelled_set){.n = 0};
}
