/*
 * cueset.h - what cue_file.c, cueset.c and matcher.c share; private to them
 */
#ifndef ANALYZE_CUESET_H
#define ANALYZE_CUESET_H

#include "analyze/automaton.h"
#include "analyze/cues.h"

/* A phrase with its place, or an example. */
struct cue_line {
    struct cue_line *next;
    struct phrase *phrase; /* NULL for an example */
    const char *file;
    long line;
    struct slice text; /* an example's */
    enum role role;    /* an example's speaker */
    bool wanted;       /* an example that must be found */
};

/* A cue or a list as it was read. */
struct cue_source {
    struct cue_source *next;
    struct cue_info info;
    bool is_list;
    const char *file;
    long line;
    struct cue_line *phrases, **phrases_end, *examples, **examples_end;
    struct phrase *last_phrase;
};

struct cue_builder {
    struct arena *arena;
    struct cue_source *cues, **end;
};

struct cueset {
    struct arena *arena;
    struct automaton automaton;
    struct cue_info *infos;
    struct cue_line **examples; /* per cue */
};

/* matcher_new() with a cache of STATES states, for tests. */
struct matcher *matcher_new_sized(const struct cueset *s, uint32_t states);

#endif
