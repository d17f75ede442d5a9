#include "core/pipeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct job {
    int n, squared;
};

/* A run over the numbers 0 .. total-1 that may be told to fail at one of them. */
struct run {
    int total, fail_produce_at, fail_work_at, fail_consume_at;
    int consumed;
    bool in_order;
    atomic_int alive, most_alive;
};

static enum err_code produce(void *ctx, struct pipeline *p, struct err *e)
{
    struct run *r = ctx;
    for (int i = 0; i < r->total; i++) {
        if (i == r->fail_produce_at)
            return err_set(e, ERR_IO, "produce %d", i);
        struct job *j = malloc(sizeof *j);
        if (j == NULL)
            abort();
        *j = (struct job){.n = i};
        int alive = atomic_fetch_add(&r->alive, 1) + 1;
        if (alive > atomic_load(&r->most_alive))
            atomic_store(&r->most_alive, alive);
        enum err_code rc = pipeline_emit(p, j, e);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err_code work(void *ctx, unsigned worker, void *job, struct err *e)
{
    struct run *r = ctx;
    struct job *j = job;
    (void)worker;
    for (volatile int spin = 0; spin < j->n * 37 % 1000; spin++) /* jobs of uneven length */
        ;
    if (j->n == r->fail_work_at)
        return err_set(e, ERR_INPUT, "work %d", j->n);
    j->squared = j->n * j->n;
    return ERR_OK;
}

static enum err_code consume(void *ctx, void *job, struct err *e)
{
    struct run *r = ctx;
    struct job *j = job;
    if (j->n != r->consumed || j->squared != j->n * j->n)
        r->in_order = false;
    if (j->n == r->fail_consume_at)
        return err_set(e, ERR_DB, "consume %d", j->n);
    r->consumed++;
    return ERR_OK;
}

static void release(void *ctx, void *job)
{
    struct run *r = ctx;
    free(job);
    atomic_fetch_sub(&r->alive, 1);
}

static enum err_code go(struct run *r, unsigned workers, struct err *e)
{
    r->in_order = true;
    const struct pipeline_stages st = {r, produce, work, consume, release};
    return pipeline_run(&st, workers, 8, e);
}

#define NEVER -1
#define RUN(n)                                                                                                         \
    {                                                                                                                  \
        .total = (n), .fail_produce_at = NEVER, .fail_work_at = NEVER, .fail_consume_at = NEVER                        \
    }

static void jobs_arrive_in_order_with_any_number_of_workers(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 5; workers++) {
        struct run r = RUN(1000);
        struct err e;
        assert_int_equal(go(&r, workers, &e), ERR_OK);
        assert_int_equal(r.consumed, 1000);
        assert_true(r.in_order);
        assert_int_equal(r.alive, 0);
        assert_true(r.most_alive <= 8 + 1); /* one more may be waiting to be emitted */
    }
}

static void no_jobs_at_all_is_fine(void **state)
{
    (void)state;
    struct run r = RUN(0);
    struct err e;
    assert_int_equal(go(&r, 3, &e), ERR_OK);
    assert_int_equal(r.consumed, 0);
}

static void a_failing_worker_stops_after_all_jobs_before_it(void **state)
{
    (void)state;
    struct run r = RUN(1000);
    r.fail_work_at = 321;
    struct err e;
    assert_int_equal(go(&r, 4, &e), ERR_INPUT);
    assert_string_equal(e.msg, "work 321");
    assert_int_equal(r.consumed, 321);
    assert_int_equal(r.alive, 0);
}

static void the_first_failure_in_order_wins(void **state)
{
    (void)state;
    struct run r = RUN(1000);
    r.fail_consume_at = 77;
    r.fail_work_at = 80;
    struct err e;
    assert_int_equal(go(&r, 4, &e), ERR_DB);
    assert_string_equal(e.msg, "consume 77");
    assert_int_equal(r.alive, 0);
}

static void a_failing_producer_is_told_after_its_jobs(void **state)
{
    (void)state;
    struct run r = RUN(1000);
    r.fail_produce_at = 50;
    struct err e;
    assert_int_equal(go(&r, 2, &e), ERR_IO);
    assert_int_equal(r.consumed, 50);
    assert_int_equal(r.alive, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_arrive_in_order_with_any_number_of_workers),
        cmocka_unit_test(no_jobs_at_all_is_fine),
        cmocka_unit_test(a_failing_worker_stops_after_all_jobs_before_it),
        cmocka_unit_test(the_first_failure_in_order_wins),
        cmocka_unit_test(a_failing_producer_is_told_after_its_jobs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
