/*
 * arena.h - memory for one batch item: allocate freely, give everything back at once
 *
 * Owns:    the arena owns all it hands out, until arena_reset() or arena_free().
 * Errors:  functions return NULL (or a slice with s == NULL) when memory is gone.
 * Threads: an arena belongs to one thread at a time; it may be handed on.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/slice.h"

struct arena;

/* A new arena that takes memory in chunks of CHUNK_BYTES (0: a sensible size). NULL when out of memory. */
struct arena *arena_new(size_t chunk_bytes);

/* N bytes, aligned for any object, not cleared. N == 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t n);

/* COUNT objects of SIZE bytes, all zero; NULL also when the product overflows. */
void *arena_zalloc(struct arena *a, size_t count, size_t size);

/* A copy of X that lives as long as the arena, NUL-terminated behind its n bytes. */
struct slice arena_dup(struct arena *a, struct slice x);

/* Bytes taken from the system by this arena. */
size_t arena_bytes(const struct arena *a);

/* Forget everything; keeps one chunk for the next item. */
void arena_reset(struct arena *a);

void arena_free(struct arena *a); /* NULL is fine */

#endif
