/* Kappa, AC1, pi, alpha: values of irrCAC, SAS, statsmodels, Krippendorff and Fleiss. */
#include "core/stats_agreement.h"

#include "tests/support/near.h"

static const int64_t irrcac[] = {13, 0, 0, 0, 20, 7, 0, 4, 56};

static void two_raters_give_the_published_values(void **state)
{
    struct stats_agreement a = stats_agree(irrcac, 3);
    (void)state;
    assert_true(a.observed.has && a.kappa.has && a.ac1.has && a.pi.has && a.brennan.has && a.alpha.has);
    assert_near(a.observed.at, .89, 1e-12);
    assert_near(a.kappa.at, .7964094, 5e-8);
    assert_near(a.kappa_se, .05891, 5e-6);
    assert_near(a.pi.at, .7962397, 5e-8);
    assert_near(a.ac1.at, .8493305, 5e-8);
    assert_near(a.ac1_se, .04321747, 5e-8);
    assert_near(a.brennan.at, .835, 5e-8);
    assert_near(a.alpha.at, .7972585, 5e-8);
}

static void kappa_has_the_limits_of_sas(void **state)
{
    static const int64_t table[] = {0, 4, 1, 0, 8, 0, 0, 1, 5};
    struct stats_agreement a = stats_agree(table, 3);
    (void)state;
    assert_near(a.kappa.at, .4842, 5e-5);
    assert_near(a.kappa_se, .1380, 5e-5);
    assert_near(a.kappa.low, .2137, 5e-5);
    assert_near(a.kappa.high, .7547, 5e-5);
}

/* Krippendorff's four raters and twelve units; 0: not rated. */
static void four_raters_with_gaps_give_the_published_values(void **state)
{
    static const char *const rows[] = {"11.1", "2232", "3333", "3333", "2222", "1234",
                                       "4444", "1121", "2222", ".555", "..11", "..3."};
    int64_t counts[12 * 5] = {0};
    (void)state;
    for (size_t u = 0; u < 12; u++)
        for (const char *c = rows[u]; *c != '\0'; c++)
            if (*c != '.')
                counts[u * 5 + (size_t)(*c - '1')]++;
    struct stats_agreement a = stats_agree_units(counts, 12, 5);
    assert_near(a.observed.at, .8181818, 5e-8);
    assert_near(a.ac1.at, .77544, 5e-6);
    assert_near(a.pi.at, .76117, 5e-6);
    assert_near(a.alpha.at, .74342, 5e-6);
    assert_false(a.kappa.has);
}

static void fleiss_gives_the_value_of_the_textbook(void **state)
{
    static const int64_t counts[] = {0, 0, 0, 0, 14, 0, 2, 6, 4, 2, 0, 0, 3, 5, 6, 0, 3, 9, 2, 0, 2, 2, 8, 1, 1,
                                     7, 7, 0, 0, 0,  3, 2, 6, 3, 0, 2, 5, 3, 2, 2, 6, 5, 2, 1, 0, 0, 2, 2, 3, 7};
    struct stats_agreement a = stats_agree_units(counts, 10, 5);
    (void)state;
    assert_near(a.pi.at, .210, 5e-4);
}

/* irrCAC's distrib.6raters: fifteen patients, six psychiatrists, five diagnoses. */
static void six_raters_give_the_published_values(void **state)
{
    static const int64_t counts[] = {0, 0, 0, 6, 0, 0, 3, 0, 0, 3, 0, 1, 4, 0, 1, 0, 0, 0, 0, 6, 0, 3, 0, 3, 0,
                                     2, 0, 4, 0, 0, 0, 0, 4, 0, 2, 2, 0, 3, 1, 0, 2, 0, 0, 4, 0, 0, 0, 0, 0, 6,
                                     1, 0, 0, 5, 0, 1, 1, 0, 4, 0, 0, 3, 3, 0, 0, 1, 0, 0, 5, 0, 0, 2, 0, 3, 1};
    struct stats_agreement a = stats_agree_units(counts, 15, 5);
    (void)state;
    assert_near(a.observed.at, .5511111, 5e-8);
    assert_near(a.ac1.at, .4448007, 5e-8);
    assert_near(a.pi.at, .4139265, 5e-8);
    assert_near(a.alpha.at, .4204384, 5e-8);
    assert_near(a.brennan.at, .4388889, 5e-8);
}

/* The same two raters, told as a table and as units, agree as well in all that does not name the raters. */
static void table_and_units_say_the_same(void **state)
{
    int64_t counts[100 * 3] = {0};
    size_t u = 0;
    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            for (int64_t n = 0; n < irrcac[i * 3 + j]; n++, u++)
                counts[u * 3 + i]++, counts[u * 3 + j]++;
    struct stats_agreement a = stats_agree(irrcac, 3), b = stats_agree_units(counts, u, 3);
    assert_int_equal(u, 100);
    assert_near(b.observed.at, a.observed.at, 1e-12);
    assert_near(b.pi.at, a.pi.at, 1e-12);
    assert_near(b.ac1.at, a.ac1.at, 1e-12);
    assert_near(b.alpha.at, a.alpha.at, 1e-12);
    assert_near(b.brennan.at, a.brennan.at, 1e-12);
}

/* A rare tag on which the raters mostly agree: kappa looks bad, AC1 does not. */
static void a_rare_tag_shows_the_paradox_of_kappa(void **state)
{
    static const int64_t table[] = {1, 4, 5, 990};
    struct stats_agreement a = stats_agree(table, 2);
    (void)state;
    assert_near(a.observed.at, .991, 1e-12);
    assert_true(a.kappa.at < .2 && a.ac1.at > .98);
    struct stats_value yes = stats_agree_on(1, 4, 5), no = stats_agree_on(990, 5, 4);
    assert_near(yes.at, 2.0 / 11, 1e-12);
    assert_near(no.at, 1980.0 / 1989, 1e-12);
}

static void what_cannot_be_estimated_is_not(void **state)
{
    static const int64_t none[4] = {0}, one_category[] = {9, 0, 0, 0}, negative[] = {9, -1, 0, 3};
    static const int64_t single[] = {1, 0, 0, 1};
    (void)state;
    assert_false(stats_agree(none, 2).observed.has);
    assert_false(stats_agree(negative, 2).observed.has);
    assert_false(stats_agree(one_category, 1).observed.has);
    assert_false(stats_agree(none, STATS_MOST_CATEGORIES + 1).observed.has);
    struct stats_agreement a = stats_agree(one_category, 2);
    assert_true(a.observed.has && a.observed.at == 1);
    assert_true(!a.kappa.has && !a.pi.has && !a.alpha.has && a.kappa.at == 0);
    assert_true(a.ac1.has && a.ac1.at == 1 && a.ac1.low == 1 && a.ac1.high == 1);
    assert_false(stats_agree_units(single, 2, 2).observed.has); /* one rating a unit */
    assert_false(stats_agree_units(none, 0, 2).observed.has);
    assert_false(stats_agree_units(negative, 2, 2).observed.has);
    assert_false(stats_agree_units(one_category, 2, 2).alpha.has);
    assert_false(stats_agree_on(0, 0, 0).has);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_raters_give_the_published_values),
        cmocka_unit_test(kappa_has_the_limits_of_sas),
        cmocka_unit_test(four_raters_with_gaps_give_the_published_values),
        cmocka_unit_test(six_raters_give_the_published_values),
        cmocka_unit_test(fleiss_gives_the_value_of_the_textbook),
        cmocka_unit_test(table_and_units_say_the_same),
        cmocka_unit_test(a_rare_tag_shows_the_paradox_of_kappa),
        cmocka_unit_test(what_cannot_be_estimated_is_not),
    };
    return cmocka_run_group_tests_name("stats_agreement", tests, NULL, NULL);
}
