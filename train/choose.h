/*
 * choose.h - the settings, probabilities and thresholds of a fold, from the held-out scores of the other folds
 */
#ifndef TRAIN_CHOOSE_H
#define TRAIN_CHOOSE_H

#include "train/crossval.h"

/* Fewer labels than this choose no threshold: then it is where the probability is one half. */
enum { LABELS_FOR_A_THRESHOLD = 20 };

/* Choose without looking at FOLD (NO_FOLD: look at all). */
CHECKED enum err_code choose(const struct crossval *cv, uint32_t fold, struct choice *out, struct err *e);

#endif
