/* Shrinkage: Efron and Morris' eighteen baseball players. */
#include "core/stats_shrink.h"

#include "tests/support/near.h"

static const int64_t hits[18] = {18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7};

static void james_stein_gives_the_published_averages(void **state)
{
    double rates[18], mean = 0;
    (void)state;
    for (size_t i = 0; i < 18; i++) {
        rates[i] = round((double)hits[i] / 45 * 1000) / 1000;
        mean += rates[i] / 18;
    }
    double c = stats_james_stein(rates, 18, mean * (1 - mean) / 45);
    assert_near(mean, .265, 5e-4);
    assert_near(c, .212, 5e-4);
    assert_near(mean + c * (.400 - mean), .294, 5e-4);
    assert_near(mean + c * (.156 - mean), .242, 5e-4);
    double same[] = {.2, .2, .2, .2};
    assert_true(stats_james_stein(rates, 3, .01) == 1 && stats_james_stein(same, 4, .01) == 1);
    assert_true(stats_james_stein(rates, 18, 10) == 0);
}

static void beta_binomial_gives_the_computed_averages(void **state)
{
    struct stats_count players[19];
    (void)state;
    for (size_t i = 0; i < 18; i++)
        players[i] = (struct stats_count){hits[i], 45};
    players[18] = (struct stats_count){0, 0}; /* never at bat: no evidence */
    struct stats_prior p = stats_prior_fit(players, 19);
    assert_true(p.has && !p.is_flat);
    assert_near(p.rho, .002675, 5e-7);
    assert_near(p.precision, 372.83, 5e-3);
    assert_near(p.alpha, 98.961, 5e-4);
    assert_near(p.beta, 273.869, 5e-4);
    assert_near(stats_shrink(&p, players[0]), .27992, 5e-6);
    assert_near(stats_shrink(&p, players[17]), .25360, 5e-6);
    assert_near(stats_shrink(&p, players[18]), p.mean, 1e-15);
}

static void few_counts_are_drawn_further_than_many(void **state)
{
    const struct stats_count groups[] = {{4, 10}, {300, 1000}, {5, 40}, {90, 200}, {11, 100}};
    struct stats_prior p = stats_prior_fit(groups, 5);
    (void)state;
    assert_true(p.has && !p.is_flat);
    double few = fabs(stats_shrink(&p, (struct stats_count){4, 10}) - .4);
    double many = fabs(stats_shrink(&p, (struct stats_count){400, 1000}) - .4);
    assert_true(many < few / 10);
}

static void what_cannot_be_estimated_is_not(void **state)
{
    const struct stats_count one[] = {{4, 10}}, single[] = {{1, 1}, {0, 1}, {1, 1}}, bad[] = {{5, 4}, {-1, 9}, {1, 3}};
    const struct stats_count same[] = {{0, 10}, {0, 20}}, alike[] = {{3, 10}, {6, 20}}, apart[] = {{10, 10}, {0, 20}};
    (void)state;
    assert_false(stats_prior_fit(one, 0).has);
    assert_false(stats_prior_fit(one, 1).has);
    assert_false(stats_prior_fit(single, 3).has);
    assert_false(stats_prior_fit(bad, 3).has);
    struct stats_prior p = stats_prior_fit(same, 2);
    assert_true(p.has && p.is_flat && p.mean == 0 && stats_shrink(&p, same[0]) == 0);
    p = stats_prior_fit(alike, 2);
    assert_true(p.has && p.is_flat);
    assert_near(stats_shrink(&p, alike[0]), .3, 1e-12);
    p = stats_prior_fit(apart, 2);
    assert_true(p.has && p.rho == 1 && stats_shrink(&p, apart[0]) == 1 && stats_shrink(&p, apart[1]) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(james_stein_gives_the_published_averages),
        cmocka_unit_test(beta_binomial_gives_the_computed_averages),
        cmocka_unit_test(few_counts_are_drawn_further_than_many),
        cmocka_unit_test(what_cannot_be_estimated_is_not),
    };
    return cmocka_run_group_tests_name("stats_shrink", tests, NULL, NULL);
}
