#include "core/gz.h"

#include <stdlib.h>
#include <zlib.h>

/* Turns of a conversation are 1-8 KiB as a rule: a window and tables of that size cost little to reset. */
#define PACK_LEVEL       1
#define PACK_WINDOW_BITS 13
#define PACK_MEM_LEVEL   6
/* Below this, deflating takes ten microseconds and more to save a fifth at most: such a block is only wrapped. */
#define PACK_LEAST 1024

/* No deflate stream unpacks to more than this many times its size (zlib's documentation: 1032:1). */
#define MOST_RATIO 1032

struct gz_packer {
    z_stream z;
};

static voidpf z_take(voidpf opaque, uInt count, uInt size)
{
    (void)opaque;
    return calloc(count, size);
}

static void z_give(voidpf opaque, voidpf p)
{
    (void)opaque;
    free(p);
}

struct gz_packer *gz_packer_new(void)
{
    struct gz_packer *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->z.zalloc = z_take;
    g->z.zfree = z_give;
    if (deflateInit2(&g->z, PACK_LEVEL, Z_DEFLATED, PACK_WINDOW_BITS, PACK_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(g);
        return NULL;
    }
    return g;
}

void gz_packer_free(struct gz_packer *g)
{
    if (g != NULL) {
        (void)deflateEnd(&g->z);
        free(g);
    }
}

/* RAW as one stored block (RFC 1950, 1951): what deflate would make of it at level 0. */
static enum err_code wrap(struct slice raw, struct strbuf *out, struct err *e)
{
    const unsigned n = (unsigned)raw.n, not_n = ~n & 0xffff;
    const uLong sum = adler32(adler32(0, NULL, 0), (const Bytef *)raw.s, n);
    const unsigned char head[] = {
        0x78, 0x01, 1, (unsigned char)n, (unsigned char)(n >> 8), (unsigned char)not_n, (unsigned char)(not_n >> 8)};
    const unsigned char tail[] = {(unsigned char)(sum >> 24), (unsigned char)(sum >> 16), (unsigned char)(sum >> 8),
                                  (unsigned char)sum};
    if (strbuf_reserve(out, sizeof head + raw.n + sizeof tail) == NULL)
        return err_nomem(e);
    strbuf_add(out, head, sizeof head);
    strbuf_add_slice(out, raw);
    strbuf_add(out, tail, sizeof tail);
    return ERR_OK;
}

enum err_code gz_pack(struct gz_packer *g, struct slice raw, struct strbuf *out, struct err *e)
{
    if (raw.n > (size_t)1 << 30) /* zlib counts in unsigned int; no record comes near */
        return err_nomem(e);
    if (raw.n < PACK_LEAST)
        return wrap(raw, out, e);
    (void)deflateReset(&g->z);
    size_t bound = deflateBound(&g->z, (uLong)raw.n);
    char *to = strbuf_reserve(out, bound);
    if (to == NULL)
        return err_nomem(e);
    g->z.next_in = (z_const Bytef *)raw.s;
    g->z.avail_in = (uInt)raw.n;
    g->z.next_out = (Bytef *)to;
    g->z.avail_out = (uInt)bound;
    if (deflate(&g->z, Z_FINISH) != Z_STREAM_END)
        return err_set(e, ERR_INTERNAL, "gz: a block does not fit its bound");
    out->n += bound - g->z.avail_out;
    out->s[out->n] = '\0';
    return ERR_OK;
}

enum err_code gz_unpack(struct slice packed, size_t raw_n, struct strbuf *out, struct err *e)
{
    /* A size that cannot be true must not make us ask for that much memory. */
    if (packed.n > (size_t)1 << 31 || raw_n / MOST_RATIO > packed.n)
        return err_set(e, ERR_DB, "gz: a packed block is damaged");
    char *to = strbuf_reserve(out, raw_n);
    if (to == NULL)
        return err_nomem(e);
    uLongf got = (uLongf)raw_n;
    uLong eaten = (uLong)packed.n;
    int z = uncompress2((Bytef *)to, &got, (const Bytef *)packed.s, &eaten);
    if (z == Z_MEM_ERROR)
        return err_nomem(e);
    if (z != Z_OK || got != raw_n || eaten != packed.n)
        return err_set(e, ERR_DB, "gz: a packed block is damaged");
    out->n += raw_n;
    out->s[out->n] = '\0';
    return ERR_OK;
}
