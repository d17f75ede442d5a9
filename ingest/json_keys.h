/*
 * json_keys.h - what a key of a JSON export means
 *
 * Keys are compared in lower case without anything but letters and digits ("speakerRole", "speaker_role": speakerrole).
 */
#ifndef INGEST_JSON_KEYS_H
#define INGEST_JSON_KEYS_H

#include "core/slice.h"

/* Of a turn. Where several keys of one kind stand in an object, the one that is earlier in the table counts. */
enum turn_key {
    TURN_OTHER,
    TURN_TEXT,
    TURN_ROLE,    /* a word for the role */
    TURN_SPEAKER, /* a role, a name or an id, or an object with these */
    TURN_ID,      /* of the one who speaks */
    TURN_NAME,
    TURN_START_MS, /* from the start of the conversation */
    TURN_END_MS,
    TURN_START, /* offset: seconds or ms */
    TURN_END,
    TURN_IS_AGENT, /* yes or no */
    TURN_IS_CUSTOMER,
    TURN_TIME,      /* an instant, or an offset if it is small */
    TURN_IS_NOTE,   /* yes or no: not for the customer's eyes */
    TURN_IS_PUBLIC, /* the other way round */
    TURN_WAY,       /* what sort of message: may say incoming, outgoing, activity, note, or 0, 1, 2 for these */
    TURN_KEY_COUNT
};

/* Of a conversation. */
enum conversation_key {
    CONVERSATION_OTHER,
    CONVERSATION_ID,
    CONVERSATION_SOURCE,
    CONVERSATION_STARTED_AT,
    CONVERSATION_CHANNEL,
    CONVERSATION_QUEUE,
    CONVERSATION_AGENT_ID,
    CONVERSATION_AGENT_NAME,
    CONVERSATION_CUSTOMER_ID,
    CONVERSATION_KEY_COUNT
};

/* The kind of KEY; *rank tells keys of one kind apart: the smallest counts. */
enum turn_key turn_key_of(struct slice key, unsigned *rank);
enum conversation_key conversation_key_of(struct slice key, unsigned *rank);

/* Place of KEY among the usual names of lists of turns, from 0; a large number if it is none of them. */
unsigned list_rank_of(struct slice key);

#endif
