#include "core/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"

static void test_adding(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    assert_int_equal(strbuf_slice(&b).n, 0);
    strbuf_puts(&b, "");
    assert_string_equal(b.s, "");
    strbuf_putc(&b, 'a');
    strbuf_add(&b, "b\0c", 3);
    strbuf_add_slice(&b, SLICE_LIT("def"));
    strbuf_add_slice(&b, (struct slice){NULL, 0});
    strbuf_printf(&b, "%d-%s", 42, "x");
    assert_int_equal(b.n, 11);
    assert_memory_equal(b.s, "ab\0cdef42-x", 12);
    strbuf_clear(&b);
    assert_string_equal(b.s, "");
    strbuf_free(&b);
    assert_null(b.s);
    strbuf_clear(&b);
    strbuf_free(&b);
}

static void test_every_length_stays_terminated(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    for (size_t n = 0; n < 1000; n++) {
        assert_int_equal(b.n, n);
        if (n > 0)
            assert_int_equal(strlen(b.s), n);
        strbuf_putc(&b, 'x');
    }
    strbuf_free(&b);
}

static void test_long_printf(void **state)
{
    (void)state;
    char long_text[1000];
    memset(long_text, 'y', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    for (size_t n = 250; n < 260; n++) {
        struct strbuf b = STRBUF_INIT;
        strbuf_printf(&b, "%.*s|", (int)n, long_text);
        assert_int_equal(b.n, n + 1);
        assert_int_equal(b.s[n], '|');
        assert_int_equal(b.s[n + 1], '\0');
        strbuf_free(&b);
    }
}

static void test_reserve(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    strbuf_puts(&b, "head");
    char *to = strbuf_reserve(&b, 1000);
    assert_ptr_equal(to, b.s + 4);
    assert_true(b.cap >= 1005);
    memset(to, 'z', 1000);
    b.n += 1000;
    strbuf_putc(&b, '.');
    assert_int_equal(strlen(b.s), 1005);
    assert_null(strbuf_reserve(&b, SIZE_MAX - 10));
    assert_true(strbuf_failed(&b));
    strbuf_free(&b);
}

static void test_failure_is_remembered(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    strbuf_puts(&b, "kept");
    failing_alloc_at(1);
    strbuf_printf(&b, "%01000d", 0);
    assert_true(failing_alloc_off());
    assert_true(strbuf_failed(&b));
    strbuf_puts(&b, "ignored");
    assert_null(strbuf_reserve(&b, 1));
    assert_string_equal(b.s, "kept");
    strbuf_clear(&b);
    assert_false(strbuf_failed(&b));
    strbuf_puts(&b, "again");
    assert_string_equal(b.s, "again");
    strbuf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adding),
        cmocka_unit_test(test_every_length_stays_terminated),
        cmocka_unit_test(test_long_printf),
        cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_failure_is_remembered),
    };
    return cmocka_run_group_tests_name("strbuf", tests, NULL, NULL);
}
