/*
 * json.h - JSON documents as trees, read only; the one place that knows simdjson (json.cpp)
 *
 * Owns:    a parser owns the tree of the document it read last.
 * Borrows: struct json and the slices got from it are valid until the parser's next json_parse() or its end.
 * Threads: one parser a thread.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/err.h"
#include "core/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_PADDING    64  /* readable bytes there must be behind a document; their values do not matter */
#define JSON_MAX_DEPTH  256 /* a document that is nested deeper is refused, so that readers may recurse */
#define JSON_TEXT_BYTES 40  /* room for json_text() */

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_parser;

/* A value of a tree, by value. Made by this module only. */
struct json {
    const void *doc;
    size_t at;
};

/* Walks an array's items or an object's members. */
struct json_iter {
    struct json now, end;
    bool is_object;
};

struct json_parser *json_parser_new(void); /* NULL when out of memory */
void json_parser_free(struct json_parser *p);

/* Parse TEXT (one document, valid or not; JSON_PADDING bytes readable behind it). ERR_INPUT with the reason; where
 * exactly it is, json_check() tells. A number beyond 64 bits becomes a string, half a surrogate pair U+FFFD. */
CHECKED enum err_code json_parse(struct json_parser *p, struct slice text, struct json *root, struct err *e);

/* How many numbers and halves of surrogate pairs the last json_parse() had to repair. */
size_t json_repairs(const struct json_parser *p);

enum json_type json_type_of(struct json v);

/* The member KEY of an object; false if V is no object or has none. The first of several. */
bool json_get(struct json v, const char *key, struct json *out);

/* The value as text, if it is a string; else false. May hold NUL bytes. */
bool json_string(struct json v, struct slice *out);
bool json_int(struct json v, int64_t *out); /* an integer that fits, or a number without fraction */
bool json_real(struct json v, double *out); /* any number */
bool json_bool(struct json v, bool *out);

/* A string, or a number written out (in ROOM): for ids, which come as either. False for anything else. */
bool json_text(struct json v, char room[JSON_TEXT_BYTES], struct slice *out);

/* Items of an array or members of an object; for any other value there is nothing to walk. */
struct json_iter json_iterate(struct json v);
/* The next one, with its key if it is a member (KEY may be NULL); false at the end. */
bool json_next(struct json_iter *it, struct slice *key, struct json *value);
size_t json_count(struct json v); /* items or members; 0 for anything else */

#ifdef __cplusplus
}
#endif

#endif
