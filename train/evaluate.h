/*
 * evaluate.h - what the tagger finds in labelled conversations, against their labels
 *
 * End to end: tags are what tagger_walk() gives, as in `broach tag`. What is compared is turns:
 *     delivery        turns that deliver a policy
 *     style.NAME      deliveries of that style, over all turns: right only where delivery and style are
 *     practice.NAME   likewise; turns whose practices were not judged do not count
 *     dispute, hostile
 *
 * The units of kappa and AC1 are all turns of the role in question (agents', customers') that have words, and whatever
 * else is labelled.
 *
 * Intervals: Wilson's for precision and recall. F1 is the ratio R = sum a / sum b over conversations, a = 2 tp,
 * b = 2 tp + fp + fn; its variance by linearisation with conversations as clusters, m / (m - 1) * sum (a - R b)^2 /
 * (sum b)^2 (W. G. Cochran, Sampling Techniques (1977), 6.3 and 11); the macro-F1 is the mean of three such ratios and
 * its linear form the mean of theirs. Where all conversations are alike (nothing is right, everything is, or
 * only one has any) the variance says nothing: then the limits are Wilson's of J = tp / (tp + fp + fn), by F1 = 2 J /
 * (1 + J). Those of one class among several, or of one side of a difference, are put together with the rest as
 * independent parts (MOVER: G. Y. Zou, A. Donner, Stat. Med. 27 (2008) 1693-1702).
 */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "analyze/tagger.h"
#include "core/stats_agreement.h"
#include "core/stats_shrink.h"
#include "train/labelled.h"

/* Classes that can be compared: those of weights.h but "upset", which has no labels. */
enum { EVAL_CLASSES = CLASS_UPSET };

/* What the tagger said of one turn. */
struct turn_outcome {
    bool is_delivery, is_dispute, is_hostile;
    bool is_scored; /* probabilities are there: the turn has words and is an agent's or a customer's */
    enum role role;
    enum style style;
    uint32_t practices;
    double p, p_style, p_dispute, p_hostile;
    bool is_unsure, unsure_dispute,
        unsure_hostile; /* the tag is uncertain: of a delivery, that it is one or its style */
};

/* Of a cue: turns with a hit, and of these the labelled ones (deliveries for agents' turns, disputes for customers').
 */
struct cue_count {
    int64_t agent, delivery, customer, dispute;
};

struct evaluation {
    const struct ruleset *rules;    /* names of the cues */
    const struct labelled **items;  /* the conversations, in the order of adding */
    struct turn_outcome **outcomes; /* by conversation, by place of the turn; lives in a */
    uint32_t *source;               /* by conversation: index into sources */
    size_t n, cap;
    struct slice *sources; /* in the order of first meeting */
    uint32_t nsources;
    struct cue_count *cues;
    struct arena *a;
};

/* All conversations, or those of one source. */
#define ALL_SOURCES UINT32_MAX

struct figure {
    int64_t units, labelled, tagged, right;
    struct stats_interval precision, recall, f1;
    struct stats_interval kappa, ac1;
};

struct calibration_bin {
    int64_t n, labelled;
    double sum_p;
};
enum { CALIBRATION_BINS = 10, CONFUSION = STYLE_COUNT };

/* RULES and what is added must outlive *EV. ERR_NOMEM. */
CHECKED enum err_code evaluation_begin(struct evaluation *ev, const struct ruleset *rules, struct err *e);
/* Tag the conversation L with T, which may be of other weights but must be of the same cues. */
CHECKED enum err_code evaluation_add(struct evaluation *ev, struct tagger *t, const struct labelled *l, struct err *e);
void evaluation_free(struct evaluation *ev);

/* Does the label, the tag, say CLASS? Was it judged at all: not where a delivery was labelled without its practices. */
bool label_says(const struct turn_label *label, uint32_t class);
bool label_judges(const struct turn_label *label, uint32_t class);
bool outcome_says(const struct turn_outcome *o, uint32_t class);

struct figure evaluation_figure(const struct evaluation *ev, uint32_t class, uint32_t source);
/* The mean F1 of confrontational, choice and neutral; of a style that is neither labelled nor tagged there is none. */
struct stats_interval evaluation_style_macro(const struct evaluation *ev, uint32_t source);
/* F1 of A less F1 of B, which has the same conversations in the same order, with limits that know so. */
struct stats_interval evaluation_difference(const struct evaluation *a, const struct evaluation *b, uint32_t class);
struct stats_interval evaluation_macro_difference(const struct evaluation *a, const struct evaluation *b);
/* Turns by labelled (row) and tagged style; row and column 0 are no delivery. */
void evaluation_confusion(const struct evaluation *ev, int64_t table[CONFUSION][CONFUSION]);
/* Of the turns whose probability of CLASS (delivery, dispute, hostile) is within each tenth: how many have the label.
 * CLASS_STYLE: of the turns that are labelled and tagged as deliveries, by the probability of the style they are tagged
 * with: how many have that style. */
void evaluation_calibration(const struct evaluation *ev, uint32_t class, struct calibration_bin bins[CALIBRATION_BINS]);

/* Of the turns tagged CLASS (delivery, then the style must be right, too; dispute; hostile) certainly, or if IS_UNSURE
 * uncertainly: n, and x that are right. */
struct stats_count evaluation_certainty(const struct evaluation *ev, uint32_t class, bool is_unsure);

#endif
