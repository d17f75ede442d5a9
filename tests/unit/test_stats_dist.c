/* The distribution functions, against tables and against sums. */
#include "core/stats_dist.h"

#include "tests/support/near.h"

static void normal_has_the_values_of_the_tables(void **state)
{
    static const struct {
        double p, z;
    } rows[] = {{.975, 1.959963984540054},  {.999, 3.090232306167813},   {.95, 1.644853626951473},     {.5, 0},
                {.025, -1.959963984540054}, {1e-10, -6.361340902404056}, {.9999999, 5.199337582192817}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_near(stats_normal_quantile(rows[i].p), rows[i].z, 1e-9);
        assert_near(stats_normal_above(-rows[i].z), rows[i].p, 1e-12);
    }
    assert_near(stats_normal_beyond(-1.959963984540054), .05, 1e-14);
    assert_true(stats_normal_quantile(0) == -HUGE_VAL && stats_normal_quantile(1) == HUGE_VAL);
}

static void chi2_has_the_values_of_the_tables(void **state)
{
    static const struct {
        double p, df, x;
    } rows[] = {{.95, 1, 3.841458820694124},  {.95, 2, 5.991464547107979},  {.99, 10, 23.209251158954356},
                {.025, 2, .0506356159685798}, {.975, 2, 7.377758908227871}, {.001, 30, 11.587951046},
                {.999, 100, 149.44925278},    {.5, 1000000, 999999.33333}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_near(stats_chi2_quantile(rows[i].p, rows[i].df), rows[i].x, rows[i].x * 1e-9);
        assert_near(stats_chi2_above(stats_chi2_quantile(rows[i].p, rows[i].df), rows[i].df), 1 - rows[i].p, 1e-10);
    }
    assert_true(stats_chi2_quantile(0, 3) == 0 && stats_chi2_above(0, 3) == 1);
    assert_near(stats_chi2_above(3.928571, 1), .04747, 5e-6);
}

/* Sums of the terms themselves, for many sizes. */
static void binomial_and_poisson_are_their_sums(void **state)
{
    static const double ps[] = {.001, .05, .2, .5, .83, .999};
    (void)state;
    for (int n = 1; n <= 400; n += 57)
        for (size_t i = 0; i < sizeof ps / sizeof *ps; i++) {
            double p = ps[i], binomial = 0, poisson = 0, mean = n * p;
            for (int r = 0; r < n; r++) {
                binomial += exp(lgamma(n + 1) - lgamma(r + 1) - lgamma(n - r + 1) + r * log(p) + (n - r) * log1p(-p));
                poisson += exp(r * log(mean) - mean - lgamma(r + 1));
                assert_near(stats_binomial_upto(r, n, p), binomial, 1e-11);
                assert_near(stats_binomial_from(r + 1, n, p), 1 - binomial, 1e-11);
                assert_near(stats_poisson_upto(r, mean), poisson, 1e-11);
            }
        }
    assert_true(stats_binomial_upto(-1, 10, .5) == 0 && stats_binomial_upto(10, 10, .5) == 1);
    assert_true(stats_binomial_from(0, 10, .5) == 1 && stats_binomial_from(11, 10, .5) == 0);
    assert_near(stats_binomial_from(60, 60, .001), 1e-180, 1e-190); /* far out in the tail */
    assert_near(stats_binomial_upto(0, 60, .999), 1e-180, 1e-190);
    assert_true(stats_binomial_upto(0, 10, 0) == 1 && stats_binomial_upto(9, 10, 1) == 0);
    assert_true(stats_poisson_upto(-1, 3) == 0 && stats_poisson_upto(0, 0) == 1);
}

static void large_sizes_stay_near_the_normal(void **state)
{
    double n = 4e6, p = .3, sd = sqrt(n * p * (1 - p));
    (void)state;
    for (double z = -3; z <= 3; z += .5) {
        assert_near(stats_binomial_upto(n * p + z * sd - .5, n, p), stats_normal_above(-z), 1e-3);
        assert_near(stats_poisson_upto(n + z * sqrt(n) - .5, n), stats_normal_above(-z), 1e-3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_has_the_values_of_the_tables),
        cmocka_unit_test(chi2_has_the_values_of_the_tables),
        cmocka_unit_test(binomial_and_poisson_are_their_sums),
        cmocka_unit_test(large_sizes_stay_near_the_normal),
    };
    return cmocka_run_group_tests_name("stats_dist", tests, NULL, NULL);
}
