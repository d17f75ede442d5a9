#include "analyze/sense_sum.h"

#include <string.h>

enum { H = SENSE_HIDDEN };

_Static_assert(SENSE_HIDDEN % 32 == 0 && SENSE_POOLED % SENSE_SUM_ROWS == 0, "sums take whole vectors of rows");

#if defined(__x86_64__)
#include <immintrin.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): an attribute cannot stand in them */
/* Define NAME as sense_sum(), with vectors TYPE of LANES sums, NCOLUMNS of them at a time, for which there must be
 * registers. PREFIX and SUFFIX are of the names of what it can do; ADD(sum, x, w) adds four products to each sum. */
#define DEFINE_SUM(NAME, TARGET, TYPE, PREFIX, SUFFIX, ADD, LANES, NCOLUMNS)                                           \
    TARGET static inline __attribute__((always_inline)) void NAME##_of(const int8_t *w, const uint8_t *const *x,       \
                                                                       int32_t(*sum)[H], uint32_t n)                   \
    {                                                                                                                  \
        for (uint32_t from = 0; from < H; from += (LANES) * (NCOLUMNS)) {                                              \
            TYPE all[SENSE_SUM_MOST][NCOLUMNS];                                                                        \
            memset(all, 0, sizeof all);                                                                                \
            for (uint32_t i = 0; i < SENSE_POOLED; i += SENSE_SUM_ROWS)                                                \
                for (uint32_t k = 0; k < n; k++) {                                                                     \
                    int32_t four;                                                                                      \
                    memcpy(&four, x[k] + i, sizeof four);                                                              \
                    TYPE times = PREFIX##_set1_epi32(four);                                                            \
                    for (uint32_t j = 0; j < (NCOLUMNS); j++) {                                                        \
                        const void *rows = w + (size_t)i * H + SENSE_SUM_ROWS * (size_t)(from + j * (LANES));          \
                        all[k][j] = ADD(all[k][j], times, PREFIX##_loadu_##SUFFIX(rows));                              \
                    }                                                                                                  \
                }                                                                                                      \
            for (uint32_t k = 0; k < n; k++)                                                                           \
                memcpy(sum[k] + from, all[k], sizeof all[k]);                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    TARGET static void NAME(const int8_t *w, const uint8_t *const *x, int32_t(*sum)[H], uint32_t n)                    \
    {                                                                                                                  \
        switch (n) { /* each with a constant, so that the loops over it are gone */                                    \
        case 1:                                                                                                        \
            NAME##_of(w, x, sum, 1);                                                                                   \
            break;                                                                                                     \
        case 2:                                                                                                        \
            NAME##_of(w, x, sum, 2);                                                                                   \
            break;                                                                                                     \
        case 3:                                                                                                        \
            NAME##_of(w, x, sum, 3);                                                                                   \
            break;                                                                                                     \
        default:                                                                                                       \
            NAME##_of(w, x, sum, SENSE_SUM_MOST);                                                                      \
        }                                                                                                              \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

/* Two products of 127 by 127 or less fit into 16 bits. */
#define ADD_256(sum, x, w) _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1)))
#define ADD_512(sum, x, w) _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_maddubs_epi16(x, w), _mm512_set1_epi16(1)))

DEFINE_SUM(sum_by_8, __attribute__((target("avx2"))), __m256i, _mm256, si256, ADD_256, 8, 2)
DEFINE_SUM(sum_by_16, __attribute__((target("avx512bw"))), __m512i, _mm512, si512, ADD_512, 16, 2)
DEFINE_SUM(sum_at_once, __attribute__((target("avx512vnni"))), __m512i, _mm512, si512, _mm512_dpbusd_epi32, 16, 2)
#endif

static void sum_by_1(const int8_t *w, const uint8_t *const *x, int32_t (*sum)[H], uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        memset(sum[k], 0, H * sizeof *sum[k]);
        for (uint32_t i = 0; i < SENSE_POOLED; i += SENSE_SUM_ROWS)
            for (uint32_t j = 0; j < H; j++)
                for (uint32_t m = 0; m < SENSE_SUM_ROWS; m++)
                    sum[k][j] += w[((size_t)i * H) + (size_t)j * SENSE_SUM_ROWS + m] * x[k][i + m];
    }
}

void sense_sum(const int8_t *w, const uint8_t *const *x, int32_t (*sum)[H], uint32_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512vnni")) {
        sum_at_once(w, x, sum, n);
        return;
    }
    if (__builtin_cpu_supports("avx512bw")) {
        sum_by_16(w, x, sum, n);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        sum_by_8(w, x, sum, n);
        return;
    }
#endif
    sum_by_1(w, x, sum, n);
}
