#include "analyze/model_file.h"

enum { LINE = 64 };

struct slice model_bytes(struct model_reader *r, size_t n)
{
    if (n > r->rest.n)
        r->is_short = true;
    struct slice x = {r->rest.s, r->is_short ? 0 : n};
    r->rest.s += x.n;
    r->rest.n -= x.n;
    return x;
}

static uint32_t number_at(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint32_t model_number(struct model_reader *r)
{
    struct slice x = model_bytes(r, 4);
    return x.n == 4 ? number_at(x.s) : 0;
}

void *model_alloc(struct arena *a, size_t n)
{
    char *p = arena_alloc(a, n + LINE);
    return p != NULL ? p + (LINE - (uintptr_t)p % LINE) : NULL;
}

const void *model_numbers(struct model_reader *r, size_t n)
{
    struct slice x = model_bytes(r, 4 * n);
    uint32_t *v = model_alloc(r->a, 4 * n);
    r->no_memory = r->no_memory || v == NULL;
    for (size_t i = 0; v != NULL && i < n; i++)
        v[i] = i < x.n / 4 ? number_at(x.s + 4 * i) : 0;
    return v;
}
