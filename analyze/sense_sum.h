/*
 * sense_sum.h - sums of the rows of a matrix, for several turns at once; private to sense.c
 *
 * Whole numbers, so that the sums are the same on any machine, and two products take one step of the processor. All
 * matrices together are larger than the processor's nearest cache: one is read once for several turns.
 */
#ifndef ANALYZE_SENSE_SUM_H
#define ANALYZE_SENSE_SUM_H

#include <stdint.h>

#include "analyze/sense.h"

enum { SENSE_SUM_MOST = 4 };

/* Set each of the N (1 to SENSE_SUM_MOST) SUM[k] to the sum of W's SENSE_POOLED rows of SENSE_HIDDEN numbers, each as
 * often as X[k] says. In W two rows stand together, a number of the one beside that of the other. The caller sees to it
 * that no sum needs more than 32 bits. */
void sense_sum(const int16_t *w, const int16_t *const *x, int32_t (*sum)[SENSE_HIDDEN], uint32_t n);

#endif
