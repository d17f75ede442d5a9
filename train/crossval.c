#include "train/crossval.h"

#include <math.h>
#include <stdlib.h>

#include "train/choose.h"
#include "train/sees.h"
#include "train/tasks.h"

/* The score of turns of which a fold's training shows none; the other way round, where it shows nothing else. */
#define NEVER (-10.0)

static size_t final_model(const struct crossval *cv)
{
    return (size_t)cv->nfolds + 1;
}

/* The fold that model AT is made without. */
static uint32_t fold_of_model(const struct crossval *cv, size_t at)
{
    return at < cv->nfolds ? (uint32_t)at : at < final_model(cv) ? ADDED_FOLD : NO_FOLD;
}

/* ---- one fit ---- */

/* Scratch of one task. */
struct scratch {
    struct fit_example *examples;
    size_t n;
    bool *sees;
    double *w;
    double *base; /* the shipped weights of the class; NULL: from scratch */
};

static void scratch_free(struct scratch *k)
{
    free(k->examples);
    free(k->sees);
    free(k->w);
    free(k->base);
}

static bool is_for_training(const struct crossval *cv, uint32_t class, const struct sample_row *row, uint32_t fold)
{
    return (!class_is_of_delivery(class) || row->label->is_delivery) &&
           (!class_is_practice(class) || row->label->has_practices) &&
           sample_trains(&cv->samples->items[row->item], cv->kind, fold);
}

/* What CLASS is trained on without FOLD. The mean weight of a turn is 1, so that C means the same for any weights. */
static void collect(const struct crossval *cv, uint32_t class, uint32_t fold, struct scratch *k)
{
    const struct sample_side *side = &cv->samples->sides[side_of_class(class)];
    double sum = 0, turns = 0;
    k->n = 0;
    for (uint32_t i = 0; i < side->n; i++) {
        const struct sample_item *item = &cv->samples->items[side->rows[i].item];
        if (!is_for_training(cv, class, &side->rows[i], fold))
            continue;
        double weight = item->weight * side->rows[i].share * (side_of_class(class) == SIDE_CUSTOMER ? item->even : 1);
        k->examples[k->n++] = (struct fit_example){i, label_says(side->rows[i].label, class), weight};
        sum += weight;
        turns += side->rows[i].share;
    }
    for (size_t i = 0; i < k->n; i++)
        k->examples[i].weight *= turns / sum;
}

static enum err_code scratch_begin(struct scratch *k, const struct crossval *cv, uint32_t class, uint32_t fold,
                                   struct err *e)
{
    const struct feature_space *space = &cv->rules->space;
    size_t nfeatures = feature_count(space);
    *k = (struct scratch){.n = 0};
    k->examples = malloc((cv->samples->sides[side_of_class(class)].n + 1) * sizeof *k->examples);
    k->sees = malloc((nfeatures + 1) * sizeof *k->sees);
    k->w = calloc(nfeatures + 1, sizeof *k->w);
    if (cv->on_shipped)
        k->base = malloc((nfeatures + 1) * sizeof *k->base);
    if (k->examples == NULL || k->sees == NULL || k->w == NULL || (cv->on_shipped && k->base == NULL))
        return err_nomem(e);
    for (uint32_t f = 0; f < nfeatures; f++)
        k->sees[f] = class_sees(space, class, f);
    for (uint32_t f = 0; cv->on_shipped && f < nfeatures; f++)
        k->base[f] = weights_get(cv->rules->weights, f, class);
    collect(cv, class, fold, k);
    return ERR_OK;
}

static enum err_code fit(const struct crossval *cv, uint32_t class, double c, struct scratch *k, struct err *e)
{
    bool can;
    struct fit_task t = {cv->samples->sides[side_of_class(class)].x, k->examples, k->n, k->sees, k->base};
    enum err_code rc = fit_logistic(&t, c, k->w, &can, e);
    uint32_t bias = feature_find(&cv->rules->space, SLICE_LIT("bias"));
    if (rc == ERR_OK && !can && k->base == NULL && bias != NO_FEATURE)
        k->w[bias] = k->n > 0 && k->examples[0].is_right ? -NEVER : NEVER;
    return rc;
}

/* ---- scores of what is held out ---- */

float *crossval_scores(const struct crossval *cv, uint32_t class, uint32_t setting)
{
    return cv->scores + ((size_t)setting * EVAL_CLASSES + class) * cv->nrows;
}

/* PIECE is a class and a fold: fit with every setting, from the strictest on, each from where the last one ended. */
static enum err_code score_piece(void *ctx, size_t piece, struct err *e)
{
    const struct crossval *cv = ctx;
    uint32_t fold = (uint32_t)(piece % cv->nfolds), class = (uint32_t)(piece / cv->nfolds);
    const struct sample_side *side = &cv->samples->sides[side_of_class(class)];
    struct scratch k;
    if (!cv->can[class])
        return ERR_OK;
    enum err_code rc = scratch_begin(&k, cv, class, fold, e);
    for (uint32_t s = 0; s < cv->grids[class].n && rc == ERR_OK; s++) {
        float *scores = crossval_scores(cv, class, s);
        rc = fit(cv, class, cv->grids[class].c[s], &k, e);
        for (size_t i = 0; i < side->n && rc == ERR_OK; i++)
            if (sample_is_held_out(&cv->samples->items[side->rows[i].item], cv->kind, fold))
                scores[i] = (float)fit_score(side->x, i, k.w);
    }
    scratch_free(&k);
    return rc;
}

static enum err_code choose_piece(void *ctx, size_t piece, struct err *e)
{
    struct crossval *cv = ctx;
    return choose(cv, fold_of_model(cv, piece), &cv->choices[piece], e);
}

/* ---- models ---- */

/* PIECE is a class and a model: fit with the chosen settings and write the class's column of the model. */
static enum err_code model_piece(void *ctx, size_t piece, struct err *e)
{
    const struct crossval *cv = ctx;
    size_t nmodels = final_model(cv) + 1, at = piece % nmodels;
    uint32_t class = (uint32_t)(piece / nmodels);
    const struct choice *c = &cv->choices[at];
    struct weights *model = cv->models[at];
    struct scratch k;
    uint32_t bias = feature_find(&cv->rules->space, SLICE_LIT("bias"));
    if (!cv->can[class] || (at == cv->nfolds && model == cv->models[final_model(cv)]))
        return ERR_OK;
    enum err_code rc = scratch_begin(&k, cv, class, fold_of_model(cv, at), e);
    if (rc == ERR_OK)
        rc = fit(cv, class, cv->grids[class].c[c->setting[class]], &k, e);
    for (uint32_t f = 0; f < model->nfeatures && rc == ERR_OK; f++) {
        double w = c->a[class] * k.w[f] + (f == bias ? c->b[class] : 0);
        model->w[(size_t)f * CLASS_COUNT + class] = (float)w;
    }
    if (rc == ERR_OK)
        model->threshold[class] = c->threshold[class];
    scratch_free(&k);
    return rc;
}

/* Copies of the shipped weights, to be overwritten. */
static enum err_code make_models(struct crossval *cv, struct err *e)
{
    const struct weights *shipped = cv->rules->weights;
    cv->models = arena_zalloc(cv->a, final_model(cv) + 1, sizeof(struct weights *));
    for (size_t i = 0; cv->models != NULL && i <= final_model(cv); i++) {
        cv->models[i] = weights_new(&cv->rules->space, cv->a);
        if (cv->models[i] == NULL)
            return err_nomem(e);
        memcpy(cv->models[i]->w, shipped->w, (size_t)shipped->nfeatures * CLASS_COUNT * sizeof *shipped->w);
        memcpy(cv->models[i]->threshold, shipped->threshold, sizeof shipped->threshold);
        cv->models[i]->margin = shipped->margin;
    }
    if (cv->models != NULL && (cv->fold_rules == NULL || cv->fold_rules[cv->nfolds] == NULL))
        cv->models[cv->nfolds] = cv->models[final_model(cv)];
    return cv->models != NULL ? ERR_OK : err_nomem(e);
}

static void find_classes(struct crossval *cv)
{
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++) {
        const struct sample_side *side = &cv->samples->sides[side_of_class(class)];
        for (size_t i = 0; i < side->n && !cv->can[class]; i++)
            cv->can[class] = label_says(side->rows[i].label, class);
    }
    /* the styles are weighed against each other: one scale for all */
    for (uint32_t class = CLASS_STYLE; class < CLASS_PRACTICE; class ++)
        cv->can[class] = cv->can[CLASS_DELIVERY];
}

enum err_code crossval_run(struct crossval *cv, const struct ruleset *rules, const struct samples *s,
                           enum fold_kind kind, const struct grid *grids, const struct crossval_how *how, struct err *e)
{
    *cv = (struct crossval){.rules = rules,
                            .samples = s,
                            .kind = kind,
                            .nfolds = s->nfolds[kind],
                            .fold_rules = how->fold_rules,
                            .on_shipped = how->on_shipped};
    uint32_t nsettings = 0;
    for (int k = 0; k < SIDES; k++)
        cv->nrows = s->sides[k].n > cv->nrows ? s->sides[k].n : cv->nrows;
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++) {
        cv->grids[class] = grids[class];
        nsettings = grids[class].n > nsettings ? grids[class].n : nsettings;
    }
    find_classes(cv);
    cv->scores = calloc((size_t)nsettings * EVAL_CLASSES * cv->nrows + 1, sizeof *cv->scores);
    cv->choices = calloc(final_model(cv) + 1, sizeof *cv->choices);
    cv->a = arena_new(0);
    if (cv->scores == NULL || cv->choices == NULL || cv->a == NULL)
        return err_nomem(e);
    enum err_code rc = make_models(cv, e);
    if (rc == ERR_OK)
        rc = tasks_run((size_t)cv->nfolds * EVAL_CLASSES, how->threads, cv, score_piece, e);
    if (rc == ERR_OK)
        rc = tasks_run(final_model(cv) + 1, how->threads, cv, choose_piece, e);
    if (rc == ERR_OK)
        rc = tasks_run((final_model(cv) + 1) * EVAL_CLASSES, how->threads, cv, model_piece, e);
    for (size_t i = 0; i <= final_model(cv) && rc == ERR_OK; i++)
        weights_set_unsure(cv->models[i]);
    return rc;
}

void crossval_end(struct crossval *cv)
{
    free(cv->scores);
    free(cv->choices);
    arena_free(cv->a);
    *cv = (struct crossval){.nfolds = 0};
}

/* Make *T the tagger of FOLD's rules and model, *OWN (all the tagger's life long), if *LAST is another fold. */
static enum err_code take_tagger(const struct crossval *cv, uint32_t fold, uint32_t *last, struct ruleset *own,
                                 struct tagger **t, struct err *e)
{
    if (fold == *last)
        return ERR_OK;
    tagger_free(*t);
    *own = cv->fold_rules != NULL ? *cv->fold_rules[fold] : *cv->rules;
    own->weights = cv->models[fold];
    *last = fold;
    *t = tagger_new(own);
    return *t != NULL ? ERR_OK : err_nomem(e);
}

enum err_code crossval_evaluate(const struct crossval *cv, struct evaluation *ev, struct err *e)
{
    struct ruleset own = *cv->rules; /* with the fold's weights */
    struct tagger *t = NULL;
    uint32_t last = NO_FOLD;
    enum err_code rc = evaluation_begin(ev, cv->rules, e);
    for (size_t i = 0; i < cv->samples->nitems && rc == ERR_OK; i++) {
        const struct sample_item *item = &cv->samples->items[i];
        if (item->fold[cv->kind] == NO_FOLD)
            continue;
        rc = take_tagger(cv, item->fold[cv->kind], &last, &own, &t, e);
        if (rc == ERR_OK)
            rc = evaluation_add(ev, t, item->l, e);
    }
    tagger_free(t);
    return rc;
}
