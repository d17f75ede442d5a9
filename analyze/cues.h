/*
 * cues.h - cue files, the phrase language, and one automaton that finds all phrases of all cues in a turn
 *
 * A cue file (rules/en/NAME.cues) is INI text:
 *
 *     [refusal.cannot]                     family.name; the family groups cues, features may use both
 *     speaker = agent                      agent (default), customer, or any
 *     any = (can not|cannot|can't|unable to) [...2] (refund*|waive*)
 *           ^ no exceptions                one phrase a line
 *     yes = I'm sorry, we can't refund this.
 *     no  = I can't hear you.
 *
 * A phrase is a sequence over words (case-folded, apostrophes unified: ’ is '; a word is letters, digits and inner
 * apostrophes or hyphens split it):
 *     word         that word           word*        any word beginning so
 *     (a b|c|d)    alternatives, which may be sequences        [x]   x or nothing
 *     ...N         a gap of up to N words, not across a sentence end      *    any one word
 *     ^            only at the start of a sentence (or clause: after , ; : - and "but", "and", "so")    $  at its end
 *     ?            at a question mark that ends the sentence
 *     !(a|b)       none of these within the three words before, in the same sentence
 *     @name        a list of words and phrases from [list NAME] with the key "any", usable in every cue file
 *
 * Hits of one cue never overlap: the longest from the earliest start counts once.
 */
#ifndef ANALYZE_CUES_H
#define ANALYZE_CUES_H

#include "core/arena.h"
#include "core/err.h"
#include "core/model.h"

struct cueset;  /* compiled cues: read-only, shared by threads */
struct matcher; /* one thread's scratch: token buffer, lazily built states */

struct cue_info {
    struct slice name, family; /* "refusal.cannot", "refusal" */
    enum role speaker;         /* ROLE_AGENT, ROLE_CUSTOMER, or ROLE_UNKNOWN for any */
};

/* A word of a text. */
struct token {
    struct span span;
    uint32_t word; /* id of the exact word in the cueset's vocabulary; 0 if it is in none of its phrases */
    uint64_t hash; /* hash64 of the folded word */
    bool starts_sentence, starts_clause, ends_sentence, ends_question;
};

struct cue_match {
    uint32_t cue;      /* index */
    struct span span;  /* bytes of the text */
    uint32_t from, to; /* tokens */
};

struct turn_scan {
    const struct token *tokens;
    uint32_t ntokens;
    const struct cue_match *matches; /* by cue's span, then cue */
    uint32_t nmatches;
};

struct cue_builder;

struct cue_builder *cue_builder_new(void); /* NULL when out of memory */
/* Add a cue file's text; NAME is for messages. A cue of a name that is there already replaces it (local over shipped).
 * ERR_CONFIG with "NAME:LINE: ...". */
CHECKED enum err_code cue_builder_add(struct cue_builder *b, const char *name, const char *text, struct err *e);
/* Add phrases that are no cue of a file (the policies' phrases): they become a cue NAME of family FAMILY. */
CHECKED enum err_code cue_builder_add_phrases(struct cue_builder *b, const char *file, long line, struct slice name,
                                              struct slice family, enum role speaker, struct slice phrases,
                                              char separator, struct err *e);
/* Compile all that was added. The builder can be freed afterwards. */
CHECKED enum err_code cue_builder_compile(const struct cue_builder *b, struct cueset **out, struct err *e);
void cue_builder_free(struct cue_builder *b);

void cueset_free(struct cueset *s);
size_t cueset_count(const struct cueset *s);
const struct cue_info *cueset_info(const struct cueset *s, uint32_t cue);

/* Run the cues' yes and no examples: see ruleset_check(). */
CHECKED enum err_code cueset_check(const struct cueset *s, void *ctx, void (*failed)(void *ctx, const char *message),
                                   size_t *nexamples, size_t *nfailed, struct err *e);

struct matcher *matcher_new(const struct cueset *s); /* NULL when out of memory */
void matcher_free(struct matcher *m);

/* Tokenise TEXT and find the cues that ROLE may say. What *out points to is valid until the next call. */
CHECKED enum err_code matcher_scan(struct matcher *m, struct slice text, enum role role, struct turn_scan *out,
                                   struct err *e);

#endif
