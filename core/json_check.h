/*
 * json_check.h - where exactly is a text no JSON, and why; run only on what the parser refused
 *
 * The grammar is RFC 8259's, the depth JSON_MAX_DEPTH. What other parsers let pass and ours does not - numbers beyond
 * 64 bits, halves of surrogate pairs - is no fault here and can be repaired, so that nobody loses a conversation for an
 * odd id or an emoji that an exporter cut in two.
 */
#ifndef CORE_JSON_CHECK_H
#define CORE_JSON_CHECK_H

#include "core/strbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first fault of a text. */
struct json_fault {
    size_t at;        /* bytes before it */
    long line;        /* of the text, from 1 */
    long column;      /* characters, from 1 */
    const char *what; /* a literal: "a colon was expected" */
    size_t nnumbers;  /* numbers beyond 64 bits (up to there) */
    size_t nhalves;   /* halves of surrogate pairs (up to there) */
};

/* Is TEXT JSON? If not, *f tells where and why. Else the text is appended to REPAIRED (NULL: is not), with numbers
 * beyond 64 bits as strings and halves as U+FFFD; it remembers running out of memory. */
bool json_check(struct slice text, struct strbuf *repaired, struct json_fault *f);

#ifdef __cplusplus
}
#endif

#endif
