#include "analyze/sense_pool.h"

#include <math.h>
#include <string.h>

enum { C = SENSE_CHANNELS, HALF = SENSE_HALF, ROW = SENSE_ROW };
enum { SUM_MOST = INT16_MAX / SENSE_FINE };            /* sums that are larger are cut anyway */
enum { AT_ONCE = UINT8_MAX / (int)SENSE_ANSWER_MOST }; /* so many answers add up in 8 bits */

_Static_assert(SENSE_HALF % 64 == 0 && SENSE_SYMBOLS_MAX * SENSE_ANSWER_MOST <= INT16_MAX,
               "vectors hold channels and sums");

/* What sums of answers to N symbols are multiplied by, in parts of 32768. */
static int16_t part_of(uint32_t n)
{
    return (int16_t)lrintf(32768 / sqrtf((float)(n + 2)));
}

#if defined(__x86_64__)
#include <immintrin.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): an attribute cannot stand in them */
/* Define NAME as sense_pool(), with vectors TYPE of LANES bytes. P and S are of the names of what the processor does
 * with them. Some symbols' answers add up in 8 bits, all of them in 16, those of every second detector apart. */
#define DEFINE_POOL(NAME, TARGET, TYPE, P, S, LANES)                                                                   \
    TARGET static inline __attribute__((always_inline))                                                                \
    TYPE NAME##_answer(TYPE before, TYPE at, TYPE after, TYPE pass)                                                    \
    {                                                                                                                  \
        TYPE low = P##_set1_epi8(0xF);                                                                                 \
        TYPE x = P##_add_epi8(P##_and_##S(before, low), P##_and_##S(at, low));                                         \
        return P##_subs_epu8(P##_add_epi8(x, P##_and_##S(after, low)), pass);                                          \
    }                                                                                                                  \
    TARGET static inline __attribute__((always_inline)) void NAME##_add(TYPE sum[2], TYPE some)                        \
    {                                                                                                                  \
        sum[0] = P##_add_epi16(sum[0], P##_and_##S(some, P##_set1_epi16(0xFF)));                                       \
        sum[1] = P##_add_epi16(sum[1], P##_srli_epi16(some, 8));                                                       \
    }                                                                                                                  \
    TARGET static inline __attribute__((always_inline)) TYPE NAME##_share(TYPE sum, TYPE part)                         \
    {                                                                                                                  \
        sum = P##_mullo_epi16(P##_min_epi16(sum, P##_set1_epi16(SUM_MOST)), P##_set1_epi16(SENSE_FINE));               \
        return P##_min_epi16(P##_mulhrs_epi16(sum, part), P##_set1_epi16(INT8_MAX));                                   \
    }                                                                                                                  \
    TARGET static inline                                                                                               \
        __attribute__((always_inline)) void NAME##_store(uint8_t *to, TYPE most, const TYPE sum[2], uint32_t n)        \
    {                                                                                                                  \
        TYPE part = P##_set1_epi16(part_of(n));                                                                        \
        TYPE even = NAME##_share(sum[0], part), odd = NAME##_share(sum[1], part);                                      \
        P##_storeu_##S((void *)to, most);                                                                              \
        P##_storeu_##S((void *)(to + C), P##_or_##S(even, P##_slli_epi16(odd, 8)));                                    \
    }                                                                                                                  \
    TARGET static void NAME(const uint8_t *rows, const uint8_t pass[C], const uint32_t *words, uint32_t n,             \
                            uint8_t pooled[SENSE_POOLED])                                                              \
    {                                                                                                                  \
        for (uint32_t c = 0; c < HALF; c += (LANES)) {                                                                 \
            uint32_t i = 0;                                                                                            \
            const uint8_t *mine = rows + c;                                                                            \
            TYPE pass_low = P##_loadu_##S((const void *)(pass + c));                                                   \
            TYPE pass_high = P##_loadu_##S((const void *)(pass + HALF + c));                                           \
            TYPE zero = P##_setzero_##S(), low = zero, high = zero, sum_low[2] = {zero, zero},                         \
                 sum_high[2] = {zero, zero};                                                                           \
            while (i < n) {                                                                                            \
                TYPE some_low = zero, some_high = zero;                                                                \
                for (uint32_t end = n - i < AT_ONCE ? n : i + AT_ONCE; i < end; i++) {                                 \
                    const uint8_t *row = mine + (size_t)words[i] * ROW;                                                \
                    TYPE before = P##_loadu_##S((const void *)row);                                                    \
                    row = mine + (size_t)words[i + 1] * ROW + HALF;                                                    \
                    TYPE at = P##_loadu_##S((const void *)row);                                                        \
                    row = mine + (size_t)words[i + 2] * ROW + 2 * (size_t)HALF;                                        \
                    TYPE after = P##_loadu_##S((const void *)row);                                                     \
                    TYPE x = NAME##_answer(before, at, after, pass_low);                                               \
                    TYPE y = NAME##_answer(P##_srli_epi16(before, 4), P##_srli_epi16(at, 4), P##_srli_epi16(after, 4), \
                                           pass_high);                                                                 \
                    low = P##_max_epu8(low, x);                                                                        \
                    high = P##_max_epu8(high, y);                                                                      \
                    some_low = P##_add_epi8(some_low, x);                                                              \
                    some_high = P##_add_epi8(some_high, y);                                                            \
                }                                                                                                      \
                NAME##_add(sum_low, some_low);                                                                         \
                NAME##_add(sum_high, some_high);                                                                       \
            }                                                                                                          \
            NAME##_store(pooled + c, low, sum_low, n);                                                                 \
            NAME##_store(pooled + HALF + c, high, sum_high, n);                                                        \
        }                                                                                                              \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

DEFINE_POOL(pool_by_32, __attribute__((target("avx2"))), __m256i, _mm256, si256, 32)
DEFINE_POOL(pool_by_64, __attribute__((target("avx512bw"))), __m512i, _mm512, si512, 64)
#endif

/* What each detector answers to one more place. */
static void pool_place(const uint8_t *before, const uint8_t *at, const uint8_t *after, const uint8_t pass[C],
                       uint8_t most[C], uint16_t sum[C])
{
    for (uint32_t c = 0; c < C; c++) {
        unsigned shift = c < HALF ? 0 : 4, i = c % HALF;
        int x =
            (before[i] >> shift & 15) + (at[HALF + i] >> shift & 15) + (after[2 * HALF + i] >> shift & 15) - pass[c];
        x = x > 0 ? x : 0;
        most[c] = (uint8_t)(x > most[c] ? x : most[c]);
        sum[c] = (uint16_t)(sum[c] + x);
    }
}

static void pool_by_1(const uint8_t *rows, const uint8_t pass[C], const uint32_t *words, uint32_t n,
                      uint8_t pooled[SENSE_POOLED])
{
    int32_t part = part_of(n);
    uint16_t sum[C] = {0};
    memset(pooled, 0, C);
    for (uint32_t i = 0; i < n; i++)
        pool_place(rows + (size_t)words[i] * ROW, rows + (size_t)words[i + 1] * ROW, rows + (size_t)words[i + 2] * ROW,
                   pass, pooled, sum);
    for (uint32_t c = 0; c < C; c++) {
        int32_t x = ((sum[c] < SUM_MOST ? sum[c] : SUM_MOST) * SENSE_FINE * part + (1 << 14)) >> 15;
        pooled[C + c] = (uint8_t)(x < INT8_MAX ? x : INT8_MAX);
    }
}

void sense_pool(const uint8_t *rows, const uint8_t pass[SENSE_CHANNELS], const uint32_t *words, uint32_t n,
                uint8_t pooled[SENSE_POOLED])
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw")) {
        pool_by_64(rows, pass, words, n, pooled);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        pool_by_32(rows, pass, words, n, pooled);
        return;
    }
#endif
    pool_by_1(rows, pass, words, n, pooled);
}
