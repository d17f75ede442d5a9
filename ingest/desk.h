/*
 * desk.h - what the readers of help desks and chat products share: lists of messages, and messages in HTML
 *
 * Such products list messages in any order, of one conversation or of several, and write them as HTML or not.
 *
 * Owns:    nothing; what is made lives in the talk's arena.
 * Errors:  running out of memory is remembered by the talk (talk.h).
 */
#ifndef INGEST_DESK_H
#define INGEST_DESK_H

#include "ingest/talk.h"

/* The text of a message that may be HTML or not: a member of V as talk_text() finds it, without tags. */
struct slice desk_text(struct talk *t, struct json v, const char *path);

/* The same for mail: without what was quoted, the words of somebody else, and without signatures (mail_text.h). */
struct slice desk_mail_text(struct talk *t, struct json v, const char *path);

/* Set TURN's start to the instant at PATH, and remember whether instants say their zone; see desk_end(). */
void desk_time(struct talk *t, struct turn *turn, struct json v, const char *path);

/* Order the turns by their instants (of equal ones in a list that is newest first, the last is the first), make them
 * offsets, and give the conversation to the sink; the first customer who speaks is its customer if none is known. */
CHECKED enum err_code desk_end(struct talk *t, struct err *e);

/* The first object of the list at PATH (NULL: V itself); false if there is none. */
bool desk_first(struct json v, const char *path, struct json *item);

/* The list whose first object is such a message: DOC itself, or what stands at one of PATHS (the last is NULL). */
bool desk_find_list(struct json doc, const char *const *paths, bool (*is_message)(struct json v), struct json *list);

/* The one message that DOC is, or that stands at one of PATHS, as webhooks have it. */
bool desk_find_message(struct json doc, const char *const *paths, bool (*is_message)(struct json v),
                       struct json *message);

/* A list of messages, each of which says to which conversation it belongs. */
struct desk_messages {
    const char *id;                             /* path to the conversation's id in a message; NULL: there is none */
    const char *channel;                        /* of the conversation if no message tells it */
    void (*add)(struct talk *t, struct json v); /* add the turn of a message, and what it tells of the conversation */
    void (*about)(struct talk *t, struct json owner); /* what OWNER, around the list, tells of it. NULL: nothing */
};

/* Give the conversations of LIST to the sink. The id is that of the messages, else what about() set. Items that are no
 * objects, and lists without any, are rejects. LIST may be a single message: a piece of its conversation, and nothing
 * if it has no words. */
CHECKED enum err_code desk_parse_messages(const struct desk_messages *m, struct json list, struct json owner,
                                          const struct place *at, const struct reader_options *o, struct arena *a,
                                          const struct reader_sink *sink, struct err *e);

#endif
