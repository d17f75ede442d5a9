#include "ingest/json_rows.h"

#include "ingest/split.h"

#define BATCH_BYTES ((size_t)256 << 10)
#define PEEK_BYTES  ((size_t)4 << 10)

/* IN again from its beginning, of which some bytes were read to look at. */
struct peeked {
    const struct reader_input *in;
    char bytes[PEEK_BYTES];
    size_t n, at;
};

static enum err_code read_peeked(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct peeked *p = ctx;
    if (p->at == p->n)
        return p->in->read(p->in->ctx, buf, cap, n, e);
    *n = p->n - p->at < cap ? p->n - p->at : cap;
    memcpy(buf, p->bytes + p->at, *n);
    p->at += *n;
    return ERR_OK;
}

/* Does the text begin with "["? Then it is cut into the items of that list. */
static enum err_code peek(struct peeked *p, bool *is_array, struct err *e)
{
    struct slice text = {p->bytes, 0};
    *is_array = false;
    for (size_t n = 1; text.n == 0 && n != 0 && p->n < PEEK_BYTES;) {
        if (p->in->read(p->in->ctx, p->bytes + p->n, PEEK_BYTES - p->n, &n, e) != ERR_OK)
            return e->code;
        p->n += n;
        text = slice_trim((struct slice){p->bytes, p->n});
    }
    *is_array = text.n != 0 && text.s[0] == '[';
    return ERR_OK;
}

/* The items of LIST. */
static enum err_code add_items(const struct json_rows *r, const struct json_rows_kind *kind, struct json list,
                               const struct place *at, struct err *e)
{
    struct json item;
    for (struct json_iter it = json_iterate(list); json_next(&it, NULL, &item);)
        if (kind->add(r, item, at, e) != ERR_OK)
            return e->code;
    return ERR_OK;
}

/* A list in DOC whose first item is a row. */
static bool list_of(const struct json_rows_kind *kind, struct json doc, struct json *list)
{
    struct json first;
    for (struct json_iter it = json_iterate(doc); json_next(&it, NULL, list);) {
        struct json_iter items = json_iterate(*list);
        if (json_type_of(*list) == JSON_ARRAY && json_next(&items, NULL, &first) && kind->is_row(first))
            return true;
    }
    return false;
}

static enum err_code add_document(const struct json_rows *r, const struct json_rows_kind *kind,
                                  struct json_parser *parser, struct slice text, const struct place *at, struct err *e)
{
    struct json doc, list;
    enum err_code rc = json_parse(parser, text, &doc, e);
    if (rc == ERR_INPUT)
        return r->sink->reject(r->sink->ctx, at, e->msg, e);
    if (rc != ERR_OK)
        return rc;
    if (json_type_of(doc) == JSON_ARRAY)
        return add_items(r, kind, doc, at, e);
    if (json_type_of(doc) == JSON_OBJECT && !kind->is_row(doc) && list_of(kind, doc, &list))
        return add_items(r, kind, list, at, e);
    return kind->add(r, doc, at, e);
}

static enum err_code add_batch(const struct json_rows *r, const struct json_rows_kind *kind, struct json_parser *parser,
                               const struct split_batch *b, const char *path, struct err *e)
{
    for (size_t i = 0; i < b->ndocs; i++) {
        const struct split_doc *d = &b->docs[i];
        struct place at = {path, d->line, d->offset};
        enum err_code rc = d->reason != NULL
                               ? r->sink->reject(r->sink->ctx, &at, d->reason, e)
                               : add_document(r, kind, parser, (struct slice){b->text + d->from, d->n}, &at, e);
        arena_reset(r->a);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* Add all that S gives; *trouble is what ended it early. */
static enum err_code add_all(const struct json_rows *r, const struct json_rows_kind *kind, struct splitter *s,
                             const char *path, struct err *trouble, struct err *e)
{
    struct json_parser *parser = json_parser_new();
    struct split_batch b = SPLIT_BATCH_INIT;
    enum err_code rc = parser != NULL ? ERR_OK : err_nomem(e);
    for (bool has = true; rc == ERR_OK && has;) {
        rc = splitter_next(s, &b, BATCH_BYTES, &has, e);
        if (rc == ERR_INPUT || rc == ERR_IO) { /* cut off: what came before is kept */
            *trouble = *e;
            rc = ERR_OK;
            has = false;
        }
        if (rc == ERR_OK)
            rc = add_batch(r, kind, parser, &b, path, e);
    }
    split_batch_free(&b);
    json_parser_free(parser);
    return rc;
}

enum err_code json_rows_read(const struct reader_input *in, const char *path, const struct reader_options *o,
                             const struct reader_sink *sink, const struct json_rows_kind *kind, struct err *e)
{
    struct peeked p = {.in = in};
    const struct reader_input again = {&p, read_peeked};
    struct layout layout = {.kind = LAYOUT_STREAM};
    bool is_array;
    enum err_code rc = peek(&p, &is_array, e);
    if (rc != ERR_OK)
        return rc;
    if (is_array)
        layout.kind = LAYOUT_ARRAY;
    struct json_rows r = {o, sink, grouper_new(path, 0, sink), arena_new(0)};
    struct splitter *s = splitter_new(&again, &layout, o->max_record_bytes);
    struct err trouble = {.code = ERR_OK};
    rc = r.grouper != NULL && r.a != NULL && s != NULL ? add_all(&r, kind, s, path, &trouble, e) : err_nomem(e);
    if (rc == ERR_OK)
        rc = grouper_finish(r.grouper, e);
    if (rc == ERR_OK && trouble.code != ERR_OK) {
        *e = trouble;
        rc = e->code;
    }
    splitter_free(s);
    arena_free(r.a);
    grouper_free(r.grouper);
    return rc;
}
