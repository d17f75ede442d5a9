/*
 * evidence.h - which exchanges stand behind the numbers of the page
 *
 * First each number that the page will show is wanted; then one pass over the period's episodes offers what there is,
 * and the best few of each number are kept; then the page cites them. What was cited is written once, at its end.
 *
 * Errors: running out of memory is remembered: evidence_failed().
 */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "report/table.h"

/* An exchange: the turns around TURN of a conversation (by its row id). */
struct exchange {
    int64_t conversation, turn;
};

struct evidence;

/* Keep at most PER_NUMBER exchanges a number (1..32), and at most MAX_CITED in the page. NULL when out of memory. */
struct evidence *evidence_new(unsigned per_number, size_t max_cited);
void evidence_free(struct evidence *ev); /* NULL is fine */
bool evidence_failed(const struct evidence *ev);

void evidence_want(struct evidence *ev, enum evidence_of of, int64_t key, int64_t key2);

/* X speaks for the number (OF, KEY, KEY2); the higher QUALITY the better, among equals the earlier conversation and
 * turn. Ignored if nobody wants it. */
void evidence_offer(struct evidence *ev, enum evidence_of of, int64_t key, int64_t key2, double quality,
                    struct exchange x);

/* The best, best first; they belong to EV. */
const struct exchange *evidence_best(const struct evidence *ev, enum evidence_of of, int64_t key, int64_t key2,
                                     size_t *n);

/* The page refers to X: it will be written. False if the page is full. */
bool evidence_cite(struct evidence *ev, struct exchange x);
const struct exchange *evidence_cited(const struct evidence *ev, size_t *n); /* in the order of citing, each once */

#endif
