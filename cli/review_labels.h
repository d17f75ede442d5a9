/*
 * review_labels.h - the conversations that people judged, with their labels, as a labelled file (train/labelled.h)
 */
#ifndef CLI_REVIEW_LABELS_H
#define CLI_REVIEW_LABELS_H

#include "cli/session.h"
#include "core/strbuf.h"

/* Append to OUT a line for each conversation of which every turn is judged; *N and *NPARTLY are how many these are and
 * how many are left out. Of several labellers the majority counts; where they are even, the turn has no label. */
CHECKED enum err_code review_labels(struct session *s, struct strbuf *out, size_t *n, size_t *npartly, struct err *e);

#endif
