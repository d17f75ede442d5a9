/*
 * crossval.h - fit, choose settings and measure without ever looking at what is held out
 *
 * For each fold and class: models of all settings are fitted to the other folds and score the turns of the fold. The
 * settings, probabilities (Platt) and thresholds of a fold are chosen on the held-out scores of the *other* folds, so
 * that what is measured on a fold chose nothing (the models that scored the others had seen it, though); those of the
 * final model are chosen on all. What is measured is end to
 * end: the fold's conversations are tagged by the tagger with the fold's weights.
 */
#ifndef TRAIN_CROSSVAL_H
#define TRAIN_CROSSVAL_H

#include "train/calibrate.h"
#include "train/evaluate.h"
#include "train/samples.h"

enum { GRID_MAX = 16 };

/* Settings to choose from: C of fit.h. */
struct grid {
    double c[GRID_MAX];
    uint32_t n;
};

/* What was chosen for a fold, or for the final model. */
struct choice {
    uint32_t setting[EVAL_CLASSES]; /* index into the class's grid */
    double a[EVAL_CLASSES];         /* score -> log-odds a score + b */
    double b[EVAL_CLASSES];
    double threshold[EVAL_CLASSES]; /* as log-odds; 0 for styles, which are weighed */
};

struct crossval {
    const struct ruleset *rules;
    const struct samples *samples;
    enum fold_kind kind;
    uint32_t nfolds;
    struct ruleset *const *fold_rules;
    bool on_shipped; /* fit on top of the shipped weights */
    struct grid grids[EVAL_CLASSES];
    bool can[EVAL_CLASSES]; /* classes with some labels; the others keep the shipped weights */
    float *scores;          /* [setting][class][row]; of held-out rows */
    size_t nrows;           /* of the longer side */
    /* By fold; then, [nfolds], what is used on conversations that are only added: the next again, but if they have
     * rules of their own fitted without them; last, [nfolds + 1], what is fitted to everything. */
    struct choice *choices;
    struct weights **models;
    struct arena *a;
};

struct crossval_how {
    bool on_shipped;
    struct ruleset *const *fold_rules; /* NULL, or through which rules what is held out is tagged */
    unsigned threads;
};

/* GRIDS has EVAL_CLASSES rows. *CV is ready for crossval_end() also on error. */
CHECKED enum err_code crossval_run(struct crossval *cv, const struct ruleset *rules, const struct samples *s,
                                   enum fold_kind kind, const struct grid *grids, const struct crossval_how *how,
                                   struct err *e);
void crossval_end(struct crossval *cv);

/* The scores of CLASS under its SETTING, by row. */
float *crossval_scores(const struct crossval *cv, uint32_t class, uint32_t setting);

/* Tag each evaluated conversation with the model that has not seen it. */
CHECKED enum err_code crossval_evaluate(const struct crossval *cv, struct evaluation *ev, struct err *e);

#endif
