#include "train/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyze/analyze.h"

static const struct grid usual_grid = {{{false, 0.01}, {false, 0.03}, {false, 0.1}, {false, 0.3}, {false, 1}}, 5};

static void tell(const struct train_options *o, const char *what)
{
    if (o->progress != NULL)
        o->progress(o->ctx, what);
}

static enum err_code check_labels(const struct training *t, struct err *e)
{
    const struct sample_side *agent = &t->samples.sides[SIDE_AGENT];
    size_t ndeliveries = 0;
    for (size_t i = 0; i < agent->n; i++)
        ndeliveries += agent->rows[i].label->is_delivery;
    if (t->samples.nevaluated < 2)
        return err_set(e, ERR_INPUT, "train: fewer than two conversations to measure with");
    if (ndeliveries == 0)
        return err_set(e, ERR_INPUT, "train: no delivery is labelled");
    return ERR_OK;
}

/* Rows whose earlier tags are those of models that have not seen the conversation. */
static enum err_code extract_rounds(struct training *t, const struct ruleset *rules, const struct train_options *o,
                                    const struct grid *grids, struct err *e)
{
    tell(o, "features");
    enum err_code rc = samples_extract(&t->samples, rules, FOLD_BY_CONVERSATION, NULL, e);
    if (rc == ERR_OK)
        rc = check_labels(t, e);
    for (uint32_t round = 0; round < o->rounds && rc == ERR_OK; round++) {
        struct crossval cv;
        tell(o, "earlier tags");
        rc = crossval_run(&cv, rules, &t->samples, FOLD_BY_CONVERSATION, grids, &o->how, e);
        if (rc == ERR_OK)
            rc = samples_extract(&t->samples, rules, FOLD_BY_CONVERSATION, cv.models, e);
        crossval_end(&cv);
    }
    return rc;
}

/* The grids with only what was chosen for the final model. */
static void chosen_grids(const struct crossval *cv, struct grid grids[EVAL_CLASSES])
{
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++) {
        grids[class].at[0] = cv->grids[class].at[cv->choices[cv->nfolds].setting[class]];
        grids[class].n = 1;
    }
}

static enum err_code run_kind(struct training *t, const struct ruleset *rules, const struct labelled_set *set,
                              enum fold_kind kind, const struct grid *grids, const struct train_options *o,
                              struct err *e)
{
    tell(o, kind == FOLD_BY_SOURCE ? "by source" : "by conversation");
    enum err_code rc = crossval_run(&t->cv[kind], rules, &t->samples, kind, grids, &o->how, e);
    return rc == ERR_OK ? crossval_evaluate(&t->cv[kind], set, &t->ev[kind], e) : rc;
}

static enum err_code evaluate_shipped(struct training *t, const struct ruleset *rules, const struct labelled_set *set,
                                      struct err *e)
{
    struct tagger *tagger = tagger_new(rules);
    if (tagger == NULL)
        return err_nomem(e);
    enum err_code rc = evaluation_begin(&t->shipped, rules, set, e);
    for (size_t i = 0; i < t->samples.nitems && rc == ERR_OK; i++)
        if (t->samples.items[i].fold[FOLD_BY_CONVERSATION] != NO_FOLD)
            rc = evaluation_add(&t->shipped, tagger, t->samples.items[i].l, e);
    tagger_free(tagger);
    return rc;
}

enum err_code train_run(struct training *t, const struct ruleset *rules, const struct labelled_set *set,
                        const struct train_options *o, struct err *e)
{
    struct grid grids[EVAL_CLASSES];
    *t = (struct training){.has_sources = false};
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++)
        grids[class] = o->grid != NULL ? *o->grid : usual_grid;
    enum err_code rc = samples_begin(&t->samples, set, o->files, o->families, e);
    if (rc == ERR_OK)
        rc = extract_rounds(t, rules, o, grids, e);
    t->has_sources = t->samples.nfolds[FOLD_BY_SOURCE] > 1;
    if (rc == ERR_OK && t->has_sources) {
        rc = run_kind(t, rules, set, FOLD_BY_SOURCE, grids, o, e);
        if (rc == ERR_OK)
            chosen_grids(&t->cv[FOLD_BY_SOURCE], grids);
    }
    if (rc == ERR_OK)
        rc = run_kind(t, rules, set, FOLD_BY_CONVERSATION, grids, o, e);
    if (rc == ERR_OK)
        rc = evaluate_shipped(t, rules, set, e);
    const struct crossval *cv = &t->cv[t->has_sources ? FOLD_BY_SOURCE : FOLD_BY_CONVERSATION];
    if (rc == ERR_OK) {
        t->weights = cv->models[cv->nfolds];
        t->choice = &cv->choices[cv->nfolds];
    }
    return rc;
}

void train_end(struct training *t)
{
    for (int kind = 0; kind < FOLD_KINDS; kind++) {
        evaluation_free(&t->ev[kind]);
        crossval_end(&t->cv[kind]);
    }
    evaluation_free(&t->shipped);
    samples_free(&t->samples);
    *t = (struct training){.has_sources = false};
}

/* ---- weights as text ---- */

struct weight_line {
    uint32_t feature;
    double w;
};

static int by_weight(const void *a, const void *b)
{
    const struct weight_line *x = a, *y = b;
    double dx = fabs(x->w), dy = fabs(y->w);
    return dx != dy ? (dx > dy ? -1 : 1) : (x->feature > y->feature) - (x->feature < y->feature);
}

/* To three decimals, as it will be read back. */
static double rounded(double w)
{
    return round(w * 1000) / 1000;
}

static void write_class(struct strbuf *out, const struct weights *w, const struct feature_space *space, uint32_t class,
                        struct weight_line *lines)
{
    char buf[32];
    const char *name = class_name(class, buf);
    size_t n = 0;
    for (uint32_t f = 0; f < w->nfeatures; f++)
        if (rounded(weights_get(w, f, class)) != 0)
            lines[n++] = (struct weight_line){f, rounded(weights_get(w, f, class))};
    if (n > 0)
        qsort(lines, n, sizeof *lines, by_weight);
    strbuf_printf(out, "\n%s clear\n", name);
    if (class < CLASS_STYLE || class >= CLASS_PRACTICE) {
        double p = 1 / (1 + exp(-w->threshold[class]));
        strbuf_printf(out, "%s threshold %.4f\n", name, fmin(fmax(p, 0.0001), 0.9999));
    }
    for (size_t i = 0; i < n; i++) {
        const char *kind;
        struct slice feature = feature_name(space, lines[i].feature, &kind);
        strbuf_printf(out, "%s %s%.*s %.3f\n", name, kind, SLICE_ARG(feature), lines[i].w);
    }
}

void train_write_weights(struct strbuf *out, const struct training *t, const struct ruleset *rules, const char *header)
{
    struct weight_line *lines = calloc((size_t)t->weights->nfeatures + 1, sizeof *lines);
    strbuf_puts(out, header);
    for (uint32_t class = 0; class < CLASS_COUNT && lines != NULL; class ++)
        write_class(out, t->weights, &rules->space, class, lines);
    out->failed = out->failed || lines == NULL;
    free(lines);
}
