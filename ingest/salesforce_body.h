/*
 * salesforce_body.h - the Body of a Salesforce LiveChatTranscript, alone in a file or in a CSV cell
 *
 *     <p align="center">Chat Started: Monday, December 17, 2018, 23:27:57 (-0500)</p><p align="center">Chat Origin:
 * Web</p> <p align="center">Agent Ada L</p>( 10s ) Ada L: Hello<br>( 1m 13s ) Visitor: Hi<br>
 *
 * "( 1h 2m 3s )" is the time since the start; who speaks stands before the first ": ". A line without it goes on.
 * Agents are those of the "Agent ..." headings (one more for each transfer); "Visitor", or whoever else speaks, is the
 * customer; "... Bot" is a bot, and so is who hands over to the first agent ("Chat Transferred From Einstein To Ada").
 * The heading may be a placeholder that nobody is called: then all but "Visitor" are agents; without a "Visitor" the
 * roles stay unknown. Headings may be in <div>, in another language (then the start is read if the month is English),
 * or, in a body that was saved as text, on lines of their own.
 */
#ifndef INGEST_SALESFORCE_BODY_H
#define INGEST_SALESFORCE_BODY_H

#include "ingest/text_file.h"

/* Does X begin like such a body? */
bool salesforce_body_is(struct slice x);

/* Make turns of BODY. started_at_ms and agent_name of *C are filled where they are empty. ERR_NOMEM. */
CHECKED enum err_code salesforce_body_convert(struct slice body, struct transcript *t, struct conversation *c,
                                              struct err *e);

#endif
