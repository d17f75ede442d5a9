/*
 * fuzz_format.c - any bytes at all, read as one format: decoded, probed, cut, read, completed
 *
 * The environment variable FUZZ_FORMAT names the format; without it the bytes are recognised. With libFuzzer (make
 * fuzz) its entry points are called; make check replays the corpora through tests/fuzz/replay.c, with the same
 * functions.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/strbuf.h"
#include "ingest/decode.h"
#include "ingest/finish.h"
#include "ingest/ingest.h"
#include "ingest/probe.h"
#include "ingest/split.h"
#include "ingest/unpack.h"

#define MOST_TEXT ((size_t)4 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct bytes {
    const uint8_t *at;
    size_t n;
};

static enum err_code bytes_read(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct bytes *b = ctx;
    (void)e;
    *n = b->n < cap ? b->n : cap;
    if (*n != 0)
        memcpy(buf, b->at, *n);
    b->at += *n;
    b->n -= *n;
    return ERR_OK;
}

struct text {
    struct slice left;
    size_t step;
};

static enum err_code text_read(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct text *t = ctx;
    size_t most = cap < t->step ? cap : t->step;
    (void)e;
    *n = t->left.n < most ? t->left.n : most;
    if (*n != 0)
        memcpy(buf, t->left.s, *n);
    t->left.s += *n;
    t->left.n -= *n;
    return ERR_OK;
}

/* What all conversations must be, whoever made them; a mistake ends the program, as it does for a sanitizer. */
static void must(bool is_right)
{
    if (!is_right)
        abort();
}

struct sink {
    struct arena *a;
    struct strbuf scratch;
    size_t nbytes; /* so that every byte is looked at */
};

static void look_at(struct sink *s, struct slice x)
{
    must(x.n == 0 || x.s != NULL);
    for (size_t i = 0; i < x.n; i++)
        s->nbytes += (unsigned char)x.s[i];
}

static enum err_code take(void *ctx, const struct conversation *c, const struct place *at, struct err *e)
{
    static const struct finish f = {.format = "fuzz", .mask = MASK_ALL, .name_ms = MS_NONE, .mtime_ms = MS_NONE};
    struct sink *s = ctx;
    struct conversation out;
    uint32_t nunknown;
    (void)at;
    enum err_code rc = finish_conversation(&f, c, s->a, &s->scratch, &out, &nunknown, e);
    if (rc == ERR_INPUT)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    must(out.nturns > 0 && out.source.n > 0 && out.external_id.n > 0 && nunknown <= out.nturns);
    must((unsigned)out.time_origin < TIME_ORIGIN_COUNT && (unsigned)out.role_origin < ROLE_ORIGIN_COUNT);
    const struct slice fields[] = {out.source,   out.external_id, out.channel,     out.queue,
                                   out.agent_id, out.agent_name,  out.customer_id, out.part};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        look_at(s, fields[i]);
    for (uint32_t i = 0; i < out.nturns; i++) {
        const struct turn *t = &out.turns[i];
        must((unsigned)t->role < ROLE_COUNT && t->text.n > 0);
        look_at(s, t->text);
        look_at(s, t->speaker_id);
        look_at(s, t->speaker_name);
    }
    arena_reset(s->a);
    return ERR_OK;
}

static enum err_code refuse(void *ctx, const struct place *at, const char *reason, struct err *e)
{
    struct sink *s = ctx;
    (void)e;
    must(at->line >= -1 && at->offset >= -1);
    look_at(s, slice_of(reason));
    return ERR_OK;
}

static enum err_code read_documents(const struct format *f, const struct reader_input *in, const struct layout *layout,
                                    const struct reader_options *o, const struct reader_sink *sink, struct err *e)
{
    struct splitter *s = splitter_new(in, layout, MOST_TEXT);
    struct json_parser *parser = json_parser_new();
    struct arena *a = arena_new(0);
    struct split_batch b = SPLIT_BATCH_INIT;
    enum err_code rc = ERR_OK;
    for (bool has = true; has && rc == ERR_OK;) {
        rc = splitter_next(s, &b, 1000, &has, e);
        for (size_t i = 0; i < b.ndocs && rc == ERR_OK; i++) {
            struct place at = {"fuzz", b.docs[i].line, b.docs[i].offset};
            struct json doc;
            if (b.docs[i].reason != NULL)
                rc = sink->reject(sink->ctx, &at, b.docs[i].reason, e);
            else if (json_parse(parser, (struct slice){b.text + b.docs[i].from, b.docs[i].n}, &doc, e) == ERR_OK)
                rc = f->parse(doc, &at, o, a, sink, e);
            arena_reset(a);
        }
    }
    arena_free(a);
    json_parser_free(parser);
    splitter_free(s);
    split_batch_free(&b);
    return rc;
}

static void read_text(struct slice text, const char *name, size_t step)
{
    struct sink s = {arena_new(0), STRBUF_INIT, 0};
    struct reader_sink sink = {&s, take, refuse};
    struct text t = {text, step};
    struct reader_input in = {&t, text_read};
    struct sample sample = {text, true, "fuzz"};
    struct reader_options o = {.max_record_bytes = MOST_TEXT};
    struct err e = {.code = ERR_OK};
    struct layout layout;
    const struct format *f;
    if (probe(&sample, name, &o, &layout, &f, &e) == ERR_OK) {
        if (f->parse != NULL)
            (void)!read_documents(f, &in, &layout, &o, &sink, &e);
        else
            (void)!f->read(&in, "fuzz", &o, &sink, &e);
    }
    strbuf_free(&s.scratch);
    arena_free(s.a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const size_t steps[] = {1, 7, 1000, MOST_TEXT};
    struct bytes bytes = {data, n};
    struct decoder *d = decoder_new(bytes_read, &bytes);
    struct strbuf text = STRBUF_INIT;
    struct err e = {.code = ERR_OK};
    for (size_t got = 1; got != 0 && text.n < MOST_TEXT;) {
        char *room = strbuf_reserve(&text, 65536);
        got = 0;
        if (room == NULL || decoder_read(d, room, 65536, &got, &e) != ERR_OK)
            break;
        text.n += got;
    }
    if (text.n != 0)
        read_text(strbuf_slice(&text), getenv("FUZZ_FORMAT"), steps[n % 4]);
    strbuf_free(&text);
    decoder_free(d);
    return 0;
}
