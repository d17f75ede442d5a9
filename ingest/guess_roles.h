/*
 * guess_roles.h - who is the agent, by the words, where nobody tells
 *
 * Each speaker (by id, else by name) whose role is unknown is scored by phrases that agents say ("thank you for
 * calling", "how can I help", "may I have your account number", "is there anything else") and that customers say ("I'm
 * calling about", "my order", "I want a refund", "speak to a manager"). A phrase counts at most twice a speaker, and
 * phrases that are said in any talk are never enough alone. Weights are log-odds set by hand, for any contact centre;
 * they were not fitted to any data. The channel label ch_0 speaks a little for the agent: call recorders write him
 * there as a rule.
 *
 *     two speakers:  confidence = 1 / (1 + exp(-(score of one - score of the other))); the higher one is the agent
 *     more:          each by his own score in the same way; there must be an agent and a customer among them
 *     one left, the other known: he is the other role, unless the words speak against it
 *     a speaker who says that he is a virtual assistant, or "press 1", is a bot
 *
 * Below GUESS_LEAST nothing is assigned. Turns without any speaker stay unknown, and so does everything in languages
 * other than English. At most GUESS_MOST_SPEAKERS speakers and GUESS_MOST_TURNS turns are looked at.
 */
#ifndef INGEST_GUESS_ROLES_H
#define INGEST_GUESS_ROLES_H

#include "core/model.h"

#define GUESS_LEAST         0.95
#define GUESS_MOST_SPEAKERS 8
#define GUESS_MOST_TURNS    400

/* Assign roles to the turns of C whose role is unknown. True if it did: then c->role_origin is ROLES_GUESSED and
 * c->role_confidence says how sure that is. */
bool guess_roles(struct conversation *c);

#endif
