/*
 * zendesk_lines.h - an old Zendesk chat that was saved as one comment of a ticket
 *
 *     Chat started: 2019-02-15 10:15 AM UTC
 *     (10:15:30 AM) Kim: Hello
 *     (10:15:41 AM) *** Ada joined the chat ***
 *     (10:16:02 AM) Ada: Hi Kim
 *
 * Lines between "***" tell what happened and are no turns; a line without a time goes on. The customer is whoever is
 * called like the ticket's requester, or "Visitor ..."; if there is one, all others are agents, else nobody is known.
 */
#ifndef INGEST_ZENDESK_LINES_H
#define INGEST_ZENDESK_LINES_H

#include "ingest/talk.h"

/* Is TEXT such a chat? */
bool zendesk_lines_are(struct slice text);

/* Add its turns to T. Their starts are instants: FIRST_MS (or MS_NONE) for the first, the others by the clock. */
void zendesk_lines_add(struct talk *t, struct slice text, struct slice requester, int64_t first_ms);

#endif
