#include "report/listen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What is known of a conversation. */
struct candidate {
    int64_t conversation, score, worst, worst_turn, rounds, disputed;
    int64_t turned_hostile, confronted, offrecord, stuck; /* episodes */
};

struct listen {
    struct candidate now;   /* the one whose episodes are being offered */
    struct candidate *kept; /* a heap: the one that would go first stands first */
    size_t n, most;
};

struct listen *listen_new(size_t most)
{
    struct listen *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->most = most;
    l->kept = calloc(most != 0 ? most : 1, sizeof *l->kept);
    if (l->kept == NULL) {
        free(l);
        return NULL;
    }
    return l;
}

void listen_free(struct listen *l)
{
    if (l == NULL)
        return;
    free(l->kept);
    free(l);
}

/* Does A stand before B in the list? */
static bool is_before(const struct candidate *a, const struct candidate *b)
{
    return a->score != b->score ? a->score > b->score : a->conversation < b->conversation;
}

static void swap(struct candidate *a, struct candidate *b)
{
    struct candidate x = *a;
    *a = *b;
    *b = x;
}

/* The last of the list is the root of the heap. */
static void sink_root(struct candidate *v, size_t n)
{
    for (size_t i = 0;;) {
        size_t last = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < n; child++)
            if (is_before(&v[last], &v[child]))
                last = child;
        if (last == i)
            return;
        swap(&v[i], &v[last]);
        i = last;
    }
}

static void keep(struct listen *l)
{
    if (l->now.score == 0 || l->most == 0)
        return;
    if (l->n == l->most) {
        if (!is_before(&l->now, &l->kept[0]))
            return;
        l->kept[0] = l->now;
        sink_root(l->kept, l->n);
        return;
    }
    size_t i = l->n++;
    l->kept[i] = l->now;
    for (; i > 0 && is_before(&l->kept[(i - 1) / 2], &l->kept[i]); i = (i - 1) / 2)
        swap(&l->kept[i], &l->kept[(i - 1) / 2]);
}

void listen_offer(struct listen *l, const struct episode_row *x)
{
    if (x->conversation != l->now.conversation) {
        keep(l);
        l->now = (struct candidate){.conversation = x->conversation, .worst = -1};
    }
    struct candidate *c = &l->now;
    bool turned_hostile = x->is_hostile_after && !x->is_hostile_before;
    bool confronted = x->is_disputed && x->style == 0, offrecord = x->style == 3;
    bool stuck = x->is_disputed && x->rounds >= 3 && !x->is_escalated;
    int64_t score = 4 * turned_hostile + 3 * offrecord + 2 * confronted + 2 * stuck + x->is_disputed;
    if (score == 0)
        return;
    c->score += score;
    if (score > c->worst || (score == c->worst && x->first_turn < c->worst_turn)) {
        c->worst = score;
        c->worst_turn = x->first_turn;
    }
    c->rounds = x->rounds > c->rounds ? x->rounds : c->rounds;
    c->disputed += x->is_disputed;
    c->turned_hostile += turned_hostile;
    c->confronted += confronted;
    c->offrecord += offrecord;
    c->stuck += stuck;
}

static void reason(struct strbuf *b, bool *is_first, const char *text)
{
    strbuf_puts(b, *is_first ? "" : "; ");
    strbuf_puts(b, text);
    *is_first = false;
}

static void put_reasons(struct strbuf *b, const struct candidate *c)
{
    char text[64];
    bool is_first = true;
    if (c->turned_hostile != 0)
        reason(b, &is_first, "the customer became hostile after it was told");
    if (c->offrecord != 0)
        reason(b, &is_first, "a way round the rule was hinted at");
    if (c->confronted != 0)
        reason(b, &is_first, "told as a confrontation and disputed");
    if (c->stuck != 0) {
        (void)snprintf(text, sizeof text, "told %" PRId64 " times without an offer to escalate", c->rounds);
        reason(b, &is_first, text);
    }
    if (c->disputed > 1) {
        (void)snprintf(text, sizeof text, "%" PRId64 " policies disputed", c->disputed);
        reason(b, &is_first, text);
    } else if (c->disputed == 1 && c->confronted == 0) {
        reason(b, &is_first, "disputed");
    }
}

static int in_order(const void *a, const void *b)
{
    return is_before(a, b) ? -1 : is_before(b, a);
}

void listen_write(struct listen *l, struct strbuf *out)
{
    keep(l);
    l->now.score = 0;
    if (l->n != 0)
        qsort(l->kept, l->n, sizeof *l->kept, in_order);
    strbuf_putc(out, '[');
    for (size_t i = 0; i < l->n; i++) {
        const struct candidate *c = &l->kept[i];
        strbuf_printf(out, "%s[%" PRId64 ",%" PRId64 ",%" PRId64 ",\"", i != 0 ? "," : "", c->conversation,
                      c->worst_turn, c->score);
        put_reasons(out, c); /* nothing in them wants escaping */
        strbuf_puts(out, "\"]");
    }
    strbuf_putc(out, ']');
}
