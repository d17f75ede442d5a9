/*
 * phrase.h - the phrase language of cues.h: text -> tree
 *
 * Owns:    nothing; trees live in the caller's arena and borrow nothing from the text.
 * Errors:  ERR_CONFIG "column N: what" with a hint; the caller puts file and line before it.
 */
#ifndef ANALYZE_PHRASE_H
#define ANALYZE_PHRASE_H

#include "core/arena.h"
#include "core/err.h"

enum phrase_kind {
    PHRASE_WORD,   /* .word */
    PHRASE_PREFIX, /* words that begin with .word */
    PHRASE_ANY,    /* one word */
    PHRASE_NUMBER, /* one word that is a number */
    PHRASE_MONEY,  /* one word that is a number with a currency sign */
    PHRASE_GAP,    /* up to .n words */
    PHRASE_SEQ,    /* the children one after another */
    PHRASE_ALT,    /* one of the children */
    PHRASE_OPT,    /* the child or nothing */
    PHRASE_PLACE,  /* no word: a place, .n is an enum phrase_place */
    PHRASE_GUARD,  /* the child is not in the words before */
    PHRASE_LIST    /* the list .word */
};

/* Places in a text; bits, so that a boundary between two words can be told as a set of them. */
enum phrase_place {
    PLACE_CLAUSE_START = 1,
    PLACE_SENTENCE_START = 2,
    PLACE_CLAUSE_END = 4,
    PLACE_SENTENCE_END = 8,
    PLACE_QUESTION_END = 16
};

struct phrase {
    enum phrase_kind kind;
    unsigned n;
    struct slice word; /* folded */
    struct phrase *first, *next;
};

#define PHRASE_GAP_MAX   20u /* words of one gap */
#define PHRASE_DEPTH_MAX 16u /* brackets in brackets */
#define GUARD_WORDS      3u  /* words before a place at which a guard looks */

/* Parse TEXT into *out. KINDLY: as cue_builder_add_phrases() reads. A phrase that could match no word at all is an
 * error; *out is NULL if KINDLY and TEXT has no word. */
CHECKED enum err_code phrase_parse(struct arena *a, struct slice text, bool kindly, struct phrase **out, struct err *e);

#endif
