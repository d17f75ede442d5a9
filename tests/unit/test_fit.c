/* fit.c, tasks.c: weights of rows that can be worked out, and pieces of work on threads */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "train/fit.h"
#include "train/tasks.h"

enum { N = 400 };

/* Feature 0 always, feature 1 in the second half of the rows. Of the first half a quarter is right, of the second three
 * quarters: log-odds -ln 3 and ln 3. */
static struct fit_rows *rows_of_quarters(uint32_t which[N], bool is_right[N])
{
    struct fit_rows *r = fit_rows_new(2);
    assert_non_null(r);
    for (uint32_t i = 0; i < N; i++) {
        struct feature_list l = {.n = i < N / 2 ? 1 : 2};
        l.f[0].index = 0;
        l.f[1].index = 1;
        for (uint32_t k = 0; k < l.n; k++) {
            l.f[k].match = NO_MATCH;
            l.f[k].value = 1;
        }
        assert_true(fit_rows_add(r, &l));
        which[i] = i;
        is_right[i] = i % 4 < (i < N / 2 ? 1 : 3);
    }
    assert_int_equal(fit_rows_count(r), N);
    return r;
}

static enum err_code fit(const struct fit_rows *r, const uint32_t *which, const bool *is_right, size_t n,
                         const struct fit_settings *settings, double *w, bool *can)
{
    struct err e;
    struct fit_task t = {r, which, is_right, n, NULL};
    return fit_logistic(&t, settings, w, can, &e);
}

static void fits_the_odds(void **state)
{
    (void)state;
    static const struct fit_settings settings[] = {{false, 1000}, {true, 1000}};
    uint32_t which[N];
    bool is_right[N], can;
    struct fit_rows *r = rows_of_quarters(which, is_right);
    for (size_t s = 0; s < 2; s++) {
        double w[2] = {0, 0}, again[2] = {0, 0};
        assert_int_equal(fit(r, which, is_right, N, &settings[s], w, &can), ERR_OK);
        assert_true(can);
        assert_true(fabs(w[0] + log(3)) < 0.05);
        assert_true(fabs(w[0] + w[1] - log(3)) < 0.05);
        assert_true(fabs(fit_score(r, N - 1, w) - w[0] - w[1]) < 1e-12);
        assert_true(fabs(fit_score(r, 0, w) - w[0]) < 1e-12);
        assert_int_equal(fit(r, which, is_right, N, &settings[s], again, &can), ERR_OK);
        assert_true(w[0] == again[0] && w[1] == again[1]);
    }
    fit_rows_free(r);
}

static void the_order_of_labels_does_not_turn_the_sign(void **state)
{
    (void)state;
    uint32_t which[N];
    bool is_right[N], can;
    double w[2] = {0, 0}, v[2] = {0, 0};
    struct fit_settings settings = {false, 1};
    struct fit_rows *r = rows_of_quarters(which, is_right);
    assert_true(is_right[0]); /* LIBLINEAR's first label */
    assert_int_equal(fit(r, which, is_right, N, &settings, w, &can), ERR_OK);
    assert_false(is_right[1]);
    assert_int_equal(fit(r, which + 1, is_right + 1, N - 1, &settings, v, &can), ERR_OK);
    assert_true(w[0] < 0 && v[0] < 0 && w[1] > 0 && v[1] > 0);
    fit_rows_free(r);
}

static void cannot_fit_where_all_or_none_is_right(void **state)
{
    (void)state;
    uint32_t which[N];
    bool is_right[N], can = true;
    double w[2] = {7, 8};
    struct fit_settings settings = {false, 1};
    struct fit_rows *r = rows_of_quarters(which, is_right);
    for (int all = 0; all < 2; all++) {
        for (size_t i = 0; i < N; i++)
            is_right[i] = all;
        can = true;
        assert_int_equal(fit(r, which, is_right, N, &settings, w, &can), ERR_OK);
        assert_false(can);
        assert_true(w[0] == 7 && w[1] == 8);
    }
    assert_int_equal(fit(r, which, is_right, 0, &settings, w, &can), ERR_OK);
    assert_false(can);
    fit_rows_free(r);
    fit_rows_free(NULL);
}

/* With next to no data's say (a tiny C) the base stays; what the rows say moves it. */
static void stays_near_a_base(void **state)
{
    (void)state;
    uint32_t which[N];
    bool is_right[N], can;
    struct err e;
    struct fit_rows *r = rows_of_quarters(which, is_right);
    const double good[2] = {-log(3), 2 * log(3)}, half[2] = {-log(3) / 2, log(3)};
    double w[2] = {0, 0}, strict[2] = {0, 0};
    struct fit_task t = {r, which, is_right, N, good};
    assert_int_equal(fit_logistic(&t, &(struct fit_settings){false, 0.01}, w, &can, &e), ERR_OK);
    assert_true(fabs(w[0] - good[0]) < 0.1 && fabs(w[1] - good[1]) < 0.2);
    t.base = NULL;
    assert_int_equal(fit_logistic(&t, &(struct fit_settings){false, 0.01}, strict, &can, &e), ERR_OK);
    assert_true(fabs(strict[1]) < fabs(w[1]) - 0.5); /* from scratch so strict a fit falls short */
    t.base = half;
    assert_int_equal(fit_logistic(&t, &(struct fit_settings){false, 1000}, w, &can, &e), ERR_OK);
    assert_true(fabs(w[0] + log(3)) < 0.05 && fabs(w[1] - 2 * log(3)) < 0.1);
    for (size_t i = 0; i < N; i++)
        is_right[i] = true;
    assert_int_equal(fit_logistic(&t, &(struct fit_settings){false, 1}, w, &can, &e), ERR_OK);
    assert_false(can);
    assert_true(w[0] == half[0] && w[1] == half[1]);
    fit_rows_free(r);
}

struct job {
    atomic_int done[1000];
    size_t bad_from; /* this piece and all later ones fail */
};

static enum err_code work(void *ctx, size_t piece, struct err *e)
{
    struct job *j = ctx;
    atomic_fetch_add(&j->done[piece], 1);
    return piece >= j->bad_from ? err_set(e, ERR_INPUT, "piece %zu", piece) : ERR_OK;
}

static void every_piece_is_done_once(void **state)
{
    (void)state;
    static const unsigned threads[] = {0, 1, 2, 7, 1000};
    for (size_t k = 0; k < sizeof threads / sizeof threads[0]; k++) {
        struct job j = {.bad_from = SIZE_MAX};
        struct err e;
        assert_int_equal(tasks_run(1000, threads[k], &j, work, &e), ERR_OK);
        for (size_t i = 0; i < 1000; i++)
            assert_int_equal(atomic_load(&j.done[i]), 1);
        assert_int_equal(tasks_run(0, threads[k], &j, work, &e), ERR_OK);
    }
}

static void the_first_piece_that_fails_is_told(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 8; threads++) {
        struct job j = {.bad_from = 17};
        struct err e;
        assert_int_equal(tasks_run(1000, threads, &j, work, &e), ERR_INPUT);
        assert_string_equal(e.msg, "piece 17");
        assert_int_equal(atomic_load(&j.done[999]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_the_odds),
        cmocka_unit_test(the_order_of_labels_does_not_turn_the_sign),
        cmocka_unit_test(cannot_fit_where_all_or_none_is_right),
        cmocka_unit_test(stays_near_a_base),
        cmocka_unit_test(every_piece_is_done_once),
        cmocka_unit_test(the_first_piece_that_fails_is_told),
    };
    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
