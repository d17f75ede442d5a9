#include "store/join.h"

#include <stdlib.h>

#define MOST_STEPS UINT64_C(50000000) /* comparisons of turns; beyond, the new one is a copy */

/* ---- one turn beside another ------------------------------------------------------------------------------------ */

static bool has_instants(const struct conversation *c)
{
    return c->started_at_ms != MS_NONE && c->time_origin <= TIME_FROM_SIDE;
}

static int64_t instant(const struct conversation *c, uint32_t turn)
{
    int64_t ms = c->turns[turn].start_ms;
    return has_instants(c) && ms != MS_NONE ? c->started_at_ms + ms : MS_NONE;
}

static bool is_same(const struct conversation *a, uint32_t i, const struct conversation *b, uint32_t j)
{
    int64_t at = instant(a, i), bt = instant(b, j);
    return slice_eq(a->turns[i].text, b->turns[j].text) && (at == MS_NONE || bt == MS_NONE || at == bt);
}

/* Do all of B's turns stand in A, one behind the other? */
static bool is_within(const struct conversation *a, const struct conversation *b)
{
    for (uint32_t from = 0; b->nturns <= a->nturns && from <= a->nturns - b->nturns; from++) {
        uint32_t n = 0;
        while (n < b->nturns && is_same(a, from + n, b, n))
            n++;
        if (n == b->nturns)
            return true;
    }
    return false;
}

/* How many turns at A's end are those at B's beginning? One alone must be said at a known instant. */
static uint32_t overlap(const struct conversation *a, const struct conversation *b)
{
    uint32_t n = a->nturns < b->nturns ? a->nturns : b->nturns;
    for (; n > 0; n--) {
        uint32_t i = 0;
        while (i < n && is_same(a, a->nturns - n + i, b, i))
            i++;
        if (i == n)
            break;
    }
    bool is_chance = n == 1 && (instant(a, a->nturns - 1) == MS_NONE || instant(b, 0) == MS_NONE);
    return is_chance ? 0 : n;
}

/* Are most words of B said in A, in this order? Then it is a copy with other times. */
static bool is_alike(const struct conversation *a, const struct conversation *b)
{
    uint32_t found = 0;
    for (uint32_t i = 0, j = 0; j < b->nturns; j++) {
        uint32_t k = i;
        while (k < a->nturns && !slice_eq(a->turns[k].text, b->turns[j].text))
            k++;
        if (k < a->nturns) {
            found++;
            i = k + 1;
        }
    }
    return 2 * (uint64_t)found > b->nturns;
}

/* Does A end before B begins? Where turns have no times, by the starts. */
static bool is_before(const struct conversation *a, const struct conversation *b)
{
    int64_t end = instant(a, a->nturns - 1), begin = instant(b, 0);
    if (end != MS_NONE && begin != MS_NONE)
        return end <= begin;
    return has_instants(a) && has_instants(b) && a->started_at_ms < b->started_at_ms;
}

/* Does B fall into a gap of A, so that no turn of A is said meanwhile? */
static bool is_in_gap(const struct conversation *a, const struct conversation *b)
{
    int64_t begin = instant(b, 0), end = instant(b, b->nturns - 1);
    if (begin == MS_NONE || end == MS_NONE)
        return false;
    for (uint32_t i = 0; i < a->nturns; i++) {
        int64_t at = instant(a, i);
        if (at == MS_NONE || (at >= begin && at <= end))
            return false;
    }
    return true;
}

enum join_kind join_kind(const struct conversation *old, const struct conversation *c)
{
    if (old->nturns == 0 || c->nturns == 0 || (uint64_t)old->nturns * c->nturns > MOST_STEPS)
        return JOIN_COPY;
    if (is_within(old, c))
        return c->nturns < old->nturns ? JOIN_WITHIN : JOIN_COPY;
    if (is_within(c, old))
        return JOIN_COPY;
    if (overlap(old, c) != 0 || overlap(c, old) != 0)
        return JOIN_PIECE;
    bool is_apart = is_before(old, c) || is_before(c, old) || is_in_gap(old, c) || is_in_gap(c, old);
    return is_apart && !is_alike(old, c) ? JOIN_PIECE : JOIN_COPY;
}

/* ---- joining ---------------------------------------------------------------------------------------------------- */

static int compare_slices(struct slice a, struct slice b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n != 0 ? memcmp(a.s, b.s, n) : 0;
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* Pieces without a start come last. */
static int by_start(const void *x, const void *y)
{
    const struct conversation *a = x, *b = y;
    uint64_t at = has_instants(a) ? (uint64_t)a->started_at_ms ^ UINT64_C(1) << 63 : UINT64_MAX;
    uint64_t bt = has_instants(b) ? (uint64_t)b->started_at_ms ^ UINT64_C(1) << 63 : UINT64_MAX;
    if (at != bt)
        return at < bt ? -1 : 1;
    int order = compare_slices(a->part, b->part);
    if (order == 0 && a->nturns != 0 && b->nturns != 0)
        order = compare_slices(a->turns[0].text, b->turns[0].text);
    return order;
}

/* A turn on its way, with its place in the order of pieces. */
struct placed {
    struct turn turn; /* start_ms and end_ms as instants */
    size_t place;
};

static int by_instant(const void *x, const void *y)
{
    const struct placed *a = x, *b = y;
    if (a->turn.start_ms != b->turn.start_ms)
        return a->turn.start_ms < b->turn.start_ms ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void first_told(struct slice *x, struct slice y)
{
    if (x->n == 0)
        *x = y;
}

/* All but the turns. */
static void join_fields(const struct conversation *pieces, size_t n, struct conversation *out)
{
    *out = pieces[0];
    out->part = (struct slice){"", 0};
    for (size_t i = 1; i < n; i++) {
        const struct conversation *c = &pieces[i];
        if (out->agent_id.n == 0 && out->agent_name.n == 0) {
            out->agent_id = c->agent_id;
            out->agent_name = c->agent_name;
        }
        first_told(&out->channel, c->channel);
        first_told(&out->queue, c->queue);
        first_told(&out->customer_id, c->customer_id);
        out->nmasked += c->nmasked;
        out->is_redacted = out->is_redacted && c->is_redacted;
        if (c->role_origin > out->role_origin)
            out->role_origin = c->role_origin;
        if (c->role_confidence < out->role_confidence)
            out->role_confidence = c->role_confidence;
        if (!has_instants(out) && out->started_at_ms == MS_NONE) {
            out->started_at_ms = c->started_at_ms;
            out->time_origin = c->time_origin;
        }
    }
}

/* The turns of C from FIRST on, behind those that are there; times become instants where C has a start. */
static void place_turns(const struct conversation *c, uint32_t first, bool is_start, struct placed *to, size_t *n)
{
    for (uint32_t i = first; i < c->nturns; i++) {
        struct placed *p = &to[*n];
        *p = (struct placed){c->turns[i], *n};
        int64_t length =
            p->turn.end_ms != MS_NONE && p->turn.start_ms != MS_NONE ? p->turn.end_ms - p->turn.start_ms : 0;
        bool has_end = p->turn.end_ms != MS_NONE && p->turn.start_ms != MS_NONE;
        if (has_instants(c) || !is_start)
            p->turn.start_ms = instant(c, i);
        p->turn.end_ms = has_end && p->turn.start_ms != MS_NONE ? p->turn.start_ms + length : MS_NONE;
        ++*n;
    }
}

enum err_code join_pieces(struct conversation *pieces, size_t n, struct arena *a, struct conversation *out,
                          struct err *e)
{
    size_t total = 0, m = 0;
    bool has_all = true;
    qsort(pieces, n, sizeof *pieces, by_start);
    join_fields(pieces, n, out);
    for (size_t i = 0; i < n; i++)
        total += pieces[i].nturns;
    struct placed *all = arena_zalloc(a, total + 1, sizeof *all);
    out->turns = arena_zalloc(a, total + 1, sizeof *out->turns);
    if (all == NULL || out->turns == NULL || total > UINT32_MAX)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++) {
        uint32_t first =
            i > 0 && pieces[i].nturns != 0 && pieces[i - 1].nturns != 0 ? overlap(&pieces[i - 1], &pieces[i]) : 0;
        place_turns(&pieces[i], first, i == 0, all, &m);
        has_all = has_all && has_instants(&pieces[i]);
    }
    for (size_t i = 0; i < m; i++)
        has_all = has_all && all[i].turn.start_ms != MS_NONE;
    if (has_all)
        qsort(all, m, sizeof *all, by_instant);
    int64_t zero = has_instants(out) ? out->started_at_ms : 0;
    for (size_t i = 0; i < m; i++) {
        struct turn *t = &out->turns[i];
        *t = all[i].turn;
        t->start_ms -= t->start_ms != MS_NONE ? zero : 0;
        t->end_ms -= t->end_ms != MS_NONE ? zero : 0;
    }
    out->nturns = (uint32_t)m;
    return ERR_OK;
}
