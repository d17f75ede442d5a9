/*
 * turns.h - all turns of a conversation as one compact string of bytes
 *
 * Layout (version 1; numbers are LEB128 varints, signed ones zigzag-coded):
 *     byte     1                     version
 *     varint   speakers, then for each: id length, id, name length, name
 *     varint   turns, then for each:
 *         byte     role (bits 0-2), has a speaker (8), has start_ms (16), has end_ms (32)
 *         varint   speaker's number, from 0            if it has one
 *         zigzag   start_ms - start_ms of the last turn that had one (0 before the first)
 *         zigzag   end_ms - the start_ms just described
 *         varint   length of the text
 *     the texts, one after the other, to the end
 *
 * Errors: encoding fails with ERR_NOMEM only; decoding anything that encoding cannot have made is ERR_DB.
 */
#ifndef STORE_TURNS_H
#define STORE_TURNS_H

#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"
#include "core/strbuf.h"

/* Append the N TURNS to OUT. */
CHECKED enum err_code turns_encode(const struct turn *turns, uint32_t n, struct strbuf *out, struct err *e);

/* Read RAW back; *turns lives in A, its slices borrow from RAW. */
CHECKED enum err_code turns_decode(struct slice raw, struct arena *a, struct turn **turns, uint32_t *n, struct err *e);

#endif
