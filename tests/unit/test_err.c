#include "core/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_set_wrap_and_hint(void **state)
{
    (void)state;
    struct err e = {.hint = "old"};
    assert_int_equal(err_set(&e, ERR_INPUT, "line %d: %s", 7, "no speaker"), ERR_INPUT);
    assert_int_equal(e.code, ERR_INPUT);
    assert_string_equal(e.msg, "line 7: no speaker");
    assert_string_equal(e.hint, "");
    assert_int_equal(err_hint(&e, "try %s", "--columns"), ERR_INPUT);
    assert_int_equal(err_wrap(&e, "ingest %s", "a.csv"), ERR_INPUT);
    assert_string_equal(e.msg, "ingest a.csv: line 7: no speaker");
    assert_string_equal(e.hint, "try --columns");
}

static void test_nomem(void **state)
{
    (void)state;
    struct err e;
    assert_int_equal(err_nomem(&e), ERR_NOMEM);
    assert_string_equal(e.msg, "out of memory");
    assert_string_equal(e.hint, "");
}

static void test_long_messages_are_cut_not_overrun(void **state)
{
    (void)state;
    struct err e;
    char x[2000];
    memset(x, 'x', sizeof x - 1);
    x[sizeof x - 1] = '\0';
    (void)err_set(&e, ERR_IO, "%s", x);
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
    (void)err_hint(&e, "%s", x);
    assert_int_equal(strlen(e.hint), sizeof e.hint - 1);
    (void)err_wrap(&e, "y"); /* the context stays, the detail is cut */
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
    assert_memory_equal(e.msg, "y: xxx", 6);
    (void)err_wrap(&e, "%s", x);
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
    assert_string_equal(e.msg + sizeof e.msg - 3, ": ");
}

static void test_table(void **state)
{
    (void)state;
    static const struct {
        enum err_code code;
        const char *name;
        int status;
    } rows[] = {
        {ERR_OK, "ok", 0},       {ERR_PARTIAL, "partial", 1}, {ERR_USAGE, "usage", 2}, {ERR_CONFIG, "config", 3},
        {ERR_INPUT, "input", 4}, {ERR_IO, "io", 5},           {ERR_DB, "database", 6}, {ERR_NOMEM, "memory", 7},
        {ERR_BUSY, "busy", 8},   {ERR_INTERNAL, "bug", 70},
    };
    assert_int_equal(ERR_COUNT, sizeof rows / sizeof *rows);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(err_name(rows[i].code), rows[i].name);
        assert_int_equal(err_exit_status(rows[i].code), rows[i].status);
        assert_true(strlen(err_meaning(rows[i].code)) > 5);
    }
    assert_string_equal(err_name(ERR_COUNT), "unknown");
    assert_string_equal(err_meaning((enum err_code)9999), "unknown");
    assert_int_equal(err_exit_status(ERR_COUNT), 70);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_wrap_and_hint),
        cmocka_unit_test(test_nomem),
        cmocka_unit_test(test_long_messages_are_cut_not_overrun),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
