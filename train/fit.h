/*
 * fit.h - rows of features, each with a weight -> logistic regression
 *
 * Minimises |w|^2 / 2 + C sum weight log(1 + exp(-y w.x)) by Newton's method, each step by conjugate gradients with the
 * Hessian's diagonal as preconditioner and halved until it helps (J. Nocedal, S. J. Wright, Numerical Optimization, 2nd
 * ed. (2006), algorithm 7.1). It goes on until the gradient is 1e-6 of what it was at 0, so that the weights hang on
 * the rows alone, not on where the search began or stopped. There is no term besides the features: "bias" is one.
 *
 * Not a library: LIBLINEAR gives rows no weights and stops early; on the labels of train/README.md it was no better
 * with |w| in place of |w|^2 either.
 *
 * Owns:    a struct fit_rows owns its copies of the features.
 * Threads: rows may be shared by threads once they are complete.
 */
#ifndef TRAIN_FIT_H
#define TRAIN_FIT_H

#include "analyze/features.h"
#include "core/err.h"

struct fit_rows;

struct fit_rows *fit_rows_new(uint32_t nfeatures); /* NULL when out of memory */
void fit_rows_free(struct fit_rows *r);
/* Append a row; it gets the next number, from 0. False when out of memory. */
bool fit_rows_add(struct fit_rows *r, const struct feature_list *l);

/* w.x of row ROW. */
double fit_score(const struct fit_rows *r, size_t row, const double *w);

/* A row to fit to. */
struct fit_example {
    uint32_t row;
    bool is_right;
    double weight; /* how much it counts; > 0 */
};

/* What to fit to. BASE, if not NULL, are weights to stay near to: then w = v + a BASE, where v is what C weighs and a
 * is almost free. */
struct fit_task {
    const struct fit_rows *rows;
    const struct fit_example *examples;
    size_t n;
    const bool *sees; /* by feature; NULL: all. What is not seen gets no v */
    const double *base;
};

/* Fit W (a number a feature). Its values are where the search begins, which matters for time only. *CAN is false, and W
 * as it was (or BASE), where all are right, none is, or there are none. ERR_NOMEM. */
CHECKED enum err_code fit_logistic(const struct fit_task *t, double c, double *w, bool *can, struct err *e);

#endif
