/*
 * listen.h - which conversations to listen to, and why
 *
 * An episode scores 4 if the customer became hostile after it was told, 3 if it hints at a way round a rule, 2 if it
 * was told as a confrontation and disputed, 2 if it was told three times or more, disputed, and nobody offered to
 * escalate, and 1 if it was disputed; a conversation scores the sum. The episode that scores most (the earliest of
 * equals) is the one to look at first. Of conversations with equal scores the earlier stored goes first.
 */
#ifndef REPORT_LISTEN_H
#define REPORT_LISTEN_H

#include "core/strbuf.h"
#include "report/pass.h"

struct listen;

struct listen *listen_new(size_t most); /* keeps at most MOST conversations; NULL when out of memory */
void listen_free(struct listen *l);     /* NULL is fine */

/* The episodes of a conversation one after the other. */
void listen_offer(struct listen *l, const struct episode_row *x);

/* Append those that score, the highest first, as JSON to OUT: [[conversation, turn, score, "reasons"],...]. Nothing can
 * be offered any more. */
void listen_write(struct listen *l, struct strbuf *out);

#endif
