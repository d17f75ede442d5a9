#include "train/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "analyze/analyze.h"

/* Each fit begins where the last one ended, so the strictest comes first. */
static const struct grid usual_grid = {{0.0005, 0.001, 0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1}, 9};
/* The likelihood is about frequent styles: a stricter fit is no better by F1, and forgets rare styles and plain words.
 */
static const struct grid style_grid = {{0.03, 0.1, 0.3, 1}, 4};

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

/* ---- rules of folds ---- */

static bool same_features(const struct feature_space *a, const struct feature_space *b)
{
    const char *kind;
    bool is_same = feature_count(a) == feature_count(b);
    for (uint32_t i = 0; is_same && i < feature_count(a); i++)
        is_same = slice_eq(feature_name(a, i, &kind), feature_name(b, i, &kind));
    return is_same;
}

static enum err_code load_fold(struct training *t, const struct train_options *o, const struct ruleset *rules,
                               enum fold_kind kind, uint32_t fold, struct err *e)
{
    struct strbuf path = STRBUF_INIT;
    struct ruleset_options ro = {.policies = o->policies};
    if (fold == t->samples.nfolds[kind])
        strbuf_printf(&path, "%s/added", o->fold_rules);
    else if (kind == FOLD_BY_SOURCE)
        strbuf_printf(&path, "%s/source/%.*s", o->fold_rules, SLICE_ARG(t->samples.families[fold]));
    else
        strbuf_printf(&path, "%s/conversation/%lu", o->fold_rules, (unsigned long)fold);
    struct stat st;
    ro.rules_dir = path.s;
    enum err_code rc = ERR_OK;
    if (strbuf_failed(&path))
        rc = err_nomem(e);
    else if (fold < t->samples.nfolds[kind] || stat(path.s, &st) == 0)
        rc = ruleset_load(&ro, &t->fold_rules[kind][fold], e);
    const struct ruleset *loaded = t->fold_rules[kind][fold];
    if (rc == ERR_OK && loaded != NULL && !same_features(&loaded->space, &rules->space)) {
        err_set(e, ERR_CONFIG, "%s: these rules have other features than the current ones", path.s);
        rc = err_hint(e, "rules of folds have the built-in cues; train without cues of your own in --rules");
    }
    strbuf_free(&path);
    return rc;
}

static enum err_code load_folds(struct training *t, const struct train_options *o, const struct ruleset *rules,
                                enum fold_kind kind, struct err *e)
{
    struct strbuf path = STRBUF_INIT;
    struct stat st;
    enum err_code rc = ERR_OK;
    strbuf_printf(&path, "%s/%s", o->fold_rules, kind == FOLD_BY_SOURCE ? "source" : "conversation");
    t->has[kind] = t->has[kind] && !strbuf_failed(&path) && stat(path.s, &st) == 0;
    strbuf_free(&path);
    if (!t->has[kind])
        return ERR_OK;
    t->fold_rules[kind] = calloc(t->samples.nfolds[kind] + 1, sizeof(struct ruleset *));
    if (t->fold_rules[kind] == NULL)
        return err_nomem(e);
    for (uint32_t fold = 0; fold <= t->samples.nfolds[kind] && rc == ERR_OK; fold++)
        rc = load_fold(t, o, rules, kind, fold, e);
    return rc;
}

static void free_folds(struct training *t, enum fold_kind kind)
{
    for (uint32_t fold = 0; t->fold_rules[kind] != NULL && fold <= t->samples.nfolds[kind]; fold++)
        ruleset_free(t->fold_rules[kind][fold]);
    free(t->fold_rules[kind]);
}

/* ---- rows ---- */

/* Rows whose earlier tags are those of models that have not seen the conversation, by folds of KIND. */
static enum err_code extract_rounds(struct training *t, const struct ruleset *rules, const struct train_options *o,
                                    enum fold_kind kind, const struct grid *grids, struct err *e)
{
    struct extract_how how = {rules, kind, NULL, {NULL}};
    struct crossval_how cv_how = {o->on_shipped, t->fold_rules[kind], o->threads};
    for (int seen = 0; seen < FOLD_KINDS; seen++)
        how.fold_rules[seen] = t->fold_rules[seen];
    tell(o, "features");
    enum err_code rc = samples_extract(&t->samples, &how, e);
    if (rc == ERR_OK)
        rc = check_labels(t, e);
    for (uint32_t round = 0; round < o->rounds && rc == ERR_OK; round++) {
        struct crossval cv;
        tell(o, "earlier tags");
        rc = crossval_run(&cv, rules, &t->samples, kind, grids, &cv_how, e);
        how.weights = cv.models;
        if (rc == ERR_OK)
            rc = samples_extract(&t->samples, &how, e);
        crossval_end(&cv);
    }
    return rc;
}

static enum err_code run_kind(struct training *t, const struct ruleset *rules, enum fold_kind kind,
                              const struct grid *grids, const struct train_options *o, struct err *e)
{
    enum err_code rc = ERR_OK;
    struct crossval_how how = {o->on_shipped, t->fold_rules[kind], o->threads};
    if (!t->has[kind])
        return ERR_OK;
    if (t->fold_rules[kind] != NULL) /* seen through the rules of folds */
        rc = extract_rounds(t, rules, o, kind, grids, e);
    tell(o, kind == FOLD_BY_SOURCE ? "by source" : "by conversation");
    if (rc == ERR_OK)
        rc = crossval_run(&t->cv[kind], rules, &t->samples, kind, grids, &how, e);
    if (rc == ERR_OK)
        rc = crossval_evaluate(&t->cv[kind], &t->ev[kind], e);
    if (rc == ERR_OK && t->final == NULL)
        t->final = &t->cv[kind];
    return rc;
}

static enum err_code evaluate_shipped(struct training *t, const struct ruleset *rules, struct err *e)
{
    struct tagger *tagger = tagger_new(rules);
    if (tagger == NULL)
        return err_nomem(e);
    enum err_code rc = evaluation_begin(&t->shipped, rules, e);
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
    *t = (struct training){.is_on_shipped = o->on_shipped};
    for (uint32_t class = 0; class < EVAL_CLASSES; class ++)
        grids[class] = class_is_style(class) ? style_grid : usual_grid;
    enum err_code rc = samples_begin(&t->samples, set, o->files, o->families, e);
    t->has[FOLD_BY_SOURCE] = t->samples.nfolds[FOLD_BY_SOURCE] > 1;
    t->has[FOLD_BY_CONVERSATION] = true;
    for (int kind = 0; kind < FOLD_KINDS && o->fold_rules != NULL && rc == ERR_OK; kind++)
        rc = load_folds(t, o, rules, (enum fold_kind)kind, e);
    if (rc == ERR_OK && !t->has[FOLD_BY_SOURCE] && !t->has[FOLD_BY_CONVERSATION])
        rc = err_set(e, ERR_CONFIG, "%s: neither source/ nor conversation/ is there", o->fold_rules);
    if (rc == ERR_OK && o->fold_rules == NULL)
        rc = extract_rounds(t, rules, o, FOLD_BY_CONVERSATION, grids, e);
    for (int kind = 0; kind < FOLD_KINDS && rc == ERR_OK; kind++)
        rc = run_kind(t, rules, (enum fold_kind)kind, grids, o, e);
    if (rc == ERR_OK)
        rc = evaluate_shipped(t, rules, e);
    if (rc == ERR_OK) {
        t->weights = t->final->models[t->final->nfolds + 1];
        t->choice = &t->final->choices[t->final->nfolds + 1];
    }
    return rc;
}

void train_end(struct training *t)
{
    for (int kind = 0; kind < FOLD_KINDS; kind++) {
        evaluation_free(&t->ev[kind]);
        crossval_end(&t->cv[kind]);
        free_folds(t, (enum fold_kind)kind);
    }
    evaluation_free(&t->shipped);
    samples_free(&t->samples);
    *t = (struct training){.final = NULL};
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

static void write_class(struct strbuf *out, const struct training *t, const struct feature_space *space, uint32_t class,
                        struct weight_line *lines)
{
    const struct weights *w = t->weights;
    const char *name = class_name(class);
    size_t n = 0;
    for (uint32_t f = 0; f < w->nfeatures; f++)
        if (rounded(weights_get(w, f, class)) != 0)
            lines[n++] = (struct weight_line){f, rounded(weights_get(w, f, class))};
    if (n > 0)
        qsort(lines, n, sizeof *lines, by_weight);
    strbuf_printf(out, "\n%s clear", name);
    if (class < EVAL_CLASSES && t->final->can[class])
        strbuf_printf(out, " # Platt's slope %.4f and offset %.4f are in the weights", t->choice->a[class],
                      t->choice->b[class]);
    strbuf_putc(out, '\n');
    if (!class_is_style(class)) {
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
    if (t->weights->margin != UNCERTAIN_MARGIN)
        strbuf_printf(out, "\nuncertain %g\n", t->weights->margin);
    for (uint32_t class = 0; class < CLASS_COUNT && lines != NULL; class ++)
        write_class(out, t, &rules->space, class, lines);
    out->failed = out->failed || lines == NULL;
    free(lines);
}
