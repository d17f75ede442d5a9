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
static struct fit_rows *rows_of_quarters(struct fit_example examples[N])
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
        examples[i] = (struct fit_example){i, i % 4 < (i < N / 2 ? 1 : 3), 1};
    }
    return r;
}

static void fit(const struct fit_rows *r, const struct fit_example *examples, size_t n, double c, double *w, bool *can)
{
    struct err e;
    struct fit_task t = {r, examples, n, NULL, NULL};
    assert_int_equal(fit_logistic(&t, c, w, can, &e), ERR_OK);
}

static void fits_the_odds(void **state)
{
    (void)state;
    struct fit_example examples[N];
    struct fit_rows *r = rows_of_quarters(examples);
    double w[2] = {0, 0}, far[2] = {30, -50};
    bool can;
    fit(r, examples, N, 1e6, w, &can);
    assert_true(can);
    assert_true(fabs(w[0] + log(3)) < 1e-5);
    assert_true(fabs(w[0] + w[1] - log(3)) < 1e-5);
    assert_true(fabs(fit_score(r, N - 1, w) - w[0] - w[1]) < 1e-12);
    assert_true(fabs(fit_score(r, 0, w) - w[0]) < 1e-12);
    fit(r, examples, N, 1e6, far, &can); /* wherever the search begins */
    assert_true(fabs(w[0] - far[0]) < 1e-5 && fabs(w[1] - far[1]) < 1e-5);
    fit_rows_free(r);
}

/* At the least of the loss each weight is C times the sum of what its feature's rows fall short by. */
static void the_gradient_is_zero(void **state)
{
    (void)state;
    static const double cs[] = {0.001, 0.1, 1, 10};
    struct fit_example examples[N];
    struct fit_rows *r = rows_of_quarters(examples);
    for (uint32_t i = 0; i < N; i++)
        examples[i].weight = 1 + i % 7;
    for (size_t k = 0; k < sizeof cs / sizeof cs[0]; k++) {
        double w[2] = {0, 0}, g[2] = {0, 0};
        bool can;
        fit(r, examples, N, cs[k], w, &can);
        for (uint32_t i = 0; i < N; i++) {
            double p = 1 / (1 + exp(-fit_score(r, i, w)));
            g[0] += cs[k] * examples[i].weight * (examples[i].is_right - p);
            g[1] += i < N / 2 ? 0 : cs[k] * examples[i].weight * (examples[i].is_right - p);
        }
        assert_true(fabs(g[0] - w[0]) < 1e-4 * (1 + cs[k] * N) && fabs(g[1] - w[1]) < 1e-4 * (1 + cs[k] * N));
    }
    fit_rows_free(r);
}

static void a_row_counts_as_much_as_it_weighs(void **state)
{
    (void)state;
    struct fit_example examples[N], twice[2 * N];
    struct fit_rows *r = rows_of_quarters(examples);
    double w[2] = {0, 0}, v[2] = {0, 0};
    bool can;
    uint32_t n = 0;
    for (uint32_t i = 0; i < N; i++) {
        for (uint32_t k = 0; k < 1 + i % 2; k++)
            twice[n++] = examples[i];
        examples[i].weight = 0.5 * (1 + i % 2);
    }
    fit(r, examples, N, 2, w, &can);
    fit(r, twice, n, 1, v, &can);
    assert_true(fabs(w[0] - v[0]) < 1e-6 && fabs(w[1] - v[1]) < 1e-6);
    fit_rows_free(r);
}

static void what_is_not_seen_has_no_weight(void **state)
{
    (void)state;
    struct fit_example examples[N];
    struct fit_rows *r = rows_of_quarters(examples);
    const bool sees[2] = {true, false};
    double w[2] = {0, 0};
    bool can;
    struct err e;
    for (uint32_t i = 0; i < N; i++)
        examples[i].is_right = i % 4 == 0;
    struct fit_task t = {r, examples, N, sees, NULL};
    assert_int_equal(fit_logistic(&t, 1e6, w, &can, &e), ERR_OK);
    assert_true(fabs(w[0] + log(3)) < 1e-5 && w[1] == 0);
    fit_rows_free(r);
}

static void cannot_fit_where_all_or_none_is_right(void **state)
{
    (void)state;
    struct fit_example examples[N];
    bool can = true;
    double w[2] = {7, 8};
    struct fit_rows *r = rows_of_quarters(examples);
    for (int all = 0; all < 2; all++) {
        for (size_t i = 0; i < N; i++)
            examples[i].is_right = all;
        can = true;
        fit(r, examples, N, 1, w, &can);
        assert_false(can);
        assert_true(w[0] == 7 && w[1] == 8);
    }
    fit(r, examples, 0, 1, w, &can);
    assert_false(can);
    fit_rows_free(r);
    fit_rows_free(NULL);
}

/* With next to no data's say (a tiny C) the base stays; what the rows say moves it. */
static void stays_near_a_base(void **state)
{
    (void)state;
    struct fit_example examples[N];
    bool can;
    struct err e;
    struct fit_rows *r = rows_of_quarters(examples);
    const double good[2] = {-log(3), 2 * log(3)}, half[2] = {-log(3) / 2, log(3)};
    double w[2] = {0, 0}, strict[2] = {0, 0};
    struct fit_task t = {r, examples, N, NULL, good};
    assert_int_equal(fit_logistic(&t, 0.01, w, &can, &e), ERR_OK);
    assert_true(fabs(w[0] - good[0]) < 0.1 && fabs(w[1] - good[1]) < 0.2);
    t.base = NULL;
    assert_int_equal(fit_logistic(&t, 0.01, strict, &can, &e), ERR_OK);
    assert_true(fabs(strict[1]) < fabs(w[1]) - 0.5); /* from scratch so strict a fit falls short */
    t.base = half;
    assert_int_equal(fit_logistic(&t, 1000, w, &can, &e), ERR_OK);
    assert_true(fabs(w[0] + log(3)) < 0.05 && fabs(w[1] - 2 * log(3)) < 0.1);
    for (size_t i = 0; i < N; i++)
        examples[i].is_right = true;
    assert_int_equal(fit_logistic(&t, 1, w, &can, &e), ERR_OK);
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
        cmocka_unit_test(the_gradient_is_zero),
        cmocka_unit_test(a_row_counts_as_much_as_it_weighs),
        cmocka_unit_test(what_is_not_seen_has_no_weight),
        cmocka_unit_test(cannot_fit_where_all_or_none_is_right),
        cmocka_unit_test(stays_near_a_base),
        cmocka_unit_test(every_piece_is_done_once),
        cmocka_unit_test(the_first_piece_that_fails_is_told),
    };
    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
