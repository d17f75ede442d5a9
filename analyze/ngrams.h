/*
 * ngrams.h - which words and pairs of words labelled turns have: a number beside those of sense.h
 *
 * A logistic regression over TF-IDF, made by train/sense/ngrams.py: of an agent's turn whether it is a delivery, of a
 * customer's turn whether it is a dispute. A turn's n-grams are its symbols (sense.h) and the pairs of neighbours, its
 * begin and its end among them; those too rare in training are none. Each counts as often as it stands there, times how
 * rare it is (the usual log((1 + N) / (1 + n)) + 1), over the root of the sum of squares of these; the symbols of the
 * customer's last turn count beside them. The linear model has the sums, in log-odds, as features "ngrams:CLASS".
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

/* Read a turn of an agent (CLASS is delivery) or of a customer (dispute). */
struct ngram_turn ngrams_read(const struct ngrams *g, const struct sense_turn *t, enum ngram_class class);

/* The number of CLASS for a turn that says OWN, after a customer's turn that ASKED. */
double ngrams_class(const struct ngrams *g, float own, const float asked[NGRAM_CLASSES], enum ngram_class class);

/* What each token of the turn, which was READ for CLASS, adds to its own number. A pair's share is its two words', half
 * each; what the ends of sentences add is nobody's. */
void ngrams_shares(const struct ngrams *g, const struct sense_turn *t, const struct ngram_turn *read,
                   enum ngram_class class, float shares[SENSE_SYMBOLS_MAX]);

#endif
