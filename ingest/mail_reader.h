/*
 * mail_reader.h - messages of mail -> conversations: what mbox and eml share
 *
 * A thread is a conversation: messages hang together by References and In-Reply-To, and, in one file, a "Re: ..." that
 * has neither by its subject. Its id is a hash of the id at its top, so that the messages of a thread find one another
 * also across files. A message of the own domains is an agent's; of others, where own domains are known, a customer's;
 * an automatic answer is a bot's.
 */
#ifndef INGEST_MAIL_READER_H
#define INGEST_MAIL_READER_H

#include "ingest/mail.h"
#include "ingest/reader.h"

struct mail_reader;

/* NULL when out of memory. All given must outlive it. */
struct mail_reader *mail_reader_new(const char *path, const struct reader_options *o, const struct reader_sink *sink);
void mail_reader_free(struct mail_reader *r); /* NULL is fine */

/* A message that stands at LINE. What is no mail, or too long for TEXT's bound, is a reject. */
CHECKED enum err_code mail_reader_add(struct mail_reader *r, struct slice message, long line, struct err *e);

/* The name of the message that was added last, as a piece of its thread; valid until the next. */
struct slice mail_reader_piece(const struct mail_reader *r);

/* All is read: give the conversations. */
CHECKED enum err_code mail_reader_finish(struct mail_reader *r, struct err *e);

/* Does ADDRESS ("ada@mail.example.com") belong to one of the comma-separated DOMAINS ("example.com")? */
bool mail_reader_is_own(struct slice address, const char *domains);

/* Do headers of mail stand at the start of X: lines "Name: ...", From among them and Date, To, Received, MIME-Version
 * or Message-ID? */
bool mail_reader_has_headers(struct slice x);

#endif
