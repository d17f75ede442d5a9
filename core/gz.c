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

struct gz_reader {
    z_stream z;
    bool in_member; /* a member's first byte was seen, its last not yet */
    bool had_member;
    bool is_damaged;
};

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

bool gz_is_magic(const unsigned char *bytes, size_t n)
{
    return n >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

struct gz_reader *gz_reader_new(void)
{
    struct gz_reader *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->z.zalloc = z_take;
    g->z.zfree = z_give;
    if (inflateInit2(&g->z, 15 + 16) != Z_OK) { /* + 16: gzip, and nothing else */
        free(g);
        return NULL;
    }
    return g;
}

void gz_reader_free(struct gz_reader *g)
{
    if (g != NULL) {
        (void)inflateEnd(&g->z);
        free(g);
    }
}

/* Between two members: pass over padding; true when a member begins at *in. */
static bool next_member(struct gz_reader *g, const unsigned char **in, size_t *in_n)
{
    if (g->had_member)
        while (*in_n > 0 && **in == 0)
            ++*in, --*in_n;
    if (*in_n == 0)
        return false;
    (void)inflateReset(&g->z);
    g->in_member = true;
    return true;
}

/* Inflate one step of the current member; false when there is nothing more to do with this input and output. */
static bool step(struct gz_reader *g, const unsigned char **in, size_t *in_n, unsigned char *out, size_t out_n,
                 size_t *made, int *z)
{
    const size_t most = (size_t)1 << 30; /* zlib counts in unsigned int */
    size_t offer = *in_n < most ? *in_n : most, room = out_n - *made < most ? out_n - *made : most;
    g->z.next_in = (z_const Bytef *)*in;
    g->z.avail_in = (uInt)offer;
    g->z.next_out = out + *made;
    g->z.avail_out = (uInt)room;
    *z = inflate(&g->z, Z_NO_FLUSH);
    size_t eaten = offer - g->z.avail_in, written = room - g->z.avail_out;
    *in += eaten, *in_n -= eaten;
    *made += written;
    return *z == Z_STREAM_END || (*z == Z_OK && (eaten != 0 || written != 0));
}

enum err_code gz_inflate(struct gz_reader *g, const unsigned char **in, size_t *in_n, unsigned char *out, size_t out_n,
                         size_t *made, struct err *e)
{
    *made = 0;
    while (!g->is_damaged && *made < out_n) {
        if (!g->in_member && !next_member(g, in, in_n))
            break;
        int z;
        bool goes_on = step(g, in, in_n, out, out_n, made, &z);
        if (z == Z_STREAM_END) {
            g->in_member = false;
            g->had_member = true;
        } else if (z == Z_MEM_ERROR) {
            return err_nomem(e);
        } else if (z != Z_OK && z != Z_BUF_ERROR) {
            g->is_damaged = true;
        }
        if (!goes_on)
            break;
    }
    if (g->is_damaged && *made == 0) /* what came before the damage is given first */
        return err_set(e, ERR_INPUT, "gzip: damaged: %s", g->z.msg != NULL ? g->z.msg : "no valid data");
    return ERR_OK;
}

bool gz_reader_is_whole(const struct gz_reader *g)
{
    return g->had_member && !g->in_member && !g->is_damaged;
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
