/*
 * tag_hook.h - analyze's tagger as the hook that ingest calls, since ingest does not know analyze
 */
#ifndef CLI_TAG_HOOK_H
#define CLI_TAG_HOOK_H

#include "ingest/ingest.h"

struct ruleset;

/* The hook of RULES, which must outlive it. */
struct ingest_hook tag_hook(struct ruleset *rules);

/* The same, and the tags have their hits: for a store. */
struct ingest_hook tag_hook_with_hits(struct ruleset *rules);

#endif
