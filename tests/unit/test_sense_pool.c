/* sense_pool.c: whatever the processor can do, the same answers */
#include "analyze/sense_pool.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WORDS = 50 };

struct numbers {
    uint8_t rows[WORDS * ROW], pass[C];
    uint32_t words[SENSE_SYMBOLS_MAX + 2];
};

typedef void (*pool_fn)(const uint8_t *rows, const uint8_t pass[C], const uint32_t *words, uint32_t n,
                        uint8_t pooled[SENSE_POOLED]);

/* By the definition, of what detector I answers to N symbols. */
static void check_detector(const struct numbers *v, uint32_t n, uint32_t i, const uint8_t *pooled)
{
    const uint8_t *mine = v->rows + i % HALF;
    int shift = i < HALF ? 0 : 4;
    long most = 0, sum = 0;
    for (uint32_t k = 0; k < n; k++) {
        long x = (mine[v->words[k] * ROW] >> shift) % 16 + (mine[v->words[k + 1] * ROW + HALF] >> shift) % 16 +
                 (mine[v->words[k + 2] * ROW + 2 * HALF] >> shift) % 16 - v->pass[i];
        x = x < 0 ? 0 : x;
        most = x > most ? x : most;
        sum += x;
    }
    assert_int_equal(pooled[i], most);
    double share = fmin(4 * (double)sum / sqrt(n + 2.0), 127);
    assert_true(fabs(pooled[C + i] - share) <= 0.501 + share * 2e-4); /* the nearest, of a part in 15 bits */
}

static void check(pool_fn pool, const struct numbers *v, uint32_t n)
{
    uint8_t pooled[SENSE_POOLED], plain[SENSE_POOLED];
    pool(v->rows, v->pass, v->words, n, pooled);
    pool_by_1(v->rows, v->pass, v->words, n, plain);
    assert_memory_equal(pooled, plain, sizeof pooled);
    for (uint32_t i = 0; i < C; i++)
        check_detector(v, n, i, pooled);
}

static void check_all(const struct numbers *v, uint32_t n)
{
    check(sense_pool, v, n);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        check(pool_by_32, v, n);
    if (__builtin_cpu_supports("avx512bw"))
        check(pool_by_64, v, n);
#endif
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

/* Any rows; what is taken off is MOST at most. */
static void fill(struct numbers *v, uint32_t most)
{
    uint32_t seed = 3;
    for (size_t i = 0; i < sizeof v->rows; i++)
        v->rows[i] = (uint8_t)next(&seed);
    for (size_t i = 0; i < sizeof v->pass; i++)
        v->pass[i] = (uint8_t)(next(&seed) % (most + 1));
    for (size_t i = 0; i < sizeof v->words / sizeof v->words[0]; i++)
        v->words[i] = next(&seed) % WORDS;
}

static void every_processor_has_the_same_answers(void **state)
{
    (void)state;
    static struct numbers v;
    for (uint32_t most = 0; most <= SENSE_ANSWER_MOST; most += 15) {
        fill(&v, most);
        for (uint32_t n = 0; n < 20; n++)
            check_all(&v, n);
        check_all(&v, SENSE_SYMBOLS_MAX - 1);
        check_all(&v, SENSE_SYMBOLS_MAX);
    }
}

/* The same answer at each of N places, from the smallest to the largest; then the largest at the first ones alone, so
 * that their sum is not cut. */
static void long_turns_add_up(void **state)
{
    (void)state;
    static struct numbers v;
    memset(v.rows, 0xFF, sizeof v.rows);
    for (int pass = 0; pass <= SENSE_ANSWER_MOST; pass += 11) {
        memset(v.pass, pass, sizeof v.pass);
        for (uint32_t n = 200; n <= SENSE_SYMBOLS_MAX; n += 39)
            check_all(&v, n);
    }
    memset(v.pass, 0, sizeof v.pass);
    memset(v.rows, 0, ROW);
    for (uint32_t i = 0; i < 9; i++)
        v.words[i] = 1;
    for (uint32_t n = 200; n <= SENSE_SYMBOLS_MAX; n += 39)
        check_all(&v, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_processor_has_the_same_answers),
        cmocka_unit_test(long_turns_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
