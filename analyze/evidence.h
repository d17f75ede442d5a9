/*
 * evidence.h - which words spoke for a turn's tags, and how much
 */
#ifndef ANALYZE_EVIDENCE_H
#define ANALYZE_EVIDENCE_H

#include "analyze/tagger.h"

/* Room for the pieces of evidence of one turn before the heaviest are chosen: words for two classes, and some hundred
 * hits of cues; what comes when it is full is left out. */
enum { EVIDENCE_MAX = 2 * SENSE_SYMBOLS_MAX + 256 };

/* Write the heaviest cue hits behind turn TURN's tags to OUT, at most HITS_PER_TURN, in the order of their spans.
 * Returns how many. */
uint32_t evidence_find(const struct ruleset *rules, uint32_t turn, const struct turn_result *r,
                       struct cue_hit out[HITS_PER_TURN]);

/* What each token that is seen (sense_share) adds by its sense to each of N CLASSES. Returns how many are seen. */
uint32_t evidence_words(const struct ruleset *rules, const struct turn_result *r, const uint32_t *classes, uint32_t n,
                        struct sense_share *out);

#endif
