/*
 * file.h - reading files plain or gzipped, writing them atomically, walking folders
 *
 * Owns:   a handle owns its file descriptor and buffers.
 * Errors: ERR_IO with the path and the system's reason; ERR_INPUT for damaged gzip.
 */
#ifndef CORE_FILE_H
#define CORE_FILE_H

#include "core/err.h"
#include "core/strbuf.h"

struct infile;

/* Open PATH ("-": standard input) for reading; gzip is recognised by its first bytes. The caller closes *out. */
CHECKED enum err_code infile_open(const char *path, struct infile **out, struct err *e);

/* Up to CAP bytes of the (unpacked) content into BUF; *n == 0 at the end. A gzip file that is cut off or damaged gives
 * all that can be unpacked first, and ERR_INPUT at the place where it ends. */
CHECKED enum err_code infile_read(struct infile *f, void *buf, size_t cap, size_t *n, struct err *e);

bool infile_is_gzip(const struct infile *f);
int64_t infile_raw_bytes(const struct infile *f); /* bytes read from the disk so far, for progress */
void infile_close(struct infile *f);              /* NULL is fine */

/* A whole file of at most MAX bytes into OUT (cleared first). */
CHECKED enum err_code file_read_all(const char *path, size_t max, struct strbuf *out, struct err *e);

struct outfile;

/* Write beside PATH under a temporary name; nothing appears under PATH before outfile_commit(); what a killed writer of
 * PATH left there goes. Mode 0600 & ~umask with the group and others' bits of MODE added (0644 for a report). */
CHECKED enum err_code outfile_open(const char *path, unsigned mode, struct outfile **out, struct err *e);

/* Append; a failed write is remembered and told by outfile_commit(). */
void outfile_write(struct outfile *f, const void *bytes, size_t n);
void outfile_puts(struct outfile *f, const char *cstr);

/* Flush, sync, close, rename to PATH, and free the handle, also on error (then the temporary file is removed). */
CHECKED enum err_code outfile_commit(struct outfile *f, struct err *e);
void outfile_abort(struct outfile *f); /* remove the temporary file and free; NULL is fine */

/* mkdir -p. */
CHECKED enum err_code file_make_dir(const char *path, struct err *e);

struct file_found {
    const char *path; /* as given, or given + "/" + the way down */
    int64_t bytes;
    int64_t mtime_ns; /* since 1970 */
};

/* Find the regular files under PATH (a file or a folder), in byte order of their paths, and call FOUND for each. Hidden
 * files and folders (a name that begins with "."), empty files and __MACOSX are passed over below PATH; links to files
 * are followed, links to folders are not. What below PATH cannot be looked at (a folder that cannot be read, a link
 * that leads nowhere) is told to TROUBLE and passed over; PATH itself must be readable (ERR_IO). FOUND and TROUBLE may
 * stop the walk by returning an error. */
CHECKED enum err_code
file_walk(const char *path, void *ctx, enum err_code (*found)(void *ctx, const struct file_found *f, struct err *e),
          enum err_code (*trouble)(void *ctx, const char *path, const struct err *why, struct err *e), struct err *e);

#endif
