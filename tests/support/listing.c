#include "tests/support/listing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ingest/probe.h"
#include "ingest/split.h"

static void put_field(struct strbuf *b, const char *name, struct slice x)
{
    if (x.n != 0)
        strbuf_printf(b, " %s=%.*s", name, SLICE_ARG(x));
}

static enum err_code list_conversation(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    struct listing *l = ctx;
    struct strbuf *b = &l->out;
    l->conversations++;
    strbuf_printf(b, "%ld:", at->line);
    strbuf_add_slice(b, c->external_id);
    put_field(b, "source", c->source);
    put_field(b, "channel", c->channel);
    put_field(b, "queue", c->queue);
    put_field(b, "agent", c->agent_id);
    put_field(b, "agent-name", c->agent_name);
    put_field(b, "customer", c->customer_id);
    if (c->started_at_ms != MS_NONE)
        strbuf_printf(b, " at=%lld/%s", (long long)c->started_at_ms, time_origin_name(c->time_origin));
    strbuf_putc(b, '\n');
    for (uint32_t i = 0; i < c->nturns; i++) {
        const struct turn *t = &c->turns[i];
        strbuf_printf(b, "  %s", role_name(t->role));
        put_field(b, "id", t->speaker_id);
        put_field(b, "name", t->speaker_name);
        if (t->start_ms != MS_NONE)
            strbuf_printf(b, " %lld", (long long)t->start_ms);
        if (t->end_ms != MS_NONE)
            strbuf_printf(b, "-%lld", (long long)t->end_ms);
        strbuf_printf(b, "|%.*s\n", SLICE_ARG(t->text));
    }
    return strbuf_failed(b) ? err_nomem(e) : ERR_OK;
}

static enum err_code list_reject(void *ctx, const struct place *at, const char *reason, struct err *e)
{
    struct listing *l = ctx;
    l->rejects++;
    strbuf_printf(&l->out, "%ld!%s\n", at->line, reason);
    return strbuf_failed(&l->out) ? err_nomem(e) : ERR_OK;
}

struct reader_sink listing_sink(struct listing *l)
{
    return (struct reader_sink){l, list_conversation, list_reject};
}

enum err_code text_input_read(void *text_input, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct text_input *in = text_input;
    if (in->left.n == 0 && in->fails)
        return err_set(e, ERR_INPUT, "cut off");
    size_t most = cap < in->step ? cap : in->step;
    *n = in->left.n < most ? in->left.n : most;
    if (*n != 0)
        memcpy(buf, in->left.s, *n);
    in->left.s += *n;
    in->left.n -= *n;
    return ERR_OK;
}

/* Cut and parse the documents as the driver does. */
static enum err_code read_documents(const struct format *f, const struct reader_input *in, const char *path,
                                    const struct layout *layout, const struct reader_options *o,
                                    const struct reader_sink *sink, struct err *e)
{
    struct splitter *s = splitter_new(in, layout, o->max_record_bytes != 0 ? o->max_record_bytes : (size_t)64 << 20);
    struct json_parser *parser = json_parser_new();
    struct arena *a = arena_new(0);
    struct split_batch b = SPLIT_BATCH_INIT;
    enum err_code rc = ERR_OK;
    for (bool has = true; has && rc == ERR_OK;) {
        rc = splitter_next(s, &b, 1, &has, e);
        for (size_t i = 0; i < b.ndocs && rc == ERR_OK; i++) {
            struct place at = {path, b.docs[i].line, b.docs[i].offset};
            struct json doc;
            if (b.docs[i].reason != NULL)
                rc = sink->reject(sink->ctx, &at, b.docs[i].reason, e);
            else if (json_parse(parser, (struct slice){b.text + b.docs[i].from, b.docs[i].n}, &doc, e) != ERR_OK)
                rc = sink->reject(sink->ctx, &at, e->msg, e);
            else
                rc = f->parse(doc, &at, o, a, sink, e);
        }
    }
    arena_free(a);
    json_parser_free(parser);
    splitter_free(s);
    split_batch_free(&b);
    return rc;
}

void expect_listing(const char *label, const char *format, const char *path, struct slice text, struct reader_options o,
                    const char *want)
{
    const size_t steps[] = {1, 7, 100000};
    const struct sample sample = {text, true, path};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct listing l = {STRBUF_INIT, 0, 0};
        struct text_input input = {text, steps[i], false};
        struct reader_input in = {&input, text_input_read};
        struct reader_sink sink = listing_sink(&l);
        struct reader_options options = o;
        struct layout layout;
        const struct format *f;
        struct err e = {.code = ERR_OK};
        if (probe(&sample, NULL, &options, &layout, &f, &e) != ERR_OK)
            fail_msg("%s: not recognised: %s", label, e.msg);
        if (strcmp(f->name, format) != 0)
            fail_msg("%s: recognised as %s", label, f->name);
        enum err_code rc = f->parse != NULL ? read_documents(f, &in, path, &layout, &options, &sink, &e)
                                            : f->read(&in, path, &options, &sink, &e);
        strbuf_puts(&l.out, rc != ERR_OK ? e.msg : "");
        if (strcmp(l.out.s != NULL ? l.out.s : "", want) != 0)
            fail_msg("%s, by %zu: got\n%s", label, steps[i], l.out.s);
        strbuf_free(&l.out);
    }
}
