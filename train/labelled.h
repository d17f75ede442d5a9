/*
 * labelled.h - conversations with human labels, read as `broach tag` reads conversations
 *
 * A labelled file is JSON Lines, plain or gzipped: conversations of the form "json" (schemas/transcript.md), each with
 *     "labels":{"deliveries":[{"turn":3,"style":"choice","practices":["reason"]}],"disputes":[4],"hostile":[]}
 * Turns count from 0 in the list as it was written, those without words too. A turn that is not named has no label;
 * "practices", "disputes" and "hostile" may be missing, other keys are passed over.
 *
 * Owns:   a struct labelled_set owns all it points to; free with labelled_free().
 * Errors: a line that is no labelled conversation is told to REJECT and passed over. ERR_IO, ERR_NOMEM; ERR_INPUT if no
 *         line of a file is one.
 */
#ifndef TRAIN_LABELLED_H
#define TRAIN_LABELLED_H

#include "core/arena.h"
#include "core/err.h"
#include "core/hash.h"
#include "core/model.h"

#define NO_TURN UINT32_MAX

/* What a reader of the conversation says of one turn; the role and place that broach gave it. */
struct turn_label {
    bool is_delivery, is_dispute, is_hostile;
    enum style style;   /* STYLE_NONE if it is no delivery */
    bool has_practices; /* they were judged */
    uint32_t practices; /* bits */
    uint32_t turn; /* index into the conversation's turns; NO_TURN if it has no words, so that no tag can be there */
};

struct labelled {
    struct conversation c;
    struct turn_label *labels; /* by place in the list that was written */
    uint32_t nlabels;
    uint32_t file; /* which of the files, in the order of reading */
    long line;
};

struct labelled_set {
    struct arena *a;
    struct labelled *items;
    size_t n, cap;
    uint32_t nfiles;
    int64_t nrejects;
    struct hash128 hash; /* of the bytes of all files, in the order of reading */
};

struct labelled_options {
    unsigned mask;      /* personal data to mask, as broach tag does: enum mask_kind bits */
    const char *source; /* of conversations that name none; NULL: "json" */
    void *ctx;
    void (*reject)(void *ctx, const char *path, const struct err *why); /* may be NULL */
};

/* Append the conversations of PATH, a file or a folder of *.jsonl and *.jsonl.gz, to S (all zero at first). */
CHECKED enum err_code labelled_read(struct labelled_set *s, const char *path, const struct labelled_options *o,
                                    struct err *e);
void labelled_free(struct labelled_set *s);

#endif
