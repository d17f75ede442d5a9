/*
 * calibrate.h - scores of held-out turns -> thresholds and probabilities
 */
#ifndef TRAIN_CALIBRATE_H
#define TRAIN_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A turn that a model which has not seen it gave a score. */
struct scored {
    double score;
    bool is_right;
};

/* The threshold, as log-odds, from which on calling X[0..N), whose scores are log-odds, right gives the best F1;
 * NMISSED more are right, but cannot be called so. Best is the mean of F1 over half a unit on either side: a peak that
 * is narrower is chance, and will not be where it was with other turns (dispute F1 on sources that were held out: 0.505
 * so, 0.493 by the peak). Of equally good ones the middle; 0 where none is right. Sorts X. */
double calibrate_threshold(struct scored *x, size_t n, size_t nmissed);

/* Each of X is a SHARE of a label: turns may stand there more than once. a, b of p = 1 / (1 + exp(-(a score + b))) by
 * maximum likelihood with the targets of Platt's method, so that few labels do not make it certain (J. C. Platt 1999;
 * the iteration is that of H.-T. Lin, C.-J. Lin, R. C. Weng, Mach. Learn. 68 (2007) 267-276). Where all or none is
 * right: a = 1, and b as it was given. */
void calibrate_platt(const struct scored *x, size_t n, double share, double *a, double *b);

/* Mean negative log-likelihood under a, b. */
double calibrate_loss(const struct scored *x, size_t n, double a, double b);

enum { CALIBRATE_STYLES = 4 };

/* A delivery with the scores of its styles; STYLE is the labelled one from 0, or CALIBRATE_STYLES for no delivery. */
struct scored_style {
    double score[CALIBRATE_STYLES];
    uint32_t style;
};

/* How scores of styles become probabilities: softmax of a score[i] + b[i]. */
struct style_scale {
    double a, b[CALIBRATE_STYLES];
};

/* Fit by maximum likelihood to those of X that have a style. Returns the mean negative log-likelihood. */
double calibrate_styles(const struct scored_style *x, size_t n, struct style_scale *out);

/* Move b of the first three styles so that their macro-F1 among X becomes best; NMISSED[i] more are of style i. Returns
 * that macro-F1. */
double calibrate_style_offsets(const struct scored_style *x, size_t n, const size_t nmissed[CALIBRATE_STYLES],
                               struct style_scale *io);

#endif
