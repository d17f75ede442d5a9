/*
 * automaton.h - one automaton for all cues: tells, word by word, which cues may end here
 *
 * The nondeterministic automaton is made deterministic lazily, as far as the texts ask for it, in a cache of bounded
 * size that is emptied when it is full (as RE2 does): results never depend on what the cache holds.
 * Guards are taken as fulfilled here, and starts are not known: the matcher verifies each end with the one cue.
 *
 * Owns:    struct automaton is read-only and shared by threads; a struct dfa is one thread's.
 */
#ifndef ANALYZE_AUTOMATON_H
#define ANALYZE_AUTOMATON_H

#include "analyze/nfa.h"

enum { FIRST_BITS = 2048 };

/* A cue in the automaton. */
struct cue_entry {
    uint32_t start;                   /* node; UINT32_MAX for a cue without phrases */
    uint32_t least, most;             /* words of a hit */
    uint64_t firsts[FIRST_BITS / 64]; /* a hit may begin with a word of LETTER only if bit LETTER % FIRST_BITS is set */
    bool has_guard;
    bool for_agent, for_customer, for_others;
};

/* See .firsts: told exactly unless there are very many letters. */
static inline bool cue_may_begin(const struct cue_entry *c, uint32_t letter)
{
    return (c->firsts[letter % FIRST_BITS / 64] >> (letter % 64) & 1) != 0;
}

/* Who speaks: each has an automaton of only those cues that he may say. */
enum speaker { SPEAKER_AGENT, SPEAKER_CUSTOMER, SPEAKER_OTHER, SPEAKER_COUNT };
#define SPEAKER_NONE SPEAKER_COUNT /* an automaton of single cues, from single places: see dfa_begin_cue() */

/* What stands between two words. Values are sets of enum phrase_place. */
enum boundary {
    BOUNDARY_NONE = 0,
    BOUNDARY_TEXT_START = PLACE_CLAUSE_START | PLACE_SENTENCE_START,
    BOUNDARY_CLAUSE = PLACE_CLAUSE_START | PLACE_CLAUSE_END,
    BOUNDARY_SENTENCE = BOUNDARY_CLAUSE | PLACE_SENTENCE_START | PLACE_SENTENCE_END,
    BOUNDARY_QUESTION = BOUNDARY_SENTENCE | PLACE_QUESTION_END
};

/* What stood before a word, as far as the beginnings of phrases care. */
enum fresh { FRESH_NOT, FRESH_TEXT, FRESH_CLAUSE, FRESH_SENTENCE, FRESH_QUESTION, FRESH_COUNT };

/* What stands before a word that is so fresh. */
extern const enum boundary fresh_boundary[FRESH_COUNT];

/* Numbers by letter: those of LETTER are cells[row[letter]] to before cells[row[letter + 1]]. */
struct rows {
    uint32_t *row, *cells;
};

struct automaton {
    struct nfa nfa;
    struct lexicon *lexicon;
    struct cue_entry *cues;
    uint32_t ncues;
    uint64_t *takes;                               /* by node: letter_mark() of all the letters that it takes */
    struct rows first[SPEAKER_COUNT][FRESH_COUNT]; /* the nodes that the first word of a phrase leads to; but for
                                                      FRESH_NOT only of phrases that begin with a place */
};

/* Complete A, whose nfa, lexicon and cues are there. ERR_NOMEM only. */
CHECKED enum err_code automaton_finish(struct automaton *a, struct err *e);
void automaton_clear(struct automaton *a);

struct dfa;

/* A cache of at most STATES states for what WHO says (at least 2; 0: a sensible number). NULL when out of memory. */
struct dfa *dfa_new(const struct automaton *a, enum speaker who, uint32_t states);
void dfa_free(struct dfa *d);

/* A state, in a nutshell: its number, what is asked of every state, and letter_mark() of all letters that something in
 * it waits for. Most words are nothing to most states; then the next state hangs on the word alone, and the processor
 * need not wait for this one. Never 0. */
typedef uint64_t dfa_state;
enum { STATE_HAS_CUES = 1, STATE_IS_DEAD = 2, STATE_HAS_PLACE = 4, STATE_MARKS_SHIFT = 22, STATE_MARKS = 42 };

/* That of what is most frequent is shared with nothing. */
static inline dfa_state letter_mark(uint32_t letter)
{
    uint32_t mark = letter == LETTER_OTHER ? 0 : 1 + letter % (STATE_MARKS - 1);
    return (dfa_state)1 << (STATE_MARKS_SHIFT + mark);
}

/* May cues end before this state? */
static inline bool dfa_has_cues(dfa_state state)
{
    return (state & STATE_HAS_CUES) != 0;
}

/* Can nothing be found from this state of an automaton for SPEAKER_NONE on? */
static inline bool dfa_is_dead(dfa_state state)
{
    return (state & STATE_IS_DEAD) != 0;
}

/* The state at the start of a text. */
dfa_state dfa_begin(struct dfa *d);

/* Of an automaton for SPEAKER_NONE: the state of CUE, which has phrases, at a place after BEFORE. */
dfa_state dfa_begin_cue(struct dfa *d, uint32_t cue, enum boundary before);

/* The state after a word of LETTER, or after a boundary (not NONE, not TEXT_START). States before it are void. */
dfa_state dfa_word(struct dfa *d, dfa_state state, uint32_t letter);
dfa_state dfa_boundary(struct dfa *d, dfa_state state, enum boundary b);

/* The cues, ascending, that may end before this state: those of dfa_has_cues(). */
const uint32_t *dfa_cues(const struct dfa *d, dfa_state state, uint32_t *n);

#endif
