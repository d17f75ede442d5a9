/*
 * features.h - a turn and what came before it -> the list of features that hold
 *
 * A feature holds (its value is 1) or does not; only those of sense and of n-grams have other values, in log-odds. By
 * name, as weights.txt has them:
 *     bias            always
 *     ctx:NAME        context: length, question, what was delivered and disputed before (features.def)
 *     cue:NAME        the turn has a hit of the cue
 *     family:NAME     the turn has a hit of some cue of the family
 *     sense:CLASS     the number that sense.h finds for the class
 *     ngrams:CLASS    the number that ngrams.h finds for it
 * Policies' phrases (family "policy") are no features: what is a delivery must not depend on the catalogue. Nor are
 * cues of earlier turns: they say how one source talks, and did harm on others (delivery F1 0.69 with them, 0.71
 * without, where both were held out).
 *
 * No leakage: nothing here looks at a later turn. An agent's turn sees all that came before. A customer's turn sees
 * the customer's own words and that something was delivered, never the agent's words or style.
 */
#ifndef ANALYZE_FEATURES_H
#define ANALYZE_FEATURES_H

#include "analyze/cues.h"
#include "analyze/ngrams.h"
#include "core/arena.h"
#include "core/err.h"

enum ctx {
#define CTX_ROW(id, name) id,
#include "analyze/features.def"
#undef CTX_ROW
    CTX_COUNT
};

enum { FEATURES_MAX = 512 };

#define NO_MATCH   UINT32_MAX
#define NO_FEATURE UINT32_MAX

/* Names and numbers of all features: [ctx][cues][families][sense classes][n-grams' classes]. */
struct feature_space {
    const struct cueset *cues;
    uint32_t ncues, nfamilies;
    const struct slice *families;  /* names */
    const uint32_t *family_of_cue; /* NO_FEATURE for policies' phrases */
};

struct feature {
    uint32_t index; /* in the space */
    uint32_t match; /* of the turn's scan: the words behind it; NO_MATCH for context and sense */
    float value;
};

/* How much of the feature there is: what its weight is multiplied by. */
static inline double feature_value(const struct feature *f)
{
    return (double)f->value;
}

struct feature_list {
    uint32_t n;
    struct feature f[FEATURES_MAX];
};

/* What is remembered of the turns so far. All zero at the start of a conversation. */
struct memory {
    uint32_t nagent, ncustomer;     /* turns so far */
    enum role last_role;            /* of the last turn of agent or customer */
    bool customer_asked;            /* the customer's last turn has a question mark */
    bool delivered, delivered_last; /* some agent turn delivered; the last agent turn did */
    bool delivered_since;         /* some agent turn since the customer's last one delivered, if any; else as it was */
    bool disputed, disputed_last; /* some customer turn disputed; the last one did */
    bool confronted, chose;       /* some delivery was confrontational, was a choice */
    bool confronted_last;         /* the last delivery was confrontational */
    struct sense_trace agent_to_agent, customer_to_agent, customer_to_customer; /* whose last turn, in whose next one */
    float asked[NGRAM_CLASSES];                                                 /* by the customer's last turn */
};

/* Lay out the space of CUES in A. ERR_NOMEM. */
CHECKED enum err_code feature_space_make(const struct cueset *cues, struct arena *a, struct feature_space *out,
                                         struct err *e);
uint32_t feature_count(const struct feature_space *s);

/* The number of the feature NAME ("cue:refusal.cannot"); NO_FEATURE if there is none. */
uint32_t feature_find(const struct feature_space *s, struct slice name);

/* The feature's name in two parts: *kind ("cue:") and the rest. */
struct slice feature_name(const struct feature_space *s, uint32_t index, const char **kind);

/* The first feature of sense; behind these stand those of n-grams. */
static inline uint32_t feature_first_sense(const struct feature_space *s)
{
    return (uint32_t)CTX_COUNT + s->ncues + s->nfamilies;
}

/* The class of a feature of sense; SENSE_CLASSES for any other. */
static inline uint32_t feature_sense_class(const struct feature_space *s, uint32_t index)
{
    uint32_t first = feature_first_sense(s);
    return index >= first && index - first < SENSE_CLASSES ? index - first : SENSE_CLASSES;
}

/* What is told of deliveries comes behind the classes that n-grams have of every turn. */
enum { NGRAM_FEATURES = NGRAM_CLASSES + NGRAM_TOLD };

/* The number of a feature among those of n-grams; NGRAM_FEATURES for any other. */
static inline uint32_t feature_ngram(const struct feature_space *s, uint32_t index)
{
    uint32_t first = feature_first_sense(s) + SENSE_CLASSES;
    return index >= first ? index - first : NGRAM_FEATURES;
}

/* The features of a turn, its SCAN and TEXT, after what M remembers. */
void features_agent(const struct feature_space *s, const struct turn_scan *scan, const struct memory *m,
                    struct feature_list *out);
void features_customer(const struct feature_space *s, const struct turn_scan *scan, struct slice text,
                       const struct memory *m, struct feature_list *out);

/* Add what a turn means whose part in its hidden units is NOW, said by ROLE after what M remembers. *HIDDEN is for
 * sense_shares(). */
void features_sense(const struct feature_space *s, const struct sense *sense, const struct sense_trace *now,
                    uint32_t nwords, enum role role, const struct memory *m, struct sense_trace *hidden,
                    struct feature_list *out);

/* Behind features_sense() for an agent's turn, which gave only what CLASS_DELIVERY is decided by: the other classes'
 * numbers, of sense and of n-grams. Nearly all turns are no delivery, and do without. */
void features_told(const struct feature_space *s, const struct sense *sense, const struct sense_turn *read,
                   const struct sense_trace *hidden, struct ngram_told *told, struct feature_list *out);

/* Add what the words and pairs of words of a turn say, whose own number is OWN, said by ROLE after what M remembers. */
void features_ngrams(const struct feature_space *s, const struct ngrams *g, float own, enum role role,
                     const struct memory *m, struct feature_list *out);

/* What the tagger found in a turn, for memory. */
struct turn_facts {
    bool is_delivery, is_confrontational, is_choice; /* agent */
    bool is_dispute;                                 /* customer */
};
void memory_add(struct memory *m, enum role role, const struct turn_scan *scan, const struct turn_facts *facts);

#endif
