#include "ingest/json_sample.h"

#include <stdio.h>

#include "core/json_check.h"
#include "core/strbuf.h"
#include "ingest/split.h"

#define LOOK_DOCS 10

#define MOST_FORMATS 128

struct look {
    const struct format *only;
    struct json_parser *parser;
    struct strbuf padded;
    unsigned votes[MOST_FORMATS]; /* for each row of the table, documents of which it is the first that fits */
};

static bool vote(struct look *l, struct json doc)
{
    for (size_t i = 0; i < MOST_FORMATS && formats[i].name != NULL; i++) {
        const struct format *f = &formats[i];
        if (f->fits != NULL && (l->only == NULL || l->only == f) && f->fits(doc)) {
            l->votes[i]++;
            return true;
        }
    }
    return false;
}

/* Does TEXT parse, and fit? ERR_INPUT if it is no JSON. */
static enum err_code try(struct look *l, struct slice text, bool *fits, struct err *e)
{
    struct json doc;
    *fits = false;
    strbuf_clear(&l->padded);
    strbuf_add_slice(&l->padded, text);
    if (strbuf_reserve(&l->padded, JSON_PADDING) == NULL)
        return err_nomem(e);
    memset(l->padded.s + text.n, ' ', JSON_PADDING);
    if (json_parse(l->parser, (struct slice){l->padded.s, text.n}, &doc, e) != ERR_OK)
        return e->code;
    *fits = vote(l, doc);
    return ERR_OK;
}

static size_t skip_blanks(struct slice x, size_t at, const char *also)
{
    while (at < x.n && (x.s[at] == ' ' || (x.s[at] >= '\t' && x.s[at] <= '\r') || strchr(also, x.s[at]) != NULL))
        at++;
    return at;
}

/* The first item of the list that begins at TEXT.s[at]; empty if it is cut off or there is none. */
static struct slice first_item(struct slice text, size_t at)
{
    at = skip_blanks(text, at + 1, "");
    struct slice rest = {text.s + at, text.n - at};
    rest.n = split_value(rest);
    return rest;
}

/* TEXT begins an object that is too large for the sample: is there a list in it whose items fit? */
static enum err_code find_list(struct look *l, struct slice text, struct layout *layout, struct err *e)
{
    size_t at = 1;
    for (;;) {
        at = skip_blanks(text, at, ",");
        struct slice key = {text.s + at, text.n - at};
        key.n = key.n != 0 && key.s[0] == '"' ? split_value(key) : 0;
        if (key.n < 2)
            return ERR_OK;
        at = skip_blanks(text, at + key.n, ":");
        if (at >= text.n)
            return ERR_OK;
        if (text.s[at] == '[' && key.n - 2 < sizeof layout->key) {
            struct slice item = first_item(text, at);
            bool fits = false;
            if (item.n != 0 && try(l, item, &fits, e) == ERR_NOMEM)
                return e->code;
            if (fits) {
                layout->kind = LAYOUT_KEY;
                memcpy(layout->key, key.s + 1, key.n - 2);
                layout->key[key.n - 2] = '\0';
                return ERR_OK;
            }
        }
        bool is_bare = strchr("[{\"", text.s[at]) == NULL;
        size_t n = is_bare ? 0 : split_value((struct slice){text.s + at, text.n - at});
        while (is_bare && at + n < text.n && text.s[at + n] != ',' && text.s[at + n] != '}')
            n++;
        if (n == 0)
            return ERR_OK;
        at += n;
    }
}

static enum err_code choose_layout(struct look *l, struct slice text, struct layout *layout, struct err *e)
{
    struct slice doc = {text.s, split_value(text)};
    bool fits = false;
    *layout = (struct layout){.kind = LAYOUT_STREAM};
    if (text.s[0] == '[') {
        struct slice item = first_item(text, 0);
        if (item.n != 0 && try(l, item, &fits, e) == ERR_NOMEM)
            return e->code;
        if (fits)
            layout->kind = LAYOUT_ARRAY;
        return ERR_OK;
    }
    return doc.n == 0 ? find_list(l, text, layout, e) : ERR_OK;
}

struct text_source {
    struct slice text;
};

static enum err_code text_read(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct text_source *s = ctx;
    (void)e;
    *n = s->text.n < cap ? s->text.n : cap;
    if (*n != 0)
        memcpy(buf, s->text.s, *n);
    s->text.s += *n;
    s->text.n -= *n;
    return ERR_OK;
}

/* The place where the first document breaks. */
static void note_fault(const struct split_doc *d, struct slice text, struct json_sample *out)
{
    struct json_fault fault;
    out->is_first_broken = true;
    out->broken_line = d->line;
    out->broken_column = (long)d->column + 1;
    if (d->reason != NULL || json_check(text, NULL, &fault))
        return;
    out->broken_line += fault.line - 1;
    out->broken_column = fault.line == 1 ? (long)d->column + fault.column : fault.column;
}

static enum err_code look_at(struct look *l, const struct split_batch *b, bool is_all, struct json_sample *out,
                             struct err *e)
{
    for (size_t i = 0; i < b->ndocs && out->ndocs < LOOK_DOCS; i++) {
        const struct split_doc *d = &b->docs[i];
        bool is_cut = !is_all && (d->reason != NULL || d->from + d->n == b->ntext);
        bool fits = false;
        if (d->is_other || is_cut)
            continue;
        enum err_code rc = d->reason == NULL ? try(l, (struct slice){b->text + d->from, d->n}, &fits, e)
                                             : err_set(e, ERR_INPUT, "%s", d->reason);
        if (rc == ERR_NOMEM)
            return rc;
        if (rc != ERR_OK && out->ndocs == 0) {
            note_fault(d, (struct slice){b->text + d->from, d->n}, out);
            (void)snprintf(out->reason, sizeof out->reason, "%.*s", (int)sizeof out->reason - 1, e->msg);
        }
        out->ndocs++;
    }
    return ERR_OK;
}

static const struct format *elected(const struct look *l)
{
    size_t best = 0;
    for (size_t i = 1; i < MOST_FORMATS; i++)
        if (l->votes[i] > l->votes[best])
            best = i;
    return l->votes[best] != 0 ? &formats[best] : NULL;
}

bool json_sample_is_short(struct slice text)
{
    size_t at = skip_blanks(text, 0, "");
    if (at < text.n && text.s[at] == '[')
        at = skip_blanks(text, at + 1, "");
    return at < text.n && (text.s[at] == '{' || text.s[at] == '[') &&
           split_value((struct slice){text.s + at, text.n - at}) == 0;
}

enum err_code json_sample_look(const struct sample *s, const struct format *only, struct layout *layout,
                               struct json_sample *out, struct err *e)
{
    struct look l = {.only = only};
    struct split_batch b = SPLIT_BATCH_INIT;
    struct splitter *splitter = NULL;
    enum err_code rc = ERR_OK;
    size_t at = skip_blanks(s->text, 0, "");
    struct text_source source = {{s->text.s + at, s->text.n - at}};
    *out = (struct json_sample){.is_json = source.text.n != 0 && (source.text.s[0] == '{' || source.text.s[0] == '[')};
    if (!out->is_json)
        return ERR_OK;
    l.parser = json_parser_new();
    if (l.parser == NULL)
        return err_nomem(e);
    if ((rc = choose_layout(&l, source.text, layout, e)) != ERR_OK)
        goto cleanup;
    struct reader_input in = {&source, text_read};
    splitter = splitter_new(&in, layout, s->text.n + 1);
    if (splitter == NULL) {
        rc = err_nomem(e);
        goto cleanup;
    }
    for (bool has = true; has && out->ndocs < LOOK_DOCS;) {
        if ((rc = splitter_next(splitter, &b, 1, &has, e)) != ERR_OK ||
            (rc = look_at(&l, &b, s->is_all, out, e)) != ERR_OK)
            goto cleanup;
    }
    out->format = elected(&l);
    for (size_t i = 0; i < at; i++) /* the blank lines before it */
        out->broken_line += s->text.s[i] == '\n';
cleanup:
    splitter_free(splitter);
    split_batch_free(&b);
    strbuf_free(&l.padded);
    json_parser_free(l.parser);
    return rc;
}
