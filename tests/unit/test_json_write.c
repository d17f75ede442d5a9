#include "core/json_write.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static const struct {
    const char *label;
    struct slice in;
    const char *want, *want_script; /* NULL: the same */
} strings[] = {
    {"empty", {NULL, 0}, "\"\"", NULL},
    {"plain", SLICE_LIT("it's fine"), "\"it's fine\"", NULL},
    {"quote and backslash", SLICE_LIT("\"\\"), "\"\\\"\\\\\"", NULL},
    {"short escapes", SLICE_LIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"", NULL},
    {"other controls", SLICE_LIT("\x01\x1f\x7f"), "\"\\u0001\\u001f\\u007f\"", NULL},
    {"nul", SLICE_LIT("a\0b"), "\"a\\u0000b\"", NULL},
    {"script end", SLICE_LIT("</script>&"), "\"</script>&\"", "\"\\u003c/script\\u003e\\u0026\""},
    {"line separators", SLICE_LIT("\xe2\x80\xa8|\xe2\x80\xa9"), "\"\xe2\x80\xa8|\xe2\x80\xa9\"", "\"\\u2028|\\u2029\""},
    {"beyond ASCII", SLICE_LIT("\xc3\xa9 \xf0\x9f\x98\x80"), "\"\xc3\xa9 \xf0\x9f\x98\x80\"", NULL},
    {"broken bytes", SLICE_LIT("a\xff\xe2\x82"), "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"", NULL},
};

static void test_strings(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(strings); i++) {
        struct strbuf b = STRBUF_INIT;
        json_escape(&b, strings[i].in, false);
        if (strcmp(b.s, strings[i].want) != 0)
            fail_msg("%s: got %s", strings[i].label, b.s);
        strbuf_clear(&b);
        json_escape(&b, strings[i].in, true);
        const char *want = strings[i].want_script != NULL ? strings[i].want_script : strings[i].want;
        if (strcmp(b.s, want) != 0)
            fail_msg("%s, for script: got %s", strings[i].label, b.s);
        strbuf_free(&b);
    }
}

static const struct {
    double x;
    const char *want;
} numbers[] = {
    {0, "0"},
    {-0.0, "0"},
    {1, "1"},
    {-3, "-3"},
    {0.93, "0.93"},
    {0.5, "0.5"},
    {-0.25, "-0.25"},
    {0.1 + 0.2, "0.3"},
    {0.1234567, "0.123457"},
    {0.9999999, "1"},
    {-0.0000001, "0"},
    {123456.000001, "123456.000001"},
    {100, "100"},
    {999999999999.0, "999999999999"},
    {1e12, "1000000000000"},
    {-1e14, "-100000000000000"},
    {1e300, "1.0000000000000001e+300"},
    {1234567890.9999999, "1234567891"},
    {-12345678.5, "-12345678.5"},
};

static void test_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(numbers); i++) {
        struct strbuf b = STRBUF_INIT;
        json_number(&b, numbers[i].x);
        assert_string_equal(b.s, numbers[i].want);
        strbuf_free(&b);
    }
}

static void test_what_is_no_number(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    json_number(&b, (double)NAN);
    json_number(&b, (double)INFINITY);
    json_number(&b, -(double)INFINITY);
    assert_string_equal(b.s, "nullnullnull");
    strbuf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_what_is_no_number),
    };
    return cmocka_run_group_tests_name("json_write", tests, NULL, NULL);
}
