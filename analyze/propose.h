/*
 * propose.h - what the catalogue lacks: statements of no policy -> groups of them, each a proposed entry of
 * policies.csv
 *
 * A statement is what an agent told without a word of the customer between: one delivery or several. Its terms are its
 * telling words (policy.h) and the pairs of them that stand side by side. A group begins with the term that is in most
 * statements and that statements have more often than other turns of agents; it grows by the statements of terms that
 * are mostly in it already, so that two wordings of one rule come together where some customers were told both words.
 * Then it gets the fewest phrases that find its statements, and keeps those they find; the next group is made of the
 * rest. Nothing depends on anything but the statements and their order.
 *
 * Owns:    a proposer owns copies of all it was told, and what it proposes. Free with proposer_free().
 * Errors:  ERR_NOMEM only.
 */
#ifndef ANALYZE_PROPOSE_H
#define ANALYZE_PROPOSE_H

#include "core/err.h"
#include "core/model.h"

struct proposer;
struct ruleset;

struct statement {
    int64_t conversation;
    uint32_t turn, ndeliveries; /* the first one's; how many there are */
    struct slice text;
    enum style style; /* of the first one */
    double p;
    bool is_disputed;
};

struct proposal {
    struct slice id, title, phrases; /* phrases: "a b;c", as in policies.csv */
    uint32_t nconversations, nstatements, ndeliveries;
    uint32_t ndisputed;                      /* conversations */
    uint32_t styles[STYLE_COUNT];            /* statements */
    const struct statement *const *examples; /* of different conversations, the surest first */
    uint32_t nexamples;
};

/* For the catalogue of R, whose ids are not proposed again. NULL when out of memory. */
struct proposer *proposer_new(const struct ruleset *r);
void proposer_free(struct proposer *p);

/* Tell of a statement of no policy; those of one conversation one after another. *IS_LISTED: it was tagged with another
 * catalogue, and that of R has phrases that stand in it, so it is passed over. */
CHECKED enum err_code proposer_add(struct proposer *p, const struct statement *s, bool *is_listed, struct err *e);
/* Tell of another turn of an agent: what its words are is nothing special. */
CHECKED enum err_code proposer_add_other(struct proposer *p, struct slice text, struct err *e);

struct propose_options {
    uint32_t least;    /* conversations of a group; at least 2 */
    uint32_t examples; /* of a group, at most */
};

/* Once all is told: the groups, those of most conversations first. */
CHECKED enum err_code proposer_run(struct proposer *p, const struct propose_options *o, const struct proposal **out,
                                   size_t *n, struct err *e);

#endif
