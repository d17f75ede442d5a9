/*
 * sense.h - what the words of a turn mean, as numbers: a small network over word vectors
 *
 * sense.bin (made by train/sense/sense.py) holds a network with two sides, one for agents' turns and one for
 * customers'. For each word that it knows the file holds how the word moves a side's SENSE_CHANNELS detectors when it
 * stands before, at and after a place, in 16 steps. A detector answers to a place by the sum, less what it lets
 * pass, cut at 0; of a turn are kept the highest answer of each detector and the sum of its answers over sqrt(2 +
 * symbols), cut where 8 bits end. A symbol is a word (numbers, amounts and web addresses are one each, unknown words
 * too), or the end of a sentence. The side's SENSE_HIDDEN units see that of this turn, of the customer's last turn and,
 * for an agent's turn, of the agent's last turn, and what came before (struct sense_past); one number comes out for
 * each class that a turn of this side can have, in log-odds. The linear model has them as features "sense:CLASS".
 *
 * All up to the sums of the hidden units are whole numbers (their weights become some when the file is read), and
 * floats are added in one fixed order: the same numbers on any machine.
 *
 * Owns:    struct sense is read-only and shared by threads.
 * No leakage: the caller passes nothing of later turns, and a customer's turn sees nothing of the agent's words.
 */
#ifndef ANALYZE_SENSE_H
#define ANALYZE_SENSE_H

#include "analyze/cues.h"
#include "core/arena.h"
#include "core/err.h"

enum {
    SENSE_SIDES = 2,      /* agents, customers */
    SENSE_CHANNELS = 128, /* of a side */
    SENSE_HIDDEN = 32,    /* the same */
    SENSE_PAST = 7,
    SENSE_CLASSES = 18, /* the classes of weights.h without "upset", in their order: first those of agents */
    SENSE_AGENT_CLASSES = 16,
    SENSE_SYMBOLS_MAX = 512, /* of a turn; what comes later is not seen */
    SENSE_POOLED = 2 * SENSE_CHANNELS
};

struct sense;
struct ngrams;

/* Read the file of NAME (for messages). ERR_CONFIG where it is no such file. */
CHECKED enum err_code sense_load(struct slice file, const char *name, struct arena *a, struct sense **out,
                                 struct err *e);

/* The n-grams that the file tells of, which are read beside (ngrams.h). */
const struct ngrams *sense_ngrams(const struct sense *s);

/* The answers of its side's detectors to a turn. */
struct sense_turn {
    enum role role;
    uint8_t pooled[SENSE_POOLED];          /* the highest ones, the sums: see sense_pool.h */
    uint32_t n;                            /* symbols */
    uint32_t words[SENSE_SYMBOLS_MAX + 2]; /* their numbers, between two zeros */
    uint32_t token[SENSE_SYMBOLS_MAX];     /* of the scan; UINT32_MAX for the end of a sentence */
};

/* A turn's part in hidden units of one side. All zero: there was none. */
struct sense_trace {
    float hidden[SENSE_HIDDEN];
};

/* What came before a turn, as numbers from 0 to 1. */
struct sense_past {
    float x[SENSE_PAST];
};

/* The number of the word with this hash; 0 if the file does not have it. */
uint32_t sense_word(const struct sense *s, uint64_t hash);

/* Begin to fetch what sense_read() will ask for where a turn of ROLE has WORD: memory is slow. Words that the file does
 * not have (0) share a few rows, which are near anyway. */
void sense_fetch(const struct sense *s, enum role role, uint32_t word);

/* What a turn of ROLE is to the network. Its tokens have the numbers of their words. Begins to fetch what
 * ngrams_read() will ask for. */
void sense_read(const struct sense *s, enum role role, const struct turn_scan *scan, struct slice text,
                struct sense_turn *out);

/* Whose hidden units see a turn, and as what; NOW adds what always holds. */
enum sense_view {
    SENSE_AGENT_NOW,       /* an agent's turn, in its own */
    SENSE_AGENT_ASKED,     /* the customer's last turn, in those of an agent's turn */
    SENSE_AGENT_BEFORE,    /* the agent's last turn, in those of an agent's turn */
    SENSE_CUSTOMER_NOW,    /* a customer's turn, in its own */
    SENSE_CUSTOMER_BEFORE, /* the customer's last turn, in those of a customer's turn */
    SENSE_VIEWS
};

/* The parts of N turns (at most SENSE_AT_ONCE) of the speaker that VIEW is of, *t[k] of which goes to *out[k]: each is
 * the same as if it were alone. */
enum { SENSE_AT_ONCE = 8 };
void sense_traces(const struct sense *s, enum sense_view view, const struct sense_turn *const *t, uint32_t n,
                  struct sense_trace *const *out);

/* The hidden units of a turn of ROLE. NOW: its part in them. BEFORE: that of this speaker's last turn. ASKED: that of
 * the customer's last turn, for an agent's turn; for a customer's it is not looked at. */
struct sense_trace sense_hidden(const struct sense *s, enum role role, const struct sense_trace *now,
                                const struct sense_past *past, const struct sense_trace *before,
                                const struct sense_trace *asked);

/* The number of CLASS, which a turn of this side must be able to have. */
double sense_class(const struct sense *s, const struct sense_trace *hidden, uint32_t class);

/* How a sum of the classes' numbers, each times .part of it, comes about: what each token of the scan adds, up to the
 * last that is seen. The rest comes from the ends of sentences, from what came before, from what always holds, and from
 * sums that were cut, which are told as if they were not. */
struct sense_share {
    float part[SENSE_CLASSES];
    float shares[SENSE_SYMBOLS_MAX]; /* as many as the turn has symbols */
};

/* Fill in the shares OF N sums. */
void sense_shares(const struct sense *s, const struct sense_turn *t, const struct sense_trace *hidden,
                  struct sense_share *of, uint32_t n);

#endif
