/*
 * assign_roles.h - who is the agent and who the customer, where the export does not say
 *
 * In this order: what the export says stays; then tables of people beside the file (companion.h), the roster, the
 * user's
 * --roles, and, unless that is off, a guess by the words (guess_roles.h). Each fills only what is still unknown. What
 * it was that told is kept in conversation.role_origin (the least worth of all that were needed).
 *
 * Owns:    struct role_map owns its labels.
 */
#ifndef INGEST_ASSIGN_ROLES_H
#define INGEST_ASSIGN_ROLES_H

#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"

struct companions;
struct role_map;
struct side;

/* "spk_0=agent,spk_1=customer": labels are names or ids of speakers (letter case does not matter), roles any word of
 * roles.h. ERR_USAGE with a hint. The caller frees *out. */
CHECKED enum err_code role_map_parse(const char *text, struct role_map **out, struct err *e);
void role_map_free(struct role_map *m); /* NULL is fine */

struct role_sources {
    const struct companions *companions; /* each may be NULL */
    const struct side *side;
    const struct role_map *map;
    bool no_guess;
};

/* Assign roles to the turns of C, which are the caller's own copy, and names to speakers that only have an id. */
void assign_roles(const struct role_sources *s, struct conversation *c);

#endif
