/*
 * side.h - what stands beside the transcripts: the roster of agents, and data of conversations
 *
 * roster: agent_id, name, team. Side data: conversation_id, agent_id, started_at, channel, queue. Both CSV with a
 * header; columns may stand in any order, others are passed over, and only the first is needed.
 *
 * Owns:    struct side owns all it was given; read-only once loaded, shared by threads.
 * Errors:  ERR_CONFIG with the path where a column is missing; those of csv_read_file().
 */
#ifndef INGEST_SIDE_H
#define INGEST_SIDE_H

#include "core/err.h"
#include "core/slice.h"

struct side;

struct side_agent {
    struct slice id, name, team; /* name and team may be empty */
};

struct side_conversation {
    struct slice id, agent_id, channel, queue; /* empty where it does not say */
    int64_t started_at_ms;                     /* MS_NONE */
};

/* Load both files; either may be NULL. */
CHECKED enum err_code side_load(const char *roster, const char *conversations, const char *date_format,
                                struct side **out, struct err *e);
void side_free(struct side *s); /* NULL is fine */

/* NULL if there is none. An agent is found by his id, else by his name. */
const struct side_agent *side_agent(const struct side *s, struct slice id_or_name);
const struct side_conversation *side_conversation(const struct side *s, struct slice id);

/* The agents of the roster, in its order. */
size_t side_agent_count(const struct side *s);
const struct side_agent *side_agent_at(const struct side *s, size_t i);

#endif
