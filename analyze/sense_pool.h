/*
 * sense_pool.h - the answers of detectors to a turn's symbols, pooled; private to sense.c
 *
 * An answer is a sum of three words' numbers, less what the detector lets pass, cut at 0. The numbers have 4 bits each,
 * SENSE_LEVEL_ZERO of which stands for nothing: most of the time here goes by waiting for memory, so rows are small.
 * All are whole numbers, so that the processor adds as many at once as it can, with the same result whatever it can.
 */
#ifndef ANALYZE_SENSE_POOL_H
#define ANALYZE_SENSE_POOL_H

#include <stdint.h>

#include "analyze/sense.h"

enum {
    SENSE_HALF = SENSE_CHANNELS / 2, /* a byte has the numbers of a detector and, above, of that HALF further on */
    SENSE_ROW = 3 * SENSE_HALF,      /* bytes of what a word adds as the one before, at and after a place */
    SENSE_LEVEL_ZERO = 8,
    SENSE_LEVEL_MOST = 15,
    SENSE_ANSWER_MOST = 3 * SENSE_LEVEL_MOST,
    SENSE_FINE = 4 /* sums count in parts of an answer's unit */
};

/* Pool the answers to N symbols, at most SENSE_SYMBOLS_MAX: the highest of each detector, and SENSE_FINE times the sum
 * of each over sqrt(2 + n), rounded and cut at 127. PASS is what is taken off, at most SENSE_ANSWER_MOST. WORDS[0]
 * stands before the first symbol, WORDS[n + 1] after the last. ROWS has SENSE_ROW bytes a word. */
void sense_pool(const uint8_t *rows, const uint8_t pass[SENSE_CHANNELS], const uint32_t *words, uint32_t n,
                uint8_t pooled[SENSE_POOLED]);

#endif
