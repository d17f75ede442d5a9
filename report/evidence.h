/*
 * evidence.h - which exchanges stand behind the numbers of the page
 *
 * First each number that the page will show is wanted; then one pass over the period's episodes offers what there is,
 * and the best few of each number are kept; then they are cited, the best of every number before the second of any, as
 * the page has room for so many only. A number of the page leads to its list; lists, and the exchanges that were cited,
 * are written once, at the page's end.
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

/* Cite the best of every number, in the order in which they were wanted, then the second, ... until the page is full.
 */
void evidence_cite_best(struct evidence *ev);

bool evidence_is_cited(const struct evidence *ev, struct exchange x);

/* A list of the exchanges behind a number; ALL is how many there are in the database. */
struct evidence_list {
    enum evidence_of of;
    int64_t key, key2, all;
    char *title;
};

/* The page leads to the list of this number: it will be written under TITLE (copied). Its place among the lists. */
size_t evidence_list(struct evidence *ev, enum evidence_of of, int64_t key, int64_t key2, struct slice title,
                     int64_t all);
const struct evidence_list *evidence_lists(const struct evidence *ev, size_t *n);

const struct exchange *evidence_cited(const struct evidence *ev, size_t *n); /* in the order of citing, each once */

#endif
