/*
 * slice.h - a piece of somebody else's text, and a byte span in a text
 *
 * Borrows: a slice never owns its bytes; its maker says how long they live. Not NUL-terminated, UTF-8 unless said.
 */
#ifndef CORE_SLICE_H
#define CORE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/ascii.h"

struct slice {
    const char *s; /* may be NULL only when n is 0 */
    size_t n;      /* bytes */
};

/* Bytes of a turn's text: from inclusive, to exclusive. */
struct span {
    uint32_t from, to;
};

/* For printf's "%.*s". */
#define SLICE_ARG(x) (int)(x).n, (x).n ? (x).s : ""

/* A slice of a string literal. */
#define SLICE_LIT(lit) ((struct slice){"" lit, sizeof(lit) - 1})

static inline struct slice slice_of(const char *cstr)
{
    return (struct slice){cstr, cstr != NULL ? strlen(cstr) : 0};
}

static inline bool slice_eq(struct slice a, struct slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

static inline bool slice_is(struct slice a, const char *cstr)
{
    return slice_eq(a, slice_of(cstr));
}

/* Byte order, for sorting: the same on every machine and in every locale. */
static inline int slice_cmp(struct slice a, struct slice b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n != 0 ? memcmp(a.s, b.s, n) : 0;
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static inline bool slice_starts(struct slice a, const char *prefix)
{
    size_t n = strlen(prefix);
    return a.n >= n && (n == 0 || memcmp(a.s, prefix, n) == 0);
}

/* Where WORD, which is not empty, begins in A for the first time; A.n: nowhere. */
static inline size_t slice_find(struct slice a, const char *word)
{
    size_t n = strlen(word), i = 0;
    while (i + n <= a.n && memcmp(a.s + i, word, n) != 0)
        i++;
    return i + n <= a.n ? i : a.n;
}

/* Without the byte order mark that it may begin with. */
static inline struct slice slice_after_bom(struct slice a)
{
    return slice_starts(a, "\xef\xbb\xbf") ? (struct slice){a.s + 3, a.n - 3} : a;
}

/* Without ASCII blanks, tabs and line ends at both ends. */
static inline struct slice slice_trim(struct slice a)
{
    while (a.n > 0 && ascii_is_space(a.s[0]))
        a.s++, a.n--;
    while (a.n > 0 && ascii_is_space(a.s[a.n - 1]))
        a.n--;
    return a;
}

/* A without blanks around it as a C string in BUF; false if it is empty, has a NUL byte, or does not fit. */
static inline bool slice_to_cstr(struct slice a, char *buf, size_t cap)
{
    a = slice_trim(a);
    if (a.n == 0 || a.n >= cap || memchr(a.s, '\0', a.n) != NULL)
        return false;
    memcpy(buf, a.s, a.n);
    buf[a.n] = '\0';
    return true;
}

#endif
