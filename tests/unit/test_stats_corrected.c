/* Rogan and Gladen's estimate; the limits of Lang and Reiczigel hold what they promise. */
#include "core/stats_corrected.h"

#include "tests/support/near.h"

static void the_estimate_undoes_known_errors(void **state)
{
    /* 40 % truly yes; called yes: .9 of them, and .2 of the others: .48 */
    struct stats_interval i =
        stats_corrected((struct stats_count){480, 1000}, (struct stats_count){90, 100}, (struct stats_count){80, 100});
    (void)state;
    assert_true(i.has);
    assert_near(i.at, .4, 1e-12);
    assert_true(i.low < .4 && i.low > .2 && i.high > .4 && i.high < .6);
}

static void perfect_calling_leaves_the_rate(void **state)
{
    struct stats_interval i = stats_corrected((struct stats_count){300, 1000}, (struct stats_count){100000, 100000},
                                              (struct stats_count){100000, 100000});
    struct stats_interval w = stats_wilson(300, 1000);
    (void)state;
    assert_near(i.at, .3, 1e-12);
    assert_near(i.low, w.low, 1e-3);
    assert_near(i.high, w.high, 1e-3);
}

static void fewer_labels_mean_wider_limits(void **state)
{
    double last = 0;
    (void)state;
    for (int64_t n = 20000; n >= 20; n /= 10) {
        struct stats_interval i = stats_corrected((struct stats_count){480, 1000}, (struct stats_count){n * 9 / 10, n},
                                                  (struct stats_count){n * 8 / 10, n});
        assert_true(i.has && i.high - i.low > last);
        last = i.high - i.low;
    }
    assert_true(last > .3);
}

static uint64_t next(uint64_t *s) /* splitmix64 */
{
    uint64_t z = (*s += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static int64_t binomial(uint64_t *s, int64_t n, double p)
{
    int64_t x = 0;
    for (int64_t i = 0; i < n; i++)
        x += (double)(next(s) >> 11) * 0x1p-53 < p;
    return x;
}

static void limits_hold_the_truth_in_95_of_100(void **state)
{
    static const struct {
        double rate, se, sp;
        int64_t n, labels;
    } rows[] = {{.3, .85, .95, 400, 60}, {.05, .7, .97, 2000, 100}, {.6, .9, .8, 150, 40}};
    uint64_t seed = 1;
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int held = 0;
        enum { TIMES = 1000 };
        for (int t = 0; t < TIMES; t++) {
            double called = rows[r].rate * rows[r].se + (1 - rows[r].rate) * (1 - rows[r].sp);
            struct stats_interval i =
                stats_corrected((struct stats_count){binomial(&seed, rows[r].n, called), rows[r].n},
                                (struct stats_count){binomial(&seed, rows[r].labels, rows[r].se), rows[r].labels},
                                (struct stats_count){binomial(&seed, rows[r].labels, rows[r].sp), rows[r].labels});
            held += i.has && i.low <= rows[r].rate && rows[r].rate <= i.high;
        }
        print_message("rate %.2f: %d of %d\n", rows[r].rate, held, TIMES);
        assert_in_range(held, TIMES * 93 / 100, TIMES * 985 / 1000);
    }
}

static void what_cannot_be_estimated_is_not(void **state)
{
    const struct stats_count some = {3, 10}, none = {0, 0}, bad = {11, 10}, all = {10, 10}, chance = {5, 10},
                             zero = {0, 10};
    (void)state;
    assert_false(stats_corrected(none, all, all).has);
    assert_false(stats_corrected(some, none, all).has);
    assert_false(stats_corrected(some, all, none).has);
    assert_false(stats_corrected(bad, all, all).has);
    assert_false(stats_corrected(some, chance, chance).has);
    assert_false(stats_corrected(some, zero, chance).has);
    struct stats_interval i =
        stats_corrected(zero, all, (struct stats_count){7, 10}); /* below what errors alone give */
    assert_true(i.has && i.at == 0 && i.low == 0 && i.high >= 0 && i.high <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_estimate_undoes_known_errors), cmocka_unit_test(perfect_calling_leaves_the_rate),
        cmocka_unit_test(fewer_labels_mean_wider_limits),   cmocka_unit_test(limits_hold_the_truth_in_95_of_100),
        cmocka_unit_test(what_cannot_be_estimated_is_not),
    };
    return cmocka_run_group_tests_name("stats_corrected", tests, NULL, NULL);
}
