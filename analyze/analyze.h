/*
 * analyze.h - turns -> deliveries, styles, practices, disputes, policies, episodes
 *
 * Owns:    struct ruleset is read-only once loaded and shared by all threads; a struct tagger is one thread's scratch.
 * No leakage: delivery, style and practices are decided from the turn and what came before it; a dispute from the
 *          customer's words and from that something was delivered before, never from how.
 */
#ifndef ANALYZE_ANALYZE_H
#define ANALYZE_ANALYZE_H

#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"

struct ruleset;
struct store;
struct strbuf;
struct tagger;

struct ruleset_options {
    const char *rules_dir;  /* a folder of cue files and weights put over the built-in ones; NULL: only those */
    const char *policies;   /* policies.csv; NULL: none, everything is unlisted */
    const char *thresholds; /* "delivery=0.6,dispute=0.5" put over those of the weights; NULL: none */
    const char *uncertain;  /* "0.1": the margin of weights.h, put over that of the weights; NULL: none */
};

/* Load and compile cues, weights and catalogue. ERR_CONFIG with file and line. */
CHECKED enum err_code ruleset_load(const struct ruleset_options *o, struct ruleset **out, struct err *e);
void ruleset_free(struct ruleset *r);
struct ruleset_info ruleset_info(const struct ruleset *r); /* borrows from R */

/* Run every cue's yes and no examples; FAILED is told each one that does not hold ("rules/en/refusal.cues:12: ...").
 * The numbers of examples and failures come back. */
CHECKED enum err_code ruleset_check(const struct ruleset *r, void *ctx, void (*failed)(void *ctx, const char *message),
                                    size_t *nexamples, size_t *nfailed, struct err *e);

struct tagger *tagger_new(const struct ruleset *r); /* NULL when out of memory */
void tagger_free(struct tagger *t);

/* From now on T also finds the words behind each tag, for tags.hits. That is a sixth of its time then. */
void tagger_find_hits(struct tagger *t);

/* Tag C; the arrays of *out live in A. The same C and ruleset give the same tags, always; hits where T finds them. */
CHECKED enum err_code tagger_tag(struct tagger *t, const struct conversation *c, struct arena *a, struct tags *out,
                                 struct err *e);

/* Append to OUT, for people, how turn TURN of C is tagged and which words pushed it which way. */
CHECKED enum err_code tagger_explain(struct tagger *t, const struct conversation *c, uint32_t turn, struct strbuf *out,
                                     struct err *e);

struct analyze_stats {
    int64_t conversations, turns, deliveries, disputes, episodes;
};

/* Tag again all conversations in DB that lack tags of RULES (store_use_ruleset() was called), with JOBS workers.
 * *change tells what was gained and lost against the tags they had. PROGRESS may be NULL. */
struct tag_change;
CHECKED enum err_code analyze_run(struct store *db, const struct ruleset *r, unsigned jobs, void *ctx,
                                  void (*progress)(void *ctx, const struct analyze_stats *so_far),
                                  struct analyze_stats *stats, struct tag_change *change, struct err *e);

#endif
