/*
 * trainer.h - labels -> weights, and figures of what they are worth on conversations they have not seen
 *
 * The way: rows with earlier tags from the labels; models by conversation on these; rows again, with the earlier tags
 * that those models decide on conversations they have not seen (ROUNDS times); settings, thresholds and figures by
 * source on these rows, figures by conversation with the same settings; the final weights from everything. Where there
 * is one source only, the settings are chosen by conversation.
 */
#ifndef TRAIN_TRAINER_H
#define TRAIN_TRAINER_H

#include "core/strbuf.h"
#include "train/crossval.h"

struct train_options {
    const struct sample_file *files; /* by labelled.file */
    const char *families;            /* see samples.h; may be NULL */
    uint32_t rounds;
    bool on_shipped; /* stay near the weights of the rules */
    unsigned threads;
    const char *fold_rules; /* NULL, or a folder with rules for each fold: see train_run() */
    const char *policies;   /* the catalogue of the rules, NULL: none; for those of the folds, too */
    void *ctx;
    void (*progress)(void *ctx, const char *what); /* may be NULL */
};

struct training {
    struct samples samples;
    struct crossval cv[FOLD_KINDS];
    struct evaluation ev[FOLD_KINDS];
    struct evaluation shipped;               /* the shipped weights on the same conversations */
    bool has[FOLD_KINDS];                    /* which were measured */
    struct ruleset **fold_rules[FOLD_KINDS]; /* NULL, or by fold */
    const struct crossval *final;            /* the one that chose the final weights */
    const struct weights *weights;           /* the final ones; they live in cv */
    const struct choice *choice;             /* theirs */
    bool is_on_shipped;                      /* they stay near those of the rules */
};

/* Where a part of the rules (sense.bin) was itself made from these labels, what is held out must be seen through rules
 * that were made without it: FOLD_RULES/source/NAME/ for the fold by source that is called NAME (its family's first
 * source), FOLD_RULES/conversation/N/ for fold N. Where there is no folder of a kind, that kind is not measured. Then
 * rows are made through the rules of their own fold of each kind, and weights are fitted to these (the final ones
 * belong to rules that were made from everything); settings and thresholds of a fold are chosen by those of the
 * kind that is measured, those of the final weights by both. Conversations that are only added take part in the fit if
 * there is FOLD_RULES/added/, made without them. ERR_CONFIG if a folder is missing, or its rules have other features:
 * folds may have weights, words that tell nothing and what is made from labels of their own, but no cues.
 *
 * ERR_INPUT if there are fewer than two conversations to evaluate, or no delivery at all. *T is ready for train_end()
 * also on error; RULES and SET must outlive it. */
CHECKED enum err_code train_run(struct training *t, const struct ruleset *rules, const struct labelled_set *set,
                                const struct train_options *o, struct err *e);
void train_end(struct training *t);

/* Append the weights as text (weights.h), with HEADER (lines that begin with #) before them. Each class begins with
 * "clear"; classes without labels are the shipped ones. */
void train_write_weights(struct strbuf *out, const struct training *t, const struct ruleset *rules, const char *header);

#endif
