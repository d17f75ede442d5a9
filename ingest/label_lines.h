/*
 * label_lines.h - a text whose lines begin with who speaks: "Agent: Hello", "[00:12] Ada Lee: Hello", ...
 *
 * line_labels.h says what is a label. Lines without one go on; where messages have times, a line with a time and no
 * label is an event; a line with a time alone (Google Meet) is that of the next turn. Times of the day and instants
 * become times from the first.
 *
 * Errors: running out of memory is the transcript's.
 */
#ifndef INGEST_LABEL_LINES_H
#define INGEST_LABEL_LINES_H

#include "ingest/line_labels.h"
#include "ingest/text_file.h"

/* What TEXT's lines begin with; start with all zero. */
void label_lines_learn(struct line_labels *labels, struct slice text);

/* How sure TEXT, from which LABELS were learnt, is a conversation: 0 to 70. *N: its labels. */
int label_lines_score(const struct line_labels *labels, struct slice text, size_t *n);

/* What becomes of the lines above the first label: "Date: 2024-05-06 10:00" and "Chat ID: 17" are facts of the
 * conversation and the rest is passed over, or all of it is a turn of nobody. */
enum label_lines_head { LABEL_LINES_FACTS, LABEL_LINES_TURN };

/* The turns of TEXT, and in *C what its head tells and, where lines have instants, the start (unless it is known). */
void label_lines_turns(const struct line_labels *labels, struct slice text, enum label_lines_head head,
                       const struct reader_options *o, struct transcript *t, struct conversation *c);

/* ---- labels anywhere -----------------------------------------------------------------------------------------------
 *
 * A transcript in a cell, in a field: by its lines where each label stands on one of its own, else as labels.h cuts it.
 */

/* How many labels TEXT has. */
size_t label_lines_count(struct slice text);

/* The turns of TEXT, all of it, in c->turns, and what the lines tell of *C; see label_lines_turns(). Names and texts
 * may borrow from TEXT or live in A. ERR_NOMEM. */
CHECKED enum err_code label_lines_cut(struct slice text, const struct reader_options *o, struct arena *a,
                                      struct conversation *c, struct err *e);

#endif
