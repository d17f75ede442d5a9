#include "ingest/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/strbuf.h"

struct source {
    const char *s;
    size_t n, step;
    bool fails; /* at its end */
};

static enum err_code source_read(void *ctx, void *buf, size_t cap, size_t *n, struct err *e)
{
    struct source *s = ctx;
    *n = s->n < cap ? s->n : cap;
    *n = *n < s->step ? *n : s->step;
    if (*n == 0 && s->fails)
        return err_set(e, ERR_INPUT, "damaged");
    memcpy(buf, s->s, *n);
    s->s += *n;
    s->n -= *n;
    return ERR_OK;
}

/* All of S, decoded into OUT in pieces of CAP bytes; the code of the error at its end. */
static enum err_code decode(struct source s, size_t cap, struct strbuf *out, const char **encoding, struct err *e)
{
    static char piece[100000];
    struct decoder *d = decoder_new(source_read, &s);
    enum err_code rc;
    size_t n;
    assert_non_null(d);
    strbuf_clear(out);
    strbuf_puts(out, "");
    while ((rc = decoder_read(d, piece, cap, &n, e)) == ERR_OK && n != 0)
        strbuf_add(out, piece, n);
    *encoding = decoder_encoding(d);
    decoder_free(d);
    return rc;
}

static void encodings_are_recognised(void **state)
{
#define BYTES(lit) lit, sizeof(lit) - 1
    static const struct {
        const char *label, *in;
        size_t n;
        const char *want, *encoding;
    } rows[] = {
        {"empty", BYTES(""), "", "utf-8"},
        {"ASCII", BYTES("abc\n"), "abc\n", "utf-8"},
        {"UTF-8", BYTES("na\xc3\xafve \xf0\x9f\x98\x80"), "na\xc3\xafve \xf0\x9f\x98\x80", "utf-8"},
        {"UTF-8 with a mark",
         BYTES("\xef\xbb\xbf"
               "a\xc3\xa9"),
         "a\xc3\xa9", "utf-8"},
        {"only a mark", BYTES("\xef\xbb\xbf"), "", "utf-8"},
        {"UTF-16LE with a mark",
         BYTES("\xff\xfe"
               "a\0\xe9\0\x3d\xd8\x00\xde"),
         "a\xc3\xa9\xf0\x9f\x98\x80", "utf-16le"},
        {"UTF-16BE with a mark", BYTES("\xfe\xff\0a\0\xe9"), "a\xc3\xa9", "utf-16be"},
        {"UTF-16LE without a mark", BYTES("{\0\"\0a\0\"\0}\0"), "{\"a\"}", "utf-16le"},
        {"UTF-16BE without a mark", BYTES("\0{\0\"\0a\0\"\0}"), "{\"a\"}", "utf-16be"},
        {"UTF-16 with half a pair",
         BYTES("\xff\xfe"
               "a\0\x3d\xd8"
               "b\0"),
         "a\xef\xbf\xbd"
         "b",
         "utf-16le"},
        {"UTF-16 cut off",
         BYTES("\xff\xfe"
               "a\0b"),
         "a\xef\xbf\xbd", "utf-16le"},
        {"Windows-1252", BYTES("caf\xe9 \x93hi\x94 \x80"), "caf\xc3\xa9 \xe2\x80\x9chi\xe2\x80\x9d \xe2\x82\xac",
         "windows-1252"},
        {"Windows-1252 with a hole", BYTES("caf\xe9 \x81"), "caf\xc3\xa9 \xef\xbf\xbd", "windows-1252"},
        {"UTF-8 with a stray byte", BYTES("\xc3\xa9\xc3\xa9\xc3\xa9 \xff x"), "\xc3\xa9\xc3\xa9\xc3\xa9 \xef\xbf\xbd x",
         "utf-8 repaired"},
        {"UTF-8 cut off", BYTES("abc \xe2\x82"), "abc \xef\xbf\xbd\xef\xbf\xbd", "utf-8"},
        {"a few NULs", BYTES("a\0b"), "a", "utf-8"},
    };
    struct strbuf out = STRBUF_INIT;
    struct err e = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t step = 1; step <= 4096; step *= 4) {
            const char *encoding;
            struct source s = {rows[i].in, rows[i].n, step, false};
            assert_int_equal(decode(s, step == 4 ? 1 : 4096, &out, &encoding, &e), ERR_OK);
            if (strcmp(out.s, rows[i].want) != 0 || strcmp(encoding, rows[i].encoding) != 0)
                fail_msg("%s: \"%s\" as %s", rows[i].label, out.s, encoding);
        }
    }
    strbuf_free(&out);
}

static void binary_files_are_refused(void **state)
{
    static const struct {
        const char *in;
        size_t n;
        const char *want;
    } rows[] = {
        {BYTES("PK\3\4xxxx"), "zip"},
        {BYTES("\x89PNG\r\n\x1a\n...."), "PNG"},
        {BYTES("%PDF-1.7\n"), "PDF"},
        {BYTES("\x7f"
               "ELF\2\1\1\0"),
         "program"},
        {BYTES("\0\1\2\3\4\5\6\7abc\0\0\1"), "control bytes"},
    };
    struct strbuf out = STRBUF_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *encoding;
        struct err e = {0};
        assert_int_equal(decode((struct source){rows[i].in, rows[i].n, 3, false}, 100, &out, &encoding, &e), ERR_INPUT);
        assert_non_null(strstr(e.msg, "is not text"));
        if (strstr(e.msg, rows[i].want) == NULL)
            fail_msg("%s", e.msg);
        assert_int_equal(out.n, 0);
    }
    strbuf_free(&out);
}

static void an_error_of_the_source_comes_after_the_text(void **state)
{
    struct strbuf out = STRBUF_INIT;
    const char *encoding;
    struct err e = {0};
    (void)state;
    assert_int_equal(decode((struct source){"abc", 3, 2, true}, 2, &out, &encoding, &e), ERR_INPUT);
    assert_string_equal(out.s, "abc");
    assert_string_equal(e.msg, "damaged");
    strbuf_free(&out);
}

/* Characters that lie across the ends of blocks come out whole, in every encoding. */
static void blocks_do_not_cut_characters(void **state)
{
    const size_t n = 200003;
    struct strbuf utf8 = STRBUF_INIT, utf16 = STRBUF_INIT, latin = STRBUF_INIT, out = STRBUF_INIT;
    const char *encoding;
    struct err e = {0};
    (void)state;
    strbuf_add(&utf16,
               "\xff\xfe"
               "x\0",
               4);
    strbuf_puts(&utf8, "x");
    strbuf_puts(&latin, "x");
    for (size_t i = 0; i < n; i++) {
        strbuf_puts(&utf8, "\xc3\xa9");
        strbuf_add(&utf16, "\xe9\0", 2);
        strbuf_puts(&latin, "\xe9");
    }
    const struct strbuf *in[] = {&utf8, &utf16, &latin};
    for (size_t i = 0; i < 3; i++) {
        assert_false(strbuf_failed(in[i]));
        assert_int_equal(decode((struct source){in[i]->s, in[i]->n, 9999, false}, 777, &out, &encoding, &e), ERR_OK);
        assert_true(slice_eq(strbuf_slice(&out), strbuf_slice(&utf8)));
    }
    assert_string_equal(encoding, "windows-1252");
    strbuf_free(&utf8);
    strbuf_free(&utf16);
    strbuf_free(&latin);
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_recognised),
        cmocka_unit_test(binary_files_are_refused),
        cmocka_unit_test(an_error_of_the_source_comes_after_the_text),
        cmocka_unit_test(blocks_do_not_cut_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
