/*
 * beside.h - finds and reads the companions (companion.h) of the files that the producer comes to
 *
 * Owns:   struct beside owns what it needs to read, and the tables of the folder or archive that it was asked for last.
 * Errors: ERR_NOMEM only: what cannot be read gives no table, and is told when it is read as a file of its own.
 */
#ifndef INGEST_BESIDE_H
#define INGEST_BESIDE_H

#include "core/err.h"
#include "ingest/unpack.h"

struct beside;
struct companions;

struct beside *beside_new(const struct unpack_limits *limits); /* NULL when out of memory */
void beside_free(struct beside *b);                            /* NULL is fine */

/* The tables for PATH, which a walk of the folder ROOT came to: those of its folder and of all between it and ROOT.
 * *out is valid until the next call. */
CHECKED enum err_code beside_folder(struct beside *b, const char *root, const char *path, struct companions **out,
                                    struct err *e);

/* The tables for PATH, which was given by itself, as were the other PATHS: those of them in the same folder. *out is
 * NULL if there is no other. */
CHECKED enum err_code beside_given(struct beside *b, const char *const *paths, size_t npaths, const char *path,
                                   struct companions **out, struct err *e);

/* Read the tables of the archive PATH; then those for one of its members. */
CHECKED enum err_code beside_archive(struct beside *b, const char *path, struct err *e);
struct companions *beside_member(const struct beside *b, const char *member);

#endif
