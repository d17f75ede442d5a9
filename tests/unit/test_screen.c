#include "cli/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_text_cannot_steer_the_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"plain \xc3\xa4 \xf0\x9f\x98\x80", "plain \xc3\xa4 \xf0\x9f\x98\x80"},
        {"\033[31mred", "\xef\xbf\xbd[31mred"},
        {"a\nb\tc\rd", "a b c d"},
        {"\x07\x7f", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc2\x9b"
         "2J",
         "\xef\xbf\xbd"
         "2J"}, /* the one-character CSI */
        {"\xe2\x80\xae"
         "abc",
         "\xef\xbf\xbd"
         "abc"}, /* right-to-left override */
        {"\xe2\x81\xa6x", "\xef\xbf\xbdx"},
        {"\xff", "\xef\xbf\xbd"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = STRBUF_INIT;
        strbuf_puts(&b, "");
        screen_text(&b, slice_of(rows[i].in));
        struct slice got = strbuf_slice(&b);
        assert_int_equal(got.n, strlen(rows[i].want));
        assert_true(slice_is(got, rows[i].want));
        strbuf_free(&b);
    }
}

static void test_lines_are_cut_at_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t width;
        const char *want[5];
    } rows[] = {
        {"one two three", 7, {"one two", "three", NULL}},
        {"one two three", 8, {"one two", "three", NULL}},
        {"one two three", 6, {"one", "two", "three", NULL}},
        {"abcdefgh", 3, {"abc", "def", "gh", NULL}},
        {"\xc3\xa4\xc3\xb6\xc3\xbc x", 3, {"\xc3\xa4\xc3\xb6\xc3\xbc", "x", NULL}},
        {"all of it", 80, {"all of it", NULL}},
        {"  indented text", 11, {"  indented", "text", NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice rest = slice_of(rows[i].text);
        size_t n = 0;
        while (rest.n > 0) {
            struct slice line = slice_trim(screen_line(&rest, rows[i].width));
            assert_non_null(rows[i].want[n]);
            assert_true(slice_eq(line, slice_trim(slice_of(rows[i].want[n]))));
            n++;
        }
        assert_null(rows[i].want[n]);
    }
}

static void test_padding_counts_characters(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    screen_pad(&b, slice_of("\xc3\xa4z"), 4);
    assert_string_equal(b.s, "\xc3\xa4z  ");
    strbuf_clear(&b);
    screen_pad(&b, slice_of("longer"), 4);
    assert_string_equal(b.s, "longer");
    strbuf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_cannot_steer_the_terminal),
        cmocka_unit_test(test_lines_are_cut_at_blanks),
        cmocka_unit_test(test_padding_counts_characters),
    };
    return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
