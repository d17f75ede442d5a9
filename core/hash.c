#include "core/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash64(struct slice x)
{
    return XXH3_64bits(x.s, x.n);
}

struct hash128 hash128(struct slice x)
{
    XXH128_canonical_t canonical;
    struct hash128 h;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(x.s, x.n));
    memcpy(h.bytes, canonical.digest, sizeof h.bytes);
    return h;
}

const char *hash_hex(const struct hash128 *h, char out[HASH_HEX_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof h->bytes; i++) {
        out[2 * i] = digits[h->bytes[i] >> 4];
        out[2 * i + 1] = digits[h->bytes[i] & 15];
    }
    out[HASH_HEX_BYTES - 1] = '\0';
    return out;
}
