#include "core/json_check.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/json.h"
#include "tests/support/failing_alloc.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static void what_breaks_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text;
        long line, column;
        const char *what;
    } rows[] = {
        {"", 1, 1, "empty"},
        {" \n ", 2, 2, "empty"},
        {"{", 1, 2, "cut off: a list or an object is not closed"},
        {"[1,2\n", 2, 1, "cut off: a list or an object is not closed"},
        {"{\"a\":1,\n \"b\" 2}", 2, 6, "a colon was expected"},
        {"{\"a\":1,\n \"b\":}", 2, 6, "a value was expected"},
        {"{\"a\":1\n \"b\":2}", 2, 2, "a comma or } was expected"},
        {"[1 2]", 1, 4, "a comma or ] was expected"},
        {"[1}", 1, 3, "a comma or ] was expected"},
        {"{\"a\":1]", 1, 7, "a comma or } was expected"},
        {"{\"a\":1,}", 1, 8, "a name in quotes was expected"},
        {"{a:1}", 1, 2, "a name in quotes was expected"},
        {"{'a':1}", 1, 2, "a name in quotes was expected"},
        {"[1,]", 1, 4, "a value was expected"},
        {"[,1]", 1, 2, "a value was expected"},
        {"[1,,2]", 1, 4, "a value was expected"},
        {"{\"\xc3\xa4\xf0\x9f\x98\x80\":1 // why\n}", 1, 9, "a comma was expected, not a comment"},
        {"{/* a */}", 1, 2, "a comma was expected, not a comment"},
        {"[\"a]", 1, 2, "a string is not closed"},
        {"[\"a\\", 1, 2, "a string is not closed"},
        {"[\"a\nb\"]", 1, 4, "a line end in a string"},
        {"[\"a\tb\"]", 1, 4, "a control character in a string"},
        {"[\"\\x\"]", 1, 3, "a wrong escape in a string"},
        {"[\"\\u12g4\"]", 1, 3, "a wrong escape in a string"},
        {"[\"\\u12", 1, 3, "a wrong escape in a string"},
        {"[\"ab\xff\"]", 1, 5, "not UTF-8"},
        {"[01]", 1, 2, "a number is malformed"},
        {"[-]", 1, 2, "a number is malformed"},
        {"[1.]", 1, 2, "a number is malformed"},
        {"[1e]", 1, 2, "a number is malformed"},
        {"[+1]", 1, 2, "a value was expected"},
        {"[.5]", 1, 2, "a value was expected"},
        {"[NaN]", 1, 2, "a word that is not true, false or null"},
        {"[True]", 1, 2, "a word that is not true, false or null"},
        {"[nul]", 1, 2, "a word that is not true, false or null"},
        {"[1]\n]", 2, 1, "text behind the end of the document"},
        {"{} {}", 1, 4, "text behind the end of the document"},
        {"\"a\" b", 1, 5, "text behind the end of the document"},
        {"[1e999, 99999999999999999999 x]", 1, 30, "a comma or ] was expected"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json_fault f;
        struct strbuf repaired = STRBUF_INIT;
        assert_false(json_check(slice_of(rows[i].text), NULL, &f));
        if (f.line != rows[i].line || f.column != rows[i].column || strcmp(f.what, rows[i].what) != 0)
            fail_msg("%s: line %ld, column %ld: %s", rows[i].text, f.line, f.column, f.what);
        assert_false(json_check(slice_of(rows[i].text), &repaired, &f));
        assert_string_equal(f.what, rows[i].what);
        strbuf_free(&repaired);
    }
}

static void what_is_json_passes_and_is_repaired(void **state)
{
    static const struct {
        const char *text, *repaired;
        size_t nnumbers, nhalves;
    } rows[] = {
        {"null", NULL, 0, 0},
        {" [ ] ", NULL, 0, 0},
        {"{\"a\":{},\"b\":[{},[]],\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uD83d\\ude00\"}", NULL, 0, 0},
        {"[-0, 0.5, -1e-5, 1E+2, 18446744073709551615, -9223372036854775808, 1e308]", NULL, 0, 0},
        {"[18446744073709551616]", "[\"18446744073709551616\"]", 1, 0},
        {"{\"id\": -9223372036854775809 ,\"x\":1e400}", "{\"id\": \"-9223372036854775809\" ,\"x\":\"1e400\"}", 2, 0},
        {"[\"a\\ud83d\",\"\\udE00b\"]", "[\"a\\ufffd\",\"\\ufffdb\"]", 0, 2},
        {"[\"\\ud83d\\ud83d\\ude00\"]", "[\"\\ufffd\\ud83d\\ude00\"]", 0, 1},
        {"[\"\\ud83d\\n\", 1e999]", "[\"\\ufffd\\n\", \"1e999\"]", 1, 1},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json_fault f;
        struct strbuf repaired = STRBUF_INIT;
        assert_true(json_check(slice_of(rows[i].text), NULL, &f));
        assert_true(json_check(slice_of(rows[i].text), &repaired, &f));
        assert_string_equal(repaired.s, rows[i].repaired != NULL ? rows[i].repaired : rows[i].text);
        assert_int_equal(f.nnumbers, rows[i].nnumbers);
        assert_int_equal(f.nhalves, rows[i].nhalves);
        strbuf_free(&repaired);
    }
}

/* N times OPEN, then N times CLOSE. */
static struct strbuf nested(size_t n, const char *open, const char *close)
{
    struct strbuf b = STRBUF_INIT;
    for (size_t i = 0; i < n; i++)
        strbuf_puts(&b, open);
    for (size_t i = 0; i < n; i++)
        strbuf_puts(&b, close);
    return b;
}

static void depth_and_length_have_limits(void **state)
{
    struct json_fault f;
    (void)state;
    struct strbuf deep = nested(JSON_MAX_DEPTH, "[", "]"), deeper = nested(100000, "[", "]");
    struct strbuf objects = nested(100000, "{\"a\":", "}"), digits = nested(100000, "9", "9");
    assert_true(json_check(strbuf_slice(&deep), NULL, &f));
    assert_false(json_check(strbuf_slice(&deeper), NULL, &f));
    assert_string_equal(f.what, "nested deeper than 256");
    assert_int_equal(f.column, JSON_MAX_DEPTH + 1);
    assert_false(json_check(strbuf_slice(&objects), NULL, &f));
    assert_string_equal(f.what, "nested deeper than 256");
    assert_true(json_check(strbuf_slice(&digits), NULL, &f));
    assert_int_equal(f.nnumbers, 1);
    strbuf_free(&deep);
    strbuf_free(&deeper);
    strbuf_free(&objects);
    strbuf_free(&digits);
}

/* Each beginning of a document breaks at its end, and each byte of it may be another: nothing crashes. */
static void damage_is_found_and_nothing_else(void **state)
{
    static const char text[] =
        "{\"a\":[1,-2.5e3,\"x\\u00e4\\n\"],\"b\":{\"c\":null,\"d\":true},\"e\":\"\\ud83d\\ude00\"}";
    char copy[sizeof text];
    struct json_fault f;
    (void)state;
    for (size_t n = 0; n < sizeof text - 1; n++) {
        assert_false(json_check((struct slice){text, n}, NULL, &f));
        assert_in_range(f.at, 0, n);
    }
    for (size_t i = 0; i < sizeof text - 1; i++)
        for (int c = 0; c < 256; c++) {
            memcpy(copy, text, sizeof text);
            copy[i] = (char)c;
            struct strbuf repaired = STRBUF_INIT;
            if (!json_check((struct slice){copy, sizeof text - 1}, &repaired, &f))
                assert_in_range(f.at, 0, sizeof text - 1);
            strbuf_free(&repaired);
        }
}

static void running_out_of_memory_is_remembered(void **state)
{
    struct json_fault f;
    struct strbuf repaired = STRBUF_INIT;
    (void)state;
    failing_alloc_at(1);
    (void)json_check(SLICE_LIT("[1e999]"), &repaired, &f);
    assert_true(failing_alloc_off());
    assert_true(strbuf_failed(&repaired));
    strbuf_free(&repaired);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_breaks_is_told_with_its_place),  cmocka_unit_test(what_is_json_passes_and_is_repaired),
        cmocka_unit_test(depth_and_length_have_limits),        cmocka_unit_test(damage_is_found_and_nothing_else),
        cmocka_unit_test(running_out_of_memory_is_remembered),
    };
    return cmocka_run_group_tests_name("json_check", tests, NULL, NULL);
}
