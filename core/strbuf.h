/*
 * strbuf.h - a growing string of bytes
 *
 * Owns:    the buffer owns its bytes; free with strbuf_free(). strbuf_slice() is valid until the next change.
 * Errors:  running out of memory is remembered: adding becomes a no-op and strbuf_failed() tells, so that a long run
 *          of additions is checked once, at its end.
 */
#ifndef CORE_STRBUF_H
#define CORE_STRBUF_H

#include "core/slice.h"

struct strbuf {
    char *s; /* NUL-terminated once anything was added; NULL before */
    size_t n, cap;
    bool failed;
};

#define STRBUF_INIT                                                                                                    \
    {                                                                                                                  \
        NULL, 0, 0, false                                                                                              \
    }

void strbuf_add(struct strbuf *b, const void *bytes, size_t n);
void strbuf_add_slice(struct strbuf *b, struct slice x);
void strbuf_puts(struct strbuf *b, const char *cstr);
void strbuf_putc(struct strbuf *b, char c);
void strbuf_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

char *strbuf_grow(struct strbuf *b, size_t n); /* for strbuf_reserve() only */

/* Room for N more bytes at b->s + b->n, which the caller fills and counts by b->n += used; NULL when out of memory. */
static inline char *strbuf_reserve(struct strbuf *b, size_t n)
{
    return !b->failed && b->cap - b->n > n ? b->s + b->n : strbuf_grow(b, n); /* ">": one byte more for the NUL */
}

static inline struct slice strbuf_slice(const struct strbuf *b)
{
    return (struct slice){b->s, b->n};
}

static inline bool strbuf_failed(const struct strbuf *b)
{
    return b->failed;
}

void strbuf_clear(struct strbuf *b); /* empty, keeps the memory, forgets a failure */
void strbuf_free(struct strbuf *b);

#endif
