#include "core/stats_rate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The values of ../shared/ORACLES.md, to the digits they are given with. */
static void assert_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("got %.9f, want %.9f", got, want);
}

static void wilson_gives_the_published_limits(void **state)
{
    static const struct {
        int64_t x, n;
        double low, high, tolerance;
    } rows[] = {
        {81, 263, .2553, .3662, 5e-5}, {15, 148, .0624, .1605, 5e-5}, {0, 20, 0, .1611, 5e-5},
        {1, 29, .0061, .1718, 5e-5},   {4, 5, .376, .964, 5e-4},      {4, 20, .081, .416, 5e-4},
        {20, 100, .133, .289, 5e-4},   {100, 500, .167, .237, 5e-4},  {100, 200, .4313609, .5686391, 5e-8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats_interval w = stats_wilson(rows[i].x, rows[i].n);
        assert_true(w.has);
        assert_near(w.at, (double)rows[i].x / (double)rows[i].n, 1e-15);
        assert_near(w.low, rows[i].low, rows[i].tolerance);
        assert_near(w.high, rows[i].high, rows[i].tolerance);
    }
}

static void wilson_never_leaves_zero_to_one(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 400; n++) {
        struct stats_interval none = stats_wilson(0, n), all = stats_wilson(n, n);
        assert_true(none.low == 0 && none.high > 0 && none.high < 1);
        assert_true(all.high == 1 && all.low > 0 && all.low < 1);
    }
    struct stats_interval w = stats_wilson(38, 38);
    assert_true(w.high == 1);
    w = stats_wilson(0, 77);
    assert_true(w.low == 0);
}

static void impossible_counts_give_nothing(void **state)
{
    (void)state;
    assert_false(stats_wilson(0, 0).has);
    assert_false(stats_wilson(1, 0).has);
    assert_false(stats_wilson(-1, 5).has);
    assert_false(stats_wilson(6, 5).has);
    assert_true(stats_wilson(0, 0).high == 0);
    assert_false(stats_newcombe(1, 2, 0, 0).has);
    assert_false(stats_newcombe(0, 0, 1, 2).has);
}

static void newcombe_gives_the_published_limits(void **state)
{
    static const struct {
        int64_t x1, n1, x2, n2;
        double at, low, high;
    } rows[] = {
        {56, 70, 48, 80, .2000, .0524, .3339}, {9, 10, 3, 10, .6000, .1705, .8090}, {6, 7, 2, 7, .5714, .0582, .8062},
        {5, 56, 0, 29, .0893, -.0381, .1926},  {0, 10, 0, 20, 0, -.1611, .2775},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats_interval d = stats_newcombe(rows[i].x1, rows[i].n1, rows[i].x2, rows[i].n2);
        assert_true(d.has);
        assert_near(d.at, rows[i].at, 5e-5);
        assert_near(d.low, rows[i].low, 5e-5);
        assert_near(d.high, rows[i].high, 5e-5);
        struct stats_interval back = stats_newcombe(rows[i].x2, rows[i].n2, rows[i].x1, rows[i].n1);
        assert_near(back.low, -d.high, 1e-12);
        assert_near(back.high, -d.low, 1e-12);
    }
}

static void only_an_interval_without_zero_is_clear(void **state)
{
    (void)state;
    struct stats_interval d = stats_newcombe(56, 70, 48, 80);
    assert_true(stats_is_clear(&d));
    d = stats_newcombe(48, 80, 56, 70);
    assert_true(stats_is_clear(&d));
    d = stats_newcombe(5, 56, 0, 29);
    assert_false(stats_is_clear(&d));
    d = stats_newcombe(1, 1, 0, 0);
    assert_false(stats_is_clear(&d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_gives_the_published_limits),      cmocka_unit_test(wilson_never_leaves_zero_to_one),
        cmocka_unit_test(impossible_counts_give_nothing),         cmocka_unit_test(newcombe_gives_the_published_limits),
        cmocka_unit_test(only_an_interval_without_zero_is_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
