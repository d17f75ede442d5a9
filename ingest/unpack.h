/*
 * unpack.h - the bytes of a file, or of each member of an archive, unpacked as a stream
 *
 * A file is taken as it is, gzipped (and zstd, xz, bzip2), a zip, or a tar packed in any of these ways; its first bytes
 * tell, not its name. A member may be gzipped. An archive within an archive is refused, and so is what is no archive of
 * texts: spreadsheets and documents (which are zips), encrypted members. Folders, hidden members (a name that begins
 * with ".") and those of __MACOSX, and empty ones are passed over.
 *
 * Limits against decompression bombs count everything that a file unpacks to: its bytes, and, from UNPACK_FREE_BYTES
 * on, how many times the size of the file that is.
 *
 * Owns:   the handle owns what it has open. It is used again for each file, because its buffers are large.
 * Errors: ERR_IO; ERR_INPUT with hints where something is refused or damaged; ERR_NOMEM.
 */
#ifndef INGEST_UNPACK_H
#define INGEST_UNPACK_H

#include "core/err.h"
#include "core/slice.h"

#define UNPACK_FREE_BYTES (INT64_C(128) << 20)

struct unpack;

struct unpack_limits {
    int64_t max_bytes, max_ratio; /* 0: any */
};

struct unpack_member {
    const char *name; /* valid until the next member */
    int64_t mtime_ns; /* INT64_MIN: not told */
};

struct unpack *unpack_new(const struct unpack_limits *limits); /* NULL when out of memory */
void unpack_free(struct unpack *u);                            /* NULL is fine */

/* Open PATH ("-": standard input, which cannot be an archive). *is_archive: it has members, see unpack_next(); else it
 * can be read at once. */
CHECKED enum err_code unpack_open(struct unpack *u, const char *path, bool *is_archive, struct err *e);

/* Begin the next member that is worth reading; *has is false at the end. What cannot be read of it is told by
 * unpack_read(). An error is the whole archive's. */
CHECKED enum err_code unpack_next(struct unpack *u, struct unpack_member *m, bool *has, struct err *e);

/* Is this not the end, but a limit that was met? Then the members that follow are not read either. */
bool unpack_is_over_limit(const struct unpack *u);

/* Up to CAP bytes into BUF; *n == 0 at the end of the file or member. UNPACK is a struct unpack *: fits decode_source.
 */
CHECKED enum err_code unpack_read(void *unpack, void *buf, size_t cap, size_t *n, struct err *e);

int64_t unpack_raw_bytes(const struct unpack *u); /* read from the disk for this file so far */
void unpack_close(struct unpack *u);              /* nothing if nothing is open */

#endif
