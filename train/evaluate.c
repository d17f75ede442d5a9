#include "train/evaluate.h"

#include <math.h>
#include <stdlib.h>

#include "core/array.h"

/* ---- tagging ---- */

enum err_code evaluation_begin(struct evaluation *ev, const struct ruleset *rules, struct err *e)
{
    *ev = (struct evaluation){.rules = rules};
    ev->a = arena_new(0);
    ev->cues = calloc(cueset_count(rules->cues) + 1, sizeof *ev->cues);
    if (ev->a != NULL && ev->cues != NULL)
        return ERR_OK;
    evaluation_free(ev);
    return err_nomem(e);
}

void evaluation_free(struct evaluation *ev)
{
    arena_free(ev->a);
    free(ev->cues);
    free((void *)ev->items);
    free((void *)ev->outcomes);
    free(ev->source);
    free(ev->sources);
    *ev = (struct evaluation){.n = 0};
}

static bool make_room(struct evaluation *ev)
{
    if (ev->n < ev->cap)
        return true;
    size_t cap = ev->cap != 0 ? 2 * ev->cap : 256;
    if (!array_resize((void *)&ev->items, cap, sizeof(struct labelled *)) ||
        !array_resize((void *)&ev->outcomes, cap, sizeof(struct turn_outcome *)) ||
        !array_resize((void *)&ev->source, cap, sizeof *ev->source) ||
        !array_resize((void *)&ev->sources, cap, sizeof *ev->sources))
        return false;
    ev->cap = cap;
    return true;
}

static uint32_t find_source(struct evaluation *ev, struct slice name)
{
    uint32_t i = 0;
    while (i < ev->nsources && !slice_eq(ev->sources[i], name))
        i++;
    if (i == ev->nsources)
        ev->sources[ev->nsources++] = name; /* there is room: not more than conversations */
    return i;
}

struct looking {
    struct evaluation *ev;
    const struct labelled *l;
    struct turn_outcome *out;
};

static void count_cues(struct evaluation *ev, const struct turn_result *r, const struct turn_label *label)
{
    for (uint32_t i = 0; i < r->scan->nmatches; i++) {
        uint32_t cue = r->scan->matches[i].cue, k = 0;
        while (k < i && r->scan->matches[k].cue != cue)
            k++;
        if (k < i)
            continue; /* once a turn */
        struct cue_count *c = &ev->cues[cue];
        c->agent += r->role == ROLE_AGENT;
        c->delivery += r->role == ROLE_AGENT && label->is_delivery;
        c->customer += r->role == ROLE_CUSTOMER;
        c->dispute += r->role == ROLE_CUSTOMER && label->is_dispute;
    }
}

static void look(void *ctx, uint32_t turn, const struct turn_result *r)
{
    struct looking *k = ctx;
    uint32_t at = turn_number(&k->l->c, turn);
    struct turn_outcome *o = &k->out[at];
    o->is_scored = true;
    o->p = r->agent.p;
    o->p_style = r->agent.p_style;
    o->is_unsure = r->agent.is_uncertain;
    o->unsure_dispute = r->customer.unsure_dispute;
    o->unsure_hostile = r->customer.unsure_hostile;
    o->p_dispute = r->customer.p_dispute;
    o->p_hostile = r->customer.p_hostile;
    count_cues(k->ev, r, &k->l->labels[at]);
}

static void take_tags(const struct conversation *c, const struct tags *t, struct turn_outcome *out)
{
    for (uint32_t i = 0; i < t->ndeliveries; i++) {
        struct turn_outcome *o = &out[turn_number(c, t->deliveries[i].turn)];
        o->is_delivery = true;
        o->style = t->deliveries[i].style;
        o->practices = t->deliveries[i].practices;
    }
    for (uint32_t i = 0; i < t->nreactions; i++) {
        struct turn_outcome *o = &out[turn_number(c, t->reactions[i].turn)];
        o->is_dispute = o->is_dispute || t->reactions[i].kind == TAG_DISPUTE;
        o->is_hostile = o->is_hostile || t->reactions[i].kind == TAG_HOSTILE;
    }
}

enum err_code evaluation_add(struct evaluation *ev, struct tagger *t, const struct labelled *l, struct err *e)
{
    struct tags tags;
    struct turn_outcome *out = arena_zalloc(ev->a, l->nlabels, sizeof *out);
    if (out == NULL || !make_room(ev))
        return err_nomem(e);
    struct looking k = {ev, l, out};
    for (uint32_t i = 0; i < l->c.nturns; i++)
        out[turn_number(&l->c, i)].role = l->c.turns[i].role;
    enum err_code rc = tagger_walk(t, &l->c, ev->a, &tags, &k, look, e);
    if (rc != ERR_OK)
        return rc;
    take_tags(&l->c, &tags, out);
    ev->items[ev->n] = l;
    ev->outcomes[ev->n] = out;
    ev->source[ev->n] = find_source(ev, l->c.source);
    ev->n++;
    return ERR_OK;
}

/* ---- counting ---- */

bool label_says(const struct turn_label *label, uint32_t class)
{
    if (class == CLASS_DELIVERY)
        return label->is_delivery;
    if (class == CLASS_DISPUTE)
        return label->is_dispute;
    if (class == CLASS_HOSTILE)
        return label->is_hostile;
    if (class < CLASS_PRACTICE)
        return label->style == (enum style)(class - CLASS_STYLE + 1);
    return (label->practices >> (class - CLASS_PRACTICE) & 1) != 0;
}

bool label_judges(const struct turn_label *label, uint32_t class)
{
    return !class_is_practice(class) || !label->is_delivery || label->has_practices;
}

bool outcome_says(const struct turn_outcome *o, uint32_t class)
{
    struct turn_label same = {.is_delivery = o->is_delivery,
                              .is_dispute = o->is_dispute,
                              .is_hostile = o->is_hostile,
                              .style = o->style,
                              .practices = o->practices};
    return label_says(&same, class);
}

/* Counts of one conversation, or of all. */
struct counts {
    int64_t units, labelled, tagged, right;
};

static struct counts count(const struct evaluation *ev, size_t i, uint32_t class)
{
    struct counts n = {0, 0, 0, 0};
    enum role role = class < CLASS_DISPUTE ? ROLE_AGENT : ROLE_CUSTOMER;
    for (uint32_t t = 0; t < ev->items[i]->nlabels; t++) {
        const struct turn_outcome *o = &ev->outcomes[i][t];
        const struct turn_label *label = &ev->items[i]->labels[t];
        bool is_labelled = label_says(label, class), is_tagged = outcome_says(o, class);
        if (!label_judges(label, class))
            continue;
        n.units += is_labelled || is_tagged || o->role == role;
        n.labelled += is_labelled;
        n.tagged += is_tagged;
        n.right += is_labelled && is_tagged;
    }
    return n;
}

static bool is_of(const struct evaluation *ev, size_t i, uint32_t source)
{
    return source == ALL_SOURCES || ev->source[i] == source;
}

static struct counts count_all(const struct evaluation *ev, uint32_t class, uint32_t source)
{
    struct counts sum = {0, 0, 0, 0};
    for (size_t i = 0; i < ev->n; i++) {
        if (!is_of(ev, i, source))
            continue;
        struct counts n = count(ev, i, class);
        sum.units += n.units;
        sum.labelled += n.labelled;
        sum.tagged += n.tagged;
        sum.right += n.right;
    }
    return sum;
}

static double f1_of(const struct counts *n)
{
    int64_t b = n->labelled + n->tagged;
    return b > 0 ? 2.0 * (double)n->right / (double)b : 0;
}

/* F1 of a class, or the mean of several, and what is needed for its variance. */
struct mean_f1 {
    struct counts all[STYLE_COUNT];
    uint32_t first, nclasses, nthere; /* classes that occur */
    double at;
};

static struct mean_f1 mean_f1_of(const struct evaluation *ev, uint32_t first, uint32_t nclasses, uint32_t source)
{
    struct mean_f1 m = {.first = first, .nclasses = nclasses};
    for (uint32_t k = 0; k < nclasses; k++) {
        m.all[k] = count_all(ev, first + k, source);
        m.nthere += m.all[k].labelled + m.all[k].tagged > 0;
        m.at += f1_of(&m.all[k]);
    }
    m.at /= m.nthere > 0 ? m.nthere : 1;
    return m;
}

/* What conversation I adds to the linear form of M. */
static double influence(const struct evaluation *ev, size_t i, const struct mean_f1 *m)
{
    double z = 0;
    for (uint32_t k = 0; k < m->nclasses; k++) {
        struct counts n = count(ev, i, m->first + k);
        double b = (double)(m->all[k].labelled + m->all[k].tagged);
        if (b > 0)
            z += (2.0 * (double)n.right - f1_of(&m->all[k]) * (double)(n.labelled + n.tagged)) / b;
    }
    return m->nthere > 0 ? z / m->nthere : 0;
}

/* The sum of squares of the linear form of M. */
static double spread(const struct evaluation *ev, const struct mean_f1 *m, uint32_t source)
{
    double sum = 0;
    for (size_t i = 0; i < ev->n; i++) {
        double z = is_of(ev, i, source) ? influence(ev, i, m) : 0;
        sum += z * z;
    }
    return sum;
}

/* How far the limits of M are away for what its variance does not know, squared. */
struct reach {
    double below, above;
};

/* The variance knows nothing of a class where all conversations are alike: nothing is right, all is, or only one has
 * any. Wilson's limits stand in for it. */
static struct reach unknown_reach(const struct evaluation *ev, const struct mean_f1 *m, uint32_t source)
{
    struct reach r = {0, 0};
    for (uint32_t k = 0; k < m->nclasses; k++) {
        const struct counts *n = &m->all[k];
        struct mean_f1 one = {.all = {*n}, .first = m->first + k, .nclasses = 1, .nthere = 1};
        struct stats_interval j = stats_wilson(n->right, n->labelled + n->tagged - n->right);
        if (!j.has || spread(ev, &one, source) > 1e-12)
            continue;
        double f = f1_of(n), below = (f - 2 * j.low / (1 + j.low)) / m->nthere,
               above = (2 * j.high / (1 + j.high) - f) / m->nthere;
        r.below += below * below;
        r.above += above * above;
    }
    return r;
}

/* F1, or the mean of several, with its limits: see evaluate.h. */
static struct stats_interval f1_interval(const struct evaluation *ev, uint32_t first, uint32_t nclasses,
                                         uint32_t source)
{
    struct mean_f1 m = mean_f1_of(ev, first, nclasses, source);
    struct stats_interval f = {m.nthere > 0, m.at, 0, 0};
    double n = 0;
    if (!f.has)
        return f;
    for (size_t i = 0; i < ev->n; i++)
        n += is_of(ev, i, source);
    struct reach r = unknown_reach(ev, &m, source);
    double half = n > 1 ? STATS_Z95 * sqrt(spread(ev, &m, source) * n / (n - 1)) : 0;
    f.low = fmax(0, f.at - hypot(half, sqrt(r.below)));
    f.high = fmin(1, f.at + hypot(half, sqrt(r.above)));
    return f;
}

static struct stats_interval difference(const struct evaluation *a, const struct evaluation *b, uint32_t first,
                                        uint32_t nclasses)
{
    struct mean_f1 ma = mean_f1_of(a, first, nclasses, ALL_SOURCES), mb = mean_f1_of(b, first, nclasses, ALL_SOURCES);
    struct stats_interval d = {ma.nthere > 0 && mb.nthere > 0 && a->n == b->n && a->n > 1, ma.at - mb.at, 0, 0};
    double sum = 0, n = (double)a->n;
    if (!d.has)
        return d;
    for (size_t i = 0; i < a->n; i++) {
        double z = influence(a, i, &ma) - influence(b, i, &mb);
        sum += z * z;
    }
    struct reach ra = unknown_reach(a, &ma, ALL_SOURCES), rb = unknown_reach(b, &mb, ALL_SOURCES);
    double half = STATS_Z95 * sqrt(sum * n / (n - 1));
    d.low = fmax(-1, d.at - hypot(half, sqrt(ra.below + rb.above)));
    d.high = fmin(1, d.at + hypot(half, sqrt(ra.above + rb.below)));
    return d;
}

struct stats_interval evaluation_difference(const struct evaluation *a, const struct evaluation *b, uint32_t class)
{
    return difference(a, b, class, 1);
}

struct stats_interval evaluation_macro_difference(const struct evaluation *a, const struct evaluation *b)
{
    return difference(a, b, CLASS_STYLE, STYLE_NEUTRAL);
}

struct figure evaluation_figure(const struct evaluation *ev, uint32_t class, uint32_t source)
{
    struct counts n = count_all(ev, class, source);
    int64_t missed = n.labelled - n.right, wrong = n.tagged - n.right;
    int64_t table[4] = {n.units - n.labelled - wrong, wrong, missed, n.right};
    struct stats_agreement agreement = stats_agree(table, 2);
    return (struct figure){
        .units = n.units,
        .labelled = n.labelled,
        .tagged = n.tagged,
        .right = n.right,
        .precision = stats_wilson(n.right, n.tagged),
        .recall = stats_wilson(n.right, n.labelled),
        .f1 = f1_interval(ev, class, 1, source),
        .kappa = agreement.kappa,
        .ac1 = agreement.ac1,
    };
}

struct stats_interval evaluation_style_macro(const struct evaluation *ev, uint32_t source)
{
    return f1_interval(ev, CLASS_STYLE, STYLE_NEUTRAL, source); /* the first three styles */
}

void evaluation_confusion(const struct evaluation *ev, int64_t table[CONFUSION][CONFUSION])
{
    for (size_t i = 0; i < CONFUSION; i++)
        for (size_t k = 0; k < CONFUSION; k++)
            table[i][k] = 0;
    for (size_t i = 0; i < ev->n; i++) {
        for (uint32_t t = 0; t < ev->items[i]->nlabels; t++) {
            const struct turn_outcome *o = &ev->outcomes[i][t];
            enum style labelled = ev->items[i]->labels[t].style;
            if (o->role == ROLE_AGENT || labelled != STYLE_NONE)
                table[labelled][o->style]++;
        }
    }
}

/* Does a turn count for the calibration of CLASS, with which probability, and has it the label? */
static bool calibrates(const struct turn_outcome *o, const struct turn_label *label, uint32_t class, double *p,
                       bool *is_labelled)
{
    if (class == CLASS_STYLE) {
        *p = o->p_style;
        *is_labelled = label->style == o->style;
        return o->is_delivery && label->is_delivery;
    }
    *p = class == CLASS_DELIVERY ? o->p : class == CLASS_DISPUTE ? o->p_dispute : o->p_hostile;
    *is_labelled = label_says(label, class);
    return o->is_scored && o->role == (class == CLASS_DELIVERY ? ROLE_AGENT : ROLE_CUSTOMER);
}

void evaluation_calibration(const struct evaluation *ev, uint32_t class, struct calibration_bin bins[CALIBRATION_BINS])
{
    for (size_t b = 0; b < CALIBRATION_BINS; b++)
        bins[b] = (struct calibration_bin){0, 0, 0};
    for (size_t i = 0; i < ev->n; i++) {
        for (uint32_t t = 0; t < ev->items[i]->nlabels; t++) {
            double p;
            bool is_labelled;
            if (!calibrates(&ev->outcomes[i][t], &ev->items[i]->labels[t], class, &p, &is_labelled))
                continue;
            size_t b = (size_t)(p * CALIBRATION_BINS);
            b = b < CALIBRATION_BINS ? b : CALIBRATION_BINS - 1;
            bins[b].n++;
            bins[b].labelled += is_labelled;
            bins[b].sum_p += p;
        }
    }
}

struct stats_count evaluation_certainty(const struct evaluation *ev, uint32_t class, bool is_unsure)
{
    struct stats_count c = {0, 0};
    for (size_t i = 0; i < ev->n; i++) {
        for (uint32_t t = 0; t < ev->items[i]->nlabels; t++) {
            const struct turn_outcome *o = &ev->outcomes[i][t];
            const struct turn_label *label = &ev->items[i]->labels[t];
            bool unsure = class == CLASS_DELIVERY  ? o->is_unsure
                          : class == CLASS_DISPUTE ? o->unsure_dispute
                                                   : o->unsure_hostile;
            if (!outcome_says(o, class) || unsure != is_unsure)
                continue;
            c.n++;
            c.x += label_says(label, class) && (class != CLASS_DELIVERY || label->style == o->style);
        }
    }
    return c;
}
