/*
 * roles.h - the words by which exports call those who speak -> enum role
 */
#ifndef INGEST_ROLES_H
#define INGEST_ROLES_H

#include "core/model.h"

/* The role that WORD stands for ("Agent", "end-user", "customer support", "Agent 2", "automated_agent", ...): letter
 * case, blanks, punctuation and a number at its end do not matter. ROLE_UNKNOWN for any other word, names among them.
 */
enum role roles_of(struct slice word);

/* Is LABEL that of somebody who is only numbered ("Speaker 1", "User 4711", "Participant 2")? It tells no role. */
bool roles_is_numbered(struct slice label);

/* The role and the name in the label of a transcript: "Agent" (no name), "Ada" (no role), "Agent (Ada)", "Ada (Agent)",
 * "Agent - Ada", "Agent Ada". *NAME is a part of LABEL; it is empty for "Unknown Speaker" and its like. */
enum role roles_of_label(struct slice label, struct slice *name);

/* The role that a yes/no value stands for ("True", "1", "yes", "t", ...): WHEN_TRUE, WHEN_FALSE, or ROLE_UNKNOWN if it
 * is neither yes nor no. */
enum role roles_of_flag(struct slice word, enum role when_true, enum role when_false);

#endif
