/*
 * ruleset.h - what a ruleset is made of; for analyze/ and train/ only
 */
#ifndef ANALYZE_RULESET_H
#define ANALYZE_RULESET_H

#include "analyze/analyze.h"
#include "analyze/policy.h"
#include "analyze/weights.h"
#include "core/hash.h"

/* The name of the hits that are no cue's: words as sense.h reads them. */
#define SENSE_CUE_NAME "words"

struct ruleset {
    struct arena *a; /* owns all but the cues */
    struct cueset *cues;
    struct feature_space space;
    struct weights *weights;
    struct sense *sense;
    struct catalogue catalogue;
    struct slice *cue_names; /* and a last one, for words that spoke without a cue */
    char hash[HASH_HEX_BYTES];
};

#endif
