/*
 * words.h - a text as words with their byte spans, and where sentences and clauses begin and end
 *
 * What a word, a sentence and a clause is stands in cues.h. Sensible on typed chat, on e-mail and on the unpunctuated
 * output of speech recognisers.
 *
 * Owns:    a word_reader owns buffers for the folded text and word; they are reused from text to text. Free with
 *          words_free().
 * Borrows: the text.
 * Errors:  only memory: words_next() ends early and words_failed() tells.
 */
#ifndef ANALYZE_WORDS_H
#define ANALYZE_WORDS_H

#include "analyze/cues.h"
#include "core/strbuf.h"

struct word_reader {
    struct slice text;
    size_t at;                           /* the next word begins here, or the text ends */
    struct strbuf lower;                 /* the text with ASCII letters in lower case, then WORDS_READABLE zeros */
    struct strbuf plain;                 /* a bit a byte of it, lowest first: is that an ASCII letter or digit? */
    struct strbuf folded;                /* the last word, if it could not be read off */
    struct strbuf raw;                   /* scratch for words that are not ASCII */
    bool starts_sentence, starts_clause; /* the next word does */
};

#define WORDS_INIT                                                                                                     \
    {                                                                                                                  \
        .lower = STRBUF_INIT, .plain = STRBUF_INIT, .folded = STRBUF_INIT, .raw = STRBUF_INIT                          \
    }

/* Begin with TEXT (any bytes, at most UINT32_MAX of them). */
void words_start(struct word_reader *r, struct slice text);

/* The next word into *t (its word, number and hash 0) and its folded form into *folded, valid until the next call.
 * WORDS_READABLE bytes can be read there, however short it is. false at the end. */
enum { WORDS_READABLE = 16 };
bool words_next(struct word_reader *r, struct token *t, struct slice *folded);

bool words_failed(const struct word_reader *r);
void words_free(struct word_reader *r);

/* Eight bytes of a text as a number, the first lowest. */
static inline uint64_t words_eight(const char *s)
{
    uint64_t x;
    memcpy(&x, s, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    return x;
}

/* The folded word is a number; with a currency sign before it. */
bool word_is_number(struct slice folded);
bool word_is_money(struct slice folded);

#endif
