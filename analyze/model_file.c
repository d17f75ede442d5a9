#include "analyze/model_file.h"

#include <string.h>

struct slice model_bytes(struct model_reader *r, size_t n)
{
    if (n > r->rest.n)
        r->is_short = true;
    struct slice x = {r->rest.s, r->is_short ? 0 : n};
    r->rest.s += x.n;
    r->rest.n -= x.n;
    return x;
}

uint32_t model_number(struct model_reader *r)
{
    const unsigned char *b = (const unsigned char *)model_bytes(r, 4).s;
    return r->is_short ? 0 : (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

void *model_alloc(struct arena *a, size_t n)
{
    char *p = arena_alloc(a, n + MODEL_LINE);
    return p != NULL ? p + (MODEL_LINE - (uintptr_t)p % MODEL_LINE) : NULL;
}

const float *model_floats(struct model_reader *r, size_t n)
{
    static const float most = 1e6f;
    float *v = model_alloc(r->a, 4 * n);
    r->no_memory = r->no_memory || v == NULL;
    for (size_t i = 0; v != NULL && i < n; i++) {
        uint32_t bits = model_number(r);
        memcpy(&v[i], &bits, sizeof bits);
        r->is_wild = r->is_wild || !(v[i] >= -most && v[i] <= most);
    }
    return v;
}
