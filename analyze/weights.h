/*
 * weights.h - weights.txt: what each feature says for each class
 *
 * Text, one weight a line, # begins a comment:
 *     CLASS FEATURE WEIGHT        delivery cue:refusal.cannot 2.1
 *     CLASS clear                 forget what is said of the class so far: a trained file replaces the shipped one's
 *     CLASS threshold P           delivery threshold 0.45        (0 < P < 1; 0.5 where none is given)
 *     uncertain MARGIN            uncertain 0.1                  (0 <= MARGIN <= 0.5)
 * Classes: delivery, style.NAME, practice.NAME, dispute, hostile, upset. Features: features.h. A weight is log-odds;
 * the four styles are weighed against each other. A later line replaces an earlier one of the same class and feature.
 *
 * A decision is uncertain if its probability is nearer to the class's threshold than the margin, and at most half the
 * way to 0 or 1, so that very high and low thresholds leave something certain. A style is if its probability leads the
 * next one's by less than twice the margin (and by less than a half), which is the same where only two are possible.
 */
#ifndef ANALYZE_WEIGHTS_H
#define ANALYZE_WEIGHTS_H

#include "analyze/features.h"
#include "core/model.h"

enum tag_class {
    CLASS_DELIVERY,
    CLASS_STYLE,                                    /* + enum style - 1 */
    CLASS_PRACTICE = CLASS_STYLE + STYLE_COUNT - 1, /* + enum practice */
    CLASS_DISPUTE = CLASS_PRACTICE + PRACTICE_COUNT,
    CLASS_HOSTILE,
    CLASS_UPSET,
    CLASS_COUNT
};

static inline bool class_is_style(uint32_t class)
{
    return class >= CLASS_STYLE && class < CLASS_PRACTICE;
}

static inline bool class_is_practice(uint32_t class)
{
    return class >= CLASS_PRACTICE && class < CLASS_DISPUTE;
}

/* A style or a practice: what only a delivery has. */
static inline bool class_is_of_delivery(uint32_t class)
{
    return class >= CLASS_STYLE && class < CLASS_DISPUTE;
}

#define UNCERTAIN_MARGIN 0.1 /* where none is given */

struct weights {
    uint32_t nfeatures;
    float *w;                      /* [feature][class] */
    double threshold[CLASS_COUNT]; /* as log-odds */
    double margin;
    double unsure_from[CLASS_COUNT], unsure_to[CLASS_COUNT]; /* between them a decision is uncertain; as log-odds */
};

/* All zero, thresholds at p = 0.5, in A. NULL when out of memory. */
struct weights *weights_new(const struct feature_space *s, struct arena *a);

/* The limits of what is uncertain, from the thresholds and the margin: after they were changed by other than
 * weights_add(). */
void weights_set_unsure(struct weights *w);

/* Read TEXT over W; NAME is for messages. ERR_CONFIG with "NAME:LINE: ...". */
CHECKED enum err_code weights_add(struct weights *w, const struct feature_space *s, const char *name, struct slice text,
                                  struct err *e);

static inline double weights_get(const struct weights *w, uint32_t feature, uint32_t class)
{
    return (double)w->w[(size_t)feature * CLASS_COUNT + class];
}

/* The name of CLASS: "style.choice". */
const char *class_name(uint32_t class);

#endif
