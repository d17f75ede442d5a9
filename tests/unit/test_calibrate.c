/* calibrate.c: thresholds, Platt's probabilities, styles weighed against each other */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "train/calibrate.h"

static void the_threshold_has_the_best_f1(void **state)
{
    (void)state;
    static const struct {
        struct scored x[5];
        size_t n, nmissed;
        double threshold;
    } rows[] = {
        /* all right ones above, all wrong ones below: the middle between them */
        {{{-3, false}, {3, true}, {-3.5, false}, {4, true}}, 4, 0, 0},
        {{{-4, false}, {2, true}, {-4, false}, {4, true}}, 4, 0, -1},
        /* one wrong one among three right ones is worth it, three are not */
        {{{4, true}, {0, false}, {-4, true}, {-4, true}, {-6, false}}, 5, 0, -5},
        {{{4, true}, {0, false}, {0, false}, {0, false}, {-4, true}}, 5, 0, 2},
        /* but are where many cannot be called: every right one counts */
        {{{4, true}, {0, false}, {0, false}, {0, false}, {-4, true}}, 5, 90, -5.25},
        {{{1, false}, {0, false}}, 2, 0, 0},
        {{{0, false}}, 0, 0, 0},
        {{{0, false}}, 0, 7, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scored x[5];
        for (size_t k = 0; k < 5; k++)
            x[k] = rows[i].x[k];
        double at = calibrate_threshold(x, rows[i].n, rows[i].nmissed);
        if (fabs(at - rows[i].threshold) > 0.06)
            fail_msg("row %zu: %.3f", i, at);
    }
}

/* A single right turn beside many wrong ones makes a peak; where right ones lead for long is a hill. */
static void a_narrow_peak_is_no_threshold(void **state)
{
    (void)state;
    enum { RIGHT = 40, WRONG = 40, LATE = 8 };
    struct scored x[RIGHT + WRONG + LATE];
    size_t n = 0;
    for (int i = 0; i < RIGHT; i++)
        x[n++] = (struct scored){1.0 + 0.01 * i, true};
    for (int i = 0; i < WRONG; i++)
        x[n++] = (struct scored){-1.0 - 0.001 * i, false};
    for (int i = 0; i < LATE; i++)
        x[n++] = (struct scored){-0.999 + 0.0001 * i, true}; /* best F1: just above -1; just below it is worst */
    double at = calibrate_threshold(x, n, 0);
    assert_true(at > -0.8 && at < 1);
}

static void platt_finds_the_slope_and_offset_of_counts(void **state)
{
    (void)state;
    /* 1000 turns each at scores -1 and 1, of which 100 and 800 are right: log-odds -2.197 and 1.386 */
    enum { N = 2000 };
    static struct scored x[N];
    double a = 0, b = 0;
    for (size_t i = 0; i < N; i++)
        x[i] = (struct scored){i < N / 2 ? -1 : 1, i % 1000 < (i < N / 2 ? 100 : 800)};
    calibrate_platt(x, N, 1, &a, &b);
    assert_true(fabs((b - a) - log(0.1 / 0.9)) < 0.02);
    assert_true(fabs((b + a) - log(0.8 / 0.2)) < 0.02);
    assert_true(calibrate_loss(x, N, a, b) < calibrate_loss(x, N, 1, 0));
    assert_true(calibrate_loss(x, N, a, b) < calibrate_loss(x, N, a + 0.1, b));
    assert_true(calibrate_loss(x, N, a, b) < calibrate_loss(x, N, a, b + 0.1));
}

static void platt_is_not_certain_of_few(void **state)
{
    (void)state;
    struct scored x[4] = {{-2, false}, {-1, false}, {1, true}, {2, true}};
    double a = 0, b = 0;
    calibrate_platt(x, 4, 1, &a, &b);
    /* the targets are 1/4 and 3/4 */
    assert_true(a > 0 && fabs(b) < 1e-6);
    assert_true(1 / (1 + exp(-2 * a)) < 0.9);
    for (size_t i = 0; i < 4; i++)
        x[i].is_right = true;
    b = 0.5;
    calibrate_platt(x, 4, 1, &a, &b);
    assert_true(a == 1 && b == 0.5); /* nothing to learn from */
}

static void styles_become_probabilities(void **state)
{
    (void)state;
    /* 60 of style 0 and 40 of style 1, whatever the score: their odds are 3 to 2; 10 are no delivery */
    enum { N = 110 };
    struct scored_style x[N];
    struct style_scale s;
    for (size_t i = 0; i < N; i++)
        x[i] = (struct scored_style){{0, 0, 0, 0}, i < 60 ? 0 : i < 100 ? 1 : CALIBRATE_STYLES};
    (void)calibrate_styles(x, N, &s);
    assert_true(fabs((s.b[0] - s.b[1]) - log(1.5)) < 0.05);
    assert_true(s.b[2] < s.b[1] - 2 && isfinite(s.b[2]));
}

static void offsets_make_room_for_the_rare_style(void **state)
{
    (void)state;
    /* style 0 scores just below style 1 on all its own turns: by scores alone it is never found */
    enum { N = 40 };
    struct scored_style x[N];
    struct style_scale s = {1, {0, 0, 0, 0}};
    static const size_t nmissed[CALIBRATE_STYLES] = {0, 0, 0, 0};
    for (size_t i = 0; i < N; i++)
        x[i] = i < 10 ? (struct scored_style){{0.9, 1, -1, -1}, 0} : (struct scored_style){{0.1, 1, -1, -1}, 1};
    double f = calibrate_style_offsets(x, N, nmissed, &s);
    assert_true(fabs(f - 2.0 / 3) < 1e-12); /* both styles wholly right, the third does not occur */
    assert_true(s.b[0] - s.b[1] > 0.09 && s.b[0] - s.b[1] < 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_threshold_has_the_best_f1),
        cmocka_unit_test(a_narrow_peak_is_no_threshold),
        cmocka_unit_test(platt_finds_the_slope_and_offset_of_counts),
        cmocka_unit_test(platt_is_not_certain_of_few),
        cmocka_unit_test(styles_become_probabilities),
        cmocka_unit_test(offsets_make_room_for_the_rare_style),
    };
    return cmocka_run_group_tests_name("calibrate", tests, NULL, NULL);
}
