/*
 * tagger.h - one walk through a conversation; for analyze/ and train/ only
 *
 * Owns: a struct tagger owns its scratch, which grows to what the largest conversation needed and is used again.
 */
#ifndef ANALYZE_TAGGER_H
#define ANALYZE_TAGGER_H

#include "analyze/decide.h"
#include "analyze/ruleset.h"

/* At most so many cue hits are kept of a turn: those that weigh most. */
enum { HITS_PER_TURN = 6 };

/* What the walk found in one turn, for those who want to look at it. */
struct turn_result {
    enum role role;
    const struct turn_scan *scan;
    const struct feature_list *features;
    const struct sense_turn *read;
    const struct sense_trace *now; /* of sense, for this turn alone */
    const struct ngram_turn *grams;
    const struct ngram_told *told;    /* of a delivery */
    const struct sense_trace *hidden; /* of sense, for this turn */
    struct agent_verdict agent;
    struct customer_verdict customer;
    uint32_t policy;
};

struct tagger {
    const struct ruleset *rules;
    const struct turn_facts *given; /* by turn: what is remembered of earlier turns instead of what was decided, for
                                       training. NULL: what was decided */
    bool needs_all;                 /* the rules decide what is a delivery by what is else only told of deliveries */
    bool wants_all;                 /* somebody looks at the features */
    bool wants_hits;
    struct matcher *matcher;
    struct feature_list features;
    struct ahead {
        const struct turn *turn;
        struct turn_scan scan;
        struct sense_turn read;
        /* its part in its own hidden units; in those of an agent's and of a customer's later turn, if one looks back */
        struct sense_trace now, to_agent, to_customer;
        struct ngram_turn grams;
    } ahead[SENSE_AT_ONCE]; /* turns that are read already: several at once are faster */
    uint32_t nahead, next_ahead;
    const struct turn *unread; /* the first turn that was not */
    const struct turn *last_agent, *last_customer;
    struct sense_trace hidden;
    struct ngram_told told;
    uint32_t *tally;   /* by policy, zero between uses */
    uint32_t *in_turn; /* by turn: policy_in_scan() */
    bool *missed;      /* by turn: no dispute, but uncertainly */
    struct delivery *deliveries;
    struct reaction *reactions;
    struct cue_hit *hits;
    uint32_t turns_cap, ndeliveries, nreactions, nhits, hits_cap;
};

/* Walk through C; LOOK (may be NULL) is shown each turn of an agent or a customer as it is decided. */
CHECKED enum err_code tagger_walk(struct tagger *t, const struct conversation *c, struct arena *a, struct tags *out,
                                  void *ctx, void (*look)(void *ctx, uint32_t turn, const struct turn_result *r),
                                  struct err *e);

#endif
