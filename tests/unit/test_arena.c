#include "core/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/failing_alloc.h"

static void test_pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *a = arena_new(256);
    unsigned char *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = arena_alloc(a, i);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        memset(pieces[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_equal(pieces[i][k], i);
    arena_free(a);
    arena_free(NULL);
}

static void test_zalloc(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    memset(arena_alloc(a, 100), 0xff, 100);
    arena_reset(a);
    const unsigned char *z = arena_zalloc(a, 10, 10);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(z[i], 0);
    assert_null(arena_zalloc(a, SIZE_MAX / 2, 4));
    assert_null(arena_alloc(a, SIZE_MAX - 4));
    assert_non_null(arena_zalloc(a, 0, 8));
    assert_non_null(arena_zalloc(a, 8, 0));
    arena_free(a);
}

static void test_dup(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    char text[] = "words\0more";
    struct slice x = arena_dup(a, (struct slice){text, 10});
    memset(text, 'x', sizeof text);
    assert_int_equal(x.n, 10);
    assert_memory_equal(x.s, "words\0more", 11);
    struct slice empty = arena_dup(a, (struct slice){NULL, 0});
    assert_non_null(empty.s);
    assert_string_equal(empty.s, "");
    arena_free(a);
}

static void test_reset_keeps_one_usual_chunk(void **state)
{
    (void)state;
    struct arena *a = arena_new(1024);
    assert_int_equal(arena_bytes(a), 0);
    for (int i = 0; i < 50; i++)
        assert_non_null(arena_alloc(a, 500));
    assert_non_null(arena_alloc(a, 100000)); /* larger than a chunk */
    assert_true(arena_bytes(a) > 120000);
    arena_reset(a);
    size_t kept = arena_bytes(a);
    assert_true(kept >= 1024 && kept < 2048);
    for (int round = 0; round < 10; round++) {
        assert_non_null(arena_alloc(a, 1000));
        arena_reset(a);
        assert_int_equal(arena_bytes(a), kept);
    }
    arena_free(a);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    failing_alloc_at(1);
    assert_null(arena_new(0));
    assert_true(failing_alloc_off());
    struct arena *a = arena_new(64);
    failing_alloc_at(1);
    assert_null(arena_dup(a, SLICE_LIT("x")).s);
    assert_true(failing_alloc_off());
    assert_string_equal(arena_dup(a, SLICE_LIT("x")).s, "x"); /* and it goes on */
    failing_alloc_at(1);
    assert_null(arena_zalloc(a, 100, 100));
    assert_true(failing_alloc_off());
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_aligned_and_apart),
        cmocka_unit_test(test_zalloc),
        cmocka_unit_test(test_dup),
        cmocka_unit_test(test_reset_keeps_one_usual_chunk),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
