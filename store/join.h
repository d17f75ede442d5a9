/*
 * join.h - pieces of one conversation that come in several files -> one conversation; private to store/
 *
 * Exports cut conversations: a page of a ticket's comments, a day of a channel, a leg of a call. A piece is joined to
 * what is stored by time; a copy replaces it. Nothing is ever counted twice: where it is not clear, it is a copy.
 *
 * Owns: nothing; what is made lives in the arena and borrows from what it was made of.
 */
#ifndef STORE_JOIN_H
#define STORE_JOIN_H

#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"

enum join_kind {
    JOIN_COPY,   /* the new one is another copy of the old one */
    JOIN_WITHIN, /* all turns of the new one stand in the old one, one behind the other */
    JOIN_PIECE   /* another piece of it: it begins where the old one ends (or the other way round), or it
                    lies before it, after it, or in a gap of it, and what it says is not said there */
};

/* What is C, given OLD of the same identity? Words and, where both are known, instants are compared. */
enum join_kind join_kind(const struct conversation *old, const struct conversation *c);

/* Join N pieces (they are sorted: by their start, then by part). Turns that end one and begin the next are taken once.
 * By time if every turn's is known, else one behind the other. What a conversation has but once is that of the first
 * piece that has it; the start is the earliest; roles are as sure as the least sure piece's. */
CHECKED enum err_code join_pieces(struct conversation *pieces, size_t n, struct arena *a, struct conversation *out,
                                  struct err *e);

#endif
