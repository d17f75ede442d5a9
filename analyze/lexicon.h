/*
 * lexicon.h - the words and beginnings of words that phrases ask for, and which of them a word of a text fulfils
 *
 * A letter is all that the phrases can tell of a word: it is one of their words, or it begins like some of theirs, or
 * neither (then only: a number or money). Letters are the alphabet of the automaton.
 *
 * Owns:    a lexicon owns copies of all texts. Read-only, and shared by threads, once lexicon_finish() is done.
 */
#ifndef ANALYZE_LEXICON_H
#define ANALYZE_LEXICON_H

#include "core/err.h"
#include "core/slice.h"

enum { LETTER_OTHER, LETTER_NUMBER, LETTER_MONEY, LETTER_FIRST };

struct lexicon;

struct lexicon *lexicon_new(void); /* NULL when out of memory */
void lexicon_free(struct lexicon *l);

/* The letter of a word, or of words that begin with FOLDED. ERR_NOMEM only. */
CHECKED enum err_code lexicon_add(struct lexicon *l, struct slice folded, bool is_prefix, uint32_t *letter,
                                  struct err *e);

/* After the last addition: link the letters. Adds the spellings without apostrophe. */
CHECKED enum err_code lexicon_finish(struct lexicon *l, struct err *e);

uint32_t lexicon_count(const struct lexicon *l); /* letters are 0 .. count - 1 */

/* The letter of the exact word with hash64() HASH; LETTER_OTHER if no phrase has it. */
uint32_t lexicon_word(const struct lexicon *l, uint64_t hash);

/* From now on, wherever a letter would come back, SAME of it does: see nfa_same_letters(). */
void lexicon_merge(struct lexicon *l, const uint32_t *same);

/* The letter of a word that no phrase has exactly: by its beginning. */
uint32_t lexicon_beginning(const struct lexicon *l, struct slice folded);

/* Does a word of LETTER begin as the letter PREFIX says? */
bool lexicon_begins(const struct lexicon *l, uint32_t letter, uint32_t prefix);

bool lexicon_is_number(const struct lexicon *l, uint32_t letter); /* money too */
bool lexicon_is_money(const struct lexicon *l, uint32_t letter);

#endif
