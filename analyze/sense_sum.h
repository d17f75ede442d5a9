/*
 * sense_sum.h - sums of the rows of a matrix, for several turns at once; private to sense.c
 *
 * Whole numbers, so that the sums are the same on any machine, and of 8 bits, so that the processor takes many products
 * at once. A matrix is read once for several turns.
 */
#ifndef ANALYZE_SENSE_SUM_H
#define ANALYZE_SENSE_SUM_H

#include <stdint.h>

#include "analyze/sense.h"

enum {
    SENSE_SUM_MOST = 4,
    SENSE_SUM_ROWS = 4 /* of W stand together */
};

/* Set each of the N (1 to SENSE_SUM_MOST) SUM[k] to the sum of W's SENSE_POOLED rows of SENSE_HIDDEN numbers, each as
 * often as X[k] says, which is 127 times at most. In W a number of each of SENSE_SUM_ROWS rows stand together. */
void sense_sum(const int8_t *w, const uint8_t *const *x, int32_t (*sum)[SENSE_HIDDEN], uint32_t n);

#endif
