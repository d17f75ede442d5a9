/* Funnel limits, over-dispersion, observed / expected: values of FunnelPlotR, and computed from Spiegelhalter's
 * formulas. */
#include "core/stats_funnel.h"

#include "core/stats_dist.h"
#include "tests/support/near.h"

static void limits_of_a_rate_are_exact(void **state)
{
    static const struct {
        double n, low95, high95, low998, high998; /* negative: not published */
    } rows[] = {{25, .035952, .349582, -1, .458447},
                {50, .084405, .307094, .034776, .379144},
                {100, .119742, .276476, .080978, .326766},
                {200, .143417, .254347, .114850, .288969}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats_funnel f = stats_funnel_rate(.2, rows[i].n);
        assert_true(f.has);
        assert_near(f.low95, rows[i].low95, 5e-7);
        assert_near(f.high95, rows[i].high95, 5e-7);
        if (rows[i].low998 >= 0)
            assert_near(f.low998, rows[i].low998, 5e-7);
        assert_near(f.high998, rows[i].high998, 5e-7);
    }
}

static void limits_of_observed_by_expected_are_those_of_poisson(void **state)
{
    static const struct {
        double e, low95, high95, low998, high998;
    } rows[] = {{15, .5596924, 1.649348, .3862650, 2.082907},
                {20, .6108260, 1.544419, .4479107, 1.902094},
                {30, .6746958, 1.427562, .5289724, 1.702771}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats_funnel f = stats_funnel_poisson(rows[i].e);
        assert_true(f.has);
        assert_near(f.low95, rows[i].low95, 5e-8);
        assert_near(f.high95, rows[i].high95, 5e-7);
        assert_near(f.low998, rows[i].low998, 5e-8);
        assert_near(f.high998, rows[i].high998, 5e-7);
    }
}

static void limits_get_narrower_with_size_and_never_leave_the_range(void **state)
{
    struct stats_funnel last = {true, 0, 1, 0, 1};
    (void)state;
    for (double n = 1; n <= 3e6; n *= 3) {
        struct stats_funnel f = stats_funnel_rate(.37, n);
        assert_true(0 <= f.low998 && f.low998 <= f.low95 && f.low95 <= .37 && f.high95 <= f.high998 && f.high998 <= 1);
        assert_true(f.low95 >= last.low95 && (n < 20 || f.high95 <= last.high95));
        last = f;
    }
    assert_near(last.high95, .37 + 1.96 * sqrt(.37 * .63 / 1594323), 1e-5);
}

/* The data of FunnelPlotR's test of the log O/E version. */
static void spread_gives_the_computed_values(void **state)
{
    static const double o[] = {100, 150, 180, 80, 120, 225}, e[] = {108, 112, 165, 95, 100, 220};
    static const double want[] = {-.7998, 3.0917, 1.1177, -1.6750, 1.8232, .3333};
    struct stats_paired units[6];
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        units[i] = (struct stats_paired){sqrt(e[i]) * log(o[i] / e[i]), 1 / sqrt(e[i])};
        assert_near(units[i].z, want[i], 5e-5);
    }
    struct stats_spread s = stats_spread_fit(units, 6);
    assert_true(s.has);
    assert_near(s.phi, 2.149053, 5e-7);
    assert_near(s.tau2, .0121185, 5e-8);
}

static void units_that_differ_by_chance_have_no_spread(void **state)
{
    struct stats_paired units[] = {{-1, .1}, {.5, .1}, {1, .2}, {-.4, .1}, {.2, .3}};
    struct stats_spread s = stats_spread_fit(units, 5);
    (void)state;
    assert_true(s.has && s.phi < 1 && s.tau2 == 0);
    assert_false(stats_spread_fit(units, 1).has);
}

/* Normal distances of variance 1 have phi 1 and no spread; of variance 4, phi 4 and tau2 3 s^2. */
static void the_fair_spread_undoes_the_cut(void **state)
{
    enum { K = 2001 };
    static struct stats_paired units[K];
    (void)state;
    for (int times = 1; times <= 2; times++) {
        for (int i = 0; i < K; i++)
            units[i] = (struct stats_paired){times * stats_normal_quantile((i + .5) / K), .1};
        struct stats_spread s = stats_spread_fair(units, K);
        assert_true(s.has);
        assert_near(s.phi, times * times, .01 * times * times);
        assert_near(s.tau2, times == 1 ? 0 : .03, .0005);
    }
    struct stats_paired few[] = {{-1.5, .1}, {1.4, .1}, {.3, .1}};
    assert_true(stats_spread_fair(few, 3).tau2 == 0 && stats_spread_fair(few, 3).phi > 1);
    assert_false(stats_spread_fair(few, 1).has);
}

/* Without spread the arcsine limits are near the exact ones; with it, wider, and they do not close as n grows. */
static void spread_widens_the_limits(void **state)
{
    struct stats_funnel exact = stats_funnel_rate(.2, 400), none = stats_funnel_spread(.2, 400, 0);
    struct stats_funnel some = stats_funnel_spread(.2, 400, .01), large = stats_funnel_spread(.2, 4e8, .01);
    (void)state;
    assert_near(none.low95, exact.low95, 4e-3);
    assert_near(none.high998, exact.high998, 4e-3);
    assert_true(some.high95 > none.high95 && some.low998 < none.low998);
    assert_near(large.high95, pow(sin(asin(sqrt(.2)) + 1.959964 * .1), 2), 1e-6);
    assert_near(large.low998, pow(sin(asin(sqrt(.2)) - 3.090232 * .1), 2), 1e-6);
    struct stats_funnel wide = stats_funnel_spread(.001, 3, 1);
    assert_true(wide.low998 == 0 && wide.high998 <= 1);
}

static void exact_limits_of_a_count(void **state)
{
    static const struct {
        int64_t o;
        double low, high;
    } rows[] = {
        {0, 0, 3.6889}, {1, .0253, 5.5716}, {5, 1.6235, 11.6683}, {10, 4.7954, 18.3904}, {20, 12.2165, 30.8884}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats_interval one = stats_ratio(rows[i].o, 1), four = stats_ratio(rows[i].o, 4);
        assert_true(one.has);
        assert_near(one.low, rows[i].low, 5e-5);
        assert_near(one.high, rows[i].high, 5e-5);
        assert_near(four.at, (double)rows[i].o / 4, 1e-15);
        assert_near(four.low, one.low / 4, 1e-12);
        assert_near(four.high, one.high / 4, 1e-12);
    }
    /* Byar's approximation, as a second opinion. */
    struct stats_interval ten = stats_ratio(10, 1);
    double low = 10 * pow(1 - 1.0 / 90 - 1.959964 / (3 * sqrt(10)), 3);
    double high = 11 * pow(1 - 1.0 / 99 + 1.959964 / (3 * sqrt(11)), 3);
    assert_near(low, 4.7874, 5e-5);
    assert_near(high, 18.3915, 5e-5);
    assert_near(ten.low, low, .01);
    assert_near(ten.high, high, .01);
}

static void what_cannot_be_estimated_is_not(void **state)
{
    (void)state;
    assert_false(stats_funnel_rate(.2, 0).has);
    assert_false(stats_funnel_rate(0, 10).has);
    assert_false(stats_funnel_rate(1, 10).has);
    assert_false(stats_funnel_rate(NAN, 10).has);
    assert_false(stats_funnel_poisson(0).has);
    assert_false(stats_funnel_poisson(NAN).has);
    assert_false(stats_funnel_spread(0, 10, .1).has);
    assert_false(stats_funnel_spread(.5, 10, -1).has);
    assert_false(stats_ratio(3, 0).has);
    assert_false(stats_ratio(-1, 3).has);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_a_rate_are_exact),
        cmocka_unit_test(limits_of_observed_by_expected_are_those_of_poisson),
        cmocka_unit_test(limits_get_narrower_with_size_and_never_leave_the_range),
        cmocka_unit_test(spread_gives_the_computed_values),
        cmocka_unit_test(units_that_differ_by_chance_have_no_spread),
        cmocka_unit_test(the_fair_spread_undoes_the_cut),
        cmocka_unit_test(spread_widens_the_limits),
        cmocka_unit_test(exact_limits_of_a_count),
        cmocka_unit_test(what_cannot_be_estimated_is_not),
    };
    return cmocka_run_group_tests_name("stats_funnel", tests, NULL, NULL);
}
