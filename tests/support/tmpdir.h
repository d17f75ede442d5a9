/*
 * tmpdir.h - a fresh folder for a test, removed with all that is in it
 */
#ifndef TESTS_TMPDIR_H
#define TESTS_TMPDIR_H

#include <stddef.h>

#define TMPDIR_BYTES 64
#define TMPDIR_PATH  512

/* Make a folder under $TMPDIR or /tmp and write its path to DIR. Fails the test when it cannot. */
void tmpdir_new(char dir[TMPDIR_BYTES]);

/* Remove DIR and everything below it. */
void tmpdir_free(const char *dir);

/* DIR/NAME in OUT; returns OUT. */
const char *tmpdir_path(char out[TMPDIR_PATH], const char *dir, const char *name);

/* Write N bytes to DIR/NAME (folders on the way are made), replacing what was there. */
void tmpdir_write(const char *dir, const char *name, const void *bytes, size_t n);

/* The content of PATH, NUL-terminated, in memory the caller frees; *n may be NULL. Fails the test when unreadable. */
char *tmpdir_read(const char *path, size_t *n);

#endif
