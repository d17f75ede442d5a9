#include "tests/support/documents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ingest/probe.h"
#include "ingest/split.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/listing.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* TEXT, with padding, as the format F reads it; the result is in L. A text that does not parse is passed over. */
static enum err_code read_one(const struct format *f, struct slice text, const char *path, struct json_parser *parser,
                              long fail_at, bool *was_hit, struct listing *l, struct err *e)
{
    struct reader_sink sink = listing_sink(l);
    const struct reader_options o = {0};
    const struct place at = {path, 1, 0};
    struct json doc;
    *was_hit = false;
    e->code = ERR_OK;
    if (json_parse(parser, text, &doc, e) != ERR_OK)
        return ERR_INPUT;
    struct arena *a = arena_new(256);
    assert_non_null(a);
    (void)f->fits(doc);
    if (fail_at != 0)
        failing_alloc_at(fail_at);
    enum err_code rc = f->parse(doc, &at, &o, a, &sink, e);
    if (fail_at != 0)
        *was_hit = failing_alloc_off();
    arena_free(a);
    return rc;
}

/* Bytes of the value at S; 0 if no value begins there. */
static size_t value_bytes(struct slice x)
{
    if (x.n == 0)
        return 0;
    if (strchr("{[\"", x.s[0]) != NULL)
        return split_value(x);
    size_t n = 0;
    while (n < x.n && strchr("-+.0123456789abcdefghijklmnopqrstuvwxyzE", x.s[n]) != NULL && x.s[n] != '\0')
        n++;
    return n;
}

static void damage(const struct document_case *c, const struct format *f, struct slice text)
{
    static const char *const instead[] = {"null", "-5",        "1e300",        "\"x\"",  "\"\"",
                                          "[]",   "[null]",    "[[]]",         "{}",     "[{}]",
                                          "true", "[\"a\",1]", "{\"a\":[{}]}", "\"-1\"", "99999999999999999999.5"};
    struct json_parser *parser = json_parser_new();
    struct strbuf damaged = STRBUF_INIT;
    assert_non_null(parser);
    for (size_t at = 0; at < text.n;) {
        struct slice rest = {text.s + at, text.n - at};
        size_t n = value_bytes(rest);
        bool is_string = rest.s[0] == '"';
        for (size_t k = 0; n != 0 && k < ROWS(instead); k++) {
            struct listing l = {STRBUF_INIT, 0, 0};
            struct err e;
            bool was_hit;
            strbuf_clear(&damaged);
            strbuf_add(&damaged, text.s, at);
            strbuf_puts(&damaged, instead[k]);
            strbuf_add(&damaged, text.s + at + n, text.n - at - n);
            size_t length = damaged.n;
            for (int i = 0; i < JSON_PADDING; i++)
                strbuf_putc(&damaged, ' ');
            enum err_code rc = read_one(f, (struct slice){damaged.s, length}, "a.json", parser, 0, &was_hit, &l, &e);
            if (rc != ERR_OK && rc != ERR_INPUT)
                fail_msg("%s: %s\n%s", c->label, e.msg, damaged.s);
            if (rc == ERR_INPUT && e.code != ERR_INPUT)
                fail_msg("%s: an error without a code\n%s", c->label, damaged.s);
            if (strstr(l.out.s != NULL ? l.out.s : "", "!\n") != NULL)
                fail_msg("%s: a reject without a reason\n%s", c->label, damaged.s);
            strbuf_free(&l.out);
        }
        at += is_string && n != 0 ? n : 1;
    }
    strbuf_free(&damaged);
    json_parser_free(parser);
}

static void exhaust(const struct document_case *c, const struct format *f, struct slice text)
{
    struct json_parser *parser = json_parser_new();
    assert_non_null(parser);
    for (long nth = 1;; nth++) {
        struct listing l = {STRBUF_INIT, 0, 0};
        struct err e;
        bool was_hit;
        enum err_code rc = read_one(f, text, "a.json", parser, nth, &was_hit, &l, &e);
        strbuf_free(&l.out);
        if (rc != (was_hit ? ERR_NOMEM : ERR_OK))
            fail_msg("%s: request %ld fails: %d %s", c->label, nth, (int)rc, rc != ERR_OK ? e.msg : "");
        if (!was_hit)
            break;
    }
    json_parser_free(parser);
}

void expect_document(const struct document_case *c)
{
    const struct format *f;
    struct strbuf text = STRBUF_INIT;
    struct err e;
    for (const char *s = c->text; *s != '\0'; s++)
        strbuf_putc(&text, (char)(*s == '\'' ? '"' : *s));
    size_t n = text.n;
    for (int i = 0; i < JSON_PADDING; i++)
        strbuf_putc(&text, ' ');
    expect_listing(c->label, c->format, c->path != NULL ? c->path : "a.json", (struct slice){text.s, n},
                   (struct reader_options){0}, c->want);
    assert_int_equal(probe_named(c->format, &f, &e), ERR_OK);
    damage(c, f, (struct slice){text.s, n});
    if (split_value((struct slice){text.s, n}) == n) /* one document */
        exhaust(c, f, (struct slice){text.s, n});
    strbuf_free(&text);
}

void expect_documents(const struct document_cases *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all[i].n; k++)
            expect_document(&all[i].rows[k]);
}
