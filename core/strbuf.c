#include "core/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

char *strbuf_grow(struct strbuf *b, size_t n)
{
    if (b->failed)
        return NULL;
    if (b->cap - b->n <= n) { /* "<=": one byte more for the NUL */
        size_t cap = b->cap != 0 ? b->cap : 64;
        while (cap - b->n <= n) {
            if (cap > SIZE_MAX / 2) {
                b->failed = true;
                return NULL;
            }
            cap *= 2;
        }
        char *s = realloc(b->s, cap);
        if (s == NULL) {
            b->failed = true;
            return NULL;
        }
        b->s = s;
        b->cap = cap;
    }
    return b->s + b->n;
}

void strbuf_add(struct strbuf *b, const void *bytes, size_t n)
{
    char *to = strbuf_reserve(b, n);
    if (to == NULL)
        return;
    if (n != 0)
        memcpy(to, bytes, n);
    b->n += n;
    b->s[b->n] = '\0';
}

void strbuf_add_slice(struct strbuf *b, struct slice x)
{
    strbuf_add(b, x.s, x.n);
}

void strbuf_puts(struct strbuf *b, const char *cstr)
{
    strbuf_add(b, cstr, strlen(cstr));
}

void strbuf_putc(struct strbuf *b, char c)
{
    char *to = strbuf_reserve(b, 1);
    if (to == NULL)
        return;
    to[0] = c;
    to[1] = '\0';
    b->n++;
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
    char small[256];
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->failed = true;
    } else if ((size_t)n < sizeof small) {
        strbuf_add(b, small, (size_t)n);
    } else if (strbuf_reserve(b, (size_t)n) != NULL) {
        (void)vsnprintf(b->s + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void strbuf_clear(struct strbuf *b)
{
    b->n = 0;
    b->failed = false;
    if (b->s != NULL)
        b->s[0] = '\0';
}

void strbuf_free(struct strbuf *b)
{
    free(b->s);
    *b = (struct strbuf)STRBUF_INIT;
}
