/*
 * archive.h - the one place that knows libarchive: the members of zip and tar files, as streams
 *
 * Nothing is written to disk and no member is held in memory: the caller reads it, or goes on to the next. Folders,
 * links and devices are no members.
 *
 * Owns:   the handle owns the open file and libarchive's state.
 * Errors: ERR_IO if the file cannot be opened or read; ERR_INPUT, with a message without the path, where it is damaged
 *         or encrypted; ERR_NOMEM.
 */
#ifndef CORE_ARCHIVE_H
#define CORE_ARCHIVE_H

#include "core/err.h"
#include "core/slice.h"

#define ARCHIVE_LOOK_BYTES 512 /* that archive_look() wants to see, if there are as many */

enum archive_kind {
    ARCHIVE_NONE,
    ARCHIVE_ZIP,
    ARCHIVE_TAR,    /* as it is: "ustar" in its first header */
    ARCHIVE_PACKED, /* zstd, xz or bzip2: of a tar, or of a single text */
    ARCHIVE_OTHER   /* 7z or rar, which are not read */
};

/* What a file is that begins with these bytes. */
enum archive_kind archive_look(const unsigned char *bytes, size_t n);

struct archive_in;

struct archive_member {
    const char *name; /* of the archive's, with "?" for control characters; valid until the next member */
    int64_t bytes;    /* -1: not told */
    int64_t mtime_ns; /* since 1970; INT64_MIN: not told */
    bool is_encrypted;
};

/* Open PATH, a zip file (IS_ZIP), or a tar, packed or not. */
CHECKED enum err_code archive_open(const char *path, bool is_zip, struct archive_in **out, struct err *e);
void archive_close(struct archive_in *in); /* NULL is fine */

/* The next member; *has is false at the end. After ERR_INPUT nothing more can be read. */
CHECKED enum err_code archive_next(struct archive_in *in, struct archive_member *m, bool *has, struct err *e);

/* Is the file no archive at all, but a single packed text? Known once archive_next() gave its only member. */
bool archive_is_single(const struct archive_in *in);

/* Up to CAP bytes of the member into BUF; *n == 0 at its end. After ERR_INPUT archive_next() may be tried. */
CHECKED enum err_code archive_read(struct archive_in *in, void *buf, size_t cap, size_t *n, struct err *e);

int64_t archive_raw_bytes(const struct archive_in *in); /* read from the disk so far, about */

#endif
