/*
 * sense_pool.h - the answers of detectors to a turn's symbols, pooled; private to sense.c
 *
 * An answer is a sum of three words' rows and a bias, cut at 0 and at 127; all are whole numbers of at most 8 bits, so
 * that the processor adds as many at once as it can, with the same result whatever it can.
 */
#ifndef ANALYZE_SENSE_POOL_H
#define ANALYZE_SENSE_POOL_H

#include <stdint.h>

#include "analyze/sense.h"

enum {
    SENSE_ROW = 3 * SENSE_CHANNELS, /* what a word adds as the one before, at and after a place */
    SENSE_WORD_ROWS = SENSE_NETS * SENSE_ROW,
    SENSE_ROW_MOST = 63 /* of a number of a row, and of a bias: two of them fit into 8 bits with their sign */
};

/* Pool the answers of each network to N symbols, at most SENSE_SYMBOLS_MAX: the highest of each detector, and the sum
 * of each over sqrt(2 + n), rounded and cut at 127. WORDS[0] stands before the first symbol, WORDS[n + 1] after the
 * last. ROWS are those of word 0; the next word's stand SENSE_WORD_ROWS further. */
void sense_pool(const int8_t *rows, const int8_t (*bias)[SENSE_CHANNELS], const uint32_t *words, uint32_t n,
                uint8_t (*pooled)[SENSE_POOLED]);

#endif
