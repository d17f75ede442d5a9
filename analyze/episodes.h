/*
 * episodes.h - the tags of one conversation -> its episodes (one policy in one conversation)
 *
 * A policy that was delivered holds the floor until another is delivered; all that the customer does meanwhile is
 * within its reach. It takes the floor again when it is delivered again. What was before its first delivery is not its
 * doing.
 */
#ifndef ANALYZE_EPISODES_H
#define ANALYZE_EPISODES_H

#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"

/* Fill t->episodes (in A) and t->nepisodes from T's deliveries and reactions, which are in the order of turns.
 * MISSED (by turn, NULL: none) tells where the customer all but disputed: an episode with such a turn and without a
 * certain dispute is as uncertain as one whose only disputes are, or leaving out the uncertain would lower the rates.
 */
CHECKED enum err_code episodes_build(const struct conversation *c, const bool *missed, struct tags *t, struct arena *a,
                                     struct err *e);

#endif
