/*
 * sense_sum.h - sums of the rows of a matrix, for several turns at once; private to sense.c
 *
 * The matrix is larger than the processor's nearest cache: reading it once for several turns is what makes it fast.
 */
#ifndef ANALYZE_SENSE_SUM_H
#define ANALYZE_SENSE_SUM_H

#include <stdint.h>

enum { SENSE_SUM_MOST = 4 };

/* To each of the N (1 to SENSE_SUM_MOST) H[k], SENSE_HIDDEN numbers, add W's NROWS rows, each as often as X[k] says.
 * They are added one after the other, without fused multiplication: the same numbers on any machine, whatever N. */
void sense_sum(const float *w, const float *const *x, float *const *h, uint32_t nrows, uint32_t n);

#endif
