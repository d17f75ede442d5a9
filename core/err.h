/*
 * err.h - one error type: a code from err_codes.def, a message with context, a hint
 *
 * Owns:    nothing; struct err is a plain value of fixed size, so that errors can be told when memory is gone.
 * Errors:  a function marked CHECKED returns ERR_OK or a code, and then *e is filled. It is filled once, where the
 *          trouble is found, and wrapped on the way up ("ingest a.csv: line 7: no column for the speaker").
 * Wording: lower case, no full stop, "place: what: detail"; the remedy is the hint. Never the customer's words.
 * Threads: none shared; each thread has its own struct err.
 */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#define CHECKED __attribute__((warn_unused_result))

enum err_code {
#define ERR_ROW(code, name, exit_status, meaning) code,
#include "core/err_codes.def"
#undef ERR_ROW
    ERR_COUNT
};

struct err {
    enum err_code code;
    char msg[512];
    char hint[256]; /* "" when there is no remedy to tell */
};

/* Fill *e with CODE and the message, clear the hint, and return CODE. */
enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Put "FMT: " before the message of *e; returns its code. */
enum err_code err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Set the remedy; returns e->code, so that it can stand after err_set() in a return. */
enum err_code err_hint(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Out of memory: the one message everybody uses. */
enum err_code err_nomem(struct err *e);

const char *err_name(enum err_code code);
const char *err_meaning(enum err_code code);
int err_exit_status(enum err_code code);

#endif
