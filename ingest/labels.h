/*
 * labels.h - "Agent: Hello. Customer: Hi." -> turns, by the labels of those who speak
 */
#ifndef INGEST_LABELS_H
#define INGEST_LABELS_H

#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"

/* The labels in TEXT: "Speaker 1", "User 4711" (roles_is_numbered), words before a ":" and a blank that stand for a
 * role ("Agent", "Customer Support", "Agent Ada"), at the start of a line or within one (there with a capital), and
 * names that stand at least twice at the start of a line, or at the start of TEXT and again. Where lines begin with an
 * agent's and with a customer's role word, only role words at the start of a line are labels: an order's details
 * ("Address: ...") are the words of whoever speaks. */
size_t labels_count(struct slice text);

/* Cut TEXT at its labels. The turns (allocated in A) borrow from TEXT; one whose label is no role word has
 * speaker_name and ROLE_UNKNOWN; so has "Agent Ada" a name. Text before the first label is a turn of ROLE_UNKNOWN. A
 * time in brackets before a label ("[00:12] Agent: ...") becomes start_ms if it is a clock; times of the day and
 * instants count from the first of them. Turns without words are left out. ERR_NOMEM. */
CHECKED enum err_code labels_cut(struct slice text, struct arena *a, struct turn **turns, uint32_t *nturns,
                                 struct err *e);

#endif
