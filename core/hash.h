/*
 * hash.h - XXH3 (xxHash 0.8): hashes for tables and for identity of content. Not for secrets.
 */
#ifndef CORE_HASH_H
#define CORE_HASH_H

#include "core/slice.h"

struct hash128 {
    unsigned char bytes[16]; /* canonical (big-endian) form: the same on every machine */
};

#define HASH_HEX_BYTES 33

uint64_t hash64(struct slice x);
struct hash128 hash128(struct slice x);
const char *hash_hex(const struct hash128 *h, char out[HASH_HEX_BYTES]);

#endif
