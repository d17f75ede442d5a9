/* sense_sum.c: whatever the processor can do, the same sums */
#include "analyze/sense_sum.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct numbers {
    int8_t w[SENSE_POOLED * SENSE_HIDDEN];
    uint8_t x[SENSE_SUM_MOST][SENSE_POOLED];
};

typedef void (*sum_fn)(const int8_t *w, const uint8_t *const *x, int32_t (*sum)[SENSE_HIDDEN], uint32_t n);

static void sum_with(sum_fn sum, const struct numbers *v, uint32_t n, int32_t out[SENSE_SUM_MOST][SENSE_HIDDEN])
{
    const uint8_t *x[SENSE_SUM_MOST];
    for (uint32_t k = 0; k < n; k++)
        x[k] = v->x[k];
    sum(v->w, x, out, n);
}

/* By the definition. */
static void check(sum_fn sum, const struct numbers *v)
{
    for (uint32_t n = 1; n <= SENSE_SUM_MOST; n++) {
        int32_t out[SENSE_SUM_MOST][SENSE_HIDDEN];
        sum_with(sum, v, n, out);
        for (uint32_t k = 0; k < n; k++)
            for (uint32_t j = 0; j < SENSE_HIDDEN; j++) {
                int32_t expected = 0;
                for (uint32_t i = 0; i < SENSE_POOLED; i++)
                    expected += v->x[k][i] * v->w[((size_t)(i / 4) * SENSE_HIDDEN + j) * 4 + i % 4];
                assert_int_equal(out[k][j], expected);
            }
    }
}

static void check_all(const struct numbers *v)
{
    check(sense_sum, v);
    check(sum_by_1, v);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        check(sum_by_8, v);
    if (__builtin_cpu_supports("avx512bw"))
        check(sum_by_16, v);
    if (__builtin_cpu_supports("avx512vnni"))
        check(sum_at_once, v);
#endif
}

static void every_processor_has_the_same_sums(void **state)
{
    (void)state;
    struct numbers v;
    uint32_t seed = 7;
    for (size_t i = 0; i < sizeof v.w / sizeof v.w[0]; i++) {
        seed = seed * 1664525u + 1013904223u;
        v.w[i] = (int8_t)((int32_t)(seed >> 24) % 255 - 127);
    }
    for (size_t i = 0; i < SENSE_SUM_MOST * SENSE_POOLED; i++) {
        seed = seed * 1664525u + 1013904223u;
        v.x[i / SENSE_POOLED][i % SENSE_POOLED] = (uint8_t)(seed >> 25);
    }
    check_all(&v);
}

static void the_largest_sums_fit(void **state)
{
    (void)state;
    struct numbers v;
    for (size_t i = 0; i < sizeof v.w / sizeof v.w[0]; i++)
        v.w[i] = i / 128 % 2 == 0 ? INT8_MAX : -INT8_MAX; /* by rows that stand together */
    for (size_t i = 0; i < SENSE_SUM_MOST * SENSE_POOLED; i++)
        v.x[i / SENSE_POOLED][i % SENSE_POOLED] = INT8_MAX;
    check_all(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_processor_has_the_same_sums),
        cmocka_unit_test(the_largest_sums_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
