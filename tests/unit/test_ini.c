#include "core/ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/strbuf.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/tmpdir.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* Writes "line [section] key=value|" for each entry; refuses the value "refuse". */
static enum err_code list(void *ctx, const char *section, const char *key, const char *value, long line, struct err *e)
{
    struct strbuf *b = ctx;
    strbuf_printf(b, "%ld [%s] %s=%s|", line, section, key, value);
    if (strbuf_failed(b))
        return err_nomem(e);
    if (strcmp(value, "refuse") == 0)
        return err_hint(e, "%s", (err_set(e, ERR_CONFIG, "unknown key"), "try another"));
    return ERR_OK;
}

static const struct {
    const char *label, *text, *want;
} good[] = {
    {"empty", "", ""},
    {"one", "[a]\nk = v\n", "2 [a] k=v|"},
    {"no section, no line end", "k=v", "1 [] k=v|"},
    {"colon, blanks, CRLF", " [ a b ]\r\n\r\nk :  v w \r\n", "3 [ a b ] k=v w|"},
    {"BOM", "\xef\xbb\xbf[a]\nk=1\n", "2 [a] k=1|"},
    {"comments", "; c\n# c\n[a] ; c\nk = v ; c\nk = x;y\nk = ;none\n", "4 [a] k=v|5 [a] k=x;y|6 [a] k=|"},
    {"goes on", "[a]\nk = one ; c\n  two ; c\n\tthree = 3\nm = 4\n",
     "2 [a] k=one|3 [a] k=two|4 [a] k=three = 3|5 [a] m=4|"},
    {"goes on after a blank and a comment line", "k = one\n\n  ; not this\n  two\n", "1 [] k=one|4 [] k=two|"},
    {"first value empty", "k =\n  one\n", "1 [] k=|2 [] k=one|"},
    {"same key twice", "k = 1\nk = 2\n", "1 [] k=1|2 [] k=2|"},
    {"UTF-8", "[caf\xc3\xa9]\nk = \xe2\x80\x99\n", "2 [caf\xc3\xa9] k=\xe2\x80\x99|"},
};

static void test_what_it_reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(good); i++) {
        struct strbuf b = STRBUF_INIT;
        struct err e = {0};
        strbuf_puts(&b, "");
        if (ini_read_text("t", good[i].text, list, &b, &e) != ERR_OK || strcmp(b.s, good[i].want) != 0)
            fail_msg("%s: got %s (%s)", good[i].label, b.s, e.msg);
        strbuf_free(&b);
    }
}

static const struct {
    const char *label, *text, *msg;
} bad[] = {
    {"no separator", "[a]\nk = v\n\nnonsense\n", "t: line 4: neither [section] nor key = value"},
    {"open section", "[a\nk = v\n", "t: line 1: neither [section] nor key = value"},
    {"refused", "[a]\nk = 1\nk = refuse\nk = 3\n", "t: line 3: unknown key"},
    {"refused line that goes on", "[a]\nk = 1\n  refuse\n", "t: line 3: unknown key"},
    {"nonsense before refused", "what\nk = refuse\n", "t: line 1: neither [section] nor key = value"},
    {"long key", "a234567890123456789012345678901234567890123456789 = 1\n",
     "t: line 1: a name is longer than 48 bytes"},
    {"long section", "[a234567890123456789012345678901234567890123456789012345]\nk = 1\n",
     "t: line 2: a name is longer than 48 bytes"},
};

static void test_what_it_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct strbuf b = STRBUF_INIT;
        struct err e = {0};
        assert_int_equal(ini_read_text("t", bad[i].text, list, &b, &e), ERR_CONFIG);
        if (strcmp(e.msg, bad[i].msg) != 0)
            fail_msg("%s: got %s", bad[i].label, e.msg);
        assert_string_equal(e.hint, strstr(e.msg, "unknown key") != NULL ? "try another" : "");
        strbuf_free(&b);
    }
}

static void test_nothing_is_read_after_a_refusal(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    struct err e = {0};
    assert_int_equal(ini_read_text("t", "k = refuse\nm = 2\n", list, &b, &e), ERR_CONFIG);
    assert_string_equal(b.s, "1 [] k=refuse|");
    strbuf_free(&b);
}

/* inih's own buffer has 200 bytes: every length around it and its multiples must come through whole. */
static void test_long_lines(void **state)
{
    (void)state;
    for (size_t n = 180; n < 5000; n += n < 420 ? 1 : 97) {
        char text[6000], want[6000], *at = text;
        at += sprintf(at, "[s]\nk = ");
        memset(at, 'x', n);
        at += n;
        (void)sprintf(at, "\n  more\nm = 2\n");
        (void)sprintf(want, "2 [s] k=%.*s|3 [s] k=more|4 [s] m=2|", (int)n, text + 8);
        struct strbuf b = STRBUF_INIT;
        struct err e = {0};
        assert_int_equal(ini_read_text("t", text, list, &b, &e), ERR_OK);
        assert_string_equal(b.s, want);
        strbuf_free(&b);
    }
}

static void test_files(void **state)
{
    (void)state;
    char dir[TMPDIR_BYTES], path[TMPDIR_PATH], want[TMPDIR_PATH + 100];
    struct strbuf b = STRBUF_INIT;
    struct err e = {0};
    tmpdir_new(dir);
    tmpdir_path(path, dir, "broach.conf");
    assert_int_equal(ini_read_file(path, list, &b, &e), ERR_IO);
    tmpdir_write(dir, "broach.conf", "[a]\nk = v\n", 10);
    assert_int_equal(ini_read_file(path, list, &b, &e), ERR_OK);
    assert_string_equal(b.s, "2 [a] k=v|");
    tmpdir_write(dir, "broach.conf", "", 0);
    assert_int_equal(ini_read_file(path, list, &b, &e), ERR_OK);
    tmpdir_write(dir, "broach.conf", "[a]\nk = v\0w\n", 12);
    assert_int_equal(ini_read_file(path, list, &b, &e), ERR_CONFIG);
    (void)snprintf(want, sizeof want, "%s: line 2: a NUL byte", path);
    assert_string_equal(e.msg, want);
    strbuf_free(&b);
    tmpdir_free(dir);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    long nth = 1;
    for (;; nth++) {
        struct strbuf b = STRBUF_INIT;
        struct err e = {0};
        failing_alloc_at(nth);
        enum err_code rc = ini_read_text("t", "[a]\nk = v\nm = w\n", list, &b, &e);
        bool hit = failing_alloc_off();
        strbuf_free(&b);
        assert_int_equal(rc, hit ? ERR_NOMEM : ERR_OK);
        if (!hit)
            break;
    }
    assert_true(nth > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_reads),
        cmocka_unit_test(test_what_it_refuses),
        cmocka_unit_test(test_nothing_is_read_after_a_refusal),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
