/* p- and p'-charts: qicharts2's nhs_accidents (M. A. Mohammed 2013). */
#include "core/stats_chart.h"

#include "tests/support/near.h"

static const int64_t r[] = {266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320,
                            267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989};
static const int64_t n[] = {280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529,
                            279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772};

static void weeks_give_the_published_limits(void **state)
{
    struct stats_count weeks[20];
    (void)state;
    for (size_t i = 0; i < 20; i++)
        weeks[i] = (struct stats_count){r[i], n[i]};
    struct stats_chart c = stats_chart_fit(weeks, 20);
    assert_true(c.has && c.has_laney);
    assert_near(c.mean, .952899711, 5e-10);
    assert_near(c.sigma_z, 10.640422, 5e-7);
    struct stats_interval p = stats_chart_limits(&c, n[0]), laney = stats_chart_laney(&c, n[0]);
    assert_near(p.at, c.mean, 1e-15);
    assert_near(p.low, .951700, 5e-7);
    assert_near(p.high, .954100, 5e-7);
    assert_near(laney.low, .940130, 5e-7);
    assert_near(laney.high, .965670, 5e-7);
    laney = stats_chart_laney(&c, n[19]);
    assert_near(laney.low, .939975, 5e-7);
    assert_near(laney.high, .965824, 5e-7);
}

static void few_weeks_have_no_laney_limits(void **state)
{
    struct stats_count weeks[21];
    (void)state;
    for (size_t i = 0; i < 20; i++)
        weeks[i] = (struct stats_count){r[i], n[i]};
    weeks[10] = (struct stats_count){0, 0}; /* a week without data is no point */
    struct stats_chart c = stats_chart_fit(weeks, 20);
    assert_true(c.has && !c.has_laney && c.points == 19 && c.sigma_z == 1);
    assert_true(stats_chart_limits(&c, 100).has && !stats_chart_laney(&c, 100).has);
    weeks[20] = (struct stats_count){r[10], n[10]};
    assert_true(stats_chart_fit(weeks, 21).has_laney);
}

static void what_cannot_be_estimated_is_not(void **state)
{
    struct stats_count none[30] = {{0, 0}}, all[30];
    (void)state;
    struct stats_chart c = stats_chart_fit(none, 30);
    assert_true(!c.has && !c.has_laney && !stats_chart_limits(&c, 10).has);
    assert_false(stats_chart_fit(none, 0).has);
    for (size_t i = 0; i < 30; i++)
        all[i] = (struct stats_count){40, 40}; /* no variance to compare with */
    c = stats_chart_fit(all, 30);
    assert_true(c.has && !c.has_laney);
    struct stats_interval i = stats_chart_limits(&c, 10);
    assert_true(i.has && i.low == 1 && i.high == 1);
    assert_false(stats_chart_limits(&c, 0).has);
    all[3] = (struct stats_count){41, 40};
    assert_int_equal(stats_chart_fit(all, 30).points, 29);
}

static void limits_stay_within_zero_to_one(void **state)
{
    const struct stats_count weeks[] = {{1, 5}, {0, 4}, {9, 10}};
    struct stats_chart c = stats_chart_fit(weeks, 3);
    (void)state;
    struct stats_interval i = stats_chart_limits(&c, 4);
    assert_true(i.low == 0 && i.high == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_give_the_published_limits),
        cmocka_unit_test(few_weeks_have_no_laney_limits),
        cmocka_unit_test(what_cannot_be_estimated_is_not),
        cmocka_unit_test(limits_stay_within_zero_to_one),
    };
    return cmocka_run_group_tests_name("stats_chart", tests, NULL, NULL);
}
