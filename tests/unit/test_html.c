#include "report/html.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "report/num.h"
#include "report/svg.h"
#include "tests/support/failing_alloc.h"

static void assert_written(const struct html *h, const char *want)
{
    struct slice got = html_written(h);
    if (!slice_is(got, want))
        fail_msg("got  %.*s\nwant %s", SLICE_ARG(got), want);
}

#define BYTES(lit)                                                                                                     \
    {                                                                                                                  \
        lit, sizeof(lit) - 1                                                                                           \
    }

static void text_is_escaped_and_repaired(void **state)
{
    static const struct {
        struct slice in;
        const char *want;
    } rows[] = {
        {BYTES("plain"), "plain"},
        {BYTES(""), ""},
        {BYTES("<script>alert(\"x\")</script>"), "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"},
        {BYTES("a & b's"), "a &amp; b&#39;s"},
        {BYTES("&amp;"), "&amp;amp;"},
        {BYTES("caf\xc3\xa9 \xf0\x9f\x98\x80 \xd8\xb9"), "caf\xc3\xa9 \xf0\x9f\x98\x80 \xd8\xb9"},
        {BYTES("a\xff"
               "b"),
         "a\xef\xbf\xbd"
         "b"},
        {BYTES("cut \xe2\x82"), "cut \xef\xbf\xbd\xef\xbf\xbd"},
        {BYTES("\xc0\xbcscript"), "\xef\xbf\xbd\xef\xbf\xbdscript"},     /* an overlong < */
        {BYTES("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
        {BYTES("nul\0nul"), "nul\xef\xbf\xbdnul"},
        {BYTES("esc\x1b[31m"), "esc\xef\xbf\xbd[31m"},
        {BYTES("tab\tline\n"), "tab\tline\n"},
        {BYTES("\xc2\x85"), "\xef\xbf\xbd"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e;
        struct html *h = html_new(NULL);
        html_text(h, rows[i].in);
        assert_int_equal(html_end(h, &e), ERR_OK);
        assert_written(h, rows[i].want);
        html_free(h);
    }
}

static void attributes_are_escaped(void **state)
{
    struct err e;
    struct html *h = html_new(NULL);
    (void)state;
    html_open(h, "a");
    html_attr(h, "href", "#x\" onclick=\"y");
    html_attr_words(h, "title",
                    slice_of("\xe2\x80\xae"
                             "evil\xe2\x81\xa9<'"));
    html_attr_int(h, "data-n", -7);
    html_attr_fixed(h, "x", 12.345, 2, "%");
    html_attr_flag(h, "hidden");
    html_puts(h, "go");
    html_close(h, "a");
    assert_int_equal(html_end(h, &e), ERR_OK);
    assert_written(h, "<a href=\"#x&quot; onclick=&quot;y\" title=\"evil&lt;&#39;\" data-n=\"-7\" x=\"12.35%\" "
                      "hidden>go</a>");
    html_free(h);
}

static void words_of_others_are_isolated(void **state)
{
    struct err e;
    struct html *h = html_new(NULL);
    (void)state;
    html_words(h, slice_of("\xe2\x80\xaegnp.exe"));
    assert_int_equal(html_end(h, &e), ERR_OK);
    assert_written(h, "<bdi>\xe2\x80\xaegnp.exe</bdi>");
    html_free(h);
}

static enum err_code end_of(struct html *h, struct err *e)
{
    enum err_code rc = html_end(h, e);
    html_free(h);
    return rc;
}

static void tags_that_do_not_balance_are_a_bug(void **state)
{
    struct err e;
    struct html *h;
    (void)state;

    h = html_new(NULL);
    html_open(h, "p");
    assert_int_equal(end_of(h, &e), ERR_INTERNAL);
    assert_non_null(strstr(e.msg, "<p>"));

    h = html_new(NULL);
    html_open(h, "p");
    html_open(h, "b");
    html_close(h, "p");
    assert_int_equal(end_of(h, &e), ERR_INTERNAL);

    h = html_new(NULL);
    html_close(h, "p");
    assert_int_equal(end_of(h, &e), ERR_INTERNAL);

    h = html_new(NULL);
    html_open(h, "p");
    html_puts(h, "text");
    html_attr(h, "class", "too-late");
    html_close(h, "p");
    assert_int_equal(end_of(h, &e), ERR_INTERNAL);

    h = html_new(NULL);
    for (int i = 0; i < 1000; i++)
        html_open(h, "i");
    for (int i = 0; i < 1000; i++)
        html_close(h, "i");
    assert_int_equal(end_of(h, &e), ERR_INTERNAL);

    h = html_new(NULL);
    html_open(h, "p");
    html_void(h, "br");
    html_close(h, "p");
    assert_int_equal(end_of(h, &e), ERR_OK);
}

static void numbers_read_the_same_everywhere(void **state)
{
    static const struct {
        double x;
        int decimals;
        const char *want;
    } fixed[] = {
        {0, 0, "0"},
        {0.5, 0, "1"},
        {-0.4, 0, "0"},
        {1.005, 1, "1.0"},
        {-12.34567, 4, "-12.3457"},
        {0.000001, 6, "0.000001"},
        {99.999, 2, "100.00"},
        {NAN, 2, ""},
        {INFINITY, 2, ""},
        {1e12, 0, ""},
    };
    (void)state;
    (void)setlocale(LC_ALL, "de_DE.UTF-8"); /* if there is one */
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        struct strbuf b = STRBUF_INIT;
        strbuf_puts(&b, "");
        num_fixed(&b, fixed[i].x, fixed[i].decimals);
        assert_string_equal(b.s, fixed[i].want);
        strbuf_free(&b);
    }
    (void)setlocale(LC_ALL, "C");
}

static void whole_numbers_have_all_their_digits(void **state)
{
    const int64_t numbers[] = {0, 7, 10, -1, 1234567890, INT64_MAX, INT64_MIN};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct strbuf b = STRBUF_INIT;
        char want[32];
        (void)snprintf(want, sizeof want, "%" PRId64, numbers[i]);
        num_int(&b, numbers[i]);
        assert_string_equal(b.s, want);
        strbuf_free(&b);
    }
}

static void numbers_for_people(void **state)
{
    struct strbuf b = STRBUF_INIT;
    (void)state;
    num_grouped(&b, 0);
    strbuf_putc(&b, '|');
    num_grouped(&b, 1234567);
    strbuf_putc(&b, '|');
    num_grouped(&b, -1000);
    strbuf_putc(&b, '|');
    num_grouped(&b, INT64_MIN);
    assert_string_equal(b.s, "0|1,234,567|-1,000|-9,223,372,036,854,775,808");
    strbuf_clear(&b);
    num_percent(&b, 0);
    num_percent(&b, 0.001);
    num_percent(&b, 0.425);
    num_percent(&b, 0.999);
    num_percent(&b, 1);
    assert_string_equal(b.s, "0\xc2\xa0%<1\xc2\xa0%43\xc2\xa0%>99\xc2\xa0%100\xc2\xa0%");
    strbuf_clear(&b);
    num_points(&b, 0.11);
    num_points(&b, -0.046);
    num_points(&b, -0.001);
    num_points(&b, 0.0001);
    assert_string_equal(b.s, "+11\xe2\x88\x92"
                             "5\xe2\x88\x92"
                             "0.10");
    strbuf_free(&b);
}

static void charts_balance_and_name_themselves(void **state)
{
    const struct stats_interval now = stats_wilson(34, 81), none = {false, 0, 0, 0};
    const int64_t counts[SVG_STYLES] = {3, 1, 0, 0}, nothing[SVG_STYLES] = {0, 0, 0, 0};
    const double weeks[3] = {-1, 0.5, 0};
    struct err e;
    struct html *h = html_new(NULL);
    (void)state;
    svg_interval(h, "forty & more", &now, &none, -1);
    svg_pair(h, "pair", &none, &now);
    svg_mix(h, "mix", counts);
    svg_mix(h, "nothing", nothing);
    svg_weeks(h, "weeks", weeks, 3);
    svg_weeks(h, "no weeks", weeks, 0);
    assert_int_equal(html_end(h, &e), ERR_OK);
    struct slice all = html_written(h);
    char *text = strndup(all.s, all.n);
    assert_non_null(text);
    assert_non_null(strstr(text, "role=\"img\""));
    assert_non_null(strstr(text, "<title>forty &amp; more</title>"));
    assert_non_null(strstr(text, "width=\"75.00%\"")); /* three of four */
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "-0.00"));
    free(text);
    html_free(h);
}

static void running_out_of_memory_is_told(void **state)
{
    struct err e;
    (void)state;
    for (long n = 1;; n++) {
        failing_alloc_at(n);
        struct html *h = html_new(NULL);
        enum err_code rc = ERR_NOMEM;
        if (h != NULL) {
            html_open(h, "p");
            for (int i = 0; i < 100; i++)
                html_puts(h, "a text that makes the buffer grow a few times");
            html_percent(h, 0.5);
            html_close(h, "p");
            rc = html_end(h, &e);
        }
        bool failed = failing_alloc_off();
        html_free(h);
        if (!failed) {
            assert_int_equal(rc, ERR_OK);
            break;
        }
        assert_int_equal(rc, ERR_NOMEM);
    }
}

static void plain_text_has_no_markup(void **state)
{
    struct html *h = html_new_plain();
    struct err e;
    (void)state;
    html_open_class(h, "ul", "x");
    html_open(h, "li");
    html_literal(h, "One <b>bold</b> ");
    html_open(h, "a");
    html_attr(h, "href", "#n1");
    html_words(h, SLICE_LIT("<A & B>\xc2\xa0\x01"));
    html_close(h, "a");
    html_close(h, "li");
    html_literal(h, "<li>Two</li>");
    html_close(h, "ul");
    assert_true(slice_is(html_written(h), "- One bold <A & B> \xef\xbf\xbd\n- Two\n"));
    assert_int_equal(html_end(h, &e), ERR_OK);
    html_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_has_no_markup),
        cmocka_unit_test(text_is_escaped_and_repaired),
        cmocka_unit_test(attributes_are_escaped),
        cmocka_unit_test(words_of_others_are_isolated),
        cmocka_unit_test(tags_that_do_not_balance_are_a_bug),
        cmocka_unit_test(numbers_read_the_same_everywhere),
        cmocka_unit_test(whole_numbers_have_all_their_digits),
        cmocka_unit_test(numbers_for_people),
        cmocka_unit_test(charts_balance_and_name_themselves),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
