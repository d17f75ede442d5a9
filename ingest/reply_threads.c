#include "ingest/reply_threads.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/hash.h"

#define MAX_BYTES_DEFAULT ((size_t)48 << 20)
#define IS_HASH           (UINT64_C(1) << 63) /* the id is no number; the rest is its hash */
#define NONE              UINT32_MAX

struct node {
    uint64_t key;
    uint32_t up;  /* what it answers, or nearer to the top; NONE: it is the top */
    bool has_row; /* it was in the file */
};

struct held {
    struct held *next;
    struct grouper_row row;
    long line;
    uint32_t node;
};

struct reply_threads {
    struct grouper *to;
    size_t max_bytes;
    struct arena *arena; /* of what is held */
    struct held *first, **last;
    struct node *nodes;
    size_t nnodes, cap_nodes;
    uint32_t *table; /* node + 1 by hash of the key; 0: free */
    size_t cap_table;
};

struct reply_threads *reply_threads_new(struct grouper *to, size_t max_bytes)
{
    struct reply_threads *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->to = to;
    r->max_bytes = max_bytes != 0 ? max_bytes : MAX_BYTES_DEFAULT;
    r->last = &r->first;
    r->arena = arena_new(0);
    if (r->arena != NULL)
        return r;
    free(r);
    return NULL;
}

void reply_threads_free(struct reply_threads *r)
{
    if (r == NULL)
        return;
    arena_free(r->arena);
    free(r->nodes);
    free(r->table);
    free(r);
}

/* ---- ids -----------------------------------------------------------------------------------------------------------
 */

/* A number stands for itself; anything else for its hash. */
static uint64_t key_of(struct slice id)
{
    uint64_t value = 0;
    size_t i = 0;
    while (i < id.n && i < 18 && id.s[i] >= '0' && id.s[i] <= '9')
        value = value * 10 + (uint64_t)(id.s[i++] - '0');
    bool is_number = i == id.n && (id.n == 1 || id.s[0] != '0');
    return is_number ? value : hash64(id) | IS_HASH;
}

static size_t slot_of(const struct reply_threads *r, uint64_t key)
{
    size_t i = (size_t)(hash64((struct slice){(const char *)&key, sizeof key}) & (r->cap_table - 1));
    while (r->table[i] != 0 && r->nodes[r->table[i] - 1].key != key)
        i = (i + 1) & (r->cap_table - 1);
    return i;
}

static bool widen(struct reply_threads *r)
{
    size_t cap = r->cap_nodes != 0 ? 2 * r->cap_nodes : 1024;
    struct node *nodes = cap < NONE ? realloc(r->nodes, cap * sizeof *nodes) : NULL;
    if (nodes == NULL)
        return false;
    r->nodes = nodes;
    uint32_t *table = calloc(2 * cap, sizeof *table);
    if (table == NULL)
        return false;
    free(r->table);
    r->table = table;
    r->cap_table = 2 * cap;
    r->cap_nodes = cap;
    for (size_t i = 0; i < r->nnodes; i++)
        r->table[slot_of(r, r->nodes[i].key)] = (uint32_t)i + 1;
    return true;
}

/* The node of ID, made if it is new; NONE when out of memory. */
static uint32_t node_of(struct reply_threads *r, struct slice id)
{
    uint64_t key = key_of(id);
    if (r->nnodes == r->cap_nodes && !widen(r))
        return NONE;
    size_t slot = slot_of(r, key);
    if (r->table[slot] == 0) {
        r->nodes[r->nnodes] = (struct node){key, NONE, false};
        r->table[slot] = (uint32_t)++r->nnodes;
    }
    return r->table[slot] - 1;
}

/* The top of NODE's thread; the way there becomes shorter. */
static uint32_t top_of(struct reply_threads *r, uint32_t node)
{
    while (r->nodes[node].up != NONE) {
        uint32_t up = r->nodes[node].up;
        if (r->nodes[up].up != NONE)
            r->nodes[node].up = r->nodes[up].up;
        node = up;
    }
    return node;
}

/* BELOW answers ABOVE, unless that would make a circle, or it answers something already. */
static void hang(struct reply_threads *r, uint32_t below, uint32_t above)
{
    if (r->nodes[below].up == NONE && top_of(r, above) != below)
        r->nodes[below].up = above;
}

/* ---- rows ----------------------------------------------------------------------------------------------------------
 */

static bool keep(struct arena *a, struct slice *x)
{
    if (x->n == 0) {
        *x = SLICE_LIT("");
        return true;
    }
    *x = arena_dup(a, *x);
    return x->s != NULL;
}

static bool hold(struct reply_threads *r, const struct grouper_row *row, long line, uint32_t node)
{
    struct held *h = arena_zalloc(r->arena, 1, sizeof *h);
    if (h == NULL)
        return false;
    *h = (struct held){.row = *row, .line = line, .node = node};
    *r->last = h;
    r->last = &h->next;
    struct turn *t = &h->row.turn;
    struct conversation *c = &h->row.about;
    return keep(r->arena, &t->text) && keep(r->arena, &t->speaker_id) && keep(r->arena, &t->speaker_name) &&
           keep(r->arena, &c->source) && keep(r->arena, &c->channel) && keep(r->arena, &c->queue) &&
           keep(r->arena, &c->agent_id) && keep(r->arena, &c->agent_name) && keep(r->arena, &c->customer_id);
}

static void name_key(uint64_t key, char out[REPLY_THREADS_NAME_BYTES])
{
    (void)snprintf(out, REPLY_THREADS_NAME_BYTES, (key & IS_HASH) != 0 ? "thread-%016llx" : "%llu",
                   (unsigned long long)key);
}

void reply_threads_name(struct slice top, char out[REPLY_THREADS_NAME_BYTES])
{
    name_key(key_of(top), out);
}

enum err_code reply_threads_flush(struct reply_threads *r, struct err *e)
{
    for (struct held *h = r->first; h != NULL; h = h->next) {
        char id[REPLY_THREADS_NAME_BYTES];
        name_key(r->nodes[top_of(r, h->node)].key, id);
        h->row.about.external_id = slice_of(id);
        if (grouper_add(r->to, &h->row, h->line, e) != ERR_OK)
            return e->code;
    }
    arena_reset(r->arena);
    r->first = NULL;
    r->last = &r->first;
    return ERR_OK;
}

enum err_code reply_threads_link(struct reply_threads *r, struct slice below, struct slice above, struct err *e)
{
    uint32_t b = node_of(r, below), a = node_of(r, above);
    if (a == NONE || b == NONE)
        return err_nomem(e);
    if (a != b)
        hang(r, b, a);
    return ERR_OK;
}

enum err_code reply_threads_add(struct reply_threads *r, const struct grouper_row *row, long line, struct slice own,
                                struct slice to, struct slice answers, struct err *e)
{
    uint32_t node = node_of(r, own), above = to.n != 0 ? node_of(r, to) : node;
    if (node == NONE || above == NONE)
        return err_nomem(e);
    if (above != node)
        hang(r, node, above);
    while (answers.n != 0) {
        const char *comma = memchr(answers.s, ',', answers.n);
        size_t n = comma != NULL ? (size_t)(comma - answers.s) : answers.n;
        struct slice id = slice_trim((struct slice){answers.s, n});
        uint32_t below = id.n != 0 ? node_of(r, id) : node;
        if (below == NONE)
            return err_nomem(e);
        if (below != node)
            hang(r, below, node);
        n += n < answers.n;
        answers = (struct slice){answers.s + n, answers.n - n};
    }
    if (r->nodes[node].has_row)
        return ERR_OK;
    r->nodes[node].has_row = true;
    if (!hold(r, row, line, node))
        return err_nomem(e);
    return arena_bytes(r->arena) > r->max_bytes ? reply_threads_flush(r, e) : ERR_OK;
}
