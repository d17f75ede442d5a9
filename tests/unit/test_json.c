#include "core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct json_parser *parser;
    char *text; /* the document with its padding */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->parser = json_parser_new();
    assert_non_null(f->parser);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    json_parser_free(f->parser);
    free(f->text);
    free(f);
    return 0;
}

static enum err_code parse_bytes(struct fixture *f, const char *s, size_t n, struct json *root, struct err *e)
{
    free(f->text);
    f->text = malloc(n + JSON_PADDING);
    assert_non_null(f->text);
    memcpy(f->text, s, n);
    memset(f->text + n, '7', JSON_PADDING); /* the padding's values must not matter */
    return json_parse(f->parser, (struct slice){f->text, n}, root, e);
}

static struct json parse(struct fixture *f, const char *s)
{
    struct json root;
    struct err e = {0};
    if (parse_bytes(f, s, strlen(s), &root, &e) != ERR_OK)
        fail_msg("%s: %s", s, e.msg);
    return root;
}

static void what_is_no_json_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"", "empty"},
        {"   \n", "empty"},
        {"{", "cut off"},
        {"[1,2", "cut off"},
        {"{\"a\":1", "cut off"},
        {"{\"a\" 1}", "a colon was expected"},
        {"[1,]", "a value was expected"},
        {"{\"a\":1}{\"b\":2}", "behind the end"},
        {"[1] x", "behind the end"},
        {"\"abc", "not closed"},
        {"[\"a\nb\"]", "a line end in a string"},
        {"[\"a\x01\"]", "control character"},
        {"[\"\\x\"]", "wrong escape"},
        {"[\"\\u12g4\"]", "wrong escape"},
        {"[01]", "malformed"},
        {"[-]", "malformed"},
        {"[tru]", "true, false or null"},
        {"[nul]", "true, false or null"},
        {"[NaN]", "true, false or null"},
        {"['a']", "a value was expected"},
        {"[\"\xff\"]", "UTF-8"},
        {"[\"\xed\xa0\xbd\"]", "UTF-8"},
        {"[\"\xc0\xaf\"]", "UTF-8"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json root;
        struct err e = {0};
        assert_int_equal(parse_bytes(f, rows[i].in, strlen(rows[i].in), &root, &e), ERR_INPUT);
        if (strstr(e.msg, rows[i].want) == NULL)
            fail_msg("%s: %s", rows[i].in, e.msg);
    }
}

static void numbers_and_half_characters_are_repaired(void **state)
{
    static const struct {
        const char *in, *want; /* the first item's text */
        size_t nrepairs;
    } rows[] = {
        {"[\"\\ud83d\"]", "\xef\xbf\xbd", 1},
        {"[\"\\ud83d\\u0041\"]",
         "\xef\xbf\xbd"
         "A",
         1},
        {"[\"\\ude00\"]", "\xef\xbf\xbd", 1},
        {"[\"\\uDE00\\uD83D\"]", "\xef\xbf\xbd\xef\xbf\xbd", 2},
        {"[\"x\\ud83d\\\\ude00\"]", "x\xef\xbf\xbd\\ude00", 1},
        {"[\"\\ud83d\\ude00\"]", "\xf0\x9f\x98\x80", 0},
        {"[123456789012345678901234567890]", "123456789012345678901234567890", 1},
        {"[-9223372036854775809, 1e400, 2]", "-9223372036854775809", 2},
        {"[18446744073709551615]", "18446744073709551615", 0},
        {"[18446744073709551616,\"\\udbff\"]", "18446744073709551616", 2},
        {"[1e999]", "1e999", 1},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char room[JSON_TEXT_BYTES];
        struct slice text;
        struct json item, root = parse(f, rows[i].in);
        struct json_iter it = json_iterate(root);
        assert_true(json_next(&it, NULL, &item));
        assert_true(json_text(item, room, &text));
        if (!slice_is(text, rows[i].want) || json_repairs(f->parser) != rows[i].nrepairs)
            fail_msg("%s: %.*s, %zu repairs", rows[i].in, SLICE_ARG(text), json_repairs(f->parser));
    }
    struct json root;
    struct err e = {0};
    assert_int_equal(parse_bytes(f, "[1e999,", 7, &root, &e), ERR_INPUT); /* something else is wrong, too */
    assert_non_null(strstr(e.msg, "cut off"));
}

static void a_nul_byte_in_the_text_is_refused(void **state)
{
    struct json root;
    struct err e = {0};
    assert_int_equal(parse_bytes(*state, "[\"a\0b\"]", 7, &root, &e), ERR_INPUT);
    assert_int_equal(parse_bytes(*state, "[1]\0", 4, &root, &e), ERR_INPUT);
}

static void escapes_become_utf8(void **state)
{
    struct json v = parse(*state, "[\"a\\u0000b\", \"\\ud83d\\ude00\", \"\\\\ud83d\", \"\\u00e9\\t\\\"\\/\", \"\"]");
    static const struct slice want[] = {
        {"a\0b", 3}, {"\xf0\x9f\x98\x80", 4}, {"\\ud83d", 6}, {"\xc3\xa9\t\"/", 5}, {"", 0}};
    struct json_iter it = json_iterate(v);
    struct json item;
    for (size_t i = 0; i < 5; i++) {
        struct slice text;
        assert_true(json_next(&it, NULL, &item));
        assert_true(json_string(item, &text));
        assert_true(slice_eq(text, want[i]));
    }
    assert_false(json_next(&it, NULL, &item));
}

static void numbers_are_read_exactly(void **state)
{
    static const struct {
        const char *in;
        bool is_int;
        int64_t i;
        double real;
        const char *text;
    } rows[] = {
        {"0", true, 0, 0, "0"},
        {"-7", true, -7, -7, "-7"},
        {"9223372036854775807", true, INT64_MAX, 9223372036854775807.0, "9223372036854775807"},
        {"-9223372036854775808", true, INT64_MIN, -9223372036854775808.0, "-9223372036854775808"},
        {"18446744073709551615", false, 0, 18446744073709551615.0, "18446744073709551615"},
        {"1e3", true, 1000, 1000, "1000"},
        {"-2.0", true, -2, -2, "-2"},
        {"1.5", false, 0, 1.5, "1.5"},
        {"1e300", false, 0, 1e300, "1.0000000000000001e+300"},
        {"9223372036854775808.0", false, 0, 9223372036854775808.0, "9.2233720368547758e+18"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json v = parse(*state, rows[i].in);
        int64_t integer = 0;
        double real = 0;
        char room[JSON_TEXT_BYTES];
        struct slice text;
        assert_int_equal(json_type_of(v), JSON_NUMBER);
        assert_int_equal(json_int(v, &integer), rows[i].is_int);
        assert_true(integer == rows[i].i);
        assert_true(json_real(v, &real) && real == rows[i].real);
        assert_true(json_text(v, room, &text));
        if (!slice_is(text, rows[i].text))
            fail_msg("%s: %.*s", rows[i].in, SLICE_ARG(text));
    }
}

static void values_are_only_what_they_are(void **state)
{
    struct json v = parse(*state, "{\"s\":\"1\",\"n\":null,\"t\":true,\"f\":false,\"a\":[],\"o\":{}}");
    struct json x;
    struct slice text;
    char room[JSON_TEXT_BYTES];
    int64_t i;
    double real;
    bool yes;
    assert_int_equal(json_type_of(v), JSON_OBJECT);
    assert_true(json_get(v, "s", &x));
    assert_int_equal(json_type_of(x), JSON_STRING);
    assert_true(json_text(x, room, &text) && slice_is(text, "1"));
    assert_false(json_int(x, &i) || json_real(x, &real) || json_bool(x, &yes) || json_get(x, "s", &x));
    assert_true(json_get(v, "n", &x));
    assert_int_equal(json_type_of(x), JSON_NULL);
    assert_false(json_string(x, &text) || json_text(x, room, &text) || json_int(x, &i) || json_bool(x, &yes));
    assert_true(json_get(v, "t", &x) && json_type_of(x) == JSON_BOOL && json_bool(x, &yes) && yes);
    assert_true(json_get(v, "f", &x) && json_bool(x, &yes) && !yes);
    assert_false(json_text(x, room, &text) || json_int(x, &i));
    assert_true(json_get(v, "a", &x) && json_type_of(x) == JSON_ARRAY && json_count(x) == 0);
    assert_true(json_get(v, "o", &x) && json_type_of(x) == JSON_OBJECT && json_count(x) == 0);
    assert_false(json_get(v, "missing", &x));
    assert_false(json_get(v, "", &x));
}

static void the_first_of_two_equal_keys_counts(void **state)
{
    struct json v = parse(*state, "{\"a\":1,\"b\":2,\"a\":3,\"\\u0061\":4}");
    struct json x;
    int64_t i = 0;
    assert_true(json_get(v, "a", &x) && json_int(x, &i));
    assert_int_equal(i, 1);
    assert_int_equal(json_count(v), 4);
}

static void members_and_items_come_in_order(void **state)
{
    struct json v = parse(*state, "{\"a\":[1,[2,{\"z\":0}],3],\"\":{\"k\":\"v\"},\"c\":null}");
    static const char *const keys[] = {"a", "", "c"};
    static const enum json_type types[] = {JSON_ARRAY, JSON_OBJECT, JSON_NULL};
    struct json_iter it = json_iterate(v);
    struct slice key;
    struct json x, y;
    for (size_t i = 0; i < 3; i++) {
        assert_true(json_next(&it, &key, &x));
        assert_true(slice_is(key, keys[i]));
        assert_int_equal(json_type_of(x), types[i]);
    }
    assert_false(json_next(&it, &key, &x));
    assert_true(json_get(v, "a", &x));
    assert_int_equal(json_count(x), 3);
    it = json_iterate(x);
    assert_true(json_next(&it, &key, &y) && key.n == 0);
    assert_true(json_next(&it, NULL, &y) && json_count(y) == 2);
    assert_true(json_get(v, "c", &x));
    it = json_iterate(x);
    assert_false(json_next(&it, &key, &y));
}

static void nesting_is_bounded(void **state)
{
    struct fixture *f = *state;
    size_t deep = 1 << 20;
    char *text = malloc(2 * deep + 1);
    assert_non_null(text);
    struct json root;
    struct err e = {0};
    for (size_t n = JSON_MAX_DEPTH - 2; n <= deep; n = n < JSON_MAX_DEPTH + 2 ? n + 1 : n * 16) {
        memset(text, '[', n);
        memset(text + n, ']', n);
        enum err_code rc = parse_bytes(f, text, 2 * n, &root, &e);
        if (n < JSON_MAX_DEPTH)
            assert_int_equal(rc, ERR_OK);
        else if (n > JSON_MAX_DEPTH)
            assert_int_equal(rc, ERR_INPUT);
    }
    assert_non_null(strstr(e.msg, "deeper"));
    free(text);
}

static void a_parser_goes_on_after_errors_and_outsized_documents(void **state)
{
    struct fixture *f = *state;
    size_t n = (size_t)5 << 20;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, 'x', n);
    memcpy(text, "[\"", 2);
    memcpy(text + n - 2, "\"]", 2);
    struct json root, x;
    struct err e = {0};
    struct slice s;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(parse_bytes(f, text, n, &root, &e), ERR_OK);
        struct json_iter it = json_iterate(root);
        assert_true(json_next(&it, NULL, &x) && json_string(x, &s) && s.n == n - 4);
        assert_int_equal(parse_bytes(f, "{]", 2, &root, &e), ERR_INPUT);
        int64_t value = 0;
        assert_true(json_int(parse(f, "42"), &value) && value == 42);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_no_json_is_refused_with_a_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_and_half_characters_are_repaired, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_nul_byte_in_the_text_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(escapes_become_utf8, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_are_read_exactly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_only_what_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_of_two_equal_keys_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(members_and_items_come_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nesting_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_parser_goes_on_after_errors_and_outsized_documents, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
