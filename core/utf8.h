/*
 * utf8.h - UTF-8: checking, repairing, folding, classes of characters (utf8proc, with an ASCII fast path)
 */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include "core/strbuf.h"

/* Bytes of X, from its start, that are valid UTF-8 (X.n if all of it is). NUL is valid here. */
size_t utf8_valid_prefix(struct slice x);

/* Like utf8_valid_prefix(), for a piece of a longer text: *is_cut tells that the rest is only a character cut at the
 * end. */
size_t utf8_valid_prefix_cut(struct slice x, bool *is_cut);

/* Append X with each broken byte replaced by U+FFFD; returns how many were replaced. */
size_t utf8_repair(struct slice x, struct strbuf *out);

/* The code point at X.s (X.n > 0, valid or not) and its length in bytes; a broken byte gives U+FFFD and 1. */
size_t utf8_decode(struct slice x, uint32_t *cp);

bool utf8_is_letter(uint32_t cp); /* letters, marks and digits: what a word is made of */
bool utf8_is_space(uint32_t cp);

/* Append X case-folded (NFKC_Casefold for non-ASCII), apostrophes U+2019 U+02BC U+FF07 as ' . */
void utf8_fold(struct slice x, struct strbuf *out);

/* The longest prefix of X of at most MAX bytes that does not cut a character. */
struct slice utf8_cut(struct slice x, size_t max);

#endif
