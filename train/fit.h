/*
 * fit.h - logistic regression by LIBLINEAR; the one place that knows it (fit.c)
 *
 * Minimises |w|^2 / 2 + C sum log(1 + exp(-y w.x)), or |w|_1 + C sum ... for the sparse one (R.-E. Fan et al., J. Mach.
 * Learn. Res. 9 (2008) 1871-1874). There is no term besides the features: the feature "bias" is one of them.
 *
 * Owns:    a struct fit_rows owns its copies of the features.
 * Threads: rows may be shared by threads once they are complete; sparse fits wait for each other, because LIBLINEAR
 *          draws their order from rand(). The same rows give the same weights, whatever the number of threads.
 */
#ifndef TRAIN_FIT_H
#define TRAIN_FIT_H

#include "analyze/features.h"
#include "core/err.h"

struct fit_rows;

struct fit_settings {
    bool is_sparse;
    double c;
};

struct fit_rows *fit_rows_new(uint32_t nfeatures); /* NULL when out of memory */
void fit_rows_free(struct fit_rows *r);
/* Append a row; it gets the next number, from 0. False when out of memory. */
bool fit_rows_add(struct fit_rows *r, const struct feature_list *l);
size_t fit_rows_count(const struct fit_rows *r);

/* w.x of row ROW. */
double fit_score(const struct fit_rows *r, size_t row, const double *w);

/* What to fit to: rows WHICH[0..n), which may name a row several times, with IS_RIGHT by place in WHICH. BASE, if not
 * NULL, are weights to stay near to: then w = v + a BASE, where v is what C weighs and a is almost free. */
struct fit_task {
    const struct fit_rows *rows;
    const uint32_t *which;
    const bool *is_right;
    size_t n;
    const double *base;
};

/* Fit W (a number a feature). Its values are where the search begins, which matters for time only. *CAN is false, and W
 * as it was (or BASE), where all are right or none is. ERR_NOMEM. */
CHECKED enum err_code fit_logistic(const struct fit_task *t, const struct fit_settings *settings, double *w, bool *can,
                                   struct err *e);

#endif
