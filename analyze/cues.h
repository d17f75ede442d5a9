/*
 * cues.h - cue files, the phrase language, and one automaton that finds all phrases of all cues in a turn
 *
 * A cue file (rules/en/NAME.cues) is INI text:
 *
 *     [refusal.cannot]                     family.name; the family groups cues, features may use both
 *     speaker = agent                      agent (default), customer, or any
 *     any = !(sorry) (can not|cannot|can't|unable to) ...2 (refund*|waive*)
 *           ^ no exceptions                one phrase a line; goes on in indented lines
 *     yes = I'm sorry, we can't refund this.        must be found; one example a line
 *     no  = I can't hear you.                       must not be found
 *           Do you cannot refund? (customer)        said by another: (agent), (customer), (any) at its end
 *     note = free text for readers
 *
 *     [list thing]                         a list for @thing, usable in every cue file; only "any" and "note"
 *     any = (item|order*|purchase*)
 *
 * A phrase is a sequence over words. A word is letters, digits and inner apostrophes, case-folded; ’ is '. All else
 * separates words, so "non-refundable" is two words, in phrases and in texts ("can't" also finds "cant", "don't"
 * "dont", "i'm" "im", and so on where that is no other word; write "it's|its", "we'll", "i'll" yourself if wanted).
 * A number with its inner , . : / and a currency sign before it is one word: 30, 1,000 (= 1000), 9.99, 24/7, $75. A
 * web address is one word that only * finds.
 *     word         that word           word*        any word beginning so (two letters at least; also that word)
 *     (a b|c|d)    alternatives, which may be sequences        [x] [x|y]   that or nothing
 *     *            any one word        ...N         a gap of up to N words (1 to 20), inside a phrase only
 *     ^            the start of a sentence or clause           ^^          the start of a sentence
 *     $            the end of a sentence or clause             $$          the end of a sentence
 *     ?            the end of a sentence that has a question mark
 *     !(a|b) !a    none of these within the three words before this place, in the same sentence
 *     @name        the phrases of [list name]. Built in: @number (30, 24/7, $75, thirty, twenty four),
 *                  @digits (30, $75), @money ($75, 75 dollars, twenty bucks)
 * A sentence ends at . ! ? or …, at an empty line, and at a new line that does not go on in lower case. A clause starts
 * with its sentence, at any new line, after , ; : ( ) and dashes, after the words but, and, so, and at the word but. A
 * phrase never goes across the end of a sentence unless it has one of ^ ^^ $ $$ ? at that place; the ends of clauses do
 * not stop it. Speech without punctuation is one long sentence. Punctuation is not matched: , . ; : in a phrase are
 * errors.
 *
 * INI: from ; or # at the start of a line, and from ; after a blank anywhere, to the end of the line is a comment.
 * Begin an example that starts with them with a quotation mark, which separates words and so changes nothing; write ;
 * right after the word before it. Other : = # stand for themselves.
 *
 * Hits of one cue never overlap: the longest from the earliest start counts once. A later file's cue or list replaces
 * one of the same name from an earlier file.
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
    uint32_t word;   /* what the cueset's phrases can tell of it: a word of theirs, a beginning of theirs; 0: nothing */
    uint32_t number; /* see struct word_numbers */
    uint64_t hash;   /* hash64 of the folded word */
    bool starts_sentence, starts_clause; /* the start of a sentence is also one of a clause */
    bool ends_sentence, ends_question;
};

struct cue_match {
    uint32_t cue;      /* index */
    struct span span;  /* bytes of the text */
    uint32_t from, to; /* tokens, to exclusive */
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
/* Add phrases that are no cue of a file (the policies' phrases), with SEPARATOR between them: they become a cue NAME of
 * family FAMILY. They are read kindly: punctuation is passed over, so are ^ $ ? @ and a lone !, and a word also finds
 * its form with or without a final s; word*, (a|b), [x], * and ...N mean what they mean in cue files. No phrase at all
 * is fine. ERR_CONFIG with "FILE:LINE: ...". */
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

/* What somebody else knows of words: the number of the word with this hash (always the same, as it is remembered by
 * word). FETCH is called for each word as it is read, to begin to fetch what will be looked at of it. */
struct word_numbers {
    const void *of;
    uint32_t (*number)(const void *of, uint64_t hash);
    void (*fetch)(const void *of, enum role role, uint32_t number);
};

/* Fill in token.number. Call it before the first scan; without it numbers are 0. */
void matcher_number(struct matcher *m, struct word_numbers numbers);

/* Tokenise TEXT and find the cues that ROLE may say: the agent's or the customer's and those for any; of other roles
 * only those for any. ERR_NOMEM, or ERR_INPUT for 4 GiB and more. What *out points to is valid for the next
 * MATCHER_SCANS - 1 calls too. */
enum { MATCHER_SCANS = 8 };
CHECKED enum err_code matcher_scan(struct matcher *m, struct slice text, enum role role, struct turn_scan *out,
                                   struct err *e);

#endif
