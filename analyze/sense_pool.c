#include "analyze/sense_pool.h"

#include <math.h>
#include <string.h>

enum { C = SENSE_CHANNELS, ROW = SENSE_ROW, WORD_ROWS = SENSE_WORD_ROWS };

_Static_assert(SENSE_CHANNELS % 64 == 0 && SENSE_SYMBOLS_MAX * INT8_MAX <= UINT16_MAX,
               "vectors hold channels and sums");

/* What sums of answers to N symbols are multiplied by, in parts of 32768. */
static int16_t part_of(uint32_t n)
{
    return (int16_t)lrintf(32768 / sqrtf((float)(n + 2)));
}

#if defined(__x86_64__)
#include <immintrin.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): an attribute cannot stand in them */
/* Define NAME as sense_pool(), with vectors TYPE of LANES numbers. P and S are of the names of what the processor does
 * with them. Two symbols' answers add up in 8 bits; their sums are kept in 16, those of every second detector apart.
 * A sum that is too large for these is too large anyway. */
#define DEFINE_POOL(NAME, TARGET, TYPE, P, S, LANES)                                                                   \
    TARGET static inline __attribute__((always_inline))                                                                \
    TYPE NAME##_answer(const int8_t *before, const int8_t *at, const int8_t *after, TYPE bias)                         \
    {                                                                                                                  \
        TYPE x = P##_adds_epi8(P##_loadu_##S((const void *)before), P##_loadu_##S((const void *)(at + C)));            \
        TYPE y = P##_adds_epi8(P##_loadu_##S((const void *)(after + 2 * (size_t)C)), bias);                            \
        return P##_max_epi8(P##_adds_epi8(x, y), P##_setzero_##S());                                                   \
    }                                                                                                                  \
    TARGET static inline __attribute__((always_inline)) TYPE NAME##_share(TYPE sum, TYPE part)                         \
    {                                                                                                                  \
        return P##_min_epi16(P##_mulhrs_epi16(sum, part), P##_set1_epi16(INT8_MAX));                                   \
    }                                                                                                                  \
    TARGET static void NAME(const int8_t *rows, const int8_t(*bias)[C], const uint32_t *words, uint32_t n,             \
                            uint8_t(*pooled)[SENSE_POOLED])                                                            \
    {                                                                                                                  \
        TYPE low = P##_set1_epi16(0xff), part = P##_set1_epi16(part_of(n));                                            \
        for (uint32_t from = 0; from < SENSE_NETS * C; from += (LANES)) {                                              \
            uint32_t net = from / C, c = from % C, i = 0;                                                              \
            const int8_t *mine = rows + (size_t)net * ROW + c;                                                         \
            TYPE add = P##_loadu_##S((const void *)&bias[net][c]);                                                     \
            TYPE most = P##_setzero_##S(), even = most, odd = most;                                                    \
            const int8_t *before = mine + (size_t)words[0] * WORD_ROWS, *at = mine + (size_t)words[1] * WORD_ROWS;     \
            for (; i + 2 <= n; i += 2) {                                                                               \
                const int8_t *second = mine + (size_t)words[i + 2] * WORD_ROWS;                                        \
                const int8_t *after = mine + (size_t)words[i + 3] * WORD_ROWS;                                         \
                TYPE x = NAME##_answer(before, at, second, add), y = NAME##_answer(at, second, after, add);            \
                most = P##_max_epu8(most, P##_max_epu8(x, y));                                                         \
                x = P##_add_epi8(x, y);                                                                                \
                even = P##_adds_epi16(even, P##_and_##S(x, low));                                                      \
                odd = P##_adds_epi16(odd, P##_srli_epi16(x, 8));                                                       \
                before = second;                                                                                       \
                at = after;                                                                                            \
            }                                                                                                          \
            if (i < n) {                                                                                               \
                TYPE x = NAME##_answer(before, at, mine + (size_t)words[i + 2] * WORD_ROWS, add);                      \
                most = P##_max_epu8(most, x);                                                                          \
                even = P##_adds_epi16(even, P##_and_##S(x, low));                                                      \
                odd = P##_adds_epi16(odd, P##_srli_epi16(x, 8));                                                       \
            }                                                                                                          \
            even = P##_or_##S(NAME##_share(even, part), P##_slli_epi16(NAME##_share(odd, part), 8));                   \
            P##_storeu_##S((void *)&pooled[net][c], most);                                                             \
            P##_storeu_##S((void *)&pooled[net][C + c], even);                                                         \
        }                                                                                                              \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

DEFINE_POOL(pool_by_32, __attribute__((target("avx2"))), __m256i, _mm256, si256, 32)
DEFINE_POOL(pool_by_64, __attribute__((target("avx512bw"))), __m512i, _mm512, si512, 64)
#endif

/* What each detector answers to one more place. */
static void pool_place(const int8_t *before, const int8_t *at, const int8_t *after, const int8_t bias[C],
                       uint8_t most[C], uint16_t sum[C])
{
    for (uint32_t c = 0; c < C; c++) {
        int16_t x = (int16_t)(before[c] + at[C + c] + after[2 * C + c] + bias[c]);
        x = (int16_t)(x > 0 ? x : 0);
        x = (int16_t)(x < INT8_MAX ? x : INT8_MAX);
        most[c] = (uint8_t)(x > most[c] ? x : most[c]);
        sum[c] = (uint16_t)(sum[c] + x);
    }
}

static void pool_by_1(const int8_t *rows, const int8_t (*bias)[C], const uint32_t *words, uint32_t n,
                      uint8_t (*pooled)[SENSE_POOLED])
{
    int32_t part = part_of(n);
    for (uint32_t net = 0; net < SENSE_NETS; net++) {
        const int8_t *mine = rows + (size_t)net * ROW;
        uint16_t sum[C] = {0};
        memset(pooled[net], 0, C);
        for (uint32_t i = 0; i < n; i++)
            pool_place(mine + (size_t)words[i] * WORD_ROWS, mine + (size_t)words[i + 1] * WORD_ROWS,
                       mine + (size_t)words[i + 2] * WORD_ROWS, bias[net], pooled[net], sum);
        for (uint32_t c = 0; c < C; c++) {
            int32_t x = (sum[c] * part + (1 << 14)) >> 15;
            pooled[net][C + c] = (uint8_t)(x < INT8_MAX ? x : INT8_MAX);
        }
    }
}

void sense_pool(const int8_t *rows, const int8_t (*bias)[SENSE_CHANNELS], const uint32_t *words, uint32_t n,
                uint8_t (*pooled)[SENSE_POOLED])
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw")) {
        pool_by_64(rows, bias, words, n, pooled);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        pool_by_32(rows, bias, words, n, pooled);
        return;
    }
#endif
    pool_by_1(rows, bias, words, n, pooled);
}
