#include "train/samples.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/analyze.h"
#include "analyze/tagger.h"

enum side side_of_class(uint32_t class)
{
    return class < CLASS_DISPUTE ? SIDE_AGENT : SIDE_CUSTOMER;
}

bool sample_is_held_out(const struct sample_item *item, enum fold_kind kind, uint32_t fold)
{
    return fold != NO_FOLD && item->fold[kind] == fold;
}

bool sample_trains(const struct sample_item *item, enum fold_kind kind, uint32_t fold)
{
    if (fold == ADDED_FOLD)
        return item->fold[kind] != NO_FOLD;
    return fold == NO_FOLD || (item->fold[kind] != fold && (kind != FOLD_BY_SOURCE || item->shy_of != fold));
}

/* ---- folds ---- */

/* The piece of LIST before SEPARATOR, cut off. */
static struct slice cut(struct slice *list, char separator)
{
    const char *end = list->n > 0 ? memchr(list->s, separator, list->n) : NULL;
    size_t n = end != NULL ? (size_t)(end - list->s) : list->n;
    struct slice piece = {list->s, n};
    n += end != NULL;
    list->s += n;
    list->n -= n;
    return slice_trim(piece);
}

/* The name that stands for SOURCE's family: the first of its family. */
static struct slice family_of(struct slice source, const char *families)
{
    struct slice rest = slice_of(families != NULL ? families : "");
    while (rest.n > 0) {
        struct slice family = cut(&rest, ',');
        struct slice members = family, first = cut(&members, '+');
        while (family.n > 0)
            if (slice_eq(cut(&family, '+'), source))
                return first;
    }
    return source;
}

/* The number of the family that NAME is; a new one if IS_NEW, else NO_FOLD. */
static uint32_t find_family(struct slice *names, uint32_t *n, struct slice name, bool is_new)
{
    for (uint32_t i = 0; i < *n; i++)
        if (slice_eq(names[i], name))
            return i;
    if (!is_new)
        return NO_FOLD;
    names[*n] = name;
    return (*n)++;
}

enum err_code samples_begin(struct samples *s, const struct labelled_set *set, const struct sample_file *files,
                            const char *families, struct err *e)
{
    *s = (struct samples){.nitems = set->n};
    s->items = calloc(set->n + 1, sizeof *s->items);
    struct slice *names = s->families = calloc(set->n + 1, sizeof *names);
    s->sources = calloc(set->n + 1, sizeof *s->sources);
    if (s->items == NULL || names == NULL || s->sources == NULL) {
        samples_free(s);
        return err_nomem(e);
    }
    for (size_t i = 0; i < set->n; i++) {
        const struct labelled *l = &set->items[i];
        struct sample_item *item = &s->items[i];
        *item = (struct sample_item){l, {NO_FOLD, NO_FOLD}, NO_FOLD, files[l->file].weight, 0, 1};
        item->source = find_family(s->sources, &s->nsources, l->c.source, true);
        if (files[l->file].is_added)
            continue;
        item->fold[FOLD_BY_SOURCE] =
            find_family(names, &s->nfolds[FOLD_BY_SOURCE], family_of(l->c.source, families), true);
        item->fold[FOLD_BY_CONVERSATION] = (uint32_t)(s->nevaluated++ % CONVERSATION_FOLDS);
    }
    s->nfolds[FOLD_BY_CONVERSATION] = s->nevaluated < CONVERSATION_FOLDS ? (uint32_t)s->nevaluated : CONVERSATION_FOLDS;
    for (size_t i = 0; i < set->n; i++)
        if (files[set->items[i].file].is_added)
            s->items[i].shy_of =
                find_family(names, &s->nfolds[FOLD_BY_SOURCE], family_of(set->items[i].c.source, families), false);
    return ERR_OK;
}

static void free_rows(struct samples *s)
{
    for (int k = 0; k < SIDES; k++) {
        fit_rows_free(s->sides[k].x);
        free(s->sides[k].rows);
        s->sides[k] = (struct sample_side){NULL, NULL, 0, 0};
    }
}

void samples_free(struct samples *s)
{
    free_rows(s);
    free(s->items);
    free(s->families);
    free(s->sources);
    *s = (struct samples){.nitems = 0};
}

/* ---- rows ---- */

struct extracting {
    struct samples *s;
    uint32_t item;
    double share;
    bool is_beside;
    bool is_out_of_memory;
};

static void look(void *ctx, uint32_t turn, const struct turn_result *r)
{
    struct extracting *x = ctx;
    const struct labelled *l = x->s->items[x->item].l;
    struct sample_side *side = &x->s->sides[r->role == ROLE_AGENT ? SIDE_AGENT : SIDE_CUSTOMER];
    if (side->n == side->cap) {
        size_t cap = side->cap != 0 ? 2 * side->cap : 1024;
        struct sample_row *rows = realloc(side->rows, cap * sizeof *rows);
        if (rows == NULL) {
            x->is_out_of_memory = true;
            return;
        }
        side->rows = rows;
        side->cap = cap;
    }
    if (!fit_rows_add(side->x, r->features)) {
        x->is_out_of_memory = true;
        return;
    }
    side->rows[side->n++] = (struct sample_row){x->item, &l->labels[turn_number(&l->c, turn)], x->share, x->is_beside};
}

/* What the labels say of each turn, for the tagger's memory. */
static enum err_code facts_of_labels(const struct labelled *l, struct arena *a, const struct turn_facts **out,
                                     struct err *e)
{
    struct turn_facts *facts = arena_zalloc(a, (size_t)l->c.nturns + 1, sizeof *facts);
    if (facts == NULL)
        return err_nomem(e);
    for (uint32_t i = 0; i < l->c.nturns; i++) {
        const struct turn_label *label = &l->labels[turn_number(&l->c, i)];
        facts[i] = (struct turn_facts){.is_delivery = label->is_delivery,
                                       .is_confrontational = label->style == STYLE_CONFRONTATIONAL,
                                       .is_choice = label->style == STYLE_CHOICE,
                                       .is_dispute = label->is_dispute};
    }
    *out = facts;
    return ERR_OK;
}

static enum err_code extract_item(struct extracting *x, struct tagger *t, bool is_given, struct arena *a, struct err *e)
{
    const struct labelled *l = x->s->items[x->item].l;
    struct tags tags;
    enum err_code rc = ERR_OK;
    arena_reset(a);
    t->given = NULL;
    if (is_given && (rc = facts_of_labels(l, a, &t->given, e)) != ERR_OK)
        return rc;
    rc = tagger_walk(t, &l->c, a, &tags, x, look, e);
    return rc == ERR_OK && x->is_out_of_memory ? err_nomem(e) : rc;
}

/* Each source's turns together count as the square root of how many there are. */
static enum err_code even_out(struct samples *s, struct err *e)
{
    double *size = calloc((size_t)s->nsources + 1, sizeof *size);
    if (size == NULL)
        return err_nomem(e);
    for (int k = 0; k < SIDES; k++)
        for (size_t i = 0; i < s->sides[k].n; i++)
            size[s->items[s->sides[k].rows[i].item].source] += s->sides[k].rows[i].share;
    for (size_t i = 0; i < s->nitems; i++)
        s->items[i].even = 1 / sqrt(fmax(size[s->items[i].source], 1));
    free(size);
    return ERR_OK;
}

/* The rules and weights through which an item is seen, and the tagger that has them. */
struct seeing {
    struct ruleset own; /* with other weights, or another one's copy */
    const struct ruleset *rules;
    struct tagger *t;
};

static enum err_code see_through(struct seeing *s, const struct ruleset *rules, struct weights *weights, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (s->rules != rules) {
        s->own = *rules;
        s->rules = rules;
        tagger_free(s->t);
        s->t = tagger_new(&s->own);
        rc = s->t != NULL ? ERR_OK : err_nomem(e);
    }
    s->own.weights = weights != NULL ? weights : rules->weights;
    return rc;
}

static uint32_t fold_or_last(const struct samples *s, const struct sample_item *item, enum fold_kind kind)
{
    return item->fold[kind] != NO_FOLD ? item->fold[kind] : s->nfolds[kind];
}

/* The rules through which ITEM is seen as one of its fold by KIND; NULL: it is not seen so. */
static const struct ruleset *rules_by(const struct samples *s, const struct sample_item *item,
                                      const struct extract_how *how, enum fold_kind kind)
{
    if (kind != how->kind && item->fold[kind] == NO_FOLD)
        return NULL;
    if (how->fold_rules[kind] != NULL)
        return how->fold_rules[kind][fold_or_last(s, item, kind)];
    return kind == how->kind ? how->rules : NULL;
}

enum err_code samples_extract(struct samples *s, const struct extract_how *how, struct err *e)
{
    struct seeing see = {.t = NULL};
    struct arena *a = arena_new(0);
    enum err_code rc = ERR_OK;
    free_rows(s);
    for (int k = 0; k < SIDES; k++)
        s->sides[k].x = fit_rows_new(feature_count(&how->rules->space));
    if (a == NULL || s->sides[SIDE_AGENT].x == NULL || s->sides[SIDE_CUSTOMER].x == NULL)
        rc = err_nomem(e);
    s->nways = how->fold_rules[FOLD_BY_SOURCE] != NULL && how->fold_rules[FOLD_BY_CONVERSATION] != NULL ? 2 : 1;
    for (int kind = 0; kind < FOLD_KINDS; kind++)
        for (uint32_t i = 0; i < s->nitems && rc == ERR_OK; i++) {
            const struct sample_item *item = &s->items[i];
            const struct ruleset *rules = rules_by(s, item, how, (enum fold_kind)kind);
            double share = item->fold[kind] != NO_FOLD ? 1.0 / s->nways : 1;
            struct extracting x = {s, i, share, kind != (int)how->kind, false};
            if (rules == NULL)
                continue;
            rc = see_through(&see, rules, how->weights != NULL ? how->weights[fold_or_last(s, item, how->kind)] : NULL,
                             e);
            if (rc == ERR_OK)
                rc = extract_item(&x, see.t, how->weights == NULL, a, e);
        }
    tagger_free(see.t);
    arena_free(a);
    return rc == ERR_OK ? even_out(s, e) : rc;
}
