#include "report/evidence.h"

#include <stdlib.h>

#include "core/hash.h"

enum { MAX_PER_NUMBER = 32, NO_LIST = -1 };

struct number {
    int64_t key, key2;
    enum evidence_of of;   /* EVIDENCE_NONE: a free slot */
    unsigned n, place;     /* in the order of wanting */
    int list;              /* index of lists, or NO_LIST */
    struct exchange *best; /* per_number of them; NULL until the first offer */
    double *quality;
};

struct evidence {
    unsigned per_number;
    bool failed;
    struct number *numbers; /* open addressing; nslots is a power of two */
    size_t nnumbers, nslots;
    struct exchange *cited;
    size_t ncited, max_cited;
    uint32_t *cited_at; /* open addressing over cited: index + 1, 0 is free */
    size_t cited_slots;
    struct evidence_list *lists;
    size_t nlists, lists_cap;
};

static size_t power_of_two(size_t at_least)
{
    size_t n = 16;
    while (n < at_least)
        n *= 2;
    return n;
}

struct evidence *evidence_new(unsigned per_number, size_t max_cited)
{
    struct evidence *ev = calloc(1, sizeof *ev);
    if (ev == NULL)
        return NULL;
    ev->per_number = per_number < 1 ? 1 : per_number > MAX_PER_NUMBER ? MAX_PER_NUMBER : per_number;
    ev->max_cited = max_cited;
    ev->nslots = 256;
    ev->cited_slots = power_of_two(2 * max_cited + 1);
    ev->numbers = calloc(ev->nslots, sizeof *ev->numbers);
    ev->cited = calloc(max_cited + 1, sizeof *ev->cited);
    ev->cited_at = calloc(ev->cited_slots, sizeof *ev->cited_at);
    if (ev->numbers == NULL || ev->cited == NULL || ev->cited_at == NULL) {
        evidence_free(ev);
        return NULL;
    }
    return ev;
}

void evidence_free(struct evidence *ev)
{
    if (ev == NULL)
        return;
    for (size_t i = 0; ev->numbers != NULL && i < ev->nslots; i++) {
        free(ev->numbers[i].best);
        free(ev->numbers[i].quality);
    }
    for (size_t i = 0; i < ev->nlists; i++)
        free(ev->lists[i].title);
    free(ev->lists);
    free(ev->numbers);
    free(ev->cited);
    free(ev->cited_at);
    free(ev);
}

bool evidence_failed(const struct evidence *ev)
{
    return ev->failed;
}

static size_t hash_of(const int64_t *keys, size_t n)
{
    return (size_t)hash64((struct slice){(const char *)keys, n * sizeof *keys});
}

/* The slot of the number, or the free one where it would go. */
static struct number *slot_of(struct number *slots, size_t nslots, enum evidence_of of, int64_t key, int64_t key2)
{
    const int64_t keys[3] = {(int64_t)of, key, key2};
    for (size_t i = hash_of(keys, 3);; i++) {
        struct number *x = &slots[i & (nslots - 1)];
        if (x->of == EVIDENCE_NONE || (x->of == of && x->key == key && x->key2 == key2))
            return x;
    }
}

static bool make_room(struct evidence *ev)
{
    if (2 * (ev->nnumbers + 1) <= ev->nslots)
        return true;
    size_t nslots = 2 * ev->nslots;
    struct number *slots = calloc(nslots, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < ev->nslots; i++) {
        const struct number *x = &ev->numbers[i];
        if (x->of != EVIDENCE_NONE)
            *slot_of(slots, nslots, x->of, x->key, x->key2) = *x;
    }
    free(ev->numbers);
    ev->numbers = slots;
    ev->nslots = nslots;
    return true;
}

void evidence_want(struct evidence *ev, enum evidence_of of, int64_t key, int64_t key2)
{
    if (!make_room(ev)) {
        ev->failed = true;
        return;
    }
    struct number *x = slot_of(ev->numbers, ev->nslots, of, key, key2);
    if (x->of != EVIDENCE_NONE)
        return;
    *x = (struct number){.of = of, .key = key, .key2 = key2, .place = (unsigned)ev->nnumbers, .list = NO_LIST};
    ev->nnumbers++;
}

static bool is_before(double quality, struct exchange x, double than_quality, struct exchange than)
{
    if (quality > than_quality || quality < than_quality)
        return quality > than_quality;
    if (x.conversation != than.conversation)
        return x.conversation < than.conversation;
    return x.turn < than.turn;
}

static bool has_lists(struct number *x, unsigned per_number)
{
    if (x->best == NULL)
        x->best = calloc(per_number, sizeof *x->best);
    if (x->quality == NULL)
        x->quality = calloc(per_number, sizeof *x->quality);
    return x->best != NULL && x->quality != NULL;
}

void evidence_offer(struct evidence *ev, enum evidence_of of, int64_t key, int64_t key2, double quality,
                    struct exchange x)
{
    struct number *to = slot_of(ev->numbers, ev->nslots, of, key, key2);
    if (to->of == EVIDENCE_NONE)
        return;
    if (!has_lists(to, ev->per_number)) {
        ev->failed = true;
        return;
    }
    unsigned at = to->n;
    while (at > 0 && is_before(quality, x, to->quality[at - 1], to->best[at - 1]))
        at--;
    if (at == ev->per_number)
        return;
    if (to->n < ev->per_number)
        to->n++;
    for (unsigned i = to->n - 1; i > at; i--) {
        to->best[i] = to->best[i - 1];
        to->quality[i] = to->quality[i - 1];
    }
    to->best[at] = x;
    to->quality[at] = quality;
}

const struct exchange *evidence_best(const struct evidence *ev, enum evidence_of of, int64_t key, int64_t key2,
                                     size_t *n)
{
    const struct number *x = slot_of(ev->numbers, ev->nslots, of, key, key2);
    *n = x->of != EVIDENCE_NONE ? x->n : 0;
    return x->best;
}

/* The slot of X, or the free one where it would go. */
static uint32_t *cited_slot(const struct evidence *ev, struct exchange x)
{
    const int64_t keys[2] = {x.conversation, x.turn};
    for (size_t i = hash_of(keys, 2);; i++) {
        uint32_t *at = &ev->cited_at[i & (ev->cited_slots - 1)];
        if (*at == 0)
            return at;
        const struct exchange *has = &ev->cited[*at - 1];
        if (has->conversation == x.conversation && has->turn == x.turn)
            return at;
    }
}

bool evidence_is_cited(const struct evidence *ev, struct exchange x)
{
    return *cited_slot(ev, x) != 0;
}

bool evidence_cite(struct evidence *ev, struct exchange x)
{
    uint32_t *at = cited_slot(ev, x);
    if (*at != 0)
        return true;
    if (ev->ncited == ev->max_cited)
        return false;
    ev->cited[ev->ncited++] = x;
    *at = (uint32_t)ev->ncited;
    return true;
}

static int compare_places(const void *x, const void *y)
{
    const struct number *a = *(const struct number *const *)x, *b = *(const struct number *const *)y;
    return (a->place > b->place) - (a->place < b->place);
}

void evidence_cite_best(struct evidence *ev)
{
    const struct number **order = calloc(ev->nnumbers + 1, sizeof(const struct number *));
    size_t n = 0;
    if (order == NULL) {
        ev->failed = true;
        return;
    }
    for (size_t i = 0; i < ev->nslots; i++)
        if (ev->numbers[i].of != EVIDENCE_NONE)
            order[n++] = &ev->numbers[i];
    if (n > 1)
        qsort(order, n, sizeof(const struct number *), compare_places);
    for (unsigned rank = 0; rank < ev->per_number; rank++)
        for (size_t i = 0; i < n && ev->ncited < ev->max_cited; i++)
            if (rank < order[i]->n)
                (void)evidence_cite(ev, order[i]->best[rank]);
    free(order);
}

const struct exchange *evidence_cited(const struct evidence *ev, size_t *n)
{
    *n = ev->ncited;
    return ev->cited;
}

static char *copy_of(struct slice x)
{
    char *copy = malloc(x.n + 1);
    if (copy == NULL)
        return NULL;
    if (x.n != 0)
        memcpy(copy, x.s, x.n);
    copy[x.n] = '\0';
    return copy;
}

size_t evidence_list(struct evidence *ev, enum evidence_of of, int64_t key, int64_t key2, struct slice title,
                     int64_t all)
{
    struct number *x = slot_of(ev->numbers, ev->nslots, of, key, key2);
    if (x->of == EVIDENCE_NONE)
        return 0;
    if (x->list != NO_LIST)
        return (size_t)x->list;
    if (ev->nlists == ev->lists_cap) {
        size_t cap = ev->lists_cap != 0 ? 2 * ev->lists_cap : 64;
        struct evidence_list *more = realloc(ev->lists, cap * sizeof *more);
        if (more == NULL) {
            ev->failed = true;
            return 0;
        }
        ev->lists = more;
        ev->lists_cap = cap;
    }
    char *copy = copy_of(title);
    if (copy == NULL) {
        ev->failed = true;
        return 0;
    }
    ev->lists[ev->nlists] = (struct evidence_list){of, key, key2, all, copy};
    x->list = (int)ev->nlists++;
    return (size_t)x->list;
}

const struct evidence_list *evidence_lists(const struct evidence *ev, size_t *n)
{
    *n = ev->nlists;
    return ev->lists;
}
