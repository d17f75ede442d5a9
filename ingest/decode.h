/*
 * decode.h - bytes of any usual encoding -> UTF-8, as a stream
 *
 * A byte order mark decides. Without one: every second byte NUL in the first 64 KiB is UTF-16; else UTF-8, checked
 * strictly. At the first 64 KiB block with bytes that are not UTF-8, once for the file: if more valid multi-byte
 * characters than broken bytes were seen up to the end of that block, the file is UTF-8 with damage, and broken bytes
 * become U+FFFD from there on; else it is Windows-1252 from that block on. The bytes of a character that is cut off
 * by the end of the file become U+FFFD and decide nothing. The byte order mark is not handed on. NUL bytes are, if they
 * are few.
 *
 * Owns:   the decoder owns its buffers; the source stays the caller's.
 * Errors: ERR_INPUT "is not text" before anything was read of a binary file; those of the source, after all that came
 *         before was handed out.
 */
#ifndef INGEST_DECODE_H
#define INGEST_DECODE_H

#include "core/err.h"
#include "core/slice.h"

struct decoder;

/* Up to CAP bytes into BUF, *n == 0 at the end. */
typedef enum err_code decode_source(void *ctx, void *buf, size_t cap, size_t *n, struct err *e);

struct decoder *decoder_new(decode_source *source, void *ctx); /* NULL when out of memory */

/* Begin again, with the next text of the same source. */
void decoder_reset(struct decoder *d);
void decoder_free(struct decoder *d); /* NULL is fine */

/* Up to CAP bytes of UTF-8 into BUF (a character may be cut between two calls); *n == 0 at the end. DECODER is a struct
 * decoder *: the function fits reader_input.read and csv_source. */
CHECKED enum err_code decoder_read(void *decoder, void *buf, size_t cap, size_t *n, struct err *e);

/* What it has turned out to be so far: "utf-8", "utf-8 repaired", "utf-16le", "utf-16be", "windows-1252". */
const char *decoder_encoding(const struct decoder *d);

#endif
