/*
 * sees.h - which features the weights of a class may use
 *
 * The numbers that rules were given from labels (sense.h's and what else is named by a class) were fitted for that
 * class; of most others they are only noise to it. So delivery sees those of delivery; a style those of delivery, all
 * styles and all practices; a practice its own; dispute and hostile each other's. The guide tells styles apart by
 * practices: of labelled deliveries 0.716 are in the right style, one source left out, and 0.700 without these.
 */
#ifndef TRAIN_SEES_H
#define TRAIN_SEES_H

#include "analyze/weights.h"

bool class_sees(const struct feature_space *s, uint32_t class, uint32_t feature);

#endif
