/*
 * gz.h - the one place that knows zlib: gzip streams in, small blocks packed and unpacked
 *
 * Owns: each handle owns its zlib state; free with the matching function (NULL is fine).
 */
#ifndef CORE_GZ_H
#define CORE_GZ_H

#include "core/err.h"
#include "core/strbuf.h"

struct gz_reader;

/* Does a file that begins with these bytes look like gzip? */
bool gz_is_magic(const unsigned char *bytes, size_t n);

struct gz_reader *gz_reader_new(void); /* NULL when out of memory */
void gz_reader_free(struct gz_reader *g);

/* Inflate from *in (*in_n bytes; both are moved on) to OUT (cap OUT_N); *made is what was written. Members that follow
 * one another are one stream; zero bytes after a member are padding. ERR_INPUT when the data are damaged. */
CHECKED enum err_code gz_inflate(struct gz_reader *g, const unsigned char **in, size_t *in_n, unsigned char *out,
                                 size_t out_n, size_t *made, struct err *e);

/* At the end of the file: true if the last member was whole, false if the file was cut off. */
bool gz_reader_is_whole(const struct gz_reader *g);

struct gz_packer;

struct gz_packer *gz_packer_new(void); /* NULL when out of memory; one a thread */
void gz_packer_free(struct gz_packer *g);

/* Append RAW, compressed (zlib format, fast), to OUT. ERR_NOMEM only. */
CHECKED enum err_code gz_pack(struct gz_packer *g, struct slice raw, struct strbuf *out, struct err *e);

/* Append the RAW_N bytes that PACKED unpacks to, to OUT. ERR_DB if it does not unpack to exactly that. */
CHECKED enum err_code gz_unpack(struct slice packed, size_t raw_n, struct strbuf *out, struct err *e);

#endif
