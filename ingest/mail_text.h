/*
 * mail_text.h - what somebody wrote in a mail, without what was quoted and without the signature
 *
 * Quoted: lines with ">" before them, and the "On ... wrote:" above them; where that stands above lines without ">",
 * the rest of the mail. So does "-----Original Message-----", a block of "From:", "Sent:", "To:" lines, a line of
 * underscores above such a block, "Begin forwarded message:" and their like. A signature follows "-- "; "Sent from my
 * ..." is one of its own.
 */
#ifndef INGEST_MAIL_TEXT_H
#define INGEST_MAIL_TEXT_H

#include "core/strbuf.h"

/* Append what is left of BODY (plain text) to OUT. */
void mail_text_own(struct slice body, struct strbuf *out);

/* SUBJECT without "Re:", "AW: ", "Fwd:" and "[list]" at its start; *is_reply: it had one of the first three. */
struct slice mail_text_subject(struct slice subject, bool *is_reply);

#endif
