#include "analyze/sense_sum.h"

#include <string.h>

#include "analyze/sense.h"

enum { H = SENSE_HIDDEN };

_Static_assert(SENSE_HIDDEN % 16 == 0 && (SENSE_HIDDEN < 64 || SENSE_HIDDEN % 64 == 0), "sums take whole vectors");

/* NOLINTBEGIN(bugprone-macro-parentheses): an attribute cannot stand in them */
/* Define NAME as sense_sum(), with vectors of LANES floats, NCOLUMNS of them at a time: as many sums as the processor
 * has registers for. */
#define DEFINE_SUM(NAME, TARGET, LANES, NCOLUMNS)                                                                      \
    typedef float NAME##_lanes __attribute__((vector_size((LANES) * sizeof(float)), aligned(4), may_alias));           \
    TARGET static inline __attribute__((always_inline)) void NAME##_of(const float *w, const float *const *x,          \
                                                                       float *const *h, uint32_t nrows, uint32_t n)    \
    {                                                                                                                  \
        for (uint32_t from = 0; from < H; from += (LANES) * (NCOLUMNS)) {                                              \
            NAME##_lanes sum[SENSE_SUM_MOST][NCOLUMNS];                                                                \
            for (uint32_t k = 0; k < n; k++)                                                                           \
                memcpy(sum[k], h[k] + from, sizeof sum[k]);                                                            \
            for (uint32_t i = 0; i < nrows; i++) {                                                                     \
                const NAME##_lanes *row = (const NAME##_lanes *)(w + (size_t)i * H + from);                            \
                for (uint32_t k = 0; k < n; k++)                                                                       \
                    for (uint32_t j = 0; j < (NCOLUMNS); j++)                                                          \
                        sum[k][j] += x[k][i] * row[j];                                                                 \
            }                                                                                                          \
            for (uint32_t k = 0; k < n; k++)                                                                           \
                memcpy(h[k] + from, sum[k], sizeof sum[k]);                                                            \
        }                                                                                                              \
    }                                                                                                                  \
    TARGET static void NAME(const float *w, const float *const *x, float *const *h, uint32_t nrows, uint32_t n)        \
    {                                                                                                                  \
        switch (n) { /* each with a constant, so that the loops over it are gone */                                    \
        case 1:                                                                                                        \
            NAME##_of(w, x, h, nrows, 1);                                                                              \
            break;                                                                                                     \
        case 2:                                                                                                        \
            NAME##_of(w, x, h, nrows, 2);                                                                              \
            break;                                                                                                     \
        case 3:                                                                                                        \
            NAME##_of(w, x, h, nrows, 3);                                                                              \
            break;                                                                                                     \
        default:                                                                                                       \
            NAME##_of(w, x, h, nrows, SENSE_SUM_MOST);                                                                 \
        }                                                                                                              \
    }

/* NOLINTEND(bugprone-macro-parentheses) */

#define ANY_PROCESSOR
DEFINE_SUM(sum_by_4, ANY_PROCESSOR, 4, 2)

#if defined(__x86_64__)
DEFINE_SUM(sum_by_8, __attribute__((target("avx2"))), 8, 2)
DEFINE_SUM(sum_by_16, __attribute__((target("avx512f"))), 16, (H < 64 ? H / 16 : 4))
#endif

void sense_sum(const float *w, const float *const *x, float *const *h, uint32_t nrows, uint32_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        sum_by_16(w, x, h, nrows, n);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        sum_by_8(w, x, h, nrows, n);
        return;
    }
#endif
    sum_by_4(w, x, h, nrows, n);
}
