/*
 * samples.h - labelled conversations -> rows of features and labels, and the folds of cross-validation
 *
 * The features are those that the tagger computes itself (tagger_walk), so that training cannot see anything else than
 * tagging. Features that tell of earlier tags are computed from the labels, or from the tags of a model that was not
 * trained on the conversation (samples_extract).
 *
 * Where parts of the rules were themselves made from labels, a conversation can be seen in two ways: through rules made
 * without its source, as of a contact centre never seen, and through rules made without the conversation only, as of
 * one that is known. Tagging meets both, so models are fitted to a row of each, which count half.
 *
 * Folds: FOLD_BY_SOURCE leaves out one source at a time, where sources that are written with "+" between them in the
 * list of families are one; FOLD_BY_CONVERSATION deals the conversations out to five folds in turn. A conversation that
 * is only added (not evaluated) is in no fold, but never trains a fold of its own source's family.
 */
#ifndef TRAIN_SAMPLES_H
#define TRAIN_SAMPLES_H

#include "train/fit.h"
#include "train/labelled.h"

struct ruleset;
struct weights;

enum fold_kind { FOLD_BY_SOURCE, FOLD_BY_CONVERSATION, FOLD_KINDS };
enum { CONVERSATION_FOLDS = 5 };
#define NO_FOLD    UINT32_MAX
#define ADDED_FOLD (UINT32_MAX - 1) /* all that is only added, as one more fold */

/* A conversation in training. */
struct sample_item {
    const struct labelled *l;
    uint32_t fold[FOLD_KINDS]; /* where it is held out; NO_FOLD: it never is */
    uint32_t shy_of;           /* fold by source that it must not train; NO_FOLD: none */
    double weight;             /* how much it counts in training */
    uint32_t source;           /* number of its source */
    double even;               /* how much a turn of its source counts where large sources must not drown the others */
};

enum side { SIDE_AGENT, SIDE_CUSTOMER, SIDES };

/* A turn in training. */
struct sample_row {
    uint32_t item;
    const struct turn_label *label;
    double share;   /* of its turn: that is seen in one way or in two */
    bool is_beside; /* seen in the way that is not measured: it trains, and chooses for the final model */
};

struct sample_side {
    struct fit_rows *x;
    struct sample_row *rows; /* as many as x has */
    size_t n, cap;
};

struct samples {
    struct sample_item *items;
    size_t nitems, nevaluated;
    uint32_t nfolds[FOLD_KINDS];
    struct slice *families; /* names of the folds by source: each family's first */
    struct slice *sources;  /* names, by sample_item.source */
    uint32_t nsources;
    uint32_t nways; /* in which a conversation in a fold was seen: its turns have as many rows */
    struct sample_side sides[SIDES];
};

/* How a file takes part. */
struct sample_file {
    bool is_added; /* trains, but is never evaluated */
    double weight; /* how much each of its turns counts */
};

/* Lay out items and folds of SET, whose files take part as FILES (by labelled.file) says; FAMILIES is a list such as
 * "a+b,c+d", or NULL. There are no rows yet. ERR_NOMEM. */
CHECKED enum err_code samples_begin(struct samples *s, const struct labelled_set *set, const struct sample_file *files,
                                    const char *families, struct err *e);
void samples_free(struct samples *s);

/* How rows are made. */
struct extract_how {
    const struct ruleset *rules;
    enum fold_kind kind;
    /* NULL: earlier tags are those of the labels. Else they are what the weights of the item's fold of KIND decide; the
     * last ones, [nfolds], are for items in no fold. */
    struct weights *const *weights;
    /* By kind NULL, or the rules of each fold, made without it: an item is seen through those of its own fold, of each
     * kind that has any. Items in no fold are seen through the last ones, [nfolds], of KIND; if that is NULL they get
     * no rows, since all rules may be made of them. */
    struct ruleset *const *fold_rules[FOLD_KINDS];
};

/* Make the rows anew. */
CHECKED enum err_code samples_extract(struct samples *s, const struct extract_how *how, struct err *e);

/* Is ITEM held out of, may it train, the fold? FOLD NO_FOLD: nothing is held out; ADDED_FOLD: what is only
 * added does not train. */
bool sample_is_held_out(const struct sample_item *item, enum fold_kind kind, uint32_t fold);
bool sample_trains(const struct sample_item *item, enum fold_kind kind, uint32_t fold);

/* The side whose turns CLASS is about. */
enum side side_of_class(uint32_t class);

#endif
