/* Benjamini and Hochberg's example, and that of statsmodels. */
#include "core/stats_multiple.h"

#include "tests/support/failing_alloc.h"
#include "tests/support/near.h"

static void example_of_1995_gives_its_values(void **state)
{
    static const double p[] = {.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                               .0459, .3240, .4262, .5719, .6528, .7590, 1.000};
    static const double want[] = {.0015, .003, .0095,   .035625, .0603,   .063857, .063857, .0645,
                                  .0765, .486, .581182, .714875, .753231, .813214, 1};
    double q[15];
    int discoveries = 0, bonferroni = 0;
    (void)state;
    assert_true(stats_adjust(p, 15, q));
    for (size_t i = 0; i < 15; i++) {
        assert_near(q[i], want[i], 5e-7);
        discoveries += q[i] <= .05;
        bonferroni += p[i] * 15 <= .05;
    }
    assert_int_equal(discoveries, 4);
    assert_int_equal(bonferroni, 3);
}

static void order_does_not_matter(void **state)
{
    static const double p[] = {.838541367553, .642193923795,    .680845947633,  .967833824309,   .71626938238,
                               .177096952723, 5.23656777208e-5, .0202732688798, .00028140506198, .0149877310796};
    double q[10];
    (void)state;
    assert_true(stats_adjust(p, 10, q));
    assert_near(q[6], 5.2365677720800004e-04, 1e-15);
    assert_near(q[8], 1.4070253099e-03, 1e-13);
    assert_near(q[9], 4.99591036e-02, 1e-10);
    assert_near(q[7], 5.06831722e-02, 1e-10);
    assert_near(q[3], .967833824309, 1e-12);
    for (size_t i = 0; i < 10; i++)
        assert_true(q[i] >= p[i] && q[i] <= 1);
}

static void few_and_equal_tests(void **state)
{
    static const double p[] = {.03, .03, .03};
    double q[3] = {7, 7, 7};
    (void)state;
    assert_true(stats_adjust(p, 0, q));
    assert_true(q[0] == 7);
    assert_true(stats_adjust(p, 1, q));
    assert_true(q[0] == .03 && q[1] == 7);
    assert_true(stats_adjust(p, 3, q));
    for (size_t i = 0; i < 3; i++)
        assert_near(q[i], .03, 1e-15);
}

static void no_memory_is_told(void **state)
{
    static const double p[] = {.03, .5};
    double q[2];
    (void)state;
    failing_alloc_at(1);
    bool ok = stats_adjust(p, 2, q);
    assert_true(failing_alloc_off());
    assert_false(ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_of_1995_gives_its_values),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(few_and_equal_tests),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("stats_multiple", tests, NULL, NULL);
}
