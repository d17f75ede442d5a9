/*
 * ngrams.h - which words and pairs of words labelled turns have: a number beside those of sense.h
 *
 * Logistic regressions over TF-IDF, made by train/sense/ngrams.py: of an agent's turn whether it is a delivery, of a
 * customer's turn whether it is a dispute; and of a delivery its style and its practices. A turn's n-grams are its
 * symbols (sense.h) and the pairs of neighbours, its begin and its end among them; those too rare in training are none.
 * Each counts as often as it stands there (for styles and practices once), times how rare it is (the usual
 * log((1 + N) / (1 + n)) + 1), over the root of the sum of squares of these; for deliveries and disputes the symbols of
 * the customer's last turn count beside them. The linear model has the sums, in log-odds, as features "ngrams:CLASS".
 *
 * Weights are small whole numbers, times their rarity already: sums of them are the same on any machine.
 *
 * Owns:    struct ngrams is read-only and shared by threads.
 * No leakage: the caller passes nothing of later turns, and for a customer's turn nothing of the agent's words.
 */
#ifndef ANALYZE_NGRAMS_H
#define ANALYZE_NGRAMS_H

#include "analyze/model_file.h"
#include "analyze/sense.h"
#include "core/model.h"

enum ngram_class { NGRAM_DELIVERY, NGRAM_DISPUTE, NGRAM_CLASSES };

/* What is asked of deliveries only, and has n-grams of its own: styles and practices, in the order of weights.h. */
enum { NGRAM_TOLD = STYLE_COUNT - 1 + PRACTICE_COUNT };

/* What is asked of a turn of ROLE. */
static inline enum ngram_class ngram_class_of(enum role role)
{
    return role == ROLE_AGENT ? NGRAM_DELIVERY : NGRAM_DISPUTE;
}

struct ngrams;

/* Read a file's next part, about NWORDS words (their numbers have 16 bits); the reader tells whether it was all there.
 * NULL when out of memory. */
const struct ngrams *ngrams_take(struct model_reader *r, uint32_t nwords);

/* What a turn says. All zero: there was none. */
struct ngram_turn {
    float own;                  /* of its own class: an agent's delivery, a customer's dispute */
    float unit;                 /* what 1 of an n-gram's weight is there */
    float asked[NGRAM_CLASSES]; /* a customer's turn: of the next agent's, of the customer's own next */
};

/* Begin to fetch what ngrams_read() will ask for where the word SECOND comes after FIRST: memory is slow. */
void ngrams_fetch(const struct ngrams *g, uint32_t first, uint32_t second);

/* Read a turn of an agent (CLASS is delivery) or of a customer (dispute). */
struct ngram_turn ngrams_read(const struct ngrams *g, const struct sense_turn *t, enum ngram_class class);

/* The number of CLASS for a turn that says OWN, after a customer's turn that ASKED. */
double ngrams_class(const struct ngrams *g, float own, const float asked[NGRAM_CLASSES], enum ngram_class class);

enum { NGRAM_MARKS = 2 * (UINT16_MAX + 1) / 64 }; /* a bit a row: one, and at most UINT16_MAX words' and pairs' each */

/* What was found of a delivery. All zero at first, and used again: it is large. */
struct ngram_told {
    uint32_t n, squares;
    uint32_t words[SENSE_SYMBOLS_MAX + 1], pairs[SENSE_SYMBOLS_MAX + 1]; /* rows of what begins at each place */
    uint64_t seen[NGRAM_MARKS];                                          /* by row; zero between uses */
};

/* The numbers of styles and practices for a turn, if it is a delivery. *READ is for ngrams_told_shares(). */
void ngrams_tell(const struct ngrams *g, const struct sense_turn *t, struct ngram_told *read, float out[NGRAM_TOLD]);

/* What each token of the turn, which was READ for CLASS, adds to its own number. A pair's share is its two words', half
 * each; what the ends of sentences add is nobody's. There are as many SHARES as symbols. */
void ngrams_shares(const struct ngrams *g, const struct sense_turn *t, const struct ngram_turn *read,
                   enum ngram_class class, float shares[SENSE_SYMBOLS_MAX]);

/* The same of the sum of what ngrams_tell() gives, each times its PART, added to what SHARES has. */
void ngrams_told_shares(const struct ngrams *g, const struct sense_turn *t, const struct ngram_told *read,
                        const float part[NGRAM_TOLD], float shares[SENSE_SYMBOLS_MAX]);

#endif
