/*
 * eval_print.h - an evaluation as text and as JSON, the same figures
 */
#ifndef CLI_EVAL_PRINT_H
#define CLI_EVAL_PRINT_H

#include "core/strbuf.h"
#include "train/evaluate.h"

/* What there is to see besides the tables of figures. */
struct eval_view {
    bool has_cues;   /* each cue's hits */
    bool has_errors; /* each mistake */
    uint32_t class;  /* only mistakes of this class; EVAL_CLASSES: those of delivery, style, dispute, hostile */
};

void eval_print_text(struct strbuf *out, const struct evaluation *ev, const struct eval_view *view);
void eval_print_json(struct strbuf *out, const struct evaluation *ev, const struct eval_view *view);

/* Append "  0.814 0.790-0.836", or as many blanks where nothing can be said. */
void eval_put_interval(struct strbuf *b, const struct stats_interval *i);

/* Each turn that is tagged otherwise than labelled, with the conversation around it. */
void eval_print_errors(struct strbuf *out, const struct evaluation *ev, uint32_t class);

/* Is the turn a mistake of CLASS (as in struct eval_view)? */
bool eval_is_mistake(const struct turn_label *label, const struct turn_outcome *o, uint32_t class);

/* The turns of C that are shown of a mistake in TURN: from *FROM to before *TO. */
void eval_around(const struct conversation *c, uint32_t turn, uint32_t *from, uint32_t *to);

#endif
