#include "ingest/grouper.h"

#include <stdlib.h>

#include "core/hash.h"
#include "core/strbuf.h"

#define MOST_BYTES_HELD ((size_t)48 << 20)

/* A piece of a group's text: an offset, because the text moves when it grows. */
struct piece {
    size_t at, n;
};

/* A row, held. */
struct held_turn {
    enum role role;
    bool at_has_zone;
    struct piece text, speaker_id, speaker_name;
    int64_t start_ms, end_ms, at_ms, index;
    size_t seq; /* file order within the group */
};

enum { ABOUT_ID, ABOUT_SOURCE, ABOUT_CHANNEL, ABOUT_QUEUE, ABOUT_AGENT_ID, ABOUT_AGENT_NAME, ABOUT_CUSTOMER, ABOUTS };

/* The rows of one conversation. */
struct group {
    struct group *chain;         /* the next in its bucket */
    struct group *older, *newer; /* by when they were touched last */
    uint64_t hash;
    long line;         /* of its first row */
    struct strbuf all; /* the text of everything */
    struct piece about[ABOUTS];
    int64_t started_at_ms;
    enum time_origin time_origin;
    struct held_turn *turns;
    size_t nturns, cap_turns;
};

struct grouper {
    const char *path;
    const struct reader_sink *sink;
    size_t max_bytes, bytes;
    struct group **buckets;
    size_t nbuckets, ngroups;
    struct group *oldest, *newest;
    uint64_t *given; /* hashes of conversations given early: a set with open addressing, 0 is free */
    size_t ngiven, cap_given;
    struct turn *turns; /* scratch for giving */
    size_t cap_turns;
};

struct grouper_row grouper_row_none(void)
{
    return (struct grouper_row){
        .turn = {.start_ms = MS_NONE, .end_ms = MS_NONE},
        .at_ms = MS_NONE,
        .index = MS_NONE,
        .about = {.started_at_ms = MS_NONE},
    };
}

struct grouper *grouper_new(const char *path, size_t max_bytes, const struct reader_sink *sink)
{
    struct grouper *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->path = path;
    g->sink = sink;
    g->max_bytes = max_bytes != 0 ? max_bytes : MOST_BYTES_HELD;
    g->nbuckets = 1024;
    g->buckets = calloc(g->nbuckets, sizeof(struct group *));
    if (g->buckets == NULL) {
        free(g);
        return NULL;
    }
    return g;
}

static void group_free(struct group *x)
{
    strbuf_free(&x->all);
    free(x->turns);
    free(x);
}

void grouper_free(struct grouper *g)
{
    if (g == NULL)
        return;
    while (g->oldest != NULL) {
        struct group *x = g->oldest;
        g->oldest = x->newer;
        group_free(x);
    }
    free(g->buckets);
    free(g->given);
    free(g->turns);
    free(g);
}

/* ---- which conversations were given early ---------------------------------------------------------------------------
 */

static size_t given_slot(const uint64_t *set, size_t cap, uint64_t hash)
{
    size_t i = (size_t)hash & (cap - 1);
    while (set[i] != 0 && set[i] != hash)
        i = (i + 1) & (cap - 1);
    return i;
}

static bool was_given(const struct grouper *g, uint64_t hash)
{
    return g->cap_given != 0 && g->given[given_slot(g->given, g->cap_given, hash)] != 0;
}

static enum err_code remember_given(struct grouper *g, uint64_t hash, struct err *e)
{
    if (g->ngiven + g->ngiven / 4 >= g->cap_given) {
        size_t cap = g->cap_given != 0 ? 2 * g->cap_given : 1024;
        uint64_t *set = calloc(cap, sizeof *set);
        if (set == NULL)
            return err_nomem(e);
        for (size_t i = 0; i < g->cap_given; i++)
            if (g->given[i] != 0)
                set[given_slot(set, cap, g->given[i])] = g->given[i];
        free(g->given);
        g->given = set;
        g->cap_given = cap;
    }
    g->given[given_slot(g->given, g->cap_given, hash)] = hash;
    g->ngiven++;
    return ERR_OK;
}

/* ---- holding --------------------------------------------------------------------------------------------------------
 */

static size_t held_bytes(const struct group *x)
{
    return sizeof *x + x->all.cap + x->cap_turns * sizeof *x->turns;
}

static struct slice slice_at(const struct group *x, struct piece p)
{
    return (struct slice){p.n != 0 ? x->all.s + p.at : "", p.n};
}

static struct piece hold(struct group *x, struct slice s)
{
    struct piece p = {x->all.n, s.n};
    if (s.n != 0)
        strbuf_add_slice(&x->all, s);
    return p;
}

static void unlink_group(struct grouper *g, struct group *x)
{
    if (g->oldest == x)
        g->oldest = x->newer;
    else
        x->older->newer = x->newer;
    if (g->newest == x)
        g->newest = x->older;
    else
        x->newer->older = x->older;
}

static void link_newest(struct grouper *g, struct group *x)
{
    x->older = g->newest;
    x->newer = NULL;
    if (g->newest != NULL)
        g->newest->newer = x;
    else
        g->oldest = x;
    g->newest = x;
}

static struct group *find(const struct grouper *g, uint64_t hash, struct slice id)
{
    for (struct group *x = g->buckets[hash & (g->nbuckets - 1)]; x != NULL; x = x->chain)
        if (x->hash == hash && slice_eq(slice_at(x, x->about[ABOUT_ID]), id))
            return x;
    return NULL;
}

/* Twice as many buckets; when there is no memory for them the chains just get longer. */
static void widen(struct grouper *g)
{
    size_t n = 2 * g->nbuckets;
    struct group **buckets = calloc(n, sizeof(struct group *));
    if (buckets == NULL)
        return;
    for (struct group *x = g->oldest; x != NULL; x = x->newer) {
        x->chain = buckets[x->hash & (n - 1)];
        buckets[x->hash & (n - 1)] = x;
    }
    free(g->buckets);
    g->buckets = buckets;
    g->nbuckets = n;
}

static struct group *new_group(struct grouper *g, uint64_t hash, struct slice id, long line)
{
    struct group *x = calloc(1, sizeof *x);
    if (x == NULL)
        return NULL;
    x->hash = hash;
    x->line = line;
    x->started_at_ms = MS_NONE;
    x->about[ABOUT_ID] = hold(x, id);
    if (strbuf_failed(&x->all)) {
        group_free(x);
        return NULL;
    }
    if (g->ngroups >= g->nbuckets)
        widen(g);
    struct group **bucket = &g->buckets[hash & (g->nbuckets - 1)];
    x->chain = *bucket;
    *bucket = x;
    g->ngroups++;
    g->bytes += held_bytes(x);
    link_newest(g, x);
    return x;
}

/* What the row says about its conversation, where nothing was said before. */
static void hold_about(struct group *x, const struct conversation *c)
{
    const struct slice said[ABOUTS] = {
        [ABOUT_SOURCE] = c->source,     [ABOUT_CHANNEL] = c->channel,       [ABOUT_QUEUE] = c->queue,
        [ABOUT_AGENT_ID] = c->agent_id, [ABOUT_AGENT_NAME] = c->agent_name, [ABOUT_CUSTOMER] = c->customer_id,
    };
    for (int i = ABOUT_ID + 1; i < ABOUTS; i++)
        if (x->about[i].n == 0)
            x->about[i] = hold(x, said[i]);
    if (x->started_at_ms == MS_NONE) {
        x->started_at_ms = c->started_at_ms;
        x->time_origin = c->time_origin;
    }
}

static enum err_code hold_turn(struct group *x, const struct grouper_row *row, struct err *e)
{
    if (x->nturns == x->cap_turns) {
        size_t cap = x->cap_turns != 0 ? 2 * x->cap_turns : 8;
        struct held_turn *more = realloc(x->turns, cap * sizeof *more);
        if (more == NULL)
            return err_nomem(e);
        x->turns = more;
        x->cap_turns = cap;
    }
    x->turns[x->nturns] = (struct held_turn){
        .role = row->turn.role,
        .at_has_zone = row->at_has_zone,
        .text = hold(x, row->turn.text),
        .speaker_id = hold(x, row->turn.speaker_id),
        .speaker_name = hold(x, row->turn.speaker_name),
        .start_ms = row->turn.start_ms,
        .end_ms = row->turn.end_ms,
        .at_ms = row->at_ms,
        .index = row->index,
        .seq = x->nturns,
    };
    x->nturns++;
    hold_about(x, &row->about);
    return strbuf_failed(&x->all) ? err_nomem(e) : ERR_OK;
}

/* ---- giving ---------------------------------------------------------------------------------------------------------
 */

static int compare(int64_t a, int64_t b, const struct held_turn *x, const struct held_turn *y)
{
    return a != b ? (a > b) - (a < b) : (x->seq > y->seq) - (x->seq < y->seq);
}

static int by_index(const void *a, const void *b)
{
    const struct held_turn *x = a, *y = b;
    return compare(x->index, y->index, x, y);
}

static int by_at(const void *a, const void *b)
{
    const struct held_turn *x = a, *y = b;
    return compare(x->at_ms, y->at_ms, x, y);
}

static int by_start(const void *a, const void *b)
{
    const struct held_turn *x = a, *y = b;
    return compare(x->start_ms, y->start_ms, x, y);
}

static int by_seq(const void *a, const void *b)
{
    const struct held_turn *x = a, *y = b;
    return compare(0, 0, x, y);
}

/* Do all turns have one and the same instant? Then it is the conversation's, repeated on each of its rows. */
static bool is_one_instant(const struct group *x)
{
    for (size_t i = 1; i < x->nturns; i++)
        if (x->turns[i].at_ms != x->turns[0].at_ms)
            return false;
    return x->nturns > 1;
}

static void put_in_order(struct group *x)
{
    struct held_turn *t = x->turns;
    bool has_index = true, has_at = true, has_start = true;
    for (size_t i = 0; i < x->nturns; i++) {
        has_index = has_index && t[i].index != MS_NONE;
        has_at = has_at && t[i].at_ms != MS_NONE;
        has_start = has_start && t[i].start_ms != MS_NONE;
    }
    if (has_index) {
        qsort(t, x->nturns, sizeof *t, by_index);
        bool is_distinct = true;
        for (size_t i = 1; i < x->nturns && is_distinct; i++)
            is_distinct = t[i - 1].index != t[i].index;
        if (is_distinct)
            return;
    }
    has_at = has_at && !is_one_instant(x);
    qsort(t, x->nturns, sizeof *t, has_at ? by_at : has_start ? by_start : by_seq);
}

/* The start of a conversation that does not tell it: its earliest turn. */
static void find_start(struct group *x)
{
    for (size_t i = 0; i < x->nturns; i++) {
        const struct held_turn *t = &x->turns[i];
        if (t->at_ms != MS_NONE && (x->started_at_ms == MS_NONE || t->at_ms < x->started_at_ms)) {
            x->started_at_ms = t->at_ms;
            x->time_origin = t->at_has_zone ? TIME_FROM_RECORD : TIME_ASSUMED_UTC;
        }
    }
}

/* Fill g->turns from X. */
static enum err_code make_turns(struct grouper *g, struct group *x, struct err *e)
{
    if (x->nturns > UINT32_MAX)
        return err_nomem(e);
    if (x->nturns > g->cap_turns) {
        struct turn *more = realloc(g->turns, x->nturns * sizeof *more);
        if (more == NULL)
            return err_nomem(e);
        g->turns = more;
        g->cap_turns = x->nturns;
    }
    bool has_instants = !is_one_instant(x);
    for (size_t i = 0; i < x->nturns; i++) {
        const struct held_turn *t = &x->turns[i];
        int64_t start_ms = t->start_ms, end_ms = t->end_ms;
        if (start_ms == MS_NONE && has_instants && t->at_ms != MS_NONE && t->at_ms >= x->started_at_ms)
            start_ms = t->at_ms - x->started_at_ms;
        if (end_ms != MS_NONE && start_ms != MS_NONE && end_ms < start_ms)
            end_ms = MS_NONE;
        g->turns[i] = (struct turn){
            .role = t->role,
            .text = slice_at(x, t->text),
            .speaker_id = slice_at(x, t->speaker_id),
            .speaker_name = slice_at(x, t->speaker_name),
            .start_ms = start_ms,
            .end_ms = end_ms,
        };
    }
    return ERR_OK;
}

/* Give the conversation that was touched longest ago, and forget it. */
static enum err_code give_oldest(struct grouper *g, struct err *e)
{
    struct group *x = g->oldest;
    if (x->started_at_ms == MS_NONE)
        find_start(x);
    put_in_order(x);
    enum err_code rc = make_turns(g, x, e);
    if (rc != ERR_OK)
        return rc;
    struct conversation c = {
        .external_id = slice_at(x, x->about[ABOUT_ID]),
        .source = slice_at(x, x->about[ABOUT_SOURCE]),
        .channel = slice_at(x, x->about[ABOUT_CHANNEL]),
        .queue = slice_at(x, x->about[ABOUT_QUEUE]),
        .agent_id = slice_at(x, x->about[ABOUT_AGENT_ID]),
        .agent_name = slice_at(x, x->about[ABOUT_AGENT_NAME]),
        .customer_id = slice_at(x, x->about[ABOUT_CUSTOMER]),
        .started_at_ms = x->started_at_ms,
        .time_origin = x->time_origin,
        .turns = g->turns,
        .nturns = (uint32_t)x->nturns,
    };
    rc = g->sink->conversation(g->sink->ctx, &c, &(struct place){g->path, x->line, -1}, e);

    struct group **link = &g->buckets[x->hash & (g->nbuckets - 1)];
    while (*link != x)
        link = &(*link)->chain;
    *link = x->chain;
    unlink_group(g, x);
    g->ngroups--;
    g->bytes -= held_bytes(x);
    group_free(x);
    return rc;
}

enum err_code grouper_add(struct grouper *g, const struct grouper_row *row, long line, struct err *e)
{
    struct slice id = row->about.external_id;
    uint64_t hash = hash64(id) | 1; /* never 0, which marks a free place of the set */
    struct group *x = find(g, hash, id);
    if (x == NULL && was_given(g, hash)) {
        struct place at = {g->path, line, -1};
        return g->sink->reject(g->sink->ctx, &at,
                               "the row belongs to a conversation that was already given on, because its rows are far "
                               "apart: sort the file by conversation",
                               e);
    }
    if (x == NULL) {
        x = new_group(g, hash, id, line);
        if (x == NULL)
            return err_nomem(e);
    } else if (x != g->newest) {
        unlink_group(g, x);
        link_newest(g, x);
    }
    g->bytes -= held_bytes(x);
    enum err_code rc = hold_turn(x, row, e);
    g->bytes += held_bytes(x);
    while (rc == ERR_OK && g->bytes > g->max_bytes && g->oldest != NULL) {
        rc = remember_given(g, g->oldest->hash, e);
        if (rc == ERR_OK)
            rc = give_oldest(g, e);
    }
    return rc;
}

enum err_code grouper_finish(struct grouper *g, struct err *e)
{
    enum err_code rc = ERR_OK;
    while (rc == ERR_OK && g->oldest != NULL)
        rc = give_oldest(g, e);
    return rc;
}
