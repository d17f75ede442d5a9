/*
 * ruleset.h - what a ruleset is made of; for analyze/ and train/ only
 */
#ifndef ANALYZE_RULESET_H
#define ANALYZE_RULESET_H

#include "analyze/analyze.h"
#include "analyze/policy.h"
#include "analyze/weights.h"
#include "core/hash.h"

struct ruleset {
    struct arena *a; /* owns all but the cues */
    struct cueset *cues;
    struct feature_space space;
    struct weights *weights;
    struct catalogue catalogue;
    struct slice *cue_names;
    char hash[HASH_HEX_BYTES];
};

#endif
