#include "core/arena.h"

#include <stdalign.h>
#include <stdlib.h>

struct chunk {
    struct chunk *next; /* older */
    size_t cap, used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct chunk *head;
    size_t chunk_bytes;
    size_t total;
};

static struct chunk *chunk_add(struct arena *a, size_t cap)
{
    struct chunk *c = malloc(sizeof *c + cap);
    if (c == NULL)
        return NULL;
    *c = (struct chunk){.next = a->head, .cap = cap};
    a->head = c;
    a->total += sizeof *c + cap;
    return c;
}

struct arena *arena_new(size_t chunk_bytes)
{
    struct arena *a = malloc(sizeof *a);
    if (a != NULL)
        *a = (struct arena){.chunk_bytes = chunk_bytes != 0 ? chunk_bytes : (size_t)16 << 10};
    return a;
}

void *arena_alloc(struct arena *a, size_t n)
{
    const size_t align = alignof(max_align_t);
    if (n > SIZE_MAX / 2)
        return NULL;
    n = (n + align - 1) & ~(align - 1);
    struct chunk *c = a->head;
    if (c == NULL || c->cap - c->used < n) {
        c = chunk_add(a, n > a->chunk_bytes ? n : a->chunk_bytes);
        if (c == NULL)
            return NULL;
    }
    void *p = c->bytes + c->used;
    c->used += n;
    return p;
}

void *arena_zalloc(struct arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    void *p = arena_alloc(a, count * size);
    if (p != NULL)
        memset(p, 0, count * size);
    return p;
}

struct slice arena_dup(struct arena *a, struct slice x)
{
    char *p = arena_alloc(a, x.n + 1);
    if (p == NULL)
        return (struct slice){NULL, 0};
    if (x.n != 0)
        memcpy(p, x.s, x.n);
    p[x.n] = '\0';
    return (struct slice){p, x.n};
}

size_t arena_bytes(const struct arena *a)
{
    return a->total;
}

/* Free all chunks but, where KEEP says so, the newest one of the usual size. */
static void release(struct arena *a, bool keep)
{
    struct chunk *kept = NULL;
    for (struct chunk *c = a->head, *next; c != NULL; c = next) {
        next = c->next;
        if (keep && kept == NULL && c->cap == a->chunk_bytes) {
            kept = c;
        } else {
            a->total -= sizeof *c + c->cap;
            free(c);
        }
    }
    if (kept != NULL) {
        kept->next = NULL;
        kept->used = 0;
    }
    a->head = kept;
}

void arena_reset(struct arena *a)
{
    release(a, true);
}

void arena_free(struct arena *a)
{
    if (a != NULL) {
        release(a, false);
        free(a);
    }
}
