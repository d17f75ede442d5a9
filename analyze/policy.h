/*
 * policy.h - the organisation's catalogue (policies.csv) and which of its policies a delivery is about
 *
 * policies.csv has the columns id, title, owner, phrases (separated by ;), in any order; phrases are cues.h's. Every
 * row has as many fields as the header; the header again, as it comes with appended rows, is passed over. Policy 0 is
 * "unlisted": whatever matches none.
 *
 * A delivery is about the policy whose phrases stand in it, the longest first; else in the customer's turn that it
 * answers or the turns just before; else it is taken for a repeat of the policy that was delivered before it, or, if
 * there was none, for the beginning of what is told right after it, before the customer says anything.
 */
#ifndef ANALYZE_POLICY_H
#define ANALYZE_POLICY_H

#include "analyze/cues.h"
#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"

#define POLICY_FAMILY "policy"

/* The columns of policies.csv, in the order of catalogue_columns. */
enum { CATALOGUE_ID, CATALOGUE_TITLE, CATALOGUE_OWNER, CATALOGUE_PHRASES, CATALOGUE_COLUMNS };
extern const char *const catalogue_columns[CATALOGUE_COLUMNS];

/* The column that a header's field names, in any case and with blanks around it; CATALOGUE_COLUMNS: another one. */
uint32_t catalogue_column(struct slice field);

struct catalogue {
    const struct policy *policies; /* [0] is "unlisted" */
    uint32_t npolicies;
    const struct slice *cue_names; /* of each policy, "policy.ID" */
    const uint32_t *policy_of_cue; /* by cue; 0: the cue is no policy's */
    uint64_t *stopwords;           /* hashes of words that tell nothing, open addressing; NULL: there are none */
    size_t stopword_mask;
};

/* Read PATH (NULL: an empty catalogue) into A and give the phrases to B. ERR_CONFIG with file and line, also for a file
 * without policies. */
CHECKED enum err_code catalogue_load(const char *path, struct cue_builder *b, struct arena *a, struct catalogue *out,
                                     struct err *e);

/* Once CUES are compiled: which cue is which policy's. */
CHECKED enum err_code catalogue_bind(struct catalogue *c, const struct cueset *cues, struct arena *a, struct err *e);

/* Words, one or more a line, # begins a comment, that say nothing of what a delivery is about. */
CHECKED enum err_code catalogue_stopwords(struct catalogue *c, struct slice text, struct arena *a, struct err *e);

/* The policy whose phrases stand in a turn, 0 if none: the longest phrase first, then the most words, then the order of
 * the catalogue. TALLY is scratch of npolicies zeros, and is so again afterwards. */
uint32_t policy_in_scan(const struct catalogue *c, const struct turn_scan *scan, uint32_t *tally);

/* How many turns before a delivery are looked at for the policy it is about. */
enum { POLICY_LOOK_BACK = 3 };

/* The policy of a delivery: IN_TURN[k] is policy_in_scan() of the turn k before it (k = 0: itself), N of them;
 * LAST is the policy delivered before it, 0 if none. */
uint32_t policy_attribute(const uint32_t *in_turn, uint32_t n, uint32_t last);

/* May word T of TEXT (its hash is set) tell what a turn is about: three letters or more, no number, no stop word? */
bool policy_is_telling(const struct catalogue *c, const struct token *t, struct slice text);

/* The telling words of TEXT, ", " between phrases, in A; empty if there are none. */
CHECKED enum err_code policy_key_phrases(const struct catalogue *c, const struct turn_scan *scan, struct slice text,
                                         struct arena *a, struct slice *out, struct err *e);

#endif
