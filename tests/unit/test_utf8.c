#include "core/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct {
    const char *label;
    struct slice text;
    size_t valid;
    bool is_cut;
    const char *repaired;
    size_t replaced;
} validity[] = {
    {"empty", {NULL, 0}, 0, false, NULL, 0},
    {"ascii", SLICE_LIT("hello, this is longer than a word of eight"), 42, false,
     "hello, this is longer than a word of eight", 0},
    {"two, three and four bytes", SLICE_LIT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 9, false,
     "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 0},
    {"last code point", SLICE_LIT("\xf4\x8f\xbf\xbf"), 4, false, "\xf4\x8f\xbf\xbf", 0},
    {"above the last", SLICE_LIT("\xf4\x90\x80\x80"), 0, false, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 4},
    {"surrogate", SLICE_LIT("a\xed\xa0\x80"), 1, false, "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3},
    {"overlong two", SLICE_LIT("\xc0\xaf"), 0, false, "\xef\xbf\xbd\xef\xbf\xbd", 2},
    {"overlong three", SLICE_LIT("\xe0\x9f\xbf"), 0, false, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3},
    {"overlong four", SLICE_LIT("\xf0\x8f\xbf\xbf"), 0, false, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 4},
    {"lone continuation", SLICE_LIT("abcdefghij\x80k"), 10, false, "abcdefghij\xef\xbf\xbdk", 1},
    {"windows-1252 quotes", SLICE_LIT("\x93hi\x94"), 0, false, "\xef\xbf\xbdhi\xef\xbf\xbd", 2},
    {"cut after one of two", SLICE_LIT("ab\xc3"), 2, true, "ab\xef\xbf\xbd", 1},
    {"cut after two of three", SLICE_LIT("ab\xe2\x82"), 2, true, "ab\xef\xbf\xbd\xef\xbf\xbd", 2},
    {"cut after three of four", SLICE_LIT("\xf0\x9f\x98"), 0, true, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3},
    {"cut, but already wrong", SLICE_LIT("\xe0\x80"), 0, false, "\xef\xbf\xbd\xef\xbf\xbd", 2},
    {"nul is a character", SLICE_LIT("a\0b"), 3, false, NULL, 0},
};

static void test_valid_prefix_and_repair(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(validity); i++) {
        bool is_cut;
        struct slice x = validity[i].text;
        if (utf8_valid_prefix(x) != validity[i].valid || utf8_valid_prefix_cut(x, &is_cut) != validity[i].valid ||
            is_cut != validity[i].is_cut)
            fail_msg("%s: %zu bytes valid", validity[i].label, utf8_valid_prefix(x));
        struct strbuf out = STRBUF_INIT;
        assert_int_equal(utf8_repair(x, &out), validity[i].replaced);
        if (validity[i].repaired != NULL)
            assert_string_equal(out.s, validity[i].repaired);
        assert_int_equal(utf8_valid_prefix(strbuf_slice(&out)), out.n);
        strbuf_free(&out);
    }
}

/* Against a plain restatement of RFC 3629's table, for every sequence of one to three bytes that matters. */
static size_t reference(const unsigned char *s, size_t n)
{
    if (s[0] < 0x80)
        return 1;
    if (n >= 2 && s[0] >= 0xc2 && s[0] <= 0xdf && s[1] >= 0x80 && s[1] <= 0xbf)
        return 2;
    if (n < 3 || s[2] < 0x80 || s[2] > 0xbf)
        return 0;
    bool ok = (s[0] == 0xe0 && s[1] >= 0xa0 && s[1] <= 0xbf) ||
              (((s[0] >= 0xe1 && s[0] <= 0xec) || s[0] == 0xee || s[0] == 0xef) && s[1] >= 0x80 && s[1] <= 0xbf) ||
              (s[0] == 0xed && s[1] >= 0x80 && s[1] <= 0x9f);
    return ok ? 3 : 0;
}

static void test_all_short_sequences(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++)
            for (unsigned c = 0x7f; c < 0xc2; c++) {
                unsigned char s[3] = {(unsigned char)a, (unsigned char)b, (unsigned char)c};
                uint32_t cp;
                size_t want = reference(s, 3), got = utf8_decode((struct slice){(char *)s, 3}, &cp);
                if (got != (want != 0 ? want : 1) || (want == 0) != (cp == 0xfffd && want != 3 && got == 1 && a > 0x7f))
                    fail_msg("%02x %02x %02x: %zu bytes, U+%04X", a, b, c, got, (unsigned)cp);
            }
}

static void test_decode(void **state)
{
    (void)state;
    static const struct {
        struct slice text;
        uint32_t cp;
        size_t n;
    } rows[] = {
        {SLICE_LIT("A"), 'A', 1},
        {SLICE_LIT("\0"), 0, 1},
        {SLICE_LIT("\xc3\xa9"), 0xe9, 2},
        {SLICE_LIT("\xe2\x80\x99s"), 0x2019, 3},
        {SLICE_LIT("\xf0\x9f\x98\x80"), 0x1f600, 4},
        {SLICE_LIT("\xf0\x9f"), 0xfffd, 1},
        {SLICE_LIT("\xff"), 0xfffd, 1},
        {SLICE_LIT("\xf4\x8f\xbf\xbf"), 0x10ffff, 4},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        uint32_t cp;
        assert_int_equal(utf8_decode(rows[i].text, &cp), rows[i].n);
        assert_int_equal(cp, rows[i].cp);
    }
}

static void test_classes(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < 128; cp++) {
        bool letter = (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= '0' && cp <= '9');
        bool space = cp == ' ' || cp == '\t' || cp == '\n' || cp == '\v' || cp == '\f' || cp == '\r';
        assert_int_equal(utf8_is_letter(cp), letter);
        assert_int_equal(utf8_is_space(cp), space);
    }
    const uint32_t letters[] = {0xe9, 0x301, 0x42f, 0x4e2d, 0x661};
    const uint32_t others[] = {0x2019, 0x20ac, 0x1f600, 0xfffd, 0x2014, 0x200b};
    const uint32_t spaces[] = {0x85, 0xa0, 0x202f, 0x2028, 0x3000};
    for (size_t i = 0; i < ROWS(letters); i++)
        assert_true(utf8_is_letter(letters[i]) && !utf8_is_space(letters[i]));
    for (size_t i = 0; i < ROWS(others); i++)
        assert_false(utf8_is_letter(others[i]) || utf8_is_space(others[i]));
    for (size_t i = 0; i < ROWS(spaces); i++)
        assert_true(utf8_is_space(spaces[i]) && !utf8_is_letter(spaces[i]));
}

static const struct {
    const char *label, *in, *want;
} folds[] = {
    {"empty", "", ""},
    {"short", "Hi", "hi"},
    {"around the letters", "@AZ[`az{ 09 @AZ[`az{ 09", "@az[`az{ 09 @az[`az{ 09"},
    {"apostrophes", "Don\xe2\x80\x99t can\xca\xbct won\xef\xbc\x87t it's", "don't can't won't it's"},
    {"apostrophe first",
     "\xe2\x80\x99"
     "Tis",
     "'tis"},
    {"umlaut",
     "STRA\xc3\x9f"
     "E \xc3\x84RGER",
     "strasse \xc3\xa4rger"},
    {"mark after an ASCII letter", "Cafe\xcc\x81!", "caf\xc3\xa9!"},
    {"mark after a capital", "E\xcc\x81t\xc3\xa9", "\xc3\xa9t\xc3\xa9"},
    {"marks in either order", "q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87"},
    {"full width", "\xef\xbc\xa1\xef\xbc\xa2", "ab"},
    {"ligature and ellipsis", "\xef\xac\x81ne\xe2\x80\xa6", "fine..."},
    {"soft hyphen goes",
     "re\xc2\xad"
     "fund",
     "refund"},
    {"greek final sigma", "\xce\xa3\xcf\x82", "\xcf\x83\xcf\x83"},
    {"emoji stays", "OK \xf0\x9f\x98\x80 Bye", "ok \xf0\x9f\x98\x80 bye"},
    {"broken byte",
     "A\xff"
     "B",
     "a\xef\xbf\xbd"
     "b"},
};

static void test_fold(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(folds); i++) {
        struct strbuf out = STRBUF_INIT;
        strbuf_puts(&out, ">");
        utf8_fold(slice_of(folds[i].in), &out);
        if (strcmp(out.s + 1, folds[i].want) != 0)
            fail_msg("%s: got \"%s\"", folds[i].label, out.s + 1);
        strbuf_free(&out);
    }
}

static void test_fold_every_ascii_byte_at_every_place(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 17; n++)
        for (int c = 0; c < 128; c++) {
            char text[17];
            memset(text, c, n);
            struct strbuf out = STRBUF_INIT;
            utf8_fold((struct slice){text, n}, &out);
            assert_int_equal(out.n, n);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(out.s[i], c >= 'A' && c <= 'Z' ? c + 32 : c);
            strbuf_free(&out);
        }
}

static void test_fold_twice_changes_nothing_and_long_runs(void **state)
{
    (void)state;
    struct strbuf in = STRBUF_INIT, once = STRBUF_INIT, twice = STRBUF_INIT;
    for (int i = 0; i < 500; i++) /* longer than the space on the stack */
        strbuf_puts(&in, "\xc3\x84\xe4\xb8\xad");
    utf8_fold(strbuf_slice(&in), &once);
    utf8_fold(strbuf_slice(&once), &twice);
    assert_int_equal(once.n, 500 * 5);
    assert_string_equal(once.s, twice.s);
    assert_memory_equal(once.s, "\xc3\xa4\xe4\xb8\xad\xc3\xa4", 7);
    strbuf_free(&in);
    strbuf_free(&once);
    strbuf_free(&twice);
}

static void test_fold_without_memory(void **state)
{
    (void)state;
    char text[1000];
    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "\xc3\x84", 2);
    text[998] = '\xff', text[999] = 'x'; /* also the way through the repair */
    long nth = 1;
    for (;; nth++) {
        struct strbuf out = STRBUF_INIT;
        failing_alloc_at(nth);
        utf8_fold((struct slice){text, sizeof text}, &out);
        bool hit = failing_alloc_off();
        assert_int_equal(strbuf_failed(&out), hit);
        strbuf_free(&out);
        if (!hit)
            break;
    }
    assert_true(nth > 3);
}

static void test_cut(void **state)
{
    (void)state;
    struct slice x = SLICE_LIT("a\xc3\xa9\xf0\x9f\x98\x80z");
    const size_t want[] = {0, 1, 1, 3, 3, 3, 3, 7, 8, 8};
    for (size_t max = 0; max < ROWS(want); max++)
        assert_int_equal(utf8_cut(x, max).n, want[max]);
    assert_int_equal(utf8_cut(SLICE_LIT("\x80\x80\x80\x80\x80\x80\x80\x80"), 6).n, 6);
    assert_int_equal(utf8_cut((struct slice){NULL, 0}, 5).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid_prefix_and_repair),
        cmocka_unit_test(test_all_short_sequences),
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_fold_every_ascii_byte_at_every_place),
        cmocka_unit_test(test_fold_twice_changes_nothing_and_long_runs),
        cmocka_unit_test(test_fold_without_memory),
        cmocka_unit_test(test_cut),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
