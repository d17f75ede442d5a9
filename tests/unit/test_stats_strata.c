/* Mantel-Haenszel, Robins-Breslow-Greenland, Breslow-Day and Tarone: published values. */
#include "core/stats_strata.h"

#include "core/stats_dist.h"
#include "tests/support/near.h"

#define Z90 1.644853626951473

struct row {
    const char *name;
    struct stats_stratum strata[13];
    size_t n;
    double odds, low, high, z, tolerance; /* limits log_odds -+ z log_error */
    double chi2, p;                       /* corrected if z is 1.96; negative: not published */
    double breslow_day, tarone, p_tarone;
};

static const struct row rows[] = {
    {"rabbits",
     {{0, 0, 6, 5}, {3, 0, 3, 6}, {6, 2, 0, 4}, {5, 6, 1, 0}, {2, 5, 0, 0}},
     5,
     7,
     1.026713,
     47.725133,
     STATS_Z95,
     5e-7,
     3.928571,
     .04747,
     8.6273,
     8.3583,
     -1},
    {"DescTools",
     {{20, 14, 10, 24}, {15, 12, 3, 15}, {3, 2, 3, 2}, {12, 3, 7, 5}, {1, 0, 3, 2}},
     5,
     3.591176,
     1.781135,
     7.240633,
     STATS_Z95,
     5e-7,
     11.885194,
     .000566,
     1.84379,
     1.843632,
     .7645},
    {"UCB admissions",
     {{313, 512, 19, 89},
      {207, 353, 8, 17},
      {205, 120, 391, 202},
      {278, 139, 244, 131},
      {138, 53, 299, 94},
      {351, 22, 317, 24}},
     6,
     1.101879,
     .940201,
     1.291360,
     STATS_Z95,
     5e-7,
     1.336755,
     .247607,
     18.83297,
     -1,
     -1},
    {"tolbutamide",
     {{8, 98, 5, 115}, {22, 76, 16, 69}},
     2,
     1.403149,
     .8411,
     2.3409,
     Z90,
     5e-5,
     1.1914,
     .2750,
     -1,
     .3489,
     .5547},
    {"spermicide",
     {{3, 9, 104, 1059}, {1, 3, 5, 86}},
     2,
     3.781172,
     1.4304,
     9.9954,
     Z90,
     5e-5,
     5.8092,
     .0159,
     -1,
     .1391,
     .7092},
    {"BCG",
     {{4, 119, 11, 128},
      {6, 300, 29, 274},
      {3, 228, 11, 209},
      {62, 13536, 248, 12619},
      {33, 5036, 47, 5761},
      {180, 1361, 372, 1079},
      {8, 2537, 10, 619},
      {505, 87886, 499, 87892},
      {29, 7470, 45, 7232},
      {17, 1699, 65, 1600},
      {186, 50448, 141, 27197},
      {5, 2493, 3, 2338},
      {27, 16886, 29, 17825}},
     13,
     .622874,
     .5748,
     .6750,
     STATS_Z95,
     5e-5,
     -1,
     -1,
     -1,
     -1,
     -1},
};

static void check(double got, double want, double tolerance)
{
    if (want >= 0)
        assert_near(got, want, tolerance);
}

static void strata_give_the_published_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        struct stats_strata s = stats_strata(r->strata, r->n);
        print_message("%s\n", r->name);
        assert_true(s.has && s.has_test && s.has_homogeneity);
        assert_near(s.odds, r->odds, 5e-7);
        assert_near(exp(s.log_odds - r->z * s.log_error), r->low, r->tolerance);
        assert_near(exp(s.log_odds + r->z * s.log_error), r->high, r->tolerance);
        check(r->z == Z90 ? s.chi2_plain : s.chi2, r->chi2, r->z == Z90 ? 5e-5 : 5e-7);
        check(r->z == Z90 ? s.p_plain : s.p, r->p, r->z == Z90 ? 5e-5 : 5e-6);
        check(s.breslow_day, r->breslow_day, 5e-5);
        check(s.tarone, r->tarone, 5e-5);
        check(s.p_tarone, r->p_tarone, 5e-5);
    }
}

static void strata_give_what_is_published_once(void **state)
{
    struct stats_strata s = stats_strata(rows[5].strata, 13);
    (void)state;
    assert_near(s.log_odds, -.4734, 5e-5);
    assert_near(s.log_odds / s.log_error, -11.5444, 5e-5);
    s = stats_strata(rows[2].strata, 6);
    assert_near(s.p_breslow_day, .002065, 5e-7);
    s = stats_strata(rows[3].strata, 2);
    assert_near(s.log_odds, .3387, 5e-5);
    s = stats_strata(rows[0].strata, 5);
    assert_int_equal(s.informative, 3);
    assert_near(s.low, 1.026713, 5e-7);
    assert_near(s.high, 47.725133, 5e-7);
}

/* Admissions at Berkeley: all together men seem favoured, department by department they are not. */
static void strata_take_out_the_mix(void **state)
{
    struct stats_stratum all = {0, 0, 0, 0};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        all.a += rows[2].strata[i].a, all.b += rows[2].strata[i].b;
        all.c += rows[2].strata[i].c, all.d += rows[2].strata[i].d;
    }
    struct stats_strata crude = stats_strata(&all, 1), fair = stats_strata(rows[2].strata, 6);
    assert_true(crude.low > 1.0 || crude.high < 1.0);
    assert_true(fair.low < 1.0 && fair.high > 1.0);
}

/* The fitted cell must be the one with the odds ratio asked for, wherever that lies. */
static void one_stratum_fits_itself(void **state)
{
    (void)state;
    for (int64_t a = 1; a < 40; a += 3)
        for (int64_t d = 1; d < 40; d += 4) {
            const struct stats_stratum twice[] = {{a, 7, 5, d}, {2 * a, 14, 10, 2 * d}};
            struct stats_strata s = stats_strata(twice, 2);
            assert_near(s.odds, (double)(a * d) / 35, 1e-9);
            assert_near(s.breslow_day, 0, 1e-9);
            assert_near(s.tarone, 0, 1e-9);
            assert_near(s.p_tarone, 1, 1e-4);
        }
}

static void what_cannot_be_estimated_is_not(void **state)
{
    static const struct stats_stratum empty[] = {{0, 0, 3, 4}, {3, 4, 0, 0}, {0, 5, 0, 6}, {5, 0, 6, 0}, {0, 0, 0, 0}};
    static const struct stats_stratum no_b[] = {{3, 0, 2, 5}}, one[] = {{3, 4, 2, 5}}, negative[] = {{-3, 4, 2, 5}};
    static const struct stats_stratum tiny[] = {{1, 0, 0, 1}};
    struct stats_strata s = stats_strata(empty, 5);
    (void)state;
    assert_true(s.informative == 0 && !s.has && !s.has_test && !s.has_homogeneity && s.odds == 0 && s.p == 0);
    s = stats_strata(NULL, 0);
    assert_true(!s.has && !s.has_test);
    s = stats_strata(no_b, 1); /* infinite odds: a test, but no ratio */
    assert_true(s.informative == 1 && !s.has && s.has_test && s.p > 0 && s.p < 1);
    s = stats_strata(one, 1);
    assert_true(s.has && s.has_test && !s.has_homogeneity);
    s = stats_strata(negative, 1);
    assert_true(s.informative == 0 && !s.has);
    s = stats_strata(tiny, 1);
    assert_true(s.has_test && s.chi2 <= s.chi2_plain && s.p <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strata_give_the_published_values), cmocka_unit_test(strata_give_what_is_published_once),
        cmocka_unit_test(strata_take_out_the_mix),          cmocka_unit_test(one_stratum_fits_itself),
        cmocka_unit_test(what_cannot_be_estimated_is_not),
    };
    return cmocka_run_group_tests_name("stats_strata", tests, NULL, NULL);
}
